import { reports, type ForecastAccuracy, type ForecastReport, type ReportSpan } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { EmptyState, Section, SkeletonRows, Table, type Column } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Timer } from "lucide-react";
import { useLang } from "../case/lang";
import { Failure } from "../form/failure";
import { span } from "../time";

const numbers = ["told", "answered", "held_share", "error_s", "bias_s", "longer_share", "left", "outlasted", "waiting"] as const;
type Num = (typeof numbers)[number];
const tiles = ["told", "held_share", "error_s", "bias_s", "longer_share", "left"] as const;
const groups = ["estimators", "inboxes", "half_hours"] as const;

/** How true the waits were that customers were told (R022). */
export function ForecastsReport({ days }: { days: ReportSpan }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["reports", "forecasts", days], queryFn: () => reports.forecasts(days), staleTime: 60_000 });
  if (found.error && !found.data) return <Failure error={found.error} onRetry={() => void found.refetch()} retrying={found.isFetching} />;
  if (!found.data) return <SkeletonRows rows={8} />;
  if (found.data.all.told === 0) return <EmptyState icon={<Timer size={20} />} title={t("reports.forecasts.empty")} detail={t("reports.empty_hint")} />;
  return <Numbers report={found.data} />;
}

function Numbers({ report }: { report: ForecastReport }) {
  const { t } = useTranslation();
  const lang = useLang();
  const written = useWritten();
  const means = (field: Num) => report.defined.find((each) => each.field === field)?.means[lang];
  return (
    <>
      <dl aria-label={t("reports.totals")} className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
        {tiles.map((field) => (
          <div key={field} className="rounded-xl border bg-panel p-3">
            <dt className="text-xs text-mut">{t(`reports.forecasts.number.${field}`)}</dt>
            <dd className="num text-xl font-semibold">{written(field, report.all)}</dd>
            <dd className="mt-1 text-2xs text-faint">{means(field)}</dd>
          </div>
        ))}
      </dl>
      {groups.map((group) => (
        <Group key={group} group={group} rows={report[group]} />
      ))}
      <dl className="grid gap-x-6 gap-y-1 text-2xs text-mut md:grid-cols-2">
        {numbers.map((field) => (
          <div key={field} className="flex gap-2">
            <dt className="w-24 shrink-0 font-medium">{t(`reports.forecasts.number.${field}`)}</dt>
            <dd>{means(field)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** Writes a number of the report; what there is nothing to take of is a dash. */
function useWritten() {
  const { t } = useTranslation();
  return (field: Num, row: ForecastAccuracy): string => {
    const value = row[field];
    if (value === undefined) return "—";
    switch (field) {
      case "held_share":
      case "longer_share":
        return `${Math.round(value * 100)}%`;
      case "error_s":
        return span(value * 1000);
      case "bias_s":
        return Math.abs(value) < 1 ? span(0) : t(value > 0 ? "reports.forecasts.later" : "reports.forecasts.sooner", { time: span(Math.abs(value) * 1000) });
      default:
        return String(value);
    }
  };
}

function Group({ group, rows }: { group: (typeof groups)[number]; rows: ForecastAccuracy[] }) {
  const { t } = useTranslation();
  const lang = useLang();
  const written = useWritten();
  const column = (field: Num, wide?: boolean): Column<ForecastAccuracy> => ({ key: field, header: t(`reports.forecasts.number.${field}`), align: "right", wide, cell: (row) => <span className="whitespace-nowrap">{written(field, row)}</span> });
  const columns: Column<ForecastAccuracy>[] = [
    { key: "name", header: t(`reports.forecasts.name.${group}`), width: "22%", cell: (row) => <span className={group === "half_hours" ? "num font-medium" : undefined}>{row.name[lang]}</span> },
    column("told"),
    column("answered", true),
    {
      key: "held_share",
      header: t("reports.forecasts.number.held_share"),
      width: "20%",
      cell: (row) => (
        <span className="flex items-center gap-2">
          <span className="num w-10 shrink-0 text-right">{written("held_share", row)}</span>
          <span aria-hidden="true" className="h-2 flex-1 overflow-hidden rounded bg-line2">
            <span className="block h-full rounded bg-brand" style={{ width: `${(row.held_share ?? 0) * 100}%` }} />
          </span>
        </span>
      ),
    },
    column("error_s"),
    column("bias_s"),
    column("longer_share", true),
    column("left", true),
  ];
  const title = t(`reports.forecasts.by.${group}`);
  return (
    <Section title={title}>
      <Table label={title} columns={columns} rows={rows} rowKey={(row) => row.code} />
    </Section>
  );
}
