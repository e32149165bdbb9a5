import { reports, type RatedMarks, type ReportSpan, type SatisfactionReport as Report } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn, EmptyState, Section, SkeletonRows, Table, type Column } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Star } from "lucide-react";
import type { ReactNode } from "react";
import { useLang } from "../case/lang";
import { Failure } from "../form/failure";
import { can, useMe } from "../query";
import type { CallsSearch } from "../router";

/** The marks that callers gave after their calls. */
export function SatisfactionReport({ days }: { days: ReportSpan }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["reports", "satisfaction", days], queryFn: () => reports.satisfaction(days), staleTime: 60_000 });
  if (found.error && !found.data) return <Failure error={found.error} onRetry={() => void found.refetch()} retrying={found.isFetching} />;
  if (!found.data) return <SkeletonRows rows={8} />;
  if (found.data.calls === 0) return <EmptyState icon={<Star size={20} />} title={t("reports.satisfaction.empty")} detail={t("reports.empty_hint")} />;
  return <Numbers report={found.data} days={days} />;
}

const dash = "—";
const mean = (m?: RatedMarks) => m?.mean?.toFixed(2) ?? dash;
const percent = (share?: number) => (share === undefined ? dash : `${Math.round(share * 100)}%`);

function Numbers({ report, days }: { report: Report; days: ReportSpan }) {
  const { t } = useTranslation();
  const lang = useLang();
  const means = (field: string) => report.defined.find((each) => each.field === field)?.means[lang];
  const overall = report.questions.find(({ code }) => code === "overall");
  const tiles: [string, ReactNode, string?][] = [
    ["calls", report.calls],
    ["rated", <CallsLink key="rated" search={{ ...days, rated: "any" }} n={report.rated} />, percent(report.rated_share)],
    ["mean", mean(overall)],
    ["top_share", percent(overall?.top_share)],
    ["low", overall?.low ?? 0, percent(overall?.low_share)],
  ];
  return (
    <>
      <dl aria-label={t("reports.totals")} className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-5">
        {tiles.map(([field, value, beside]) => (
          <div key={field} className="rounded-xl border bg-panel p-3">
            <dt className="text-xs text-mut">{t(`reports.satisfaction.number.${field}` as "reports.satisfaction.number.calls")}</dt>
            <dd className={cn("num text-xl font-semibold", field === "low" && value !== 0 && "text-bad")}>
              {value}
              {beside !== undefined && beside !== dash && <span className="ml-2 text-sm font-normal text-mut">{beside}</span>}
            </dd>
            <dd className="mt-1 text-2xs text-faint">{means(field)}</dd>
          </div>
        ))}
      </dl>
      {report.rated === 0 ? (
        <EmptyState icon={<Star size={20} />} title={t("reports.satisfaction.unrated")} detail={t("reports.satisfaction.unrated_hint")} />
      ) : (
        <>
          <Questions report={report} about={means("questions")} />
          <Ways report={report} days={days} about={means("ways")} />
          <Group title={t("reports.satisfaction.by.agents")} about={means("agents")} rows={report.agents} calls={(row) => ({ ...days, rated: "any", agent: row.code })} />
          <Group title={t("reports.satisfaction.by.queues")} about={means("queues")} rows={report.queues} />
          <Group title={t("reports.satisfaction.by.days")} about={means("days")} rows={report.days} calls={(row) => ({ from: row.code, to: row.code, rated: "any" })} />
        </>
      )}
    </>
  );
}

/** A number that leads to the calls which it counts, for who may see calls. */
function CallsLink({ search, n }: { search: CallsSearch; n: number }) {
  const { t } = useTranslation();
  const me = useMe();
  if (n === 0 || !can(me, "conversation.read")) return <>{n}</>;
  return (
    <Link to="/calls" search={search} aria-label={t("reports.satisfaction.calls", { n })} className="text-brand-ink underline decoration-edge underline-offset-4 hover:decoration-current">
      {n}
    </Link>
  );
}

const shades = ["bg-bad-dot", "bg-bad-dot/55", "bg-warn-dot", "bg-ok-dot/55", "bg-ok-dot"];

