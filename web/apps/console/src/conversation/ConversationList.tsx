import type { ConversationFilter, View } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, cn, EmptyState, ErrorState, IconButton, Menu, SkeletonRows, Spinner } from "@yingda/ui";
import { ApiError } from "@yingda/api";
import { useNavigate } from "@tanstack/react-router";
import { ArrowUp, ChevronDown, Rows2, Rows3, SearchX } from "lucide-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { VList, type VListHandle } from "virtua";
import { useExternal } from "../external";
import { liveStatus } from "../live/feed";
import { useKeys } from "../live/keys";
import { setPrefs, usePrefs } from "../prefs";
import { problem } from "../problem";
import { can, useMe } from "../query";
import { views } from "../router";
import { useChangePresence, usePresenceLabel } from "../shell/PresenceMenu";
import { useCounts } from "../shell/Rail";
import { ConversationRow } from "./ConversationRow";
import { FilterButton } from "./FilterButton";
import { viewIcons } from "./Groups";
import { useConversations } from "./useConversations";

interface ConversationListProps {
  filter: ConversationFilter;
  openId?: string;
  /** Stands under the words for an empty list. */
  below?: ReactNode;
  className?: string;
}

export function ConversationList({ filter, openId, below, className }: ConversationListProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  const list = useConversations(filter);
  const { density } = usePrefs();
  const scroller = useRef<VListHandle>(null);
  const [hovered, setHovered] = useState(false);
  const [atTop, setAtTop] = useState(true);
  const [cursor, setCursor] = useState<string>();
  const { rows, settle, hasNextPage, isFetchingNextPage, fetchNextPage } = list;

  // Nothing moves under the pointer or away from where one reads; otherwise the list orders itself.
  const still = hovered || !atTop;
  useEffect(() => {
    if (!still) settle();
  }, [still, settle, list.data, list.arrivals]);

  function open(id: string) {
    void navigate({ to: "/inbox/$view/{-$id}", params: { view: filter.view, id }, search: (now) => ({ ...now, seq: undefined }) });
  }

  const here = cursor ?? openId;
  function move(by: number) {
    const at = rows.findIndex((row) => row.id === here);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    if (!next) return;
    setCursor(next.id);
    scroller.current?.scrollToIndex(rows.indexOf(next), { align: "nearest" });
    if (openId) open(next.id);
  }
  useEffect(() => setCursor(undefined), [openId]);
  useKeys({ j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: () => (here ? open(here) : false) });

  function onScroll(offset: number) {
    setAtTop(offset < 8);
    const handle = scroller.current;
    if (!handle || !hasNextPage || isFetchingNextPage) return;
    if (handle.scrollSize - handle.viewportSize - offset < 800) void fetchNextPage();
  }

  return (
    <section aria-label={t("inbox.list")} className={cn("relative flex w-[316px] shrink-0 flex-col border-r bg-panel max-md:w-full max-md:flex-1 max-md:border-r-0", className)}>
      <ListHead filter={filter} />
      {list.arrivals.length > 0 && still && (
        <div className="pointer-events-none absolute inset-x-0 top-14 z-10 flex justify-center">
          <Button
            variant="primary"
            size="sm"
            className="pointer-events-auto rounded-full px-3 shadow-float"
            icon={<ArrowUp size={13} aria-hidden="true" />}
            onClick={() => {
              settle();
              scroller.current?.scrollTo(0);
            }}
          >
            {t("inbox.new_rows", { n: list.arrivals.length })}
          </Button>
        </div>
      )}
      <div className="flex min-h-0 flex-1 flex-col" onPointerEnter={(e) => e.pointerType === "mouse" && setHovered(true)} onPointerLeave={() => setHovered(false)}>
        {list.isPending && <SkeletonRows rows={8} className="gap-6 px-4 py-3" />}
        {list.error && rows.length === 0 && (
          <ErrorState title={t("common.error.title")} detail={problem(list.error).text} requestId={list.error instanceof ApiError ? list.error.requestId : undefined} onRetry={() => void list.refetch()} retrying={list.isFetching} />
        )}
        {list.isSuccess && rows.length === 0 && (
          <div className="scroll min-h-0 flex-1 overflow-y-auto">
            <EmptyList filter={filter} />
            {below && <div className="px-4 pb-4">{below}</div>}
          </div>
        )}
        {rows.length > 0 && (
          <VList ref={scroller} data={rows} onScroll={onScroll} className="scroll" role="list" aria-label={t("inbox.list")} tabIndex={-1}>
            {(row) => <ConversationRow key={row.id} conversation={row} view={filter.view} me={me.id} open={row.id === openId} marked={row.id === here} compact={density === "compact"} position={filter.view === "queue" ? rows.indexOf(row) + 1 : undefined} />}
          </VList>
        )}
        {isFetchingNextPage && (
          <div role="status" className="flex justify-center py-2 text-faint">
            <Spinner />
            <span className="sr-only">{t("common.loading")}</span>
          </div>
        )}
      </div>
    </section>
  );
}

