import { api, ApiError, type Hit, type HitKind } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, EmptyState, ErrorState, Input, LoadMore, Pill, Segmented, SkeletonRows } from "@yingda/ui";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Search, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { StatePill } from "../conversation/StatePill";
import { problem } from "../problem";
import { can, keys, useMe } from "../query";
import { searchRoute, type SearchSearch } from "../router";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { ago, fullTime, useNow } from "../time";
import { useSettledText } from "../useText";

type Kind = HitKind | "all";

export default function SearchPage() {
  return (
    <Allowed to={["conversation.read", "contact.read"]}>
      <SearchView />
    </Allowed>
  );
}

function SearchView() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  const { q = "", kind, sort = "best" } = searchRoute.useSearch();
  const change = (next: SearchSearch) => void navigate({ to: "/search", search: { q, kind, sort, ...next }, replace: true });
  const box = useSettledText(q, (text) => change({ q: text || undefined }));
  const hits = useInfiniteQuery({
    queryKey: keys.search(q, kind, sort),
    queryFn: ({ pageParam, signal }) => api.search({ q, kind, sort, cursor: pageParam, limit: 30 }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    enabled: q !== "",
    placeholderData: keepPreviousData,
  });
  const rows = hits.data?.pages.flatMap((page) => page.items) ?? [];
  const kinds: Kind[] = ["all", "message", "conversation", ...(can(me, "contact.read") ? (["contact"] as const) : [])];

  return (
    <Page title={t("search.title")}>
      <form role="search" onSubmit={(e) => (e.preventDefault(), box.now())}>
        <Input {...box.props} type="search" name="q" autoFocus aria-label={t("search.placeholder")} placeholder={t("search.placeholder")} prefix={<Search size={16} aria-hidden="true" />} className="[&_input]:h-10 [&_input]:text-base" />
      </form>
      <div className="mt-3 mb-4 flex flex-wrap items-center gap-3">
        <Segmented<Kind> label={t("search.kind.title")} value={kind ?? "all"} onChange={(value) => change({ kind: value === "all" ? undefined : value })} choices={kinds.map((value) => ({ value, label: t(`search.kind.${value}`) }))} />
        <Segmented<"best" | "newest"> label={t("search.sort.title")} value={sort} onChange={(value) => change({ sort: value })} choices={(["best", "newest"] as const).map((value) => ({ value, label: t(`search.sort.${value}`) }))} className="ml-auto" />
      </div>
      {q === "" ? (
        <EmptyState icon={<Search size={20} />} title={t("search.start")} detail={t("search.start_hint")} />
      ) : hits.isPending ? (
        <SkeletonRows rows={6} />
      ) : hits.error ? (
        <ErrorState title={t("common.error.title")} detail={problem(hits.error).text} requestId={hits.error instanceof ApiError ? hits.error.requestId : undefined} onRetry={() => void hits.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState icon={<SearchX size={20} />} title={t("search.empty", { q })} detail={t("search.empty_hint")} />
      ) : (
        <>
          <ul aria-label={t("search.results")} className="overflow-hidden rounded-xl border bg-panel">
            {rows.map((hit, i) => (
              <li key={`${hit.kind} ${hit.message?.id ?? hit.conversation?.id ?? hit.contact?.id ?? i}`} className="border-b last:border-b-0">
                <HitRow hit={hit} />
              </li>
            ))}
          </ul>
          <LoadMore more={hits.hasNextPage} loading={hits.isFetchingNextPage} onMore={() => void hits.fetchNextPage()} />
        </>
      )}
    </Page>
  );
}

const row = "flex gap-3 px-4 py-3 outline-offset-[-2px] hover:bg-raise";

function HitRow({ hit }: { hit: Hit }) {
  const { t } = useTranslation();
  const now = useNow(60_000);
  if (hit.kind === "contact" && hit.contact) {
    const p = hit.contact;
    return (
      <Link to="/contacts/$id" params={{ id: p.id }} className={row}>
        <Frame name={p.name} at={p.last_seen_at} now={now} aside={<Pill>{t("search.kind.contact")}</Pill>}>
          <Marked hit={hit} />
          <span className="num text-xs text-faint">{[p.phone, p.email].filter(Boolean).join(" · ")}</span>
        </Frame>
      </Link>
    );
  }
  const c = hit.conversation;
  const id = c?.id ?? hit.message?.conversation_id;
  if (!id) return null;
  return (
    <Link to="/inbox/$view/{-$id}" params={{ view: "all", id }} search={{ seq: hit.message?.seq }} className={row}>
      <Frame
        name={c?.contact_name ?? "?"}
        at={hit.message?.at ?? c?.last_at}
        now={now}
        aside={
          <>
            {c && <span className="num text-xs text-faint">#{c.number}</span>}
            {c && <StatePill state={c.state} />}
          </>
        }
      >
        <Marked hit={hit} />
      </Frame>
    </Link>
  );
}

function Frame({ name, at, now, aside, children }: { name: string; at?: string; now: number; aside: ReactNode; children: ReactNode }) {
  return (
    <>
      <Avatar name={name} size={32} />
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <span className="truncate font-medium">{name}</span>
          {aside}
          {at && (
            <time dateTime={at} title={fullTime(at)} className="num ml-auto shrink-0 text-2xs text-faint">
              {ago(at, now)}
            </time>
          )}
        </div>
        {children}
      </div>
    </>
  );
}

function Marked({ hit }: { hit: Hit }) {
  return (
    <p className="line-clamp-2 text-sm text-mut">
      {hit.hit.map((part, i) =>
        part.mark ? (
          <mark key={i} className="rounded-[3px] bg-warn-soft px-0.5 font-medium text-warn">
            {part.text}
          </mark>
        ) : (
          <span key={i}>{part.text}</span>
        ),
      )}
    </p>
  );
}
