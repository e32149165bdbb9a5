/** Invites a visitor to chat: fetched by the loader where the host's page says data-invite. One invitation in a day, none to who chats. */
import type { Embedding } from "./loader";

interface Invitation {
  /** Part of the address of the pages it is for; empty is every page. */
  page: string;
  after_seconds: number;
  text: string;
}

const day = 86_400_000;

export async function invite({ inbox, origin, root, launcher }: Embedding): Promise<void> {
  const key = `yingda:${inbox}:invited`;
  const chinese = launcher.ariaLabel === "打开在线客服";
  const done = () => root.querySelector(".panel, .invite") || Date.now() - Number(read(key)) < day || read(`yingda:${inbox}:waiting`);
  if (done()) return;
  const answer = await fetch(`${origin}/widget/v1/config?inbox=${encodeURIComponent(inbox)}&lang=${chinese ? "zh" : "en"}`, { credentials: "omit" });
  if (!answer.ok) return;
  const { proactive = [] } = (await answer.json()) as { proactive?: Invitation[] };
  const chosen = proactive.find(({ page }) => location.href.includes(page));
  if (!chosen) return;
  let seen = 0; // seconds in which the page was in front
  const timer = setInterval(() => {
    if (document.hidden || ++seen < chosen.after_seconds) return;
    clearInterval(timer);
    if (!done()) show(chosen.text);
  }, 1000);

  function show(text: string): void {
    const box = document.createElement("div");
    box.className = "invite";
    box.setAttribute("role", "status");
    box.innerHTML = `<p></p><button class="yes"></button><button class="no">✕</button>`;
    const [yes, no] = [...box.querySelectorAll("button")] as [HTMLButtonElement, HTMLButtonElement];
    box.querySelector("p")!.textContent = text;
    yes.textContent = chinese ? "现在咨询" : "Chat now";
    no.ariaLabel = chinese ? "不用了" : "No, thank you";
    const close = () => {
      box.remove();
      write(key, String(Date.now()));
    };
    no.onclick = close;
    box.onkeydown = (event) => {
      if (event.key === "Escape") close();
    };
    yes.onclick = () => {
      close();
      launcher.click();
    };
    const sheet = new CSSStyleSheet(); // the host's page may forbid style elements
    sheet.replaceSync(styles(launcher.style));
    root.adoptedStyleSheets.push(sheet);
    root.append(box);
    const { host } = root;
    new MutationObserver((_, watch) => {
      if (!host.classList.contains("open")) return;
      watch.disconnect();
      close(); // whoever chats needs no invitation
    }).observe(host, { attributeFilter: ["class"] });
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // a page may keep nothing
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // then they may be invited again on the next page
  }
}

function styles({ left, background }: CSSStyleDeclaration): string {
  return `
    .invite { position: fixed; bottom: 88px; ${left ? "left" : "right"}: 20px; z-index: 2147483000; max-width: min(280px, calc(100vw - 40px)); padding: 14px 16px; border-radius: 16px;
      background: #fff; color: #151a26; box-shadow: 0 10px 36px #10182b33; font: 14px/1.57 Inter, "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", system-ui, sans-serif; }
    .invite p { margin: 0 28px 10px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
    .invite button { min-height: 36px; border: 0; border-radius: 10px; font: inherit; cursor: pointer; }
    .invite button:focus-visible { outline: 2px solid; outline-offset: 1px; }
    .invite .yes { padding: 0 16px; font-weight: 600; color: #fff; background: ${background}; }
    .invite .no { position: absolute; top: 4px; right: 4px; min-width: 36px; color: #565f73; background: none; }
    @media (prefers-color-scheme: dark) {
      .invite { background: #171b24; color: #eceff5; }
      .invite .no { color: #a7b0c2; }
    }`;
}
