import { ApiError, api, type BoardRow, type Kept } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn, EmptyState, ErrorState, LoadMore, Pill, Section, Segmented, Skeleton, SkeletonRows, Table, type Column } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Gauge } from "lucide-react";
import { useState } from "react";
import { ClockPill } from "../case/ClockPill";
import { groupOf, type BoardGroup } from "../case/due";
import { useLang } from "../case/lang";
import { StagePill } from "../case/StagePill";
import { Failure } from "../form/failure";
import { usePages } from "../form/pages";
import { problem } from "../problem";
import { can, keys, useCaseWords, useMe } from "../query";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { fullTime, useNow } from "../time";
import { tilesOf, type Tile } from "./kept";

export default function PromisesPage() {
  const { t } = useTranslation();
  const me = useMe();
  return (
    <Allowed to={["promise.read"]}>
      <Page wide title={t("promises.title")} description={t("promises.hint")}>
        <KeptRates />
        {can(me, "case.read") && <Board />}
      </Page>
    </Allowed>
  );
}

function KeptRates() {
  const { t } = useTranslation();
  const [days, setDays] = useState<"7" | "30">("7");
  const kept = useQuery({ queryKey: keys.kept(Number(days)), queryFn: () => api.promises.kept(Number(days)), staleTime: 60_000, refetchInterval: 5 * 60_000 });
  return (
    <Section
      title={t("promises.kept")}
      actions={<Segmented label={t("promises.kept")} value={days} onChange={setDays} choices={(["7", "30"] as const).map((value) => ({ value, label: t("promises.kept_days", { n: value }) }))} />}
    >
      {kept.isPending && (
        <div className="grid gap-3 sm:grid-cols-3">
          {[0, 1, 2].map((i) => (
            <Skeleton key={i} className="h-20" />
          ))}
        </div>
      )}
      {kept.error && !kept.data && <Failure error={kept.error} onRetry={() => void kept.refetch()} retrying={kept.isFetching} />}
      {kept.data && <Tiles items={kept.data.items} />}
    </Section>
  );
}

function Tiles({ items }: { items: Kept[] }) {
  const { t } = useTranslation();
  const tiles = tilesOf(items);
  if (tiles.length === 0) return <p className="text-xs text-faint">{t("promises.kept_none")}</p>;
  return (
    <ul className="grid grid-cols-[repeat(auto-fill,minmax(190px,1fr))] gap-3">
      {tiles.map((tile) => (
        <TileView key={tile.metric} tile={tile} />
      ))}
    </ul>
  );
}

const looks = { ok: "text-ok", warn: "text-warn", bad: "text-bad" };
const bars = { ok: "bg-ok-dot", warn: "bg-warn-dot", bad: "bg-bad-dot" };

function TileView({ tile }: { tile: Tile }) {
  const { t, i18n } = useTranslation();
  const lang = useLang();
  const channel = (name: string) => (i18n.exists(`cases.source.${name}`) ? t(`cases.source.${name as "phone"}`) : name || t("promises.all_channels"));
  return (
    <li className="rounded-lg border p-3">
      <p className="truncate text-xs text-mut first-letter:uppercase" title={tile.name[lang]}>
        {tile.name[lang]}
      </p>
      <p className="flex items-baseline gap-2">
        <span className={cn("num text-xl font-semibold", looks[tile.tone])}>{tile.percent}%</span>
        <span className="num text-2xs text-faint">{t("promises.kept_of", { kept: tile.kept, ended: tile.ended })}</span>
      </p>
      <div aria-hidden="true" className="mt-1.5 h-1 overflow-hidden rounded bg-line2">
        <div className={cn("h-full rounded", bars[tile.tone])} style={{ width: `${tile.percent}%` }} />
      </div>
      <p className="num mt-2 flex flex-wrap gap-x-2.5 text-2xs text-mut">
        {tile.channels.map((each) => (
          <span key={each.channel}>
            {channel(each.channel)} {each.percent}%
          </span>
        ))}
      </p>
    </li>
  );
}

const groups: BoardGroup[] = ["breached", "today", "later", "paused"];

function Board() {
  const { t } = useTranslation();
  const now = useNow(15_000);
  const { query, rows = [] } = usePages(keys.board, (cursor) => api.promises.board(cursor));
  const columns = useColumns(now);
  if (query.isPending) return <SkeletonRows rows={6} />;
  if (query.error && !query.data) {
    return <ErrorState title={t("common.error.title")} detail={problem(query.error).text} requestId={query.error instanceof ApiError ? query.error.requestId : undefined} onRetry={() => void query.refetch()} retrying={query.isFetching} />;
  }
  if (rows.length === 0) return <EmptyState icon={<Gauge size={20} />} title={t("promises.empty")} detail={t("promises.empty_hint")} />;
  const end = new Date(now);
  end.setHours(23, 59, 59, 999);
  return (
    <>
      {groups.map((group) => {
        const held = rows.filter((row) => groupOf(row.clock, now, end.getTime()) === group);
        if (group === "paused" && held.length === 0) return null;
        return (
          <section key={group} className="mb-5">
            <h2 className="mb-2 flex items-center gap-2 text-sm font-semibold">
              <span aria-hidden="true" className={cn("size-2 rounded-full", { breached: "bg-bad-dot", today: "bg-warn-dot", later: "bg-ok-dot", paused: "bg-off-dot" }[group])} />
              {t(`promises.group.${group}`)}
              <span className="num text-xs font-normal text-faint">{held.length}</span>
            </h2>
            {held.length === 0 ? (
              <p className="text-xs text-faint">{t(`promises.group_empty.${group}`)}</p>
            ) : (
              <Table label={t(`promises.group.${group}`)} columns={columns} rows={held} rowKey={(row) => row.clock.id} />
            )}
          </section>
        );
      })}
      <LoadMore more={query.hasNextPage} loading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
    </>
  );
}

function useColumns(now: number): Column<BoardRow>[] {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useCaseWords();
  return [
    { key: "left", header: t("promises.left"), width: "130px", cell: (row) => <ClockPill clock={row.clock} now={now} /> },
    {
      key: "metric",
      header: t("promises.metric"),
      width: "150px",
      cell: (row) => (
        <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
          <span className="block first-letter:uppercase">{row.clock.name[lang]}</span>
          {row.clock.provisional && <Pill tone="warn">{t("cases.clock.provisional")}</Pill>}
        </span>
      ),
    },
    {
      key: "case",
      header: t("promises.case"),
      cell: (row) => (
        <Link to="/cases/$id" params={{ id: row.case.id }} className="block min-w-40 rounded hover:text-brand-ink">
          <span className="line-clamp-1 font-medium break-all">{row.case.subject}</span>
          <span className="flex gap-2 text-2xs text-faint">
            <span className="num">{row.case.number}</span>
            {words.data?.kinds.find((each) => each.kind === row.case.kind)?.name[lang]}
          </span>
        </Link>
      ),
    },
    { key: "state", header: t("cases.state"), wide: true, width: "110px", cell: (row) => <StagePill item={row.case} /> },
    { key: "agent", header: t("cases.agent"), wide: true, width: "90px", cell: (row) => <span className={cn("whitespace-nowrap", !row.case.course.agent_name && "text-faint")}>{row.case.course.agent_name ?? t("cases.nobody")}</span> },
    { key: "due", header: t("promises.due"), align: "right", wide: true, width: "170px", cell: (row) => <time dateTime={row.clock.limit} className="whitespace-nowrap text-mut">{fullTime(row.clock.limit)}</time> },
  ];
}
