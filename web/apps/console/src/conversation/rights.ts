// What this agent may do with a conversation as it is now. The server decides; this only hides what it would refuse.

import type { Conversation, ID, Me, Participant, Time } from "@yingda/api";
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
  /** Ask colleagues in. */
  invite: boolean;
  /** Take part no more. */
  leave: boolean;
  /** Say who takes part, and who answers for it. */
  steer: boolean;
  close: boolean;
  reopen: boolean;
}

/** How an agent takes part in a conversation that another answers for. */
export function partOf(c: Conversation, agent: ID): Participant | undefined {
  return c.participants?.find((p) => p.agent_id === agent);
}

/** Until when a conversation rings at an agent: as an offer, or as an invitation. */
export function ringUntil(c: Conversation, agent: ID): Time | undefined {
  if (c.state === "queued" && c.offer?.agent_id === agent) return c.offer.until;
  const part = partOf(c, agent);
  return c.state === "active" && part?.state === "invited" ? part.until : undefined;
}

/** `whispered`: a supervisor has whispered here. */
export function rightsOver(c: Conversation, me: Me, whispered = false): Rights {
  const monitor = can(me, "conversation.monitor");
  const mine = c.agent_id === me.id && (c.state === "active" || c.state === "wrap_up");
  const open = c.state !== "closed";
  const offered = c.state === "queued" && c.offer?.agent_id === me.id;
  const joined = c.state === "active" && partOf(c, me.id)?.state === "joined";
  const steer = mine || (open && can(me, "conversation.monitor"));
  return {
    reply: (mine || joined) && can(me, "conversation.reply"),
    note: open && can(me, "conversation.reply"),
    whisper: c.state === "active" && can(me, "conversation.reply") && (mine ? whispered : monitor),
    monitor: c.state === "active" && !mine && monitor,
    accept: offered,
    take: open && !mine && !offered && !joined && can(me, "conversation.take"),
    transfer: steer && can(me, "conversation.transfer"),
    invite: c.state === "active" && (steer || joined) && can(me, "conversation.transfer"),
    leave: joined,
    steer: c.state === "active" && steer,
    close: steer && can(me, "conversation.close"),
    reopen: !open && can(me, "conversation.reply"),
  };
}
