import type { ConversationFilter, SavedView } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, cn, EmptyState, ErrorState, IconButton, Menu, SkeletonRows, Spinner } from "@yingda/ui";
import { ApiError } from "@yingda/api";
import { useNavigate } from "@tanstack/react-router";
import { ArrowUp, ChevronDown, MailPlus, Rows2, Rows3, SearchX, TriangleAlert } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from "react";
import { VList, type VListHandle } from "virtua";
import { useExternal } from "../external";
import { liveStatus } from "../live/feed";
import { useKeys } from "../live/keys";
import { useMailboxes } from "../mail/writing";
import { setPrefs, usePrefs } from "../prefs";
import { problem } from "../problem";
import { can, useMe } from "../query";
import { views } from "../router";
import { useChangePresence, usePresenceLabel } from "../shell/PresenceMenu";
import { useCounts } from "../shell/Rail";
import { BulkBar } from "./BulkBar";
import { ConversationRow } from "./ConversationRow";
import { FilterButton } from "./FilterButton";
import { viewIcons } from "./Groups";
import { counted, narrowed, SavedLook, useMissing, useViewCounts, useViews } from "../view/look";
import { useChoice } from "./choice";
import type { Conversations } from "./useConversations";

const ComposeDrawer = lazy(() => import("../mail/ComposeDrawer"));

interface ConversationListProps {
  filter: ConversationFilter;
  /** What the address calls the list: the view, or a saved one. */
  place: string;
  list: Conversations;
  saved?: SavedView;
  openId?: string;
  /** Stands under the words for an empty list. */
  below?: ReactNode;
  className?: string;
}

