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

export function timeline(messages: Message[]): Entry[] {
  return messages.map((message, i) => {
    const before = messages[i - 1];
    const after = messages[i + 1];
    return { message, day: !before || !sameDay(before.at, message.at), last: !after || !run(message, after) };
  });
}

function run(a: Message, b: Message): boolean {
  return a.from === b.from && a.kind === b.kind && a.author_id === b.author_id && a.kind !== "event" && sameDay(a.at, b.at) && Date.parse(b.at) - Date.parse(a.at) < together;
}
