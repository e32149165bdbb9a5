import { reports, serverNow, type ComplaintReport, type ReportSpan, type Share, type StageReport } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { buttonClass, cn, EmptyState, Field, Input, Section, Segmented, SkeletonRows, Table, type Column } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CalendarRange, ChartColumn, Download } from "lucide-react";
import { useLang } from "../case/lang";
import { Failure } from "../form/failure";
import { reportsRoute } from "../router";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { ComparisonReport } from "./ComparisonReport";
import { ForecastsReport } from "./ForecastsReport";
import { reportNeeds } from "./needs";
import { SatisfactionReport } from "./SatisfactionReport";
import { dayOf, percentOf, reportParts, spanOf, spans, type ReportPart, type SpanChoice } from "./span";
import { SummariesReport } from "./SummariesReport";
import { VerificationReport } from "./VerificationReport";
import { WaitsReport } from "./WaitsReport";

/** `/reports`: the complaints of a span, each number with what it counts. */
export default function ReportsPage() {
  return (
    <Allowed to={reportNeeds}>
      <Reports />
    </Allowed>
  );
}

/** Where the browser downloads a report of some days as a table. */
const files = { complaints: reports.complaintsFile, waits: reports.waitsFile, forecasts: reports.forecastsFile, summaries: reports.summariesFile, satisfaction: reports.satisfactionFile };

function Reports() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const search = reportsRoute.useSearch();
  const { part = "complaints", span = "this_month" } = search;
  const today = dayOf(serverNow());
  const days = span === "own" ? { from: search.from ?? "", to: search.to ?? "" } : spanOf(span, today);
  const whole = days.from !== "" && days.to !== "" && days.from <= days.to;
  const change = (next: typeof search) => void navigate({ to: "/reports", search: next, replace: true });
  const choose = (next: SpanChoice) => change(next === "own" ? { part: search.part, span: next, from: days.from || undefined, to: days.to || undefined } : { part: search.part, span: next });
  const title = part === "complaints" ? t("reports.title") : t(`reports.parts.${part}`);
  return (
    <Page
      wide
      title={title}
      description={part === "complaints" ? t("reports.hint") : t(`reports.hints.${part}`)}
      actions={
        whole &&
        part !== "comparison" &&
        part !== "verification" && (
          <a href={files[part](days)} download className={buttonClass("default")}>
            <Download size={15} aria-hidden="true" />
            {t("reports.file")}
          </a>
        )
      }
    >
      <Segmented className="mb-4" label={t("reports.part")} value={part} onChange={(next) => change({ ...search, part: next === "complaints" ? undefined : next })} choices={reportParts.map((value) => ({ value, label: t(`reports.parts.${value}`) }))} />
      {part === "comparison" ? <ComparisonReport today={today} /> : null}
      <div className={cn("mb-4 flex flex-wrap items-end gap-3", part === "comparison" && "hidden")}>
        <Segmented label={t("reports.span.title")} value={span} onChange={choose} choices={spans.map((value) => ({ value, label: t(`reports.span.${value}`) }))} />
        {span === "own" ? (
          <>
            <Field label={t("reports.span.from")}>
              <Input type="date" value={days.from} max={today} onChange={(event) => change({ ...search, from: event.target.value || undefined })} />
            </Field>
            <Field label={t("reports.span.to")} error={days.from !== "" && days.to !== "" && !whole ? t("reports.span.wrong") : undefined}>
              <Input type="date" value={days.to} onChange={(event) => change({ ...search, to: event.target.value || undefined })} />
            </Field>
          </>
        ) : (
          <p className="num pb-1.5 text-xs text-mut">{t("reports.span.days", { ...days })}</p>
        )}
      </div>
      {part === "comparison" ? null : whole ? <Shown part={part} days={days} /> : <EmptyState icon={<CalendarRange size={20} />} title={t("reports.span.choose")} />}
    </Page>
  );
}

function Shown({ part, days }: { part: Exclude<ReportPart, "comparison">; days: ReportSpan }) {
  switch (part) {
    case "waits":
      return <WaitsReport days={days} />;
    case "satisfaction":
      return <SatisfactionReport days={days} />;
    case "summaries":
      return <SummariesReport days={days} />;
    case "forecasts":
      return <ForecastsReport days={days} />;
    case "verification":
      return <VerificationReport days={days} />;
    case "complaints":
      return <Found days={days} />;
  }
}