export function ConversationList({ list, filter, place, saved, openId, below, className }: ConversationListProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
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
    void navigate({ to: "/inbox/$view/{-$id}", params: { view: place, id }, search: (now) => ({ ...now, seq: undefined }) });
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
  useEffect(() => {
    setAtTop(true);
    scroller.current?.scrollTo(0);
  }, [filter]);
  useKeys({ j: () => move(1), k: () => move(-1), ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: () => (here ? open(here) : false) });

  const choice = useChoice(rows.map((row) => row.id), filter);
  useKeys({
    x: () => (here ? choice.toggle(here, !choice.has(here), false) : false),
    "Shift x": () => (here ? choice.toggle(here, true, true) : false),
    Escape: () => (choice.any ? choice.clear() : false),
  });

  function onScroll(offset: number) {
    setAtTop(offset < 8);
    const handle = scroller.current;
    if (!handle || !hasNextPage || isFetchingNextPage) return;
    if (handle.scrollSize - handle.viewportSize - offset < 800) void fetchNextPage();
  }

  return (
    <section aria-label={t("inbox.list")} className={cn("relative flex w-[316px] shrink-0 flex-col border-r bg-panel max-md:w-full max-md:flex-1 max-md:border-r-0", className)}>
      <ListHead filter={filter} place={place} saved={saved} />
      {saved && <BrokenView view={saved} />}
      {choice.any && <BulkBar choice={choice} filter={filter} />}
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
        {list.isSuccess && rows.length === 0 && !hasNextPage && (
          <div className="scroll min-h-0 flex-1 overflow-y-auto">
            <EmptyList filter={filter} place={place} saved={saved} />
            {below && <div className="px-4 pb-4">{below}</div>}
          </div>
        )}
        {rows.length > 0 && (
          <VList ref={scroller} data={rows} onScroll={onScroll} className="scroll" role="list" aria-label={t("inbox.list")} tabIndex={-1}>
            {(row, at) => <ConversationRow key={row.id} conversation={row} view={filter.view} place={place} me={me.id} open={row.id === openId} marked={row.id === here} compact={density === "compact"} position={filter.view === "queue" ? at + 1 : undefined} chosen={choice.has(row.id)} choosing={choice.any} onChoose={choice.toggle} />}
          </VList>
        )}
        {list.isFetchNextPageError && (
          <div role="alert" className="flex flex-col items-center gap-2 border-t px-4 py-3 text-center text-xs text-bad">
            {problem(list.error).text}
            <Button size="sm" onClick={() => void fetchNextPage()}>
              {t("common.retry")}
            </Button>
          </div>
        )}
        {list.paused && !list.isFetchNextPageError && (
          <div className="flex flex-col items-center gap-2 border-t px-4 py-3 text-center text-xs text-mut">
            {t("views.looked")}
            <Button size="sm" onClick={list.lookFurther}>
              {t("views.look_further")}
            </Button>
          </div>
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

/** Says that a saved view asks for something that was deleted. */
function BrokenView({ view }: { view: SavedView }) {
  const { t } = useTranslation();
  const what = useMissing(view);
  if (!what) return null;
  return (
    <p role="alert" className="mx-3 mb-2 flex gap-2 rounded-lg bg-warn-soft px-3 py-2 text-xs text-warn">
      <TriangleAlert size={14} className="mt-0.5 shrink-0" aria-hidden="true" />
      {t("views.missing", { what })}
    </p>
  );
}

function ListHead({ filter, place, saved }: { filter: ConversationFilter; place: string; saved?: SavedView }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const counts = useCounts();
  const { density } = usePrefs();
  const kept = (useViews().data?.items ?? []).filter((view) => view.subject === "conversation");
  const savedCount = useViewCounts(Boolean(saved)).data?.counts[place];
  const count = saved || narrowed(filter) ? undefined : counts.data?.[filter.view];
  const name = saved?.name ?? t(`inbox.views.${filter.view}`);
  const go = (view: string) => void navigate({ to: "/inbox/$view/{-$id}", params: { view, id: undefined } });
  return (
    <header className="flex h-[52px] shrink-0 items-center gap-1 px-4">
      <h2 className="truncate text-[15px] font-semibold max-lg:hidden">{name}</h2>
      <span className="lg:hidden">
        <Menu
          label={t("inbox.groups")}
          align="start"
          groups={[
            views.map((view) => {
              const Icon = viewIcons[view];
              return { label: t(`inbox.views.${view}`), icon: <Icon size={15} aria-hidden="true" />, checked: view === place, onSelect: () => go(view), hint: counts.data?.[view] ? String(counts.data[view]) : undefined };
            }),
            kept.map((view) => ({ label: view.name, icon: <SavedLook view={view} />, checked: view.id === place, onSelect: () => go(view.id) })),
          ]}
          trigger={
            <button type="button" className="-ml-1.5 flex h-8 items-center gap-1 rounded-md px-1.5 text-[15px] font-semibold hover:bg-raise">
              <span>{name}</span>
              <ChevronDown size={15} className="text-faint" aria-hidden="true" />
            </button>
          }
        />
      </span>
      {count !== undefined && <span className="num ml-1 text-xs text-faint">{count >= 1000 ? "999+" : count}</span>}
      {savedCount && <span className="num ml-1 text-xs text-faint">{counted(savedCount)}</span>}
      <span className="flex-1" />
      <WriteMail />
      <IconButton
        label={`${t("inbox.density.title")}: ${t(`inbox.density.${density}`)}`}
        icon={density === "compact" ? <Rows3 size={16} /> : <Rows2 size={16} />}
        onClick={() => setPrefs({ density: density === "compact" ? "comfortable" : "compact" })}
      />
      <FilterButton filter={filter} saved={saved} />
    </header>
  );
}

/** Begins a conversation by mail, where there is a mailbox to write from. */
function WriteMail() {
  const { t } = useTranslation();
  const me = useMe();
  const [writing, setWriting] = useState(false);
  const mailboxes = useMailboxes(can(me, "conversation.reply"));
  if (!mailboxes.data?.items.length) return null;
  return (
    <>
      <IconButton label={t("mail.act.write")} icon={<MailPlus size={16} />} onClick={() => setWriting(true)} />
      <Suspense>{writing && <ComposeDrawer me={me} onClose={() => setWriting(false)} />}</Suspense>
    </>
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

function EmptyList({ filter, place, saved }: { filter: ConversationFilter; place: string; saved?: SavedView }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const Icon = viewIcons[filter.view];
  if (saved) return <EmptyState icon={<SearchX size={20} />} title={t("views.empty")} />;
  if (narrowed(filter)) {
    return (
      <EmptyState
        icon={<SearchX size={20} />}
        title={t("inbox.empty.filtered")}
        action={<Button onClick={() => void navigate({ to: "/inbox/$view/{-$id}", params: (now) => ({ view: place, id: (now as { id?: string }).id }), search: {} })}>{t("inbox.filter.reset")}</Button>}
      />
    );
  }
  if (filter.view === "mine") return <EmptyMine />;
  return <EmptyState icon={<Icon size={20} />} title={t(`inbox.empty.${filter.view}`)} detail={t(`inbox.empty.${filter.view}_hint`)} />;
}
