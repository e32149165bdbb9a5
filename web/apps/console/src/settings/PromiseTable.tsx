import type { Preset, Target, Terms } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Pill, Section, Table, type Column } from "@yingda/ui";
import { Scale } from "lucide-react";
import { useMatchWords } from "./promiseQueries";
import { editable, inLanguage, matchText, termText } from "./terms";

interface PromiseRow {
  key: string;
  first: boolean;
  match: string;
  target: Target;
}

/** What a preset promises, one row for each term, grouped by whom it is for. */
export function PromiseTable({ label, preset, terms }: { label: string; preset: Preset; terms: Terms }) {
  const { t } = useTranslation();
  const words = useMatchWords();
  const language = currentLanguage();
  const metrics = new Map(terms.metrics.map((metric) => [metric.code, inLanguage(metric.name, language)]));
  const calendars = new Map([...preset.calendars, ...terms.calendars].map((calendar) => [calendar.code, inLanguage(calendar.name, language)]));
  const rows = editable(preset).policies.flatMap((policy) => policy.targets.map((target, i): PromiseRow => ({ key: `${policy.order}.${target.metric}`, first: i === 0, match: matchText(policy.match, words), target })));
  const columns: Column<PromiseRow>[] = [
    { key: "match", header: t("promises.for"), cell: ({ first, match }) => (first ? <span className="font-medium">{match}</span> : <span className="sr-only">{match}</span>) },
    { key: "metric", header: t("promises.metric"), cell: ({ target }) => metrics.get(target.metric) ?? target.metric },
    { key: "term", header: t("promises.term"), cell: ({ target }) => <span className="num whitespace-nowrap">{termText(target, language)}</span> },
    { key: "calendar", header: t("promises.calendar"), wide: true, cell: ({ target }) => <span className="text-mut">{calendars.get(target.calendar) ?? target.calendar}</span> },
    {
      key: "how",
      header: t("promises.how"),
      wide: true,
      cell: ({ target }) => (
        <span className="text-xs text-mut">
          {[target.pause_states?.length && t("promises.pauses"), target.anchor === "previous_stage" && t("promises.from_stage"), target.counts_bot && t("promises.bot_counts")].filter(Boolean).join(t("promises.comma")) || "—"}
        </span>
      ),
    },
  ];
  return <Table label={label} columns={columns} rows={rows} rowKey={(row) => row.key} />;
}

/** The law's terms, which run beside every preset and cannot be changed. */
export function Floor({ terms }: { terms: Terms }) {
  const { t } = useTranslation();
  return (
    <Section
      title={
        <span className="flex items-center gap-2">
          <Scale size={15} className="text-mut" aria-hidden="true" />
          {inLanguage(terms.floor.name, currentLanguage())}
          <Pill>{t("promises.read_only")}</Pill>
        </span>
      }
      description={inLanguage(terms.floor.note, currentLanguage())}
    >
      <PromiseTable label={t("promises.floor_table")} preset={terms.floor} terms={terms} />
      <p className="mt-3 text-xs text-mut">{t("promises.floor_source")}</p>
    </Section>
  );
}
