import { adherence, type Adherence } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { buttonClass, cn, EmptyState, LoadMore, SkeletonRows, Table, type Column } from "@yingda/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { CalendarCheck, Download } from "lucide-react";
import { useLang } from "../case/lang";
import { Failure } from "../form/failure";
import { weekOf } from "./days";
import { rosterKeys } from "./queries";
import { one, percent } from "./StaffingTab";
import type { Place } from "./tabs";
import { WeekSwitch } from "./WeekSwitch";

/** How agents kept to the roster of a week: planned against presence. */
export function AdherenceTab(place: Place) {
  const { t } = useTranslation();
  const lang = useLang();
  const week = weekOf(place.at);
  const ask = { ...week, team_id: place.team };
  const query = useInfiniteQuery({
    queryKey: [...rosterKeys.all, "adherence", ask],
    queryFn: ({ pageParam }) => adherence.get({ ...ask, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
  const rows = query.data?.pages.flatMap((page) => page.items).filter((row) => row.shifts > 0);
  const times = (n: number, m: number) => (n === 0 ? "—" : t("staffing.adherence.times", { n, m: Math.round(m) }));
  const columns: Column<Adherence>[] = [
    { key: "name", header: t("roster.agent"), cell: (row) => <span className="font-medium">{row.name}</span> },
    { key: "shifts", header: t("staffing.adherence.shifts"), align: "right", cell: (row) => row.shifts },
    { key: "planned", header: t("staffing.adherence.planned"), align: "right", cell: (row) => one(row.planned_h) },
    { key: "worked", header: t("staffing.adherence.worked"), align: "right", cell: (row) => one(row.worked_h) },
    { key: "share", header: t("staffing.adherence.share"), align: "right", cell: (row) => <span className={cn("font-medium", row.share < 0.9 && "text-warn")}>{percent(row.share)}</span> },
    { key: "late", header: t("staffing.adherence.late"), align: "right", cell: (row) => times(row.late, row.late_min) },
    { key: "early", header: t("staffing.adherence.early"), align: "right", cell: (row) => times(row.early, row.early_min) },
    { key: "absent", header: t("staffing.adherence.absent"), align: "right", cell: (row) => <span className={row.absent > 0 ? "text-bad" : undefined}>{row.absent || "—"}</span> },
  ];
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <WeekSwitch {...place} />
        <a href={adherence.file(ask)} download className={cn(buttonClass("default"), "ml-auto")}>
          <Download size={15} aria-hidden="true" />
          {t("reports.file")}
        </a>
      </div>
      {query.isPending && <SkeletonRows rows={6} />}
      {query.error && !query.data && <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />}
      {rows && (rows.length === 0 ? <EmptyState icon={<CalendarCheck size={20} />} title={t("staffing.adherence.empty")} detail={t("staffing.adherence.empty_hint")} /> : <Table label={t("roster.tabs.adherence")} columns={columns} rows={rows} rowKey={(row) => row.agent_id} />)}
      <LoadMore more={query.hasNextPage} loading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
      <dl className="mt-3 grid gap-x-6 gap-y-1 text-2xs text-mut md:grid-cols-2">
        {query.data?.pages[0]?.defined.map((each) => (
          <div key={each.field} className="flex gap-2">
            <dt className="w-20 shrink-0 font-medium">{t(`staffing.adherence.${each.field.replace("_h", "") as "planned"}`)}</dt>
            <dd>{each.means[lang]}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
