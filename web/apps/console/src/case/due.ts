// How a promised time reads at a glance.

import type { Clock } from "@yingda/api";

export type DueTone = "ok" | "warn" | "bad" | "plain";

export interface Due {
  tone: DueTone;
  word: "left" | "over" | "paused" | "kept" | "late" | "cancelled";
  /** To the limit, or since it; milliseconds. */
  ms: number;
  /** The target is past, but not the limit. */
  targetPassed: boolean;
}

type ClockTimes = Pick<Clock, "state" | "target" | "limit" | "met_at" | "warnings">;

/** How a clock stands at a time, as sla.Clock.Colour has it: amber from the target on, or from the first warning where there is none. */
export function dueOf(clock: ClockTimes, now: number): Due {
  const ms = Date.parse(clock.limit) - now;
  const over = { tone: "bad", word: "over", ms: Math.max(0, -ms), targetPassed: false } as const;
  if (clock.state === "met") {
    const late = clock.met_at !== undefined && Date.parse(clock.met_at) > Date.parse(clock.limit);
    return { tone: late ? "bad" : "ok", word: late ? "late" : "kept", ms: 0, targetPassed: false };
  }
  if (clock.state === "cancelled") return { tone: "plain", word: "cancelled", ms: 0, targetPassed: false };
  if (clock.state === "breached") return over;
  if (clock.state === "paused") return { tone: "plain", word: "paused", ms: 0, targetPassed: false };
  if (ms < 0) return over;
  const amber = clock.target ?? clock.warnings[0]?.at;
  const warned = amber !== undefined && now >= Date.parse(amber);
  return { tone: warned ? "warn" : "ok", word: "left", ms, targetPassed: warned && clock.target !== undefined };
}

export type Rough =
  | { unit: "days" | "hours" | "minutes"; n: number }
  | { unit: "days_hours" | "hours_minutes"; n: number; m: number }
  | { unit: "soon" };

/** A length of time in its two largest units; the smaller one falls away from ten of the larger on, and at 0. */
export function rough(ms: number): Rough {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return { unit: "soon" };
  if (minutes < 60) return { unit: "minutes", n: minutes };
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return pair("hours", "hours_minutes", hours, minutes % 60);
  return pair("days", "days_hours", Math.floor(hours / 24), hours % 24);
}

function pair(one: "days" | "hours", two: "days_hours" | "hours_minutes", n: number, m: number): Rough {
  return m === 0 || n >= 10 ? { unit: one, n } : { unit: two, n, m };
}

export type BoardGroup = "breached" | "today" | "later" | "paused";

/** Where a clock stands on the board; `endOfDay` is the last moment of today. */
export function groupOf(clock: ClockTimes, now: number, endOfDay: number): BoardGroup {
  const due = dueOf(clock, now);
  if (due.word === "over") return "breached";
  if (due.word === "paused") return "paused";
  return Date.parse(clock.limit) <= endOfDay ? "today" : "later";
}
