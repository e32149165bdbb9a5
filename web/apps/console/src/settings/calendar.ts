import type { Calendar, CalendarDay, HolidayNotice } from "@yingda/api";
import { clockOf, type Span } from "./hours";

/** Working calendars: the pure part of their editor and of the year's view. */

const day = 24 * 60;

function minutes(text: string): number | undefined {
  return clockOf(text) === text ? Number(text.slice(0, 2)) * 60 + Number(text.slice(3)) : undefined;
}

/** Where a span ends, in minutes of the day on which it begins: past 1440 when that is on the next day. */
function reach({ from, to }: Span): { from: number; to: number } | undefined {
  const [begin, end] = [minutes(from), minutes(to)];
  if (begin === undefined || end === undefined || begin === end || begin === day) return undefined;
  return { from: begin, to: end < begin ? end + day : end };
}

/** The first span of a day that is none or overlaps the one before; unlike office hours it may end on the next day. */
export function spansWrong(spans: readonly Span[]): number | undefined {
  let last = 0;
  for (const [i, span] of spans.entries()) {
    const found = reach(span);
    if (!found || (i > 0 && found.from < last)) return i;
    last = found.to;
  }
  return undefined;
}

/** True when a span ends on the day after the one on which it begins. */
export function overnight(span: Span): boolean {
  const found = reach(span);
  return found !== undefined && found.to > day;
}

/** True when all days of the week and all exceptions are in order. */
export function calendarInOrder(calendar: Calendar): boolean {
  return (calendar.always || calendar.week.every((spans) => spansWrong(spans) === undefined)) && calendar.exceptions.every((each) => each.date !== "" && spansWrong(each.spans ?? []) === undefined);
}

/** The week in groups of days with the same hours: [[0,4,"09:00–18:00"],[5,6,""]] */
export function weekGroups(calendar: Pick<Calendar, "week">): { first: number; last: number; spans: Span[] }[] {
  const groups: { first: number; last: number; spans: Span[] }[] = [];
  for (const [i, spans] of calendar.week.entries()) {
    const before = groups.at(-1);
    if (before && JSON.stringify(before.spans) === JSON.stringify(spans)) before.last = i;
    else groups.push({ first: i, last: i, spans });
  }
  return groups;
}

export function spansText(spans: readonly Span[]): string {
  return spans.map((span) => `${span.from}–${span.to}`).join(", ");
}

/** A new calendar to edit. */
export function freshCalendar(zone = "Asia/Shanghai"): Calendar {
  const worked = () => [{ from: "09:00", to: "18:00" }];
  return { code: "", name: { zh: "", en: "" }, zone, always: false, holidays: "CN", open_on_makeup_days: true, exceptions: [], week: [worked(), worked(), worked(), worked(), worked(), [], []] };
}

/** The days of a year by month, each month in whole weeks from Monday; undefined where the month has no day. */
export function monthsOf(days: readonly CalendarDay[]): (CalendarDay | undefined)[][] {
  const months: (CalendarDay | undefined)[][] = Array.from({ length: 12 }, () => []);
  for (const each of days) {
    const month = months[Number(each.date.slice(5, 7)) - 1];
    if (!month) continue;
    if (month.length === 0) for (let i = weekday(each.date); i > 0; i--) month.push(undefined);
    month.push(each);
  }
  for (const month of months) while (month.length % 7 !== 0) month.push(undefined);
  return months;
}

/** The day of the week of a date, Monday being 0. */
export function weekday(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}

export type DayLook = "open" | "closed" | "holiday" | "makeup" | "special";

/** How a day is shown. A working weekend that is not worked here is closed. */
export function lookOf({ as, open }: Pick<CalendarDay, "as" | "open">): DayLook {
  if (as === "exception") return "special";
  if (as === "holiday" && !open) return "holiday";
  if (as === "makeup" && open) return "makeup";
  return open ? "open" : "closed";
}

/** The days of a notice in the order of their dates. */
export function sortedDays(notice: HolidayNotice): HolidayNotice {
  return { ...notice, days: [...notice.days].sort((a, b) => a.date.localeCompare(b.date)) };
}

/** How many days off and working weekends a notice has. */
export function countDays({ days }: HolidayNotice): { off: number; worked: number } {
  const off = days.filter((each) => each.isOffDay).length;
  return { off, worked: days.length - off };
}