function ListHead({ filter }: { filter: ConversationFilter }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const counts = useCounts();
  const { density } = usePrefs();
  const count = counts.data?.[filter.view];
  const go = (view: View) => void navigate({ to: "/inbox/$view/{-$id}", params: { view, id: undefined } });
  return (
    <header className="flex h-[52px] shrink-0 items-center gap-1 px-4">
      <h2 className="text-[15px] font-semibold max-lg:hidden">{t(`inbox.views.${filter.view}`)}</h2>
      <span className="lg:hidden">
        <Menu
          label={t("inbox.groups")}
          align="start"
          groups={[
            views.map((view) => {
              const Icon = viewIcons[view];
              return { label: t(`inbox.views.${view}`), icon: <Icon size={15} aria-hidden="true" />, checked: view === filter.view, onSelect: () => go(view), hint: counts.data?.[view] ? String(counts.data[view]) : undefined };
            }),
          ]}
          trigger={
            <button type="button" className="-ml-1.5 flex h-8 items-center gap-1 rounded-md px-1.5 text-[15px] font-semibold hover:bg-raise">
              <span>{t(`inbox.views.${filter.view}`)}</span>
              <ChevronDown size={15} className="text-faint" aria-hidden="true" />
            </button>
          }
        />
      </span>
      {count !== undefined && <span className="num ml-1 text-xs text-faint">{count >= 1000 ? "999+" : count}</span>}
      <span className="flex-1" />
      <IconButton
        label={`${t("inbox.density.title")}: ${t(`inbox.density.${density}`)}`}
        icon={density === "compact" ? <Rows3 size={16} /> : <Rows2 size={16} />}
        onClick={() => setPrefs({ density: density === "compact" ? "comfortable" : "compact" })}
      />
      <FilterButton filter={filter} />
    </header>
  );
}

/** Nothing is in hand: whether anything can come, and the way to make it come. */
function EmptyMine() {
  const { t } = useTranslation();
  const me = useMe();
  const change = useChangePresence();
  const label = usePresenceLabel();
  const connected = useExternal(liveStatus, (s) => s.state === "live");
  const { state, reason } = me.presence;
  const answers = can(me, "conversation.reply");
  const hint = !answers ? t("inbox.empty.mine_reader") : state !== "online" ? t("inbox.empty.mine_away", { state: label(state, reason) }) : connected ? t("inbox.empty.mine_online") : t("inbox.empty.mine_unconnected");
  return (
    <EmptyState
      icon={<viewIcons.mine size={20} />}
      title={t("inbox.empty.mine")}
      detail={hint}
      action={
        answers &&
        state !== "online" && (
          <Button variant="primary" loading={change.isPending} onClick={() => change.mutate({ state: "online" })}>
            {t("inbox.empty.go_online")}
          </Button>
        )
      }
    />
  );
}

function EmptyList({ filter }: { filter: ConversationFilter }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const Icon = viewIcons[filter.view];
  if (filter.team_id || filter.agent_id || filter.priority !== undefined) {
    return (
      <EmptyState
        icon={<SearchX size={20} />}
        title={t("inbox.empty.filtered")}
        action={<Button onClick={() => void navigate({ to: "/inbox/$view/{-$id}", params: (now) => ({ view: filter.view, id: (now as { id?: string }).id }), search: {} })}>{t("inbox.filter.reset")}</Button>}
      />
    );
  }
  if (filter.view === "mine") return <EmptyMine />;
  return <EmptyState icon={<Icon size={20} />} title={t(`inbox.empty.${filter.view}`)} detail={t(`inbox.empty.${filter.view}_hint`)} />;
}
