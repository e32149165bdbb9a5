import type { Clock } from "@yingda/api";
import { t, useTranslation } from "@yingda/i18n";
import { cn, Pill, Tooltip } from "@yingda/ui";
import { AlarmClock, CircleCheck, CirclePause, Clock3, CircleSlash } from "lucide-react";
import { fullTime } from "../time";
import { dueOf, rough, type Due } from "./due";
import { useLang } from "./lang";

const icons = { left: Clock3, over: AlarmClock, paused: CirclePause, kept: CircleCheck, late: AlarmClock, cancelled: CircleSlash };

/** "剩 2 天 3 时", "超时 5 时", "已暂停" */
export function dueText(due: Due): string {
  if (due.word !== "left" && due.word !== "over") return t(`cases.clock.${due.word}`);
  return t(`cases.clock.${due.word}`, { time: roughText(due.ms) });
}

export function roughText(ms: number): string {
  const r = rough(ms);
  switch (r.unit) {
    case "soon":
      return t("cases.clock.soon");
    case "days_hours":
    case "hours_minutes":
      return t(`cases.clock.${r.unit}`, { n: r.n, m: r.m });
    default:
      return t(`cases.clock.${r.unit}`, { n: r.n });
  }
}

/** A promised time at a glance: green, amber from its target on, red past its limit, grey while it stands still. `named` shows the promise under it; `bare`: the exact times stand beside it already. */
export function ClockPill({ clock, now, named, bare, className }: { clock: Clock; now: number; named?: boolean; bare?: boolean; className?: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  const due = dueOf(clock, now);
  const Icon = icons[due.word];
  const exact = [
    clock.name[lang],
    clock.target && `${t("cases.clock.target")} ${fullTime(clock.target)}`,
    `${t("cases.clock.limit")} ${fullTime(clock.limit)}`,
    clock.provisional && t("cases.clock.provisional"),
  ].filter(Boolean);
  return (
    <span className={cn("inline-flex flex-col items-start gap-0.5", className)}>
      <Tooltip text={<span className="flex flex-col">{exact.map((line) => <span key={String(line)}>{line}</span>)}</span>}>
        <span className="inline-flex">
          <Pill tone={due.tone} icon={<Icon size={11} aria-hidden="true" />} className="num">
            {dueText(due)}
            {due.tone === "warn" && <span className="sr-only">{due.targetPassed ? t("cases.clock.target_passed") : t("cases.clock.warned")}</span>}
          </Pill>
        </span>
      </Tooltip>
      {named && <span className="block max-w-40 truncate text-2xs text-faint first-letter:uppercase">{clock.name[lang]}</span>}
      {!bare && <span className="sr-only">{exact.slice(named ? 1 : 0).join("，")}</span>}
    </span>
  );
}
