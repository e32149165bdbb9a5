import { t } from "@yingda/i18n";

export const priorities = { low: -1, normal: 0, high: 1, urgent: 2 } as const;
export type PriorityName = keyof typeof priorities;

/** The name of a priority; every number has one, as the server's lanes do. */
export function priorityName(n: number): PriorityName {
  return n < 0 ? "low" : n === 0 ? "normal" : n === 1 ? "high" : "urgent";
}

export function priorityText(n: number): string {
  return t(`routing.lanes.${priorityName(n)}`);
}
