import { useQuery } from "@tanstack/react-query";
import { routing, type RoutingRules, type Strategy } from "@yingda/api";

export const routingKey = ["routing"] as const;

/** How work is given out now. */
export function useRouting() {
  return useQuery({ queryKey: routingKey, queryFn: routing.get });
}

export const strategies: readonly Strategy[] = ["longest_idle", "least_busy", "round_robin", "fewest_today", "weighted"];

export type LaneName = keyof RoutingRules["lanes"];
export const laneNames: readonly LaneName[] = ["low", "normal", "high", "urgent"];

/** How many minutes longer who is in the lower lane waits at most behind the higher one (routing.Rules.Starves). */
export function starves({ lanes, ageing }: Pick<RoutingRules, "lanes" | "ageing">, low: LaneName, high: LaneName): number {
  return ageing > 0 ? Math.max(0, (lanes[high] - lanes[low]) / ageing) : Infinity;
}

export type Span = { unit: "minutes" | "hours" | "days"; n: number };

/** Minutes as people say them, in the largest unit that has at least two of them, with at most one decimal. */
export function spanOf(minutes: number): Span {
  const rounded = (n: number) => Math.round(n * 10) / 10;
  if (minutes >= 2 * 24 * 60) return { unit: "days", n: rounded(minutes / (24 * 60)) };
  if (minutes >= 2 * 60) return { unit: "hours", n: rounded(minutes / 60) };
  return { unit: "minutes", n: rounded(minutes) };
}
