// Days of the roster, written as the server reads them: "2026-11-30". They are the company's, so nothing here looks at
// the reader's own time zone.

import type { RosterEntry, Shift, ShiftDraft } from "@yingda/api";
import { currentLanguage } from "@yingda/i18n";

const at = (day: string): Date => new Date(`${day}T00:00:00Z`);
const written = (date: Date): string => date.toISOString().slice(0, 10);

export const isDay = (text: unknown): text is string => typeof text === "string" && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

export function plusDays(day: string, n: number): string {
  const date = at(day);
  date.setUTCDate(date.getUTCDate() + n);
  return written(date);
}

/** The Monday of a day's week. */
export const mondayOf = (day: string): string => plusDays(day, -((at(day).getUTCDay() + 6) % 7));

export const weekOf = (day: string) => ({ from: mondayOf(day), to: plusDays(mondayOf(day), 6) });

/** The company's day of a moment. */
export function dayIn(moment: number, zone: string | undefined): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(moment));
  return parts.slice(0, 10);
}

function format(day: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(currentLanguage() === "zh" ? "zh-CN" : "en-GB", { ...options, timeZone: "UTC" }).format(at(day));
}

export const weekdayName = (day: string): string => format(day, { weekday: "short" });
export const shortDay = (day: string): string => format(day, { month: "numeric", day: "numeric" });
export const longDay = (day: string): string => format(day, { month: "short", day: "numeric", weekday: "short" });

export const weekend = (day: string): boolean => [0, 6].includes(at(day).getUTCDay());

const minute = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

export const overMidnight = (hours: { from: string; to: string }): boolean => minute(hours.to) <= minute(hours.from);

/** Minutes of work of a shift, breaks left out; clock changes left aside. */
export function workedMinutes(hours: Pick<ShiftDraft, "from" | "to" | "breaks">): number {
  const long = (from: string, to: string) => (minute(to) - minute(from) + 1440) % 1440 || 1440;
  if (!hours.from || !hours.to) return 0;
  return long(hours.from, hours.to) - hours.breaks.reduce((sum, each) => sum + (each.from && each.to ? long(each.from, each.to) : 0), 0);
}

/** The kinds of shift that are given to people, in the order of their beginning. */
export const inUse = (shifts: readonly Shift[]): Shift[] => shifts.filter((each) => !each.retired).sort((a, b) => a.from.localeCompare(b.from));

export const isWork = (entry: RosterEntry | undefined): entry is RosterEntry => entry?.kind === "work";

/** The look of a color of a shift; hues are the kit's own. */
export const colorStyle: Record<string, { background: string; color: string }> = {
  blue: { background: "var(--hue-0)", color: "var(--hue-0-ink)" },
  green: { background: "var(--hue-1)", color: "var(--hue-1-ink)" },
  amber: { background: "var(--hue-2)", color: "var(--hue-2-ink)" },
  violet: { background: "var(--hue-3)", color: "var(--hue-3-ink)" },
  grey: { background: "var(--sunk)", color: "var(--mut)" },
};
