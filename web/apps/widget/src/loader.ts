/** The one line on the host's page: draws the launcher at once, and fetches the chat when somebody comes near it. */

/** The chat's file name, put in by the build. */
declare const APP: string;
/** And that of the invitation. */
declare const INVITE: string;

export interface Embedding {
  /** Where the server is, for instance `https://help.example.cn`. */
  origin: string;
  inbox: string;
  lang?: string;
  position?: string;
  color?: string;
  mode?: string;
  root: ShadowRoot;
  /** The button that opens the chat; on the page only when the chat floats. */
  launcher: HTMLElement;
  /** What the host's page asked for so far; the chat replaces `push` and is called from then on. */
  calls: Call[];
}

export type Call = [name: string, argument?: unknown];

const script = document.currentScript as HTMLScriptElement;
const data = script.dataset as Record<string, string>;
const page = data.mode == "page";
const remembered = (name: string) => {
  try {
    return JSON.parse(localStorage.getItem(`yingda:${data.inbox}:${name}`)!);
  } catch {}
};
const calls: Call[] = (window as any).Yingda?.q || [];
const place = document.createElement("yingda-chat");
const root = place.attachShadow({ mode: "open" });
const chinese = /^zh/i.test(remembered("lang") || data.lang || document.documentElement.lang || navigator.language);
const launcher = document.createElement("button");
let app: Promise<unknown> | 0 | undefined;

const fetched = (part: string) => import(/* @vite-ignore */ new URL("/widget/" + part, script.src).href);
const embedding = () => ({ ...data, origin: new URL(script.src).origin, root, launcher, calls });

const load = () =>
  (app ||= fetched(APP)
    .then((module) => module.mount(embedding()))
    .catch(() => (app = 0)));

(window as any).Yingda = (...call: Call) => {
  calls.push(call);
  if (call[0] == "open") load();
};

const start = () => {
  if (page) return document.querySelector(data.target!)!.append(place), load();
  document.body.append(place);
  const { style } = launcher;
  style.cssText = `position:fixed;bottom:20px;${data.position || remembered("position") || "right"}:20px;z-index:2147483000;width:56px;height:56px;border:0;padding:0;border-radius:50%;cursor:pointer;display:grid;place-items:center;color:#fff;background:${data.color || remembered("color") || "#2f5bea"};box-shadow:0 6px 20px #10182b40`;
  launcher.ariaLabel = chinese ? "打开在线客服" : "Open chat";
  launcher.innerHTML = '<svg width="26" height="26" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true"><path d="M4 5h16v11H10l-5 4v-4H4z"/></svg>';
  launcher.onfocus = launcher.onpointerenter = load;
  launcher.onclick = () => (window as any).Yingda("open");
  root.append(launcher);
  if ("invite" in data) fetched(INVITE).then((module) => module.invite(embedding())).catch(() => {});
  if (remembered("waiting") || calls.some((call) => call[0] == "open")) load();
};

if (document.body) start();
else addEventListener("DOMContentLoaded", start);
