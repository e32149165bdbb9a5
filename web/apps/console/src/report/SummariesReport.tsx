import { reports, type ReportSpan, type SummaryReason, type SummaryReport } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { EmptyState, Section, SkeletonRows, Table, type Column } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { ListTree } from "lucide-react";
import { useLang } from "../case/lang";
import { Failure } from "../form/failure";
import { percentOf } from "./span";

/** What people contacted us about, and what came of it. */
export function SummariesReport({ days }: { days: ReportSpan }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["reports", "summaries", days], queryFn: () => reports.summaries(days), staleTime: 60_000 });
  if (found.error && !found.data) return <Failure error={found.error} onRetry={() => void found.refetch()} retrying={found.isFetching} />;
  if (!found.data) return <SkeletonRows rows={8} />;
  if (found.data.count + found.data.owed === 0) return <EmptyState icon={<ListTree size={20} />} title={t("reports.summaries.empty")} detail={t("reports.empty_hint")} />;
  return <Numbers report={found.data} />;
}

const totals = ["count", "understood", "owed"] as const;

function Numbers({ report }: { report: SummaryReport }) {
  const { t } = useTranslation();
  const lang = useLang();
  const means = (field: string) => report.defined.find((each) => each.field === field)?.means[lang];
  const share = (n: number, all: number) => `${n} · ${percentOf(n, all)}%`;
  const columns: Column<SummaryReason>[] = [
    { key: "name", header: t("reports.summaries.category"), cell: (row) => row.name[lang] },
    { key: "count", header: t("reports.summaries.number.count"), align: "right", cell: (row) => share(row.count, report.count) },
    ...report.results.map((result): Column<SummaryReason> => ({ key: result.code, header: result.name[lang], align: "right", wide: true, cell: (row) => row.results.find((each) => each.code === result.code)?.count ?? 0 })),
    { key: "understood", header: t("reports.summaries.number.understood"), align: "right", cell: (row) => share(row.understood, row.count) },
  ];
  return (
    <>
      <dl aria-label={t("reports.totals")} className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-3">
        {totals.map((field) => (
          <div key={field} className="rounded-xl border bg-panel p-3">
            <dt className="text-xs text-mut">{t(`reports.summaries.number.${field}`)}</dt>
            <dd className="num text-xl font-semibold">{report[field]}</dd>
            <dd className="mt-1 text-2xs text-faint">{means(field)}</dd>
          </div>
        ))}
      </dl>
      <Section title={t("reports.summaries.results")} description={means("results")}>
        <Table
          label={t("reports.summaries.results")}
          columns={[
            { key: "name", header: t("reports.summaries.result"), cell: (row) => row.name[lang] },
            { key: "count", header: t("reports.summaries.number.count"), align: "right", cell: (row) => share(row.count, report.count) },
          ]}
          rows={report.results}
          rowKey={(row) => row.code}
        />
      </Section>
      <Section title={t("reports.summaries.categories")} description={means("categories")}>
        <Table label={t("reports.summaries.categories")} columns={columns} rows={report.categories} rowKey={(row) => row.code} />
      </Section>
    </>
  );
}
