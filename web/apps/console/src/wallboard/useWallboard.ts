import { api, ApiError } from "@yingda/api";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useExternal } from "../external";
import { liveStatus, tell } from "../live/feed";
import { keys } from "../query";

/** The wallboard, live while the component is there; it comes back by itself after a break. */
export function useWallboard() {
  const board = useQuery({
    queryKey: keys.wallboard,
    queryFn: api.wallboard,
    staleTime: Infinity,
    gcTime: 0,
    retry: (_, err) => err instanceof ApiError && err.passing,
    retryDelay: (tries) => Math.min(1_000 * 2 ** tries, 15_000),
  });
  const live = useExternal(liveStatus, (s) => s.state === "live");
  const known = board.data !== undefined;
  useEffect(() => {
    if (!live || !known) return;
    tell({ type: "wallboard", on: true });
    return () => tell({ type: "wallboard", on: false });
  }, [live, known]);
  return { board, live };
}
