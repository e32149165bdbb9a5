// How figures look: green is well, amber wants a look, red is broken. The marks are those of the trade:
// 80 % within the promise, at most 5 % who leave, and people who are neither idle nor worn out.

import type { WallAgent, WallFigures, WallQueued, WallRisk } from "@yingda/api";

export type Mood = "plain" | "ok" | "warn" | "bad";

/** How much of a promise may have passed before somebody should look. */
const wary = 2 / 3;

export function levelMood(percent: number | undefined): Mood {
  if (percent === undefined) return "plain";
  return percent >= 80 ? "ok" : percent >= 60 ? "warn" : "bad";
}

export function abandonMood(percent: number | undefined): Mood {
  if (percent === undefined) return "plain";
  return percent <= 5 ? "ok" : percent <= 10 ? "warn" : "bad";
}

export function occupancyMood(percent: number | undefined): Mood {
  if (percent === undefined) return "plain";
  return percent > 92 ? "bad" : percent > 85 ? "warn" : "ok";
}

/** Of a promise that runs from a time to its limit. */
export function promiseMood(from: string, limit: string | undefined, now: number): Mood {
  if (!limit) return "plain";
  const begun = Date.parse(from);
  const end = Date.parse(limit);
  if (now >= end) return "bad";
  return now >= begun + (end - begun) * wary ? "warn" : "ok";
}

export function riskMood(risk: WallRisk, now: number): Mood {
  return promiseMood(risk.received_at, risk.limit_at, now);
}

/** Whether somebody who takes work has no telephone that can ring. */
export function mute(a: WallAgent): boolean {
  return a.connected && !a.phone && (a.presence.state === "online" || a.presence.state === "busy");
}

const worst: Mood[] = ["plain", "ok", "warn", "bad"];

/** Of all who wait: that of the one who is worst off. Where nothing is promised, nothing is kept either. */
export function queueMood(queue: WallQueued[], now: number): Mood {
  return queue.reduce<Mood>((mood, each) => {
    const his = promiseMood(each.since, each.limit_at, now);
    return worst.indexOf(his) > worst.indexOf(mood) ? his : mood;
  }, queue.length === 0 ? "ok" : "plain");
}

export function waitingMood(f: WallFigures, queue: WallQueued[], now: number): Mood {
  if (f.waiting === 0) return "ok";
  const mood = f.late > 0 ? "bad" : queueMood(queue, now);
  return (mood === "ok" || mood === "plain") && f.free === 0 ? "warn" : mood;
}

/** "78%", with a tenth only where it decides: "79.6%". */
export function percent(value: number | undefined): string | undefined {
  if (value === undefined) return undefined;
  return `${value >= 99.95 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)}%`;
}

/** "0:18", "4:12", "2:05:09" */
export function stopwatch(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  return s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor((s % 3600) / 60))}:${two(s % 60)}`;
}

const states = ["online", "busy", "break"];

function rank(a: WallAgent): number {
  if (a.presence.state === "offline") return a.load === 0 ? 4 : 3;
  return a.connected ? states.indexOf(a.presence.state) : 3;
}

/** Those who work first, as the server orders them. */
export function seated(agents: WallAgent[]): WallAgent[] {
  return agents.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1));
}
