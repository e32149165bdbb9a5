// An answer that is on its way while something happens may be older than the frame that told it, and would
// put the old state back. Frames are kept as long as answers are on their way, and told again when one is there.

import type { ServerFrame } from "@yingda/api";
import type { Query, QueryClient } from "@tanstack/react-query";

const mostKept = 1_000;

export interface Flights {
  /** Keeps a frame that was just worked in. */
  keep(frame: ServerFrame): void;
  stop(): void;
}

/** Tells `again`, in order, each frame that came while the answer of a query was on its way, right after the answer. */
export function watchFlights(client: QueryClient, again: (query: Query, frame: ServerFrame) => void): Flights {
  const askedAt = new Map<string, number>(); // how many frames had come by then, by the query's hash
  for (const query of client.getQueryCache().findAll({ fetchStatus: "fetching" })) askedAt.set(query.queryHash, 0);
  let came = 0;
  let kept: ServerFrame[] = [];

  function landed(query: Query, answered: boolean): void {
    const asked = askedAt.get(query.queryHash);
    if (asked === undefined) return;
    askedAt.delete(query.queryHash);
    const missed = came - asked;
    const frames = kept.slice(Math.max(0, kept.length - missed));
    if (askedAt.size === 0) kept = [];
    if (!answered) return;
    for (const frame of frames) again(query, frame);
    if (missed > mostKept) void client.invalidateQueries({ queryKey: query.queryKey, exact: true });
  }

  const stop = client.getQueryCache().subscribe((event) => {
    if (event.type === "removed") landed(event.query, false);
    if (event.type !== "updated") return;
    if (event.action.type === "fetch") askedAt.set(event.query.queryHash, came);
    else if (event.action.type === "error") landed(event.query, false);
    else if (event.action.type === "success" && !event.action.manual) landed(event.query, true);
  });
  return {
    keep(frame) {
      if (client.isFetching() === 0) askedAt.clear(); // one that was given up says nothing
      if (askedAt.size === 0) {
        kept = [];
        return;
      }
      came++;
      kept = [...kept.slice(-mostKept + 1), frame];
    },
    stop,
  };
}
