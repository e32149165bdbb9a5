// Subjects without what programs put before and behind them.

const prefix = /^\s*(?:re|fw|fwd|aw|sv|回复|回覆|答复|转发|轉寄|自动回复)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]\s*/i;
const tag = /\s*\[#[\w-]+\]\s*/g;

/** What a subject says, without Re:, 回复： and the number of the conversation. */
export function bare(subject: string): string {
  let text = subject.replace(tag, " ").trim();
  while (prefix.test(text)) text = text.replace(prefix, "");
  return text.trim();
}

/** The subject of an answer. */
export function answering(subject: string, language: "zh" | "en"): string {
  return (language === "en" ? "Re: " : "回复：") + bare(subject);
}

/** The subject of what is sent on. */
export function forwarding(subject: string, language: "zh" | "en"): string {
  return (language === "en" ? "Fwd: " : "转发：") + bare(subject);
}
