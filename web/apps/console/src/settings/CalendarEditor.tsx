import { promises, type Calendar } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Combobox, Field, IconButton, Input, Segmented, Switch } from "@yingda/ui";
import { Plus, Trash2, X } from "lucide-react";
import { useMemo } from "react";
import { BilingualField } from "../form/BilingualField";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { fieldErrors, isConflict, useChange } from "../form/failure";
import { ClockInput, DayRow } from "./HoursEditor";
import { calendarInOrder, freshCalendar, overnight, spansWrong } from "./calendar";
import { nextSpan, type Span } from "./hours";
import { keepTerms, useOpened } from "./promiseQueries";
import { inLanguage } from "./terms";

export interface CalendarEditorProps {
  /** Nothing for a new one. */
  calendar?: Calendar;
  /** Codes that others have. */
  taken: string[];
  version: number;
  onClose: () => void;
  onDone: (code: string) => void;
}

/** Edits one calendar: several spans a day, also over midnight, holidays, working weekends, single dates. */
export function CalendarEditor({ calendar, taken, version, onClose, onDone }: CalendarEditorProps) {
  const { t } = useTranslation();
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone").map((zone) => ({ value: zone, label: zone })), []);
  const { draft, dirty, set } = useDraft<Calendar>(calendar ?? freshCalendar());
  const { opened, again } = useOpened(version);
  const save = useChange(() => promises.putCalendar({ version: opened, calendar: draft }), {
    quiet: true,
    done: t("promises.calendars.saved"),
    onDone: (terms) => {
      keepTerms(terms);
      onDone(draft.code);
    },
    onFail: (error) => isConflict(error) && again(),
  });
  const errors = fieldErrors(save.error);
  const setDay = (day: number, spans: Span[]) => set({ week: draft.week.map((held, i) => (i === day ? spans : held)) });
  const inOrder = calendarInOrder(draft);
  const isTaken = !calendar && taken.includes(draft.code);
  return (
    <FormDrawer
      size="lg"
      title={calendar ? t("settings.edit_named", { name: inLanguage(calendar.name, currentLanguage()) }) : t("promises.calendars.add")}
      description={t("promises.calendars.edit_hint")}
      dirty={dirty}
      saving={save.isPending}
      error={isConflict(save.error) ? undefined : save.error}
      onSubmit={() => inOrder && !isTaken && save.mutate()}
      onClose={onClose}
    >
      {isConflict(save.error) && <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-xs text-bad">{t("promises.conflict_save")}</p>}
      <BilingualField label={t("promises.name")} value={draft.name} onChange={(name) => set({ name })} maxLength={40} errors={{ zh: errors["calendar.name"] }} />
      <div className="grid gap-4 sm:grid-cols-2">
        {!calendar && (
          <Field label={t("promises.calendars.code")} hint={t("promises.calendars.code_hint")} error={isTaken ? t("promises.calendars.code_taken") : errors["calendar.code"]} required>
            <Input value={draft.code} maxLength={40} className="font-mono" onChange={(e) => set({ code: e.target.value.toLowerCase() })} />
          </Field>
        )}
        <Field label={t("settings.hours.zone")} error={errors["calendar.zone"]}>
          <Combobox options={zones} value={draft.zone} onChange={(zone) => zone && set({ zone })} />
        </Field>
      </div>
      <Switch checked={draft.always} onChange={(always) => set({ always })} label={t("settings.hours.always")} hint={t("promises.calendars.always_hint")} />
      {!draft.always && (
        <>
          <div role="group" aria-label={t("promises.calendars.hours")} className="overflow-hidden rounded-lg border">
            {draft.week.map((spans, day) => (
              <DayRow
                key={day}
                day={day}
                spans={spans}
                problem={spansWrong}
                error={errors[`calendar.week.${day}`] ?? (spansWrong(spans) === undefined ? undefined : t("promises.calendars.span_wrong"))}
                onChange={(next) => setDay(day, next)}
                onCopy={day === 0 ? () => set({ week: draft.week.map((held, i) => (i < 5 ? draft.week[0]! : held)) }) : undefined}
                aside={
                  <>
                    {spans.some(overnight) && <span className="text-2xs whitespace-nowrap text-mut">{t("promises.calendars.next_day")}</span>}
                    <Button size="sm" variant="ghost" aria-label={t("promises.calendars.all_day_on", { day: t(`settings.hours.days.${day as 0}`) })} onClick={() => setDay(day, [{ from: "00:00", to: "24:00" }])}>
                      {t("promises.calendars.all_day")}
                    </Button>
                  </>
                }
              />
            ))}
          </div>
          {errors["calendar.week"] && <p role="alert" className="-mt-2 text-xs text-bad">{errors["calendar.week"]}</p>}
          <Switch checked={draft.holidays === "CN"} onChange={(on) => set({ holidays: on ? "CN" : "" })} label={t("promises.calendars.statutory")} hint={t("promises.calendars.statutory_hint")} />
          {draft.holidays === "CN" && <Switch checked={draft.open_on_makeup_days} onChange={(open_on_makeup_days) => set({ open_on_makeup_days })} label={t("promises.calendars.makeup")} hint={t("promises.calendars.makeup_hint")} />}
        </>
      )}
      <Exceptions calendar={draft} errors={errors} onChange={(exceptions) => set({ exceptions })} />
    </FormDrawer>
  );
}

type Exception = Calendar["exceptions"][number];

function Exceptions({ calendar, errors, onChange }: { calendar: Calendar; errors: Record<string, string>; onChange: (exceptions: Exception[]) => void }) {
  const { t } = useTranslation();
  const list = calendar.exceptions;
  const change = (at: number, part: Partial<Exception>) => onChange(list.map((held, i) => (i === at ? { ...held, ...part } : held)));
  return (
    <section aria-label={t("promises.calendars.exceptions")} className="flex flex-col gap-2">
      <h3 className="text-sm font-semibold">{t("promises.calendars.exceptions")}</h3>
      <p className="-mt-1.5 text-xs text-mut">{t("promises.calendars.exceptions_hint")}</p>
      {list.map((each, i) => {
        const name = each.date || t("promises.calendars.new_exception");
        const spans = each.spans ?? [];
        const setSpans = (next: Span[]) => change(i, { spans: next.length > 0 ? next : undefined });
        const wrong = spansWrong(spans);
        const error = errors[`calendar.exceptions.${i}`] ?? (wrong === undefined ? undefined : t("promises.calendars.span_wrong"));
        return (
          <div key={i} role="group" aria-label={name} className="flex flex-col gap-2 rounded-lg border bg-raise px-3 py-2.5">
            <div className="flex flex-wrap items-center gap-2">
              <Input type="date" className="w-40" aria-label={t("promises.calendars.date")} aria-invalid={each.date === "" || undefined} value={each.date} onChange={(e) => change(i, { date: e.target.value })} />
              <Segmented
                label={t("promises.calendars.open_or_not")}
                value={each.open ? "open" : "closed"}
                onChange={(value) => change(i, value === "open" ? { open: true } : { open: false, spans: undefined })}
                choices={[
                  { value: "closed", label: t("promises.calendars.closed") },
                  { value: "open", label: t("promises.calendars.open") },
                ]}
              />
              <Input className="min-w-32 flex-1" aria-label={t("promises.calendars.why")} placeholder={t("promises.calendars.why")} maxLength={60} value={each.why ?? ""} onChange={(e) => change(i, { why: e.target.value || undefined })} />
              <IconButton size="sm" label={t("settings.remove_named", { name })} icon={<Trash2 size={14} />} onClick={() => onChange(list.filter((_, at) => at !== i))} />
            </div>
            {each.open && (
              <div className="flex flex-wrap items-center gap-2 text-xs text-mut">
                {spans.length === 0 && t("promises.calendars.as_week")}
                {spans.map((span, at) => (
                  <span key={at} className="flex items-center gap-1">
                    <ClockInput label={t("settings.hours.from_of", { day: name, n: at + 1 })} value={span.from} invalid={wrong === at} describedBy={`exception-${i}`} onChange={(from) => setSpans(spans.map((held, n) => (n === at ? { ...span, from } : held)))} />
                    <span aria-hidden="true">–</span>
                    <ClockInput label={t("settings.hours.to_of", { day: name, n: at + 1 })} value={span.to} invalid={wrong === at} describedBy={`exception-${i}`} onChange={(to) => setSpans(spans.map((held, n) => (n === at ? { ...span, to } : held)))} />
                    <IconButton size="sm" label={t("settings.hours.remove_of", { day: name, n: at + 1 })} icon={<X size={13} />} onClick={() => setSpans(spans.filter((_, n) => n !== at))} />
                  </span>
                ))}
                <IconButton size="sm" label={t("settings.hours.add_to", { day: name })} icon={<Plus size={14} />} onClick={() => setSpans([...spans, nextSpan(spans)])} />
              </div>
            )}
            {error && <p id={`exception-${i}`} role="alert" className="text-xs text-bad">{error}</p>}
          </div>
        );
      })}
      <Button size="sm" className="self-start" icon={<Plus size={13} />} onClick={() => onChange([...list, { date: "", open: false }])}>
        {t("promises.calendars.add_exception")}
      </Button>
    </section>
  );
}
