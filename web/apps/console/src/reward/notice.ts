import { t } from "@yingda/i18n";

const kinds = [
  "compensation.decide", "compensation.approved", "compensation.rejected", "compensation.returned", "compensation.customer_accepted", "compensation.customer_declined",
  "compensation.paid", "compensation.pay", "compensation.failed", "compensation.short", "reward.decide", "reward.rejected", "reward.granted",
] as const;

const forApprovers = ["compensation.decide", "compensation.pay", "compensation.failed", "compensation.short", "reward.decide"];

/** What a notice about a compensation or a reward says; undefined for others. */
export function rewardNotice(kind: string): string | undefined {
  const found = kinds.find((each) => each === kind);
  if (!found) return undefined;
  return t(`reward.notice.${found.replace(".", "_") as "compensation_decide"}`);
}

/** Where it leads: who must decide may not be able to open the case. */
export function rewardNoticePath(kind: string, caseId: string | undefined): string {
  return forApprovers.includes(kind) || !caseId ? "/approvals" : `/cases/${caseId}`;
}
