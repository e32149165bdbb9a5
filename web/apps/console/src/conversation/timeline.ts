// How messages stand in the log: days between them, runs of one author together.

import type { Message } from "@yingda/api";
import { bare } from "../mail/subject";
import { sameDay } from "../time";

export interface Entry {
  message: Message;
  /** A new day begins with it. */
  day: boolean;
  /** The last of a run by one author: carries the name and the time. */
  last: boolean;
  /** Of a mail: its subject, where it is another than that of the mail before. */
  subject?: string;
}

const together = 3 * 60_000;

// The same entry for the same message in the same place, so that a new message does not redraw the old ones.
const known = new WeakMap<Message, Entry>();

export function timeline(messages: Message[]): Entry[] {
  let subject: string | undefined;
  return messages.map((message, i) => {
    const before = messages[i - 1];
    const after = messages[i + 1];
    const day = !before || !sameDay(before.at, message.at);
    const last = !after || !run(message, after);
    const own = message.mail && bare(message.mail.subject ?? "");
    const changed = own !== undefined && own !== subject ? (message.mail?.subject ?? "") : undefined;
    if (own !== undefined) subject = own;
    const held = known.get(message);
    if (held && held.day === day && held.last === last && held.subject === changed) return held;
    const entry: Entry = { message, day, last, ...(changed !== undefined ? { subject: changed } : {}) };
    known.set(message, entry);
    return entry;
  });
}

function run(a: Message, b: Message): boolean {
  return a.from === b.from && a.kind === b.kind && a.author_id === b.author_id && a.kind !== "event" && sameDay(a.at, b.at) && Date.parse(b.at) - Date.parse(a.at) < together;
}
