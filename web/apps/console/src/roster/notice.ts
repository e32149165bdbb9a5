// Notices about planning: what they say and where they lead.

import { t } from "@yingda/i18n";
import type { RosterTab } from "./tabs";

const tabs: Record<string, RosterTab> = {
  roster: "mine",
  "swap.asked": "swaps",
  "swap.agreed": "swaps",
  "swap.approved": "mine",
  "swap.declined": "swaps",
  "swap.refused": "swaps",
  "swap.withdrawn": "swaps",
  "swap.lapsed": "swaps",
};

/** The words of a notice about planning; undefined for all others. */
export function rosterNotice(kind: string, name: string): string | undefined {
  if (!(kind in tabs)) return undefined;
  if (kind === "roster") return t("roster.notice.roster");
  return t(`roster.notice.${kind.slice("swap.".length) as "asked"}`, { name });
}

export const rosterNoticePath = (kind: string): string => `/roster/${tabs[kind] ?? ""}`;
