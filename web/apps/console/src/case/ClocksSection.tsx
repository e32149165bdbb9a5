import type { Clock } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Pill, Section } from "@yingda/ui";
import { ChevronRight } from "lucide-react";
import { fullTime, useNow } from "../time";
import { ClockPill } from "./ClockPill";
import { useLang } from "./lang";

const open = (clock: Clock) => clock.state === "running" || clock.state === "paused" || clock.state === "breached";

/** What is promised for a case, the nearest limit first, and why then. */
export function ClocksSection({ clocks }: { clocks: Clock[] }) {
  const { t } = useTranslation();
  const now = useNow(15_000);
  const running = clocks.filter(open).toSorted((a, b) => a.limit.localeCompare(b.limit));
  const ended = clocks.filter((clock) => !open(clock));
  return (
    <Section title={t("cases.clock.title")}>
      {running.length === 0 ? <p className="text-xs text-faint">{t("cases.clock.empty")}</p> : <List clocks={running} now={now} />}
      {ended.length > 0 && (
        <details className="group mt-3 border-t pt-3">
          <summary className="flex cursor-pointer list-none items-center gap-1 text-xs text-mut hover:text-fg">
            <ChevronRight size={13} aria-hidden="true" className="group-open:rotate-90" />
            {t("cases.clock.ended")}
            <span className="num text-faint">{ended.length}</span>
          </summary>
          <List clocks={ended} now={now} />
        </details>
      )}
    </Section>
  );
}

function List({ clocks, now }: { clocks: Clock[]; now: number }) {
  return (
    <ul className="flex flex-col divide-y">
      {clocks.map((clock) => (
        <One key={clock.id} clock={clock} now={now} />
      ))}
    </ul>
  );
}

function One({ clock, now }: { clock: Clock; now: number }) {
  const { t } = useTranslation();
  const lang = useLang();
  const why = lang === "zh" ? clock.why_zh : clock.why_en;
  const times = [
    clock.target && ([t("cases.clock.target"), clock.target] as const),
    [t("cases.clock.limit"), clock.limit] as const,
    clock.met_at && ([t("cases.clock.met"), clock.met_at] as const),
    clock.paused_at && clock.state === "paused" && ([t("cases.clock.paused_since"), clock.paused_at] as const),
  ].filter((each) => Boolean(each)) as (readonly [string, string])[];
  return (
    <li className="py-2.5 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center justify-between gap-x-2 gap-y-1">
        <span className="text-sm font-medium first-letter:uppercase">{clock.name[lang]}</span>
        <span className="flex items-center gap-1">
          {clock.provisional && <Pill tone="warn">{t("cases.clock.provisional")}</Pill>}
          <ClockPill clock={clock} now={now} bare />
        </span>
      </div>
      <dl className="num mt-1 grid grid-cols-[auto_1fr] gap-x-2 text-xs text-mut">
        {times.map(([name, at]) => (
          <div key={name} className="contents">
            <dt className="text-faint">{name}</dt>
            <dd>{fullTime(at)}</dd>
          </div>
        ))}
      </dl>
      {clock.provisional && <p className="mt-1 text-2xs text-warn">{t("cases.clock.provisional_hint")}</p>}
      {why.length > 0 && (
        <details className="group mt-1">
          <summary className="flex cursor-pointer list-none items-center gap-1 text-xs text-brand-ink hover:underline">
            <ChevronRight size={12} aria-hidden="true" className="group-open:rotate-90" />
            {t("cases.clock.why")}
          </summary>
          <ul className="mt-1 ml-4 flex list-disc flex-col gap-0.5 text-xs text-mut">
            {why.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}
