/** The chat itself, fetched by the loader: draws into the loader's shadow root and obeys the host page's calls. */
import { render } from "preact";
import { openChat, type Chat } from "./chat";
import { palette } from "./color";
import { langOf, wordsOf } from "./language";
import type { Call, Embedding } from "./loader";
import { Panel } from "./panel";
import { openShelf } from "./shelf";
import css from "./style.css?inline";
import talkCSS from "./talk.css?inline";
import { unread } from "./timeline";
import type { Lang, Page } from "./wire";

/** Puts the chat in place and answers the calls that the host page made so far; called once by the loader. */
export async function mount(embedding: Embedding): Promise<void> {
  const { root, calls, mode } = embedding;
  const host = root.host as HTMLElement;
  const inline = mode === "page";
  const launcher = inline ? undefined : embedding.launcher;
  const shelf = openShelf(embedding.inbox);
  const lang = shelf.get<Lang>("lang") ?? langOf(embedding.lang || document.documentElement.lang || navigator.language);
  const chat = openChat(embedding, shelf, lang, await wordsOf(lang), redraw);
  const stage = document.createElement("div");
  root.prepend(stage);
  dress(root, css + talkCSS);

  let planned = false;
  let dressed = false;
  function redraw(): void {
    if (!planned) queueMicrotask(draw);
    planned = true;
  }

  function draw(): void {
    planned = false;
    const { state } = chat;
    const { config, open, extras } = state;
    palette(host.style, embedding.color || config?.color || shelf.get("color"));
    host.className = `${inline ? "inline" : "floating"} ${(embedding.position || config?.position) === "left" ? "left" : ""} ${open ? "open" : ""}`;
    host.lang = state.lang === "zh" ? "zh-CN" : "en";
    if (launcher) label(launcher, chat);
    if (extras && !dressed) dress(root, extras.css);
    dressed = !!extras;
    render(open ? <Panel chat={chat} state={state} inline={inline} close={close} /> : null, stage);
  }

  function close(): void {
    chat.update({ open: false });
    draw(); // on a phone the launcher is there again only then
    launcher?.focus();
  }
  if (launcher) launcher.onclick = () => (chat.state.open ? close() : chat.open());

  const answer = ([name, argument]: Call) => {
    if (name === "open") chat.open();
    else if (name === "close") chat.update({ open: false });
    else if (name === "identify") chat.identify(String(argument));
    else if (name === "language") chat.later(({ speak }) => speak(chat, langOf(String(argument))));
    else if (name === "page") chat.visit(argument as Partial<Page>);
  };
  draw();
  calls.splice(0).forEach(answer);
  calls.push = (...more) => (more.forEach(answer), 0);
  // A conversation was open on the page before, so an answer may be waiting.
  if (inline) chat.open();
  else if (shelf.get("waiting") || chat.state.outgoing.length) chat.begin().catch(() => {});
  attend(chat, host);
}

/** Follows what happens to the page around: network, attention, navigation, the keyboard of a phone. */
function attend(chat: Chat, host: HTMLElement): void {
  addEventListener("online", chat.wake);
  addEventListener("offline", chat.sleep);
  document.addEventListener("visibilitychange", () => document.hidden || chat.wake());
  const visit = () => chat.visit();
  const { navigation } = window as { navigation?: EventTarget };
  if (navigation) navigation.addEventListener("navigatesuccess", visit);
  else addEventListener("popstate", visit);
  const viewport = window.visualViewport;
  viewport?.addEventListener("resize", () => host.style.setProperty("--height", `${viewport.height}px`));
}

/** Styles the shadow root without a style element, which a strict host page would forbid. */
function dress(root: ShadowRoot, css: string): void {
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

function label(launcher: HTMLElement, chat: Chat): void {
  const { state } = chat;
  const { words, open, view, timeline } = state;
  const count = view ? unread(timeline, view.contact_read_seq) : 0;
  if (count) chat.extras().catch(() => {}); // the badge is drawn by their style
  launcher.className = "launcher";
  launcher.ariaExpanded = String(open);
  launcher.ariaLabel = open ? words.close : words.open + (count ? words.unread(count) : "");
  launcher.dataset.unread = open || !count ? "" : count > 99 ? "99+" : String(count);
  launcher.querySelector("path")!.setAttribute("d", open ? "m6 9 6 6 6-6" : "M4 5h16v11H10l-5 4v-4H4z");
}