/** How often each mark was given, the worst left; the words say the same. */
function MarksBar({ of: { marks, count }, wide }: { of: RatedMarks; wide?: boolean }) {
  const { t } = useTranslation();
  const each = marks.map((n, i) => ({ mark: i + 1, n, shade: shades[i] }));
  const words = each.map(({ mark, n }) => t("reports.satisfaction.mark", { mark, n })).join(t("reports.satisfaction.and"));
  return (
    <span role="img" aria-label={words} title={words} className="block min-w-24">
      <span className={cn("flex gap-px overflow-hidden rounded bg-line2", wide ? "h-3" : "h-2")}>
        {each.map(({ mark, n, shade }) => n > 0 && <span key={mark} className={shade} style={{ width: `${(100 * n) / count}%` }} />)}
      </span>
      {wide && (
        <span className="mt-1 flex gap-3 text-2xs text-mut">
          {each.map(({ mark, n, shade }) => (
            <span key={mark} className="num inline-flex items-center gap-1 whitespace-nowrap">
              <span className={cn("size-1.5 rounded-full", shade)} />
              {t("reports.satisfaction.mark", { mark, n })}
            </span>
          ))}
        </span>
      )}
    </span>
  );
}

/** The columns that every table of marks has. */
function useMarks<Row extends RatedMarks>(): Column<Row>[] {
  const { t } = useTranslation();
  return [
    { key: "mean", header: t("reports.satisfaction.number.mean"), align: "right", cell: (row) => <span className="font-medium">{mean(row)}</span> },
    { key: "top_share", header: t("reports.satisfaction.number.top_share"), align: "right", cell: (row) => percent(row.top_share) },
    { key: "low", header: t("reports.satisfaction.number.low"), align: "right", cell: (row) => <span className={row.low > 0 ? "font-medium text-bad" : undefined}>{row.low}</span> },
  ];
}

type Line = RatedMarks & { key: string; way: boolean };

function Questions({ report, about }: { report: Report; about?: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  const marks = useMarks<Line>();
  const rows = report.questions.flatMap((q): Line[] => [
    { ...q, key: q.code, way: false },
    ...q.ways.map((way) => ({ ...way, key: `${q.code} ${way.code}`, way: true })),
  ]);
  const columns: Column<Line>[] = [
    { key: "name", header: t("reports.satisfaction.question"), width: "22%", cell: (row) => <span className={row.way ? "pl-4 text-mut" : "font-medium"}>{row.name[lang]}</span> },
    { key: "count", header: t("reports.satisfaction.number.count"), align: "right", cell: (row) => row.count },
    { key: "marks", header: t("reports.satisfaction.marks"), width: "40%", cell: (row) => <MarksBar of={row} wide={!row.way} /> },
    ...marks,
  ];
  return (
    <Section title={t("reports.satisfaction.questions")} description={about}>
      <Table label={t("reports.satisfaction.questions")} columns={columns} rows={rows} rowKey={(row) => row.key} />
    </Section>
  );
}

function Ways({ report, days, about }: { report: Report; days: ReportSpan; about?: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  return (
    <Section title={t("reports.satisfaction.by.ways")} description={about}>
      <Table
        label={t("reports.satisfaction.by.ways")}
        columns={[
          { key: "name", header: t("reports.satisfaction.way"), cell: (row) => row.name[lang] },
          { key: "calls", header: t("reports.satisfaction.number.rated"), align: "right", cell: (row) => <CallsLink search={{ ...days, rated: row.code === "link" ? "link" : "keys" }} n={row.calls} /> },
        ]}
        rows={report.ways}
        rowKey={(row) => row.code}
      />
    </Section>
  );
}

function Group({ title, about, rows, calls }: { title: string; about?: string; rows: RatedMarks[]; calls?: (row: RatedMarks) => CallsSearch }) {
  const { t } = useTranslation();
  const lang = useLang();
  const marks = useMarks<RatedMarks>();
  if (rows.length === 0) return null; // marks, but none on the whole
  const columns: Column<RatedMarks>[] = [
    { key: "name", header: t("reports.satisfaction.name"), width: "22%", cell: (row) => <span className="num">{row.name[lang]}</span> },
    { key: "count", header: t("reports.satisfaction.number.count"), align: "right", cell: (row) => (calls ? <CallsLink search={calls(row)} n={row.count} /> : row.count) },
    { key: "marks", header: t("reports.satisfaction.marks"), width: "40%", cell: (row) => <MarksBar of={row} /> },
    ...marks,
  ];
  return (
    <Section title={title} description={about}>
      <Table label={title} columns={columns} rows={rows} rowKey={(row) => row.code} />
    </Section>
  );
}
