import { reports, type ComparedNumber, type ReportSpan } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { buttonClass, cn, Field, Input, Pill, Section, SkeletonRows, Table, type Column } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { Failure } from "../form/failure";
import { plusDays } from "../roster/days";
import { span } from "../time";
import { Means } from "./WaitsReport";

const daysOf = ({ from, to }: ReportSpan): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
const whole = (each: ReportSpan) => each.from !== "" && each.to !== "" && each.from <= each.to;

/** Two times beside each other: before and after something changed. It begins with the two halves of the last 56 days. */
export function ComparisonReport({ today }: { today: string }) {
  const { t } = useTranslation();
  const [after, setAfter] = useState<ReportSpan>({ from: plusDays(today, -28), to: plusDays(today, -1) });
  const [before, setBefore] = useState<ReportSpan>({ from: plusDays(today, -56), to: plusDays(today, -29) });
  const good = whole(before) && whole(after);
  const found = useQuery({ queryKey: ["reports", "comparison", before, after], queryFn: () => reports.comparison(before, after), enabled: good, staleTime: 60_000, placeholderData: (was) => was });
  const dates = (name: "before" | "after", value: ReportSpan, set: (next: ReportSpan) => void) => (
    <fieldset className="flex items-end gap-2">
      <legend className="mb-1 text-xs font-medium text-mut">{t(`reports.compare.${name}`)}</legend>
      <Field label={t("reports.span.from")} error={whole(value) ? undefined : t("reports.span.wrong")}>
        <Input type="date" value={value.from} max={today} onChange={(event) => set({ ...value, from: event.target.value })} />
      </Field>
      <Field label={t("reports.span.to")}>
        <Input type="date" value={value.to} onChange={(event) => set({ ...value, to: event.target.value })} />
      </Field>
    </fieldset>
  );
  return (
    <>
      <div className="mb-4 flex flex-wrap items-end gap-6">
        {dates("before", before, setBefore)}
        {dates("after", after, setAfter)}
        {good && (
          <a href={reports.comparisonFile(before, after)} download className={cn(buttonClass("default"), "ml-auto")}>
            <Download size={15} aria-hidden="true" />
            {t("reports.file")}
          </a>
        )}
      </div>
      {found.error && !found.data && <Failure error={found.error} onRetry={() => void found.refetch()} retrying={found.isFetching} />}
      {good && found.isPending && <SkeletonRows rows={8} />}
      {found.data && (
        <Section title={t("reports.compare.title")} description={t("reports.compare.hint", { before: found.data.before.total.offered, before_days: daysOf(before), after: found.data.after.total.offered, after_days: daysOf(after) })}>
          <Numbers rows={found.data.changes} />
          <div className="mt-3">
            <Means report={found.data} fields={found.data.changes.map((each) => each.field)} />
          </div>
        </Section>
      )}
    </>
  );
}

function Numbers({ rows }: { rows: ComparedNumber[] }) {
  const { t } = useTranslation();
  const value = (field: string, n?: number): string => {
    if (n === undefined) return "—";
    if (field.endsWith("_share")) return `${Math.round(n * 1000) / 10}%`;
    if (field.endsWith("_s")) return span(n * 1000);
    return String(Math.round(n * 10) / 10);
  };
  const columns: Column<ComparedNumber>[] = [
    { key: "field", header: t("reports.compare.number"), cell: (row) => <span className="font-medium">{t(`reports.compared.${row.field as "offered"}`)}</span> },
    { key: "before", header: t("reports.compare.before"), align: "right", cell: (row) => value(row.field, row.before) },
    { key: "after", header: t("reports.compare.after"), align: "right", cell: (row) => value(row.field, row.after) },
    { key: "relative", header: t("reports.compare.change"), align: "right", cell: (row) => (row.relative === undefined ? "—" : `${row.relative > 0 ? "+" : ""}${Math.round(row.relative * 100)}%`) },
    { key: "better", header: t("reports.compare.verdict"), cell: (row) => (row.better === undefined ? "—" : <Pill tone={row.better ? "ok" : "bad"}>{t(row.better ? "reports.compare.better" : "reports.compare.worse")}</Pill>) },
  ];
  return <Table label={t("reports.compare.title")} columns={columns} rows={rows} rowKey={(row) => row.field} />;
}
