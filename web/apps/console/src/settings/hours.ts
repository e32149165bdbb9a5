import type { Hours } from "@yingda/api";

export interface Span {
  from: string;
  to: string;
}

/** Reads "9", "930", "9:30" or "24" as a time of day; undefined when it is none. */
export function clockOf(text: string): string | undefined {
  const found = /^(\d{1,2})(?:[:：.]?(\d{2}))?$/.exec(text.trim());
  if (!found) return undefined;
  const [hour, minute] = [Number(found[1]), Number(found[2] ?? 0)];
  if (hour > 24 || minute > 59 || (hour === 24 && minute > 0)) return undefined;
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** The first span that is no span or does not come after the one before; undefined when all are in order. */
export function spansProblem(spans: Span[]): number | undefined {
  let last = "";
  for (const [i, span] of spans.entries()) {
    const wrong = clockOf(span.from) !== span.from || clockOf(span.to) !== span.to || span.from >= span.to || span.from <= last;
    if (wrong) return i;
    last = span.to;
  }
  return undefined;
}

/** True when every day's spans are in order. */
export function hoursInOrder(hours: Hours): boolean {
  return hours.always || hours.week.every((spans) => spansProblem(spans) === undefined);
}

/** A span to begin with after the ones there are. */
export function nextSpan(spans: Span[]): Span {
  const last = spans.at(-1);
  if (!last) return { from: "09:00", to: "18:00" };
  const hour = Math.min(Number(last.to.slice(0, 2)) + 1, 23);
  return { from: `${String(hour).padStart(2, "0")}:00`, to: `${String(Math.min(hour + 3, 24)).padStart(2, "0")}:00` };
}
