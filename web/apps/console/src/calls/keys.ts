/** The name of what is held of calls, of callbacks, and of what the hotline is set up with. */
export const callsKey = ["calls"] as const;
export const backsKey = ["calls", "backs"] as const;
export const hotlineKey = ["hotline"] as const;

/** A text of lines as a list, without blanks. */
export const linesOf = (text: string): string[] => text.split("\n").map((line) => line.trim()).filter(Boolean);

/** The beginning of a day as the server wants it; of the next day, if a day is to be whole. */
export function dayStart(day: string | undefined, next = false): string | undefined {
  if (!day) return undefined;
  const [y = 0, m = 1, d = 1] = day.split("-").map(Number);
  const at = new Date(y, m - 1, d + (next ? 1 : 0));
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
