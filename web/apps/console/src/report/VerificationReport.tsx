import { verifications, type ReportSpan, type VerificationReport as Report } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { EmptyState, Section, SkeletonRows, Table, type Column } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { useLang } from "../case/lang";
import { Failure } from "../form/failure";
import { percentOf } from "./span";

type Pace = Report["all"];

/** How fast customers were verified, and how often it failed (R086). */
export function VerificationReport({ days }: { days: ReportSpan }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: ["reports", "verifications", days], queryFn: () => verifications.report({ ...days }), staleTime: 60_000 });
  return (
    <section aria-labelledby="verification-report" className="mt-8">
      <h2 id="verification-report" className="text-base font-semibold">
        {t("verification.report.title")}
      </h2>
      <p className="mb-3 text-xs text-mut">{t("verification.report.hint")}</p>
      {found.data ? (
        found.data.all.count === 0 ? (
          <EmptyState icon={<ShieldCheck size={20} />} title={t("verification.report.empty")} />
        ) : (
          <Numbers report={found.data} />
        )
      ) : found.error ? (
        <Failure error={found.error} onRetry={() => void found.refetch()} retrying={found.isFetching} />
      ) : (
        <SkeletonRows rows={4} />
      )}
    </section>
  );
}

const measured = ["count", "passed", "within", "median_s", "p95_s", "failures", "locked", "vouched", "unended"] as const;

function Numbers({ report }: { report: Report }) {
  const { t } = useTranslation();
  const lang = useLang();
  const means = (field: string) => report.defined.find((each) => each.field === field)?.means[lang];
  const seconds = (row: Pace, n: number) => (row.timed === 0 ? "—" : t("verification.report.seconds", { n }));
  const cell = (key: (typeof measured)[number], row: Pace): string => {
    switch (key) {
      case "within":
        return row.timed === 0 ? "—" : `${percentOf(row.within, row.timed)}%`;
      case "median_s":
      case "p95_s":
        return seconds(row, row[key]);
      default:
        return String(row[key]);
    }
  };
  const columns: Column<Pace>[] = [
    { key: "name", header: t("verification.report.name"), cell: (row) => <span className="whitespace-nowrap">{row.name[lang]}</span> },
    ...measured.map((key): Column<Pace> => ({ key, header: t(`verification.report.${key}`), align: "right", cell: (row) => <span className={key === "locked" && row.locked > 0 ? "font-medium text-bad" : undefined}>{cell(key, row)}</span> })),
  ];
  return (
    <>
      <dl aria-label={t("verification.report.title")} className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
        {measured.slice(0, 7).filter((key) => key !== "passed").map((key) => (
          <div key={key} className="rounded-xl border bg-panel p-3">
            <dt className="text-xs text-mut">{t(`verification.report.${key}`)}</dt>
            <dd className="num text-xl font-semibold">{cell(key, report.all)}</dd>
            <dd className="mt-1 text-2xs text-faint">{means(key)}</dd>
          </div>
        ))}
      </dl>
      {(["days", "agents", "teams"] as const).map((group) => {
        const title = t(`verification.report.${({ days: "by_day", agents: "by_agent", teams: "by_team" } as const)[group]}`);
        return (
          <Section key={group} title={title}>
            <Table label={title} columns={columns} rows={report[group]} rowKey={(row) => row.code} />
          </Section>
        );
      })}
      <dl className="grid gap-x-6 gap-y-1 text-2xs text-mut md:grid-cols-2">
        {measured.map((key) => (
          <div key={key} className="flex gap-2">
            <dt className="w-20 shrink-0 font-medium">{t(`verification.report.${key}`)}</dt>
            <dd>{means(key)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