function Found({ days }: { days: ReportSpan }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["reports", "complaints", days], queryFn: () => reports.complaints(days), staleTime: 60_000 });
  if (found.data) {
    return found.data.count === 0 ? <EmptyState icon={<ChartColumn size={20} />} title={t("reports.empty")} detail={t("reports.empty_hint")} /> : <Numbers report={found.data} />;
  }
  if (found.error) return <Failure error={found.error} onRetry={() => void found.refetch()} retrying={found.isFetching} />;
  return <SkeletonRows rows={8} />;
}

const totals = ["count", "open", "about_staff", "rejected", "reopened", "external"] as const;
const groups = ["sources", "categories", "levels", "causes", "outcomes", "teams"] as const;

function Numbers({ report }: { report: ComplaintReport }) {
  const { t } = useTranslation();
  const means = useMeanings(report);
  return (
    <>
      <dl aria-label={t("reports.totals")} className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
        {totals.map((name) => (
          <div key={name} className="rounded-xl border bg-panel p-3">
            <dt className="text-xs text-mut">{t(`reports.total.${name}`)}</dt>
            <dd className="num text-xl font-semibold">{report[name]}</dd>
            <dd className="mt-1 text-2xs text-faint">{means(name)}</dd>
          </div>
        ))}
      </dl>
      <Stages rows={report.stages} means={means} />
      <div className="grid items-start gap-x-4 md:grid-cols-2 xl:grid-cols-3">
        {groups.map((name) => (
          <Section key={name} title={t(`reports.by.${name}`)} description={means(name)}>
            <Bars label={t(`reports.by.${name}`)} shares={report[name]} />
          </Section>
        ))}
      </div>
    </>
  );
}

type Means = (field: string) => string | undefined;

function useMeanings(report: ComplaintReport): Means {
  const lang = useLang();
  return (field) => report.defined.find((each) => each.field === field)?.means[lang];
}

/** How many of each sort; the bar repeats the number for the eye. */
function Bars({ label, shares }: { label: string; shares: Share[] }) {
  const { t } = useTranslation();
  const lang = useLang();
  const all = shares.reduce((sum, each) => sum + each.count, 0);
  const most = Math.max(...shares.map((each) => each.count));
  if (shares.length === 0) return <p className="text-xs text-faint">{t("reports.none")}</p>;
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">{label}</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">{label}</th>
          <th scope="col">{t("reports.number")}</th>
          <th scope="col">{t("reports.share")}</th>
        </tr>
      </thead>
      <tbody>
        {shares.map((each) => (
          <tr key={each.code}>
            <th scope="row" className="relative py-1 pr-2 text-left font-normal break-words">
              {each.name[lang]}
              <span aria-hidden="true" className="mt-0.5 block h-1 overflow-hidden rounded bg-line2">
                <span className="block h-full rounded bg-brand" style={{ width: `${percentOf(each.count, most)}%` }} />
              </span>
            </th>
            <td className="num w-10 py-1 text-right align-top">{each.count}</td>
            <td className="num w-12 py-1 text-right align-top text-mut">{percentOf(each.count, all)}%</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const measured = ["ended", "kept", "late", "median_h", "p90_h", "longest_h"] as const;

function Stages({ rows, means }: { rows: StageReport[]; means: Means }) {
  const { t } = useTranslation();
  const lang = useLang();
  const hours = (row: StageReport, n: number) => (row.ended === 0 ? "—" : t("reports.hours", { n: n.toFixed(1) }));
  const cell: Record<(typeof measured)[number], (row: StageReport) => string> = {
    ended: (row) => String(row.ended),
    kept: (row) => (row.ended === 0 ? "—" : `${percentOf(row.kept, row.ended)}%`),
    late: (row) => String(row.late),
    median_h: (row) => hours(row, row.median_h),
    p90_h: (row) => hours(row, row.p90_h),
    longest_h: (row) => hours(row, row.longest_h),
  };
  const columns: Column<StageReport>[] = [
    { key: "stage", header: t("reports.stage.title"), cell: (row) => <span className="block whitespace-nowrap first-letter:uppercase">{row.name[lang]}</span> },
    ...measured.map((key): Column<StageReport> => ({ key, header: t(`reports.stage.${key}`), align: "right", cell: (row) => <span className={key === "late" && row.late > 0 ? "font-medium text-bad" : undefined}>{cell[key](row)}</span> })),
  ];
  return (
    <Section title={t("reports.stages")}>
      <Table label={t("reports.stages")} columns={columns} rows={rows} rowKey={(row) => row.metric} />
      <dl className="mt-3 grid gap-x-6 gap-y-1 text-2xs text-mut md:grid-cols-2">
        {measured.map((key) => (
          <div key={key} className="flex gap-2">
            <dt className="w-20 shrink-0 font-medium">{t(`reports.stage.${key}`)}</dt>
            <dd>{means(`stages.${key}`)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
