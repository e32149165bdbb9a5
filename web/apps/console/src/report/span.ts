// The days a report is about. A day is written as the server reads it: "2026-11-01".

import type { ReportSpan } from "@yingda/api";

/** What the reports are about. */
export const reportParts = ["complaints", "satisfaction", "summaries", "waits", "forecasts", "verification", "comparison"] as const;
export type ReportPart = (typeof reportParts)[number];

export const spans = ["this_month", "last_month", "last_90", "own"] as const;
export type SpanChoice = (typeof spans)[number];

export const isDay = (text: unknown): text is string => typeof text === "string" && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

/** The day of a moment where the reader is. */
export function dayOf(moment: number): string {
  const at = new Date(moment);
  return written(new Date(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate())));
}

const written = (day: Date): string => day.toISOString().slice(0, 10);

/** The days of a choice as seen from a day; both are in. */
export function spanOf(choice: Exclude<SpanChoice, "own">, today: string): ReportSpan {
  const [year = 0, month = 1, day = 1] = today.split("-").map(Number);
  const from = { this_month: [month - 1, 1], last_month: [month - 2, 1], last_90: [month - 1, day - 89] }[choice] as [number, number];
  return { from: written(new Date(Date.UTC(year, ...from))), to: choice === "last_month" ? written(new Date(Date.UTC(year, month - 1, 0))) : today };
}

/** Whole percent of a number in all; 0 of nothing, and 100 only of all. */
export const percentOf = (n: number, all: number): number => (all > 0 ? Math.min(n < all ? 99 : 100, Math.round((n / all) * 100)) : 0);
