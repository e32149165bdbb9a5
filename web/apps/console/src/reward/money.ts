// Money is a whole number of fen; people read and type yuan.

import { currentLanguage, t } from "@yingda/i18n";

/** "¥1,234.50" */
export function yuan(fen: number): string {
  const locale = currentLanguage() === "zh" ? "zh-CN" : "en-GB";
  return new Intl.NumberFormat(locale, { style: "currency", currency: "CNY", currencyDisplay: "narrowSymbol" }).format(fen / 100);
}

/** What was typed as yuan, in fen; undefined when it is no amount. At most two decimals. */
export function fen(text: string): number | undefined {
  const typed = text.trim().replace(/^¥/, "").replaceAll(",", "").replaceAll("，", "");
  const found = /^(-?)(\d{1,9})(?:\.(\d{1,2}))?$/.exec(typed);
  if (!found) return undefined;
  const value = Number(found[2]) * 100 + Number((found[3] ?? "").padEnd(2, "0"));
  return found[1] ? -value : value;
}

/** Fen as one types them: "12.30", "12". */
export function typedYuan(value: number | undefined): string {
  if (!value) return "";
  return value % 100 === 0 ? String(value / 100) : (value / 100).toFixed(2);
}

/** What a compensation or a reward is worth: money, or points. */
export function worth(thing: { amount?: number; points?: number }): string {
  return thing.points ? t("reward.points_n", { n: thing.points }) : yuan(thing.amount ?? 0);
}

/** The end of a day that was chosen, as the server takes it. */
export function endOfDay(day: string): string | undefined {
  return day ? new Date(`${day}T23:59:59`).toISOString() : undefined;
}
