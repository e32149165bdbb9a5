// Calls the agent: a sound, a desktop notification, a flashing title. Each by choice.

import type { Conversation, ID, Message, Notice } from "@yingda/api";
import { t } from "@yingda/i18n";
import { partOf } from "../conversation/rights";
import { getPrefs } from "../prefs";
import { newestNotice, noticePath, noticeTitle } from "../shell/notices";

let audio: AudioContext | undefined;

function tone(at: number, frequency: number, length: number): void {
  if (!audio) return;
  const osc = audio.createOscillator();
  const gain = audio.createGain();
  osc.type = "sine";
  osc.frequency.value = frequency;
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(0.16, at + 0.015);
  gain.gain.exponentialRampToValueAtTime(0.0001, at + length);
  osc.connect(gain).connect(audio.destination);
  osc.start(at);
  osc.stop(at + length);
}

let ringer = "";

/** Chooses where the alerts sound, by a device's id; nothing: where everything does. */
export function setRinger(device: string | undefined): void {
  ringer = device ?? "";
  sink();
}

/** Not every browser lets the sounds of a page go somewhere else. */
function sink(): void {
  (audio as { setSinkId?(id: string): Promise<void> } | undefined)?.setSinkId?.(ringer).catch(() => {});
}

/** Plays a short sound; browsers allow it only after the first click or key on the page. */
export function beep(kind: "message" | "offer" | "call"): void {
  try {
    if (!audio) {
      audio = new AudioContext();
      if (ringer) sink();
    }
    if (audio.state === "suspended") void audio.resume();
    const at = audio.currentTime;
    if (kind === "message") {
      tone(at, 740, 0.18);
      tone(at + 0.09, 988, 0.24);
    } else if (kind === "call") {
      for (let i = 0; i < 16; i++) tone(at + i * 0.1, i % 2 ? 620 : 780, 0.12);
    } else {
      for (const i of [0, 1]) {
        tone(at + i * 0.45, 880, 0.2);
        tone(at + i * 0.45 + 0.14, 1175, 0.28);
      }
    }
  } catch {
    // a browser without WebAudio stays silent
  }
}


let flashing: ReturnType<typeof setInterval> | undefined;
let unseen = 0;

function flash(): void {
  if (!document.hidden) return;
  unseen++;
  if (flashing) return;
  let on = false;
  flashing = setInterval(() => {
    on = !on;
    document.title = on ? t("shell.alerts.title_flash", { n: unseen }) : t("common.product");
  }, 1_000);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  clearInterval(flashing);
  flashing = undefined;
  unseen = 0;
  document.title = t("common.product");
});

function desktop(title: string, body: string, tag: string, path: string): void {
  if (!document.hidden || !getPrefs().desktop || !("Notification" in window) || Notification.permission !== "granted") return;
  const shown = new Notification(title, { body, tag, icon: "/app/icon.svg" });
  shown.onclick = () => {
    window.focus();
    open(path);
    shown.close();
  };
}

let open: (path: string) => void = (path) => location.assign(path);

/** Tells how a click on a notification opens a page. */
export function onOpen(f: (path: string) => void): void {
  open = f;
}

/** The conversation that the agent is looking at makes no sound. */
let watched: ID | undefined;
export function watch(id: ID | undefined): void {
  watched = id;
}

export function alertMessage(m: Message, c: Conversation, me: ID | undefined): void {
  if (m.from !== "contact" || (c.agent_id !== me && !(me && partOf(c, me)?.state === "joined"))) return;
  if (!document.hidden && watched === c.id) return;
  if (getPrefs().sound) beep("message");
  flash();
  desktop(t("shell.alerts.new_message", { name: c.contact_name }), m.text, c.id, `/inbox/mine/${c.id}`);
}

export function alertNotice(n: Notice): void {
  newestNotice.set(n);
  if (getPrefs().sound) beep("message");
  flash();
  desktop(noticeTitle(n), n.text, n.id, noticePath(n));
}

/** Once for each ring of an offer. */
export function alertOffer(c: Conversation, first: boolean): void {
  if (getPrefs().sound) beep(c.channel === "phone" ? "call" : "offer");
  if (!first) return;
  flash();
  desktop(t(c.channel === "phone" ? "phone.alert" : "shell.alerts.new_offer", { name: c.contact_name }), c.last_text, `offer ${c.id}`, `/inbox/queue/${c.id}`);
}

/** Asks the browser for desktop notifications; false when it refused. */
export async function askForDesktop(): Promise<boolean> {
  if (!("Notification" in window)) return false;
  return (await Notification.requestPermission()) === "granted";
}
