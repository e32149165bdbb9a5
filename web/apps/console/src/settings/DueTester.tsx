import { promises, serverNow, type DueQuestion, type Terms } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Field, Input, Pill, Section, Select } from "@yingda/ui";
import { Calculator } from "lucide-react";
import { useState } from "react";
import { fieldErrors, useChange } from "../form/failure";
import { problem } from "../problem";
import { channels, useMatchWords } from "./promiseQueries";
import { inLanguage } from "./terms";

/** A time in China as an input shows it: "2026-09-18T10:00". */
function localTime(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16);
}

/** "2026-09-20 18:00", in China, whatever the reader's own zone. */
function chinaTime(at: string): string {
  return localTime(Date.parse(at)).replace("T", " ");
}

/** Tries out when something would be due, and says why then. */
export function DueTester({ terms }: { terms: Terms }) {
  const { t } = useTranslation();
  const language = currentLanguage();
  const words = useMatchWords();
  const [question, setQuestion] = useState({ metric: "complaint_feedback", kind: "complaint", level: "", channel: "", received: localTime(serverNow()) });
  const set = (part: Partial<typeof question>) => setQuestion((held) => ({ ...held, ...part }));
  const ask = useChange(() => promises.due({ ...question, received: new Date(`${question.received}:00+08:00`).toISOString() } satisfies DueQuestion), { quiet: true });
  const errors = fieldErrors(ask.error);
  const any = { value: "", label: t("promises.match.any") };
  const options = (names: Record<string, string>) => [any, ...Object.entries(names).map(([value, label]) => ({ value, label }))];
  const answer = ask.data;
  const why = answer && (language === "zh" ? answer.why_zh : answer.why_en);
  return (
    <Section title={t("promises.tester.title")} description={t("promises.tester.hint")}>
      <form
        className="grid items-start gap-3 sm:grid-cols-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (question.received) ask.mutate();
        }}
      >
        <Field label={t("promises.metric")} error={errors["query.metric"]}>
          <Select options={terms.metrics.map((metric) => ({ value: metric.code, label: inLanguage(metric.name, language) }))} value={question.metric} onChange={(metric) => set({ metric })} />
        </Field>
        <Field label={t("promises.match.kind")}>
          <Select options={options(words.kinds)} value={question.kind} onChange={(kind) => set({ kind })} />
        </Field>
        <Field label={t("promises.match.level")}>
          <Select options={options(words.levels)} value={question.level} onChange={(level) => set({ level })} />
        </Field>
        <Field label={t("promises.match.channel")}>
          <Select options={options(Object.fromEntries(channels.map((channel) => [channel, words.channels[channel] ?? channel])))} value={question.channel} onChange={(channel) => set({ channel })} />
        </Field>
        <Field label={t("promises.tester.received")} error={errors["query.received"]}>
          <Input type="datetime-local" value={question.received} onChange={(e) => set({ received: e.target.value })} />
        </Field>
        <Button type="submit" variant="primary" className="mt-[22px] justify-self-start max-sm:mt-0" icon={<Calculator size={14} />} loading={ask.isPending}>
          {t("promises.tester.ask")}
        </Button>
      </form>
      <div aria-live="polite">
        {ask.error && <p className="mt-3 text-xs text-bad">{problem(ask.error).text}</p>}
        {answer && !answer.promised && <p className="mt-3 rounded-lg border bg-raise px-3 py-2 text-sm text-mut">{t("promises.tester.nothing")}</p>}
        {answer?.due && (
          <div className="mt-4 rounded-lg border bg-raise px-4 py-3">
            <p className="flex flex-wrap items-center gap-2">
              <span className="text-mut">{inLanguage(answer.name, language)}</span>
              <strong className="num text-base" data-testid="due">{chinaTime(answer.due.limit)}</strong>
              {answer.due.target && <span className="num text-xs text-mut">{t("promises.tester.target", { at: chinaTime(answer.due.target) })}</span>}
              {answer.due.provisional && <Pill tone="warn">{t("promises.provisional")}</Pill>}
            </p>
            <ol className="mt-2 list-decimal pl-5 text-xs text-mut">
              {why?.map((line, i) => <li key={i}>{line}</li>)}
            </ol>
          </div>
        )}
      </div>
    </Section>
  );
}
