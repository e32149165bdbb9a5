// The house as supervisors look at it: read once, then kept by the feed.

import type { ServerFrame, Wallboard } from "@yingda/api";
import type { QueryClient } from "@tanstack/react-query";
import { keys } from "../query";
import { seated } from "../wallboard/look";

type Frame = Extract<ServerFrame, { type: "wallboard" }>;

/** Works what the feed tells into what is held. */
export function patchWallboard(client: QueryClient, frame: Frame): void {
  client.setQueryData<Wallboard>(keys.wallboard, (held) => held && merged(held, frame));
}

export function merged(held: Wallboard, { at, figures, queue, risks, agents, full, gone }: Frame): Wallboard {
  const next = { at, figures, queue, risks, defined: held.defined };
  if (full) return { ...next, agents };
  if (agents.length === 0 && gone.length === 0) return { ...next, agents: held.agents };
  const byId = new Map(held.agents.map((a) => [a.id, a]));
  for (const a of agents) byId.set(a.id, a);
  for (const id of gone) byId.delete(id);
  return { ...next, agents: seated([...byId.values()]) };
}
