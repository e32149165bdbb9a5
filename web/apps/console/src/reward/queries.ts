import { compensations, ledger, rewards, type CompensationView, type ID } from "@yingda/api";
import { useQuery } from "@tanstack/react-query";
import { can, queryClient, useMe } from "../query";

/** Everything below one root, so that one call reads it all again. */
export const rewardKeys = {
  root: ["reward"] as const,
  ofCase: (id: ID) => ["reward", "case", id] as const,
  rewardsOfCase: (id: ID) => ["reward", "rewards", id] as const,
  list: (view: CompensationView) => ["reward", "list", view] as const,
  counts: ["reward", "counts"] as const,
  rewards: (view: "mine" | "all") => ["reward", "gifts", view] as const,
  books: ["reward", "books"] as const,
  budgets: ["reward", "budgets"] as const,
  entries: (account: string) => ["reward", "entries", account] as const,
  limits: ["reward", "limits"] as const,
  policies: ["reward", "policies"] as const,
  versions: (code: string) => ["reward", "policies", code] as const,
};

export const approverNeeds = ["compensation.approve.l1", "compensation.approve.l2", "compensation.approve.finance"];
export const accountNeeds = ["compensation.approve.l2", "compensation.approve.finance"];

/** Reads again what depends on a compensation or a reward. */
export function refreshRewards(): void {
  void queryClient.invalidateQueries({ queryKey: rewardKeys.root });
}

/** How much waits for the reader's verdict. */
export function useApprovalCount(): number {
  const me = useMe();
  const counts = useQuery({ queryKey: rewardKeys.counts, queryFn: compensations.counts, enabled: can(me, ...approverNeeds), staleTime: 30_000, refetchInterval: 60_000 });
  return (counts.data?.compensations ?? 0) + (counts.data?.rewards ?? 0);
}

export function useCompensations(id: ID) {
  return useQuery({ queryKey: rewardKeys.ofCase(id), queryFn: () => compensations.ofCase(id) });
}

export function useRewards(id: ID) {
  return useQuery({ queryKey: rewardKeys.rewardsOfCase(id), queryFn: () => rewards.ofCase(id) });
}

export function usePolicies() {
  return useQuery({ queryKey: rewardKeys.policies, queryFn: compensations.policies, staleTime: 60_000 });
}

export function useBudgets() {
  return useQuery({ queryKey: rewardKeys.budgets, queryFn: ledger.budgets, staleTime: 10_000 });
}
