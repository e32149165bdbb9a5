/** What only some visitors do. */
import type { Chat, Prechat } from "../chat";
import { randomID } from "../outbox";
import { keep } from "../timeline";
import { wordsOf } from "../language";
import type { CaseForm, ID, Lang, Message, Reason, View } from "../wire";
import { addFile } from "./uploads";
import { moreWordsOf } from "./words";

/** Goes on with the message that the form held up. */
export function begun(chat: Chat, { question, ...known }: Prechat): void {
  const { contact, held } = chat.state;
  const saying = held ?? (question ? { text: question } : undefined);
  chat.update({
    screen: "talk",
    prechat: known,
    held: undefined,
    contact: contact && { ...contact, known: [...contact.known, ...Object.keys(known)] },
  });
  if (saying) chat.say(saying);
}

export async function end(chat: Chat): Promise<void> {
  await chat.attempt(async () => chat.adopt((await chat.api.call<{ conversation: View }>("end", {})).conversation));
}

const cases = new WeakMap<Chat, string>();

/** Leaves a message for people who are not there now; repeated after a failure it becomes one case, not two. */
export async function leave(chat: Chat, form: Omit<CaseForm, "client_id">): Promise<void> {
  await chat.attempt(async () => {
    const client_id = cases.get(chat) ?? randomID();
    cases.set(chat, client_id);
    const opened = await chat.api.call<{ number: string; secret: string; promise: string }>("cases", { ...form, client_id });
    cases.delete(chat);
    chat.update({ opened });
  });
}

export const recall = (chat: Chat, message: ID): Promise<void> =>
  chat.attempt(async () => {
    const answer = await chat.api.call<{ message: Message }>("recall", { message });
    chat.update({ timeline: keep(chat.state.timeline, [answer.message]) });
  });

export function judge(chat: Chat, message: ID, helpful: boolean, reason?: Reason): void {
  const judged = Object.fromEntries([...Object.entries(chat.state.judged), [message, helpful]].slice(-50)) as Record<ID, boolean>;
  chat.shelf.set("judged", judged);
  chat.update({ judged, asking: helpful || reason ? undefined : message });
  chat.api.call("helpful", { message, helpful, reason }).catch(() => {});
}

/** Changes the language, of the widget and of what the server says. */
export async function speak(chat: Chat, lang: Lang): Promise<void> {
  const [words, more] = await Promise.all([wordsOf(lang), moreWordsOf(lang)]);
  chat.shelf.set("lang", lang);
  chat.api.lang = lang;
  chat.update({ lang, words, more });
  chat.beginAgain();
}

/** Fetches the page of messages before the first one on the screen. */
export async function earlier(chat: Chat): Promise<void> {
  const { conversation, messages } = chat.state.timeline;
  if (!conversation || !messages[0]) return;
  await chat.attempt(async () => {
    const { items, more } = await chat.messages(`before=${messages[0]!.seq}`);
    chat.update({ timeline: { ...keep(chat.state.timeline, items), more } });
  });
}

/** Brings files into the tray; the ones that are too big are named to the visitor. */
export function attach(chat: Chat, files: File[]): void {
  const { config, more } = chat.state;
  const limit = config!.max_file_mb;
  for (const file of files) {
    if (file.size > limit * 1024 * 1024) chat.update({ notice: more!.tooBig(file.name, limit) });
    else addFile(chat, file);
  }
}
