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
  certificate: "certificates",
  "certificate.expired": "certificates",
};

/** The words of a notice about planning; undefined for all others. */
export function rosterNotice(kind: string, name: string): string | undefined {
  if (!(kind in tabs)) return undefined;
  if (kind === "roster" || kind === "certificate") return t(`roster.notice.${kind}`);
  if (kind === "certificate.expired") return t("roster.notice.certificate_expired");
  return t(`roster.notice.${kind.slice("swap.".length) as "asked"}`, { name });
}

export const rosterNoticePath = (kind: string): string => `/roster/${tabs[kind] ?? ""}`;
