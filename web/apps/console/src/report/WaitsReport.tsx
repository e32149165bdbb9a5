import { reports, type ReportSpan, type WaitHalfHour, type WaitReport, type WaitSum } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn, EmptyState, Pill, Section, SkeletonRows, Table, type Column } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Hourglass } from "lucide-react";
import { useLang } from "../case/lang";
import { Failure } from "../form/failure";
import { span } from "../time";

const share = (part?: number): string => (part === undefined ? "—" : `${Math.round(part * 100)}%`);

/** How long people waited, by half hour of the day, at peak times and otherwise. */
export function WaitsReport({ days }: { days: ReportSpan }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["reports", "waits", days], queryFn: () => reports.waits(days), staleTime: 60_000 });
  if (found.error && !found.data) return <Failure error={found.error} onRetry={() => void found.refetch()} retrying={found.isFetching} />;
  if (!found.data) return <SkeletonRows rows={8} />;
  if (found.data.half_hours.length === 0) return <EmptyState icon={<Hourglass size={20} />} title={t("reports.waits.empty")} detail={t("reports.empty_hint")} />;
  return (
    <>
      <Sums report={found.data} />
      <HalfHours report={found.data} />
      <Means report={found.data} fields={["offered", "in_time_share", "mean_wait_s", "asa_s", "abandon_share", "handling_s", "peak_wait_s"]} />
    </>
  );
}

function Sums({ report }: { report: WaitReport }) {
  const { t } = useTranslation();
  const groups: [string, WaitSum][] = [
    [t("reports.waits.peak"), report.peak],
    [t("reports.waits.off_peak"), report.off_peak],
    [t("reports.waits.total"), report.total],
  ];
  return (
    <dl className="mb-4 grid gap-3 md:grid-cols-3">
      {groups.map(([name, sum]) => (
        <div key={name} className="rounded-xl border bg-panel p-4">
          <dt className="text-xs text-mut">{name}</dt>
          <dd className="num text-xl font-semibold">{sum.offered > 0 ? span(sum.mean_wait_s * 1000) : "—"}</dd>
          <dd className="num mt-1 text-xs text-mut">{t("reports.waits.sum", { n: sum.offered, in_time: share(sum.in_time_share), abandon: share(sum.abandon_share) })}</dd>
        </div>
      ))}
    </dl>
  );
}

function HalfHours({ report }: { report: WaitReport }) {
  const { t } = useTranslation();
  const longest = Math.max(1, ...report.half_hours.map((each) => each.mean_wait_s));
  const columns: Column<WaitHalfHour>[] = [
    {
      key: "at",
      header: t("reports.waits.half_hour"),
      cell: (row) => (
        <span className="inline-flex items-center gap-2">
          <span className="num font-medium">{row.at}</span>
          {row.peak && <Pill tone="warn">{t("reports.waits.busy")}</Pill>}
        </span>
      ),
    },
    { key: "offered", header: t("reports.compared.offered"), align: "right", cell: (row) => row.offered },
    {
      key: "wait",
      header: t("reports.compared.mean_wait_s"),
      width: "34%",
      cell: (row) => (
        <span className="flex items-center gap-2">
          <span className="num w-20 shrink-0 text-right whitespace-nowrap">{span(row.mean_wait_s * 1000)}</span>
          <span aria-hidden="true" className="h-2 flex-1 overflow-hidden rounded bg-line2">
            <span className={cn("block h-full rounded", row.peak ? "bg-warn-dot" : "bg-brand")} style={{ width: `${(row.mean_wait_s / longest) * 100}%` }} />
          </span>
        </span>
      ),
    },
    { key: "asa", header: t("reports.compared.asa_s"), align: "right", wide: true, cell: (row) => span(row.asa_s * 1000) },
    { key: "in_time", header: t("reports.compared.in_time_share"), align: "right", cell: (row) => share(row.in_time_share) },
    { key: "abandon", header: t("reports.compared.abandon_share"), align: "right", cell: (row) => share(row.abandon_share) },
    { key: "handling", header: t("reports.compared.handling_s"), align: "right", wide: true, cell: (row) => span(row.handling_s * 1000) },
  ];
  return (
    <Section title={t("reports.waits.by_half_hour")}>
      <Table label={t("reports.waits.by_half_hour")} columns={columns} rows={report.half_hours} rowKey={(row) => row.at} />
    </Section>
  );
}

/** What the numbers count. */
export function Means({ report, fields }: { report: { defined: WaitReport["defined"] }; fields: string[] }) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <dl className="grid gap-x-6 gap-y-1 text-2xs text-mut md:grid-cols-2">
      {report.defined
        .filter((each) => fields.includes(each.field))
        .map((each) => (
          <div key={each.field} className="flex gap-2">
            <dt className="w-24 shrink-0 font-medium">{t(`reports.compared.${each.field as "offered"}`)}</dt>
            <dd>{each.means[lang]}</dd>
          </div>
        ))}
    </dl>
  );
}
