// What this agent may do with a conversation as it is now. The server decides; this only hides what it would refuse.

import type { Conversation, Me } from "@yingda/api";
import { can } from "../query";

export interface Rights {
  reply: boolean;
  note: boolean;
  /** To the agent who answers, or back to the supervisor who whispered first. */
  whisper: boolean;
  /** Looks on while a colleague answers. */
  monitor: boolean;
  accept: boolean;
  take: boolean;
  transfer: boolean;
  close: boolean;
  reopen: boolean;
}

/** `whispered`: a supervisor has whispered here. */
export function rightsOver(c: Conversation, me: Me, whispered = false): Rights {
  const monitor = can(me, "conversation.monitor");
  const mine = c.agent_id === me.id && (c.state === "active" || c.state === "wrap_up");
  const open = c.state !== "closed";
  const offered = c.state === "queued" && c.offer?.agent_id === me.id;
  const steer = mine || (open && can(me, "conversation.monitor"));
  return {
    reply: mine && can(me, "conversation.reply"),
    note: open && can(me, "conversation.reply"),
    whisper: c.state === "active" && can(me, "conversation.reply") && (mine ? whispered : monitor),
    monitor: c.state === "active" && !mine && monitor,
    accept: offered,
    take: open && !mine && !offered && can(me, "conversation.take"),
    transfer: steer && can(me, "conversation.transfer"),
    close: steer && can(me, "conversation.close"),
    reopen: !open && can(me, "conversation.reply"),
  };
}
