// How messages stand in the log: days between them, runs of one author together.

import type { Message } from "@yingda/api";
import { sameDay } from "../time";

export interface Entry {
  message: Message;
  /** A new day begins with it. */
  day: boolean;
  /** The last of a run by one author: carries the name and the time. */
  last: boolean;
}

const together = 3 * 60_000;

// The same entry for the same message in the same place, so that a new message does not redraw the old ones.
const known = new WeakMap<Message, Entry>();

export function timeline(messages: Message[]): Entry[] {
  return messages.map((message, i) => {
    const before = messages[i - 1];
    const after = messages[i + 1];
    const day = !before || !sameDay(before.at, message.at);
    const last = !after || !run(message, after);
    const held = known.get(message);
    if (held && held.day === day && held.last === last) return held;
    const entry = { message, day, last };
    known.set(message, entry);
    return entry;
  });
}

function run(a: Message, b: Message): boolean {
  return a.from === b.from && a.kind === b.kind && a.author_id === b.author_id && a.kind !== "event" && sameDay(a.at, b.at) && Date.parse(b.at) - Date.parse(a.at) < together;
}
