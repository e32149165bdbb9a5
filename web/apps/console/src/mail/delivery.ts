// Where one of our mails stands, and what to do when it does not arrive.

import type { Mail, MailDelivery } from "@yingda/api";
import type { Tone } from "@yingda/ui";

export const deliveryTones: Record<MailDelivery, Tone> = {
  waiting: "plain",
  sending: "plain",
  sent: "plain",
  uncertain: "warn",
  delayed: "warn",
  delivered: "ok",
  opened: "ok",
  bounced: "bad",
  failed: "bad",
  taken_back: "plain",
};

export type Advice = "address" | "full" | "large" | "policy" | "later" | "server" | "other";

/** What can be done about a mail that does not arrive, by the code of RFC 3463. */
export function adviceOn(mail: Pick<Mail, "delivery" | "code">): Advice | undefined {
  if (!mail.delivery || !["bounced", "failed", "delayed", "uncertain"].includes(mail.delivery)) return undefined;
  const [kind, subject, detail] = (mail.code ?? "").split(".");
  if (mail.delivery === "delayed" || mail.delivery === "uncertain") return "later";
  if (subject === "2" && detail === "2") return "full";
  if ((subject === "2" && detail === "3") || (subject === "3" && detail === "4")) return "large";
  if (subject === "1" && detail !== "8" && detail !== "7") return "address";
  if (subject === "7" || subject === "1") return "policy";
  if (kind === "4" || subject === "3" || subject === "4") return "server";
  return "other";
}

/** Checks of the sender that failed: what stands in From may be a lie. */
export function doubts(mail: Mail): ("spf" | "dkim" | "dmarc")[] {
  const v = mail.verdicts ?? {};
  // DMARC has heard the others; they count alone where it says nothing
  if (v.dmarc === "pass") return [];
  return (["dmarc", "dkim", "spf"] as const).filter((check) => v[check] === "fail");
}
