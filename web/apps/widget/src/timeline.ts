/** What the visitor holds of one conversation: every message once, in the order of the server. */
import type { ID, Message } from "./wire";

export interface Timeline {
  conversation?: ID;
  /** By `seq`; numbers may be missing, because notes of the agents take numbers too. */
  messages: Message[];
  /** Everything up to this number was received in order. The answer to one's own message does not move it:
   *  something older may still be on the way. */
  cursor: number;
  /** Older messages are to be had from the server. */
  more: boolean;
}

export const nothing: Timeline = { messages: [], cursor: 0, more: false };

/** Adds messages that came in order: by the live connection, or as the answer to "what is after my cursor". */
export function follow(held: Timeline, coming: Message[]): Timeline {
  const merged = keep(held, coming);
  return { ...merged, cursor: coming.reduce((cursor, message) => Math.max(cursor, message.seq), merged.cursor) };
}

/** Adds messages whose place in the order says nothing about what is missing before them. */
export function keep(held: Timeline, coming: Message[]): Timeline {
  const conversation = coming[0]?.conversation_id;
  if (!conversation) return held;
  const base = conversation === held.conversation ? held : { ...nothing, conversation };
  const byID = new Map(base.messages.map((message) => [message.id, message]));
  for (const message of coming) byID.set(message.id, message);
  return { ...base, messages: [...byID.values()].sort((a, b) => a.seq - b.seq) };
}

/** The other side says something; what only happened has no text, and what was recalled has nothing any more. */
export const speaks = ({ from, text, attachments }: Message) => from !== "contact" && (text || attachments);

/** The messages after `seq` that the visitor did not write himself. */
export function unread(held: Timeline, seq: number): number {
  return held.messages.filter((message) => message.seq > seq && speaks(message)).length;
}
