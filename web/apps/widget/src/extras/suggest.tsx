/** Questions that the visitor may be about to ask, in a list over the field; the keyboard stays in the field. */
import type { Chat, State } from "../chat";
import type { ViewProps } from "../panel";
import type { Suggestion } from "../wire";

/** How long the visitor pauses before anything is asked, in milliseconds. */
const pause = 250;

let rest: ReturnType<typeof setTimeout> | undefined;
let asking: AbortController | undefined;

/** Two Chinese characters or three letters; less fits everything. */
const says = (text: string) => (text.match(/\p{Script=Han}/gu)?.length ?? 0) >= 2 || (text.match(/[\p{L}\p{N}]/gu)?.length ?? 0) >= 3;

/** The assistant would hear what is written now, and questions may be suggested. */
const listens = ({ config, view }: State): boolean => !!config?.suggestions && (!view || view.state === "bot" || view.state === "closed");

/** What is shown; nothing once the draft was sent. */
const shown = ({ state }: Chat): State["suggested"] => (state.draft && listens(state) ? state.suggested : undefined);

/** Asks for suggestions once the visitor pauses; what was asked before counts no more. */
export function suggest(chat: Chat): void {
  clearTimeout(rest);
  asking?.abort();
  const text = chat.state.draft.trim();
  if (listens(chat.state) && says(text) && text.length <= 60) rest = setTimeout(ask, pause, chat, text);
  else forget(chat);
}

async function ask(chat: Chat, text: string): Promise<void> {
  const { signal } = (asking = new AbortController());
  const { items } = await chat.api.call<{ items: Suggestion[] }>(`suggestions?${new URLSearchParams({ q: text })}`, undefined, undefined, signal).catch(() => ({ items: [] }));
  if (!signal.aborted && chat.state.draft.trim() === text) chat.update({ suggested: items.length ? { items, at: -1 } : undefined });
}

export function forget(chat: Chat): void {
  clearTimeout(rest);
  asking?.abort();
  if (chat.state.suggested) chat.update({ suggested: undefined });
}

/** What a key does while suggestions are shown; true if it did something. In a text of several lines the arrows move in it. */
export function steer(chat: Chat, event: KeyboardEvent): boolean {
  const suggested = shown(chat);
  if (!suggested) return false;
  const { items, at } = suggested;
  const turn = chat.state.draft.includes("\n") ? undefined : { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (turn) chat.update({ suggested: { items, at: ((at < 0 && turn < 0 ? 0 : at) + turn + items.length) % items.length } });
  else if (event.key === "Enter" && at >= 0 && !event.shiftKey) take(chat, items[at]!);
  else if (event.key === "Escape") forget(chat);
  else return false;
  event.preventDefault();
  event.stopPropagation(); // Escape closes the list, not the window
  return true;
}

/** What tells of the list on the field. */
export function combobox(chat: Chat): object {
  const suggested = shown(chat);
  return listens(chat.state) ? {
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": !!suggested,
    "aria-controls": suggested && "suggested",
    "aria-activedescendant": suggested && suggested.at >= 0 ? `suggested${suggested.at}` : undefined,
  } : {};
}

function take(chat: Chat, { id, question }: Suggestion): void {
  forget(chat);
  chat.write("");
  chat.say({ text: question, choice: id });
}

export function Suggestions({ chat }: ViewProps) {
  const suggested = shown(chat);
  const { more } = chat.state;
  return (
    <>
      <span class="unseen" role="status">{suggested && more!.suggestions(suggested.items.length)}</span>
      {suggested && (
        <div class="suggested" id="suggested" role="listbox" aria-label={more!.suggested}>
          {suggested.items.map((item, place) => (
            <div
              id={`suggested${place}`}
              key={item.id}
              role="option"
              aria-selected={place === suggested.at}
              onMouseDown={(event) => event.preventDefault()} // the field keeps the focus
              onClick={() => take(chat, item)}
            >
              {item.question}
            </div>
          ))}
        </div>
      )}
    </>
  );
}
