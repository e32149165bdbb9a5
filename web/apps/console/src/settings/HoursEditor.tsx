import type { Hours } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Combobox, Field, IconButton, Input, RadioGroup, cn } from "@yingda/ui";
import { Copy, Plus, X } from "lucide-react";
import { useId, useMemo, useState, type ReactNode } from "react";
import { clockOf, nextSpan, spansProblem, type Span } from "./hours";

export interface HoursEditorProps {
  value: Hours;
  onChange: (value: Hours) => void;
}

/** When somebody answers: several spans a day, holidays, and weekend days that are worked. */
export function HoursEditor({ value, onChange }: HoursEditorProps) {
  const { t } = useTranslation();
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone").map((zone) => ({ value: zone, label: zone })), []);
  const set = (change: Partial<Hours>) => onChange({ ...value, ...change });
  const setDay = (day: number, spans: Span[]) => set({ week: value.week.map((held, i) => (i === day ? spans : held)) });
  return (
    <div className="flex flex-col gap-4">
      <RadioGroup
        inline
        label={t("settings.hours.title")}
        value={value.always ? "always" : "week"}
        onChange={(mode) => set({ always: mode === "always" })}
        choices={[
          { value: "always", label: t("settings.hours.always") },
          { value: "week", label: t("settings.hours.by_week") },
        ]}
      />
      {!value.always && (
        <>
          <Field label={t("settings.hours.zone")} className="max-w-72">
            <Combobox options={zones} value={value.zone} onChange={(zone) => zone && set({ zone })} />
          </Field>
          <div className="overflow-hidden rounded-lg border">
            {value.week.map((spans, day) => (
              <DayRow
                key={day}
                day={day}
                spans={spans}
                onChange={(next) => setDay(day, next)}
                onCopy={day === 0 ? () => set({ week: value.week.map((held, i) => (i < 5 ? value.week[0]! : held)) }) : undefined}
              />
            ))}
          </div>
          <div className="grid gap-4 sm:grid-cols-2">
            <Dates label={t("settings.hours.closed")} hint={t("settings.hours.closed_hint")} dates={value.closed} onChange={(closed) => set({ closed })} />
            <Dates label={t("settings.hours.open")} hint={t("settings.hours.open_hint")} dates={value.open} onChange={(open) => set({ open })} />
          </div>
        </>
      )}
    </div>
  );
}

export interface DayRowProps {
  day: number;
  spans: Span[];
  onChange: (spans: Span[]) => void;
  onCopy?: () => void;
  /** Finds the first span that is wrong; without it, one that ends on the next day is. */
  problem?: (spans: Span[]) => number | undefined;
  /** What is wrong, in words. */
  error?: string;
  /** More ways to fill the day. */
  aside?: ReactNode;
}

/** The spans of one day of the week. */
export function DayRow({ day, spans, onChange, onCopy, problem = spansProblem, error, aside }: DayRowProps) {
  const { t } = useTranslation();
  const name = t(`settings.hours.days.${day as 0 | 1 | 2 | 3 | 4 | 5 | 6}`);
  const problemId = useId();
  const wrong = problem(spans);
  const change = (at: number, span: Span) => onChange(spans.map((held, i) => (i === at ? span : held)));
  return (
    <div role="group" aria-label={name} className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b bg-panel px-3 py-2 last:border-b-0">
      <span className={cn("w-14 shrink-0", spans.length === 0 && "text-faint")}>{name}</span>
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-2">
        {spans.length === 0 && <span className="text-xs text-faint">{t("settings.hours.shut")}</span>}
        {spans.map((span, i) => (
          <span key={i} className="flex items-center gap-1">
            <ClockInput label={t("settings.hours.from_of", { day: name, n: i + 1 })} value={span.from} invalid={wrong === i} describedBy={problemId} onChange={(from) => change(i, { ...span, from })} />
            <span aria-hidden="true" className="text-faint">
              –
            </span>
            <ClockInput label={t("settings.hours.to_of", { day: name, n: i + 1 })} value={span.to} invalid={wrong === i} describedBy={problemId} onChange={(to) => change(i, { ...span, to })} />
            <IconButton size="sm" label={t("settings.hours.remove_of", { day: name, n: i + 1 })} icon={<X size={13} />} onClick={() => onChange(spans.filter((_, at) => at !== i))} />
          </span>
        ))}
      </span>
      <span className="flex h-7 items-center gap-1 self-start">
        {aside}
        {onCopy && (
          <Button size="sm" variant="ghost" icon={<Copy size={13} />} onClick={onCopy}>
            {t("settings.hours.copy_workdays")}
          </Button>
        )}
        <IconButton size="sm" label={t("settings.hours.add_to", { day: name })} icon={<Plus size={14} />} onClick={() => onChange([...spans, nextSpan(spans)])} />
      </span>
      {(wrong !== undefined || error) && (
        <p id={problemId} className="w-full text-xs text-bad">
          {error ?? t("settings.hours.span_wrong")}
        </p>
      )}
    </div>
  );
}

export function ClockInput({ label, value, invalid, describedBy, onChange }: { label: string; value: string; invalid: boolean; describedBy: string; onChange: (value: string) => void }) {
  return (
    <Input
      aria-label={label}
      aria-invalid={invalid || undefined}
      aria-describedby={invalid ? describedBy : undefined}
      value={value}
      inputMode="numeric"
      maxLength={5}
      placeholder="09:00"
      className="num h-7 w-16 px-2 text-center"
      onChange={(event) => onChange(event.target.value)}
      onBlur={(event) => onChange(clockOf(event.target.value) ?? event.target.value)}
    />
  );
}

function Dates({ label, hint, dates, onChange }: { label: string; hint: string; dates: string[]; onChange: (dates: string[]) => void }) {
  const { t } = useTranslation();
  const [date, setDate] = useState("");
  function add() {
    if (date && !dates.includes(date)) onChange([...dates, date].sort());
    setDate("");
  }
  return (
    <div className="flex flex-col gap-2">
      <Field label={label} hint={hint}>
        <Input
          type="date"
          value={date}
          onChange={(event) => setDate(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
          suffix={<IconButton size="sm" label={t("settings.hours.add_date", { list: label })} icon={<Plus size={14} />} disabled={!date} onClick={add} />}
        />
      </Field>
      {dates.length > 0 && (
        <ul className="flex flex-wrap gap-1.5" aria-label={label}>
          {dates.map((each) => (
            <li key={each} className="num inline-flex items-center gap-0.5 rounded-md bg-line2 pl-2 text-xs">
              {each}
              <IconButton size="sm" label={t("settings.hours.remove_date", { date: each })} icon={<X size={12} />} onClick={() => onChange(dates.filter((held) => held !== each))} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
