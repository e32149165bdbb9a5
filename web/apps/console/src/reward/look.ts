import { currentLanguage } from "@yingda/i18n";
import type { Bilingual, CompensationAct, CompensationState, RewardState } from "@yingda/api";
import type { ButtonVariant, Tone } from "@yingda/ui";

export const tones: Record<CompensationState, Tone> = {
  drafted: "plain", submitted: "warn", level1_approved: "warn", level2_approved: "warn", returned: "bad", approved: "brand", customer_accepted: "brand",
  executing: "brand", failed: "bad", paid: "ok", rejected: "bad", customer_declined: "bad", withdrawn: "plain",
};

export const rewardTones: Record<RewardState, Tone> = {
  proposed: "warn", approved: "brand", rejected: "bad", granted: "ok", redeemed: "ok", expired: "plain", revoked: "plain",
};

/** The look of an act's button: what moves it on stands out. */
export const actLook: Partial<Record<CompensationAct, ButtonVariant>> = { approve: "primary", submit: "primary", pay: "primary", reject: "danger" };

/** A text in the reader's language, or the other where it is missing. */
export function say(text: Bilingual | undefined): string {
  if (!text) return "";
  const [first, second] = currentLanguage() === "zh" ? [text.zh, text.en] : [text.en, text.zh];
  return first || second;
}
