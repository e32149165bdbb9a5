import { clockTime, dayName } from "../time";

/** "今天 14:02", "11月18日 09:30"; a dash when it has not happened. */
export function whenText(at: string | undefined): string {
  return at ? `${dayName(at)} ${clockTime(at)}` : "—";
}
