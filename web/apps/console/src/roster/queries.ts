// What the roster holds of the server.

import { roster } from "@yingda/api";
import { useQuery } from "@tanstack/react-query";

export const rosterKeys = {
  all: ["roster"] as const,
  shifts: ["roster", "shifts"] as const,
  settings: ["roster", "settings"] as const,
  swaps: ["roster", "swaps"] as const,
  mine: (from: string) => ["roster", "mine", from] as const,
  week: (from: string, team: string | undefined, q: string) => ["roster", "week", from, team, q] as const,
};

export function useShifts() {
  return useQuery({ queryKey: rosterKeys.shifts, queryFn: roster.shifts, staleTime: 60_000 });
}
