/** For how long somebody can be blocked. */
export type Term = "day" | "week" | "month" | "ever";

export const terms: Term[] = ["ever", "day", "week", "month"];

const days: Record<Term, number | undefined> = { day: 1, week: 7, month: 30, ever: undefined };

/** The end of a block that begins now; none for one that is for good. */
export function until(term: Term, now = new Date()): string | undefined {
  const n = days[term];
  return n === undefined ? undefined : new Date(now.getTime() + n * 86_400_000).toISOString();
}
