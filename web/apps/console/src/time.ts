// Times as people read them; lengths of time are in milliseconds.

import { serverNow } from "@yingda/api";
import { currentLanguage, t } from "@yingda/i18n";
import { useEffect, useState } from "react";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const locale = currentLanguage() === "zh" ? "zh-CN" : "en-GB";
  const key = locale + JSON.stringify(options);
  let found = formats.get(key);
  if (!found) formats.set(key, (found = new Intl.DateTimeFormat(locale, options)));
  return found;
}

/** "14:02" */
export function clockTime(at: string): string {
  return format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
}

/** "2026年11月22日 14:02" */
export function fullTime(at: string): string {
  return format({ year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
}

function dayNumber(date: Date): number {
  return Math.floor((date.getTime() - date.getTimezoneOffset() * 60_000) / 86_400_000);
}

export function sameDay(a: string, b: string): boolean {
  return dayNumber(new Date(a)) === dayNumber(new Date(b));
}

/** "今天", "昨天", "11月18日", with the year when it is another one. */
export function dayName(at: string): string {
  const date = new Date(at);
  const now = new Date(serverNow());
  const days = dayNumber(now) - dayNumber(date);
  if (days === 0) return t("common.today");
  if (days === 1) return t("common.yesterday");
  if (date.getFullYear() === now.getFullYear()) return format({ month: "short", day: "numeric" }).format(date);
  return format({ year: "numeric", month: "short", day: "numeric" }).format(date);
}

/** "刚刚", "5 分", "3 时", then the day. */
export function ago(at: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(at)) / 60_000);
  if (minutes < 1) return t("common.ago.now");
  if (minutes < 60) return t("common.ago.minutes", { n: minutes });
  if (minutes < 24 * 60) return t("common.ago.hours", { n: Math.floor(minutes / 60) });
  if (minutes < 7 * 24 * 60) return t("common.ago.days", { n: Math.floor(minutes / 60 / 24) });
  return dayName(at);
}

/** "18 秒", "4 分 12 秒", "2 时 5 分" */
export function span(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return t("common.span.seconds", { n: s });
  if (s < 3600) return t("common.span.minutes", { m: Math.floor(s / 60), s: s % 60 });
  return t("common.span.hours", { h: Math.floor(s / 3600), m: Math.floor((s % 3600) / 60) });
}

/** The server's time, again each `every` milliseconds. */
export function useNow(every: number): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
