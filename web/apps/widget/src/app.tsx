/** The chat itself, fetched by the loader: draws into the loader's shadow root and obeys the host page's calls. */
import { render } from "preact";
import { Chat } from "./chat";
import { palette } from "./color";
import type { Call, Embedding } from "./loader";
import { Panel } from "./panel";
import { openShelf } from "./shelf";
import css from "./style.css?inline";
import type { Lang, Page } from "./wire";
import { langOf, wordsOf } from "./words";

/** Puts the chat in place and answers the calls that the host page made so far; called once by the loader. */
export async function mount(embedding: Embedding): Promise<void> {
  const { root, calls, mode } = embedding;
  const host = root.host as HTMLElement;
  const inline = mode === "page";
  const launcher = inline ? undefined : embedding.launcher;
  const language = embedding.lang || document.documentElement.lang || navigator.language;
  const shelf = openShelf(embedding.inbox);
  const lang = shelf.get<Lang>("lang") ?? langOf(language);
  const chat = new Chat(embedding, shelf, lang, await wordsOf(lang), () => redraw());
  dress(root, css);

  let color: string | undefined;
  const draw = () => {
    planned = false;
    const { config, open } = chat.state;
    const wanted = embedding.color || chat.color;
    if (wanted !== color) for (const [name, value] of Object.entries(palette((color = wanted)))) host.style.setProperty(name, value);
    host.classList.toggle("left", (embedding.position || config?.position) === "left");
    host.classList.toggle("open", open);
    host.lang = chat.state.lang === "zh" ? "zh-CN" : "en";
    if (launcher) label(launcher, chat);
    for (const { css } of Object.values(chat.state.parts)) dress(root, css);
    render(open ? <Panel chat={chat} state={chat.state} inline={inline} close={close} /> : null, stage);
  };
  let planned = false;
  const redraw = () => {
    if (!planned) queueMicrotask(draw);
    planned = true;
  };
  const stage = document.createElement("div");
  root.prepend(stage);

  const close = () => {
    chat.close();
    launcher?.focus();
  };
  if (launcher) launcher.onclick = () => (chat.state.open ? close() : chat.open());

  const answer = ([name, argument]: Call) => {
    if (name === "open") chat.open();
    else if (name === "close") chat.close();
    else if (name === "identify") chat.identify(String(argument));
    else if (name === "language") void chat.speak(langOf(String(argument))).catch(() => {});
    else if (name === "page") chat.visit(argument as Partial<Page>);
  };
  host.className = inline ? "inline" : "floating";
  draw();
  calls.splice(0).forEach(answer);
  calls.push = (...more) => (more.forEach(answer), 0);
  if (inline) chat.open();
  else if (chat.expected) chat.begin().catch(() => {});
  attend(chat, host);
}

/** Follows what happens to the page around: network, attention, navigation, the keyboard of a phone. */
function attend(chat: Chat, host: HTMLElement): void {
  addEventListener("online", () => chat.wake());
  addEventListener("offline", () => chat.sleep());
  document.addEventListener("visibilitychange", () => document.hidden || chat.wake());
  const visit = () => chat.visit();
  const { navigation } = window as { navigation?: EventTarget };
  if (navigation) navigation.addEventListener("navigatesuccess", visit);
  else addEventListener("popstate", visit);
  const viewport = window.visualViewport;
  const fit = () => host.style.setProperty("--height", `${viewport!.height}px`);
  viewport?.addEventListener("resize", fit);
}

const dressed = new Set<string>();

/** Styles the shadow root without a style element, which a strict host page would forbid; once for each text. */
function dress(root: ShadowRoot, css: string): void {
  if (dressed.has(css)) return;
  dressed.add(css);
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets.push(sheet);
  } catch {
    const style = document.createElement("style");
    style.textContent = css;
    root.append(style);
  }
}

function label(launcher: HTMLElement, { state, unread }: Chat): void {
  const { words, open } = state;
  launcher.className = "launcher";
  launcher.ariaExpanded = String(open);
  launcher.ariaLabel = open ? words.close : words.open + (unread ? words.unread(unread) : "");
  launcher.dataset.unread = open || !unread ? "" : unread > 99 ? "99+" : String(unread);
  launcher.querySelector("path")!.setAttribute("d", open ? "m6 9 6 6 6-6" : "M4 5h16v11H10l-5 4v-4H4z");
}
