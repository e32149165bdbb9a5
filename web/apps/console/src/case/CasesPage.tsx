import { ApiError, api, type Case, type CaseFilter, type CaseView, type ListFilter } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, buttonClass, Checkbox, Combobox, EmptyState, ErrorState, LoadMore, Pill, Select, SkeletonRows, Table, Tabs, type Column } from "@yingda/ui";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowUpFromLine, RefreshCw, SearchX, Ticket, TicketPlus, TriangleAlert, UserRound, UsersRound } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { SearchInput } from "../form/SearchInput";
import { usePages } from "../form/pages";
import { useExternal } from "../external";
import { freshCases, showFreshCases } from "../live/cases";
import { problem } from "../problem";
import { can, keys, queryClient, useAgents, useCaseHandling, useCaseWords, useMe, useTeams } from "../query";
import { caseViews, casesRoute, type CasesSearch } from "../router";
import { Page } from "../shell/Page";
import { useCaseCounts } from "../shell/Rail";
import { Allowed } from "../shell/pages";
import { ago, fullTime, useNow } from "../time";
import { ClockPill } from "./ClockPill";
import { useLang } from "./lang";
import { StagePill } from "./StagePill";
import { TagPills } from "./Tags";
import { SavedCases } from "../view/SavedCases";
import { useViews } from "../view/look";
import { leavesOf, nameOf } from "./tree";

const BulkDialog = lazy(() => import("./BulkDialog"));

export default function CasesPage() {
  return (
    <Allowed to={["case.read"]}>
      <Cases />
    </Allowed>
  );
}

function Cases() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const search = casesRoute.useSearch();
  const saved = useViews().data?.items.find((each) => each.id === search.saved);
  const shown = saved ? caseSearch(saved.filter) : search;
  const { view = "open", number } = shown;
  const counts = useCaseCounts();
  // whoever changes what a saved view asks for, leaves it
  const change = (next: CasesSearch) => void navigate({ to: "/cases", search: { ...shown, saved: undefined, ...next }, replace: true });
  return (
    <Page
      title={t("cases.title")}
      wide
      actions={
        <>
          <SearchInput label={t("cases.find")} value={number ?? ""} onSearch={(text) => text !== (number ?? "") && change({ number: text || undefined })} className="w-56" />
          {can(me, "case.edit") && (
            <Link to="/cases/new" className={buttonClass("primary")}>
              <TicketPlus size={15} aria-hidden="true" />
              {t("cases.handin.action")}
            </Link>
          )}
        </>
      }
    >
      <Tabs
        label={t("cases.views.title")}
        value={view}
        onChange={(next: CaseView) => change({ view: next, number: undefined })}
        listClassName="scroll mb-3 overflow-x-auto overflow-y-hidden"
        items={caseViews.map((value) => ({
          value,
          label: t(`cases.views.${value}`),
          aside: counts.data && <span className="num text-2xs text-faint">{counts.data[value] >= 999 ? "999+" : counts.data[value]}</span>,
        }))}
      >
        <SavedCases current={search.saved} filter={{ list: view, ...caseListFilter(shown) }} />
        <Filters search={shown} change={change} />
        <List key={JSON.stringify(shown)} search={shown} view={view} change={change} />
      </Tabs>
    </Page>
  );
}

const filterNames = ["kind", "level", "category", "team", "agent", "source", "tag", "priority", "q"] as const;

/** The search of the page that shows what a filter lets through, and back. */
function caseSearch(f: ListFilter): CasesSearch {
  return { view: f.list as CaseView, kind: f.kind, level: f.level, category: f.category, team: f.team_id, agent: f.agent_id, source: f.source, tag: f.tag, priority: f.priority, q: f.q };
}

function caseListFilter(s: CasesSearch): Omit<ListFilter, "list"> {
  return { kind: s.kind, level: s.level, category: s.category, team_id: s.team, agent_id: s.agent, source: s.source, tag: s.tag, priority: s.priority, q: s.q };
}

const sources = ["portal", "widget", "phone", "letter", "email", "visit", "chat", "survey"] as const;

function Filters({ search, change }: { search: CasesSearch; change: (next: CasesSearch) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useCaseWords();
  const handling = useCaseHandling();
  const teams = useTeams();
  const agents = useAgents();
  const any = (name: string) => ({ value: "", label: `${name}: ${t("common.all")}` });
  const filtered = filterNames.some((name) => search[name]);
  return (
    <div className="mb-3 flex flex-wrap gap-2">
      <Select
        label={t("cases.kind")}
        className="w-34"
        value={search.kind ?? ""}
        onChange={(kind) => change({ kind: kind || undefined, category: undefined })}
        options={[any(t("cases.kind")), ...(words.data?.kinds ?? []).map((each) => ({ value: each.kind as string, label: each.name[lang] }))]}
      />
      <Select
        label={t("cases.level")}
        className="w-34"
        value={search.level ?? ""}
        onChange={(level) => change({ level: level || undefined })}
        options={[any(t("cases.level")), ...(words.data?.levels ?? []).map((each) => ({ value: each.code, label: each.name[lang] }))]}
      />
      <Combobox
        label={t("cases.category")}
        className="w-44"
        clearable
        placeholder={any(t("cases.category")).label}
        value={search.category}
        onChange={(category) => change({ category })}
        options={leavesOf(handling.data?.categories ?? [], words.data?.kinds.find((each) => each.kind === search.kind)?.kind, lang).map((leaf) => ({ value: leaf.id, label: leaf.path }))}
      />
      <Combobox label={t("cases.team")} className="w-36" clearable placeholder={any(t("cases.team")).label} value={search.team} onChange={(team) => change({ team })} options={(teams.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))} />
      <Combobox label={t("cases.agent")} className="w-36" clearable placeholder={any(t("cases.agent")).label} value={search.agent} onChange={(agent) => change({ agent })} options={(agents.data?.items ?? []).filter((a) => !a.disabled).map((each) => ({ value: each.id, label: each.name }))} />
      <Select
        label={t("cases.source.title")}
        className="w-34"
        value={search.source ?? ""}
        onChange={(source) => change({ source: source || undefined })}
        options={[any(t("cases.source.title")), ...sources.map((value) => ({ value: value as string, label: t(`cases.source.${value}`) }))]}
      />
      <SearchInput label={t("views.form.tag")} value={search.tag ?? ""} onSearch={(tag) => tag !== (search.tag ?? "") && change({ tag: tag || undefined })} className="w-32" />
      <SearchInput label={t("views.form.text")} value={search.q ?? ""} onSearch={(q) => q !== (search.q ?? "") && change({ q: q || undefined })} className="w-32" />
      {filtered && (
        <Button variant="ghost" onClick={() => change(Object.fromEntries(filterNames.map((name) => [name, undefined])))}>
          {t("cases.filter_clear")}
        </Button>
      )}
    </div>
  );
}

function List({ search, view, change }: { search: CasesSearch; view: CaseView; change: (next: CasesSearch) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const filter: CaseFilter = search.number
    ? { view: "all", number: search.number.toUpperCase() }
    : { view, ...caseListFilter(search) };
  const { query, rows = [] } = usePages(keys.cases(filter), (cursor) => api.cases.list(filter, cursor));
  const fresh = useExternal(freshCases, (set) => set.size);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [bulk, setBulk] = useState<"assign" | "escalate">();
  const columns = useColumns(rows, chosen, setChosen, can(me, "case.assign", "case.escalate"));
  useEffect(() => freshCases.set(new Set()), []);

  if (query.isPending) return <SkeletonRows rows={8} className="pt-2" />;
  if (query.error && !query.data) {
    return <ErrorState title={t("common.error.title")} detail={problem(query.error).text} requestId={query.error instanceof ApiError ? query.error.requestId : undefined} onRetry={() => void query.refetch()} retrying={query.isFetching} />;
  }
  const picked = rows.filter((row) => chosen.has(row.id));
  return (
    <>
      {fresh > 0 && (
        <div className="mb-2 flex justify-center">
          <Button size="sm" icon={<RefreshCw size={13} aria-hidden="true" />} onClick={() => showFreshCases(queryClient)}>
            {t("cases.fresh", { n: fresh })}
          </Button>
        </div>
      )}
      {rows.length === 0 ? (
        <None search={search} change={change} />
      ) : (
        <>
          {picked.length > 0 && (
            <div className="mb-2 flex flex-wrap items-center gap-2 rounded-lg bg-brand-soft px-3 py-1.5">
              <span role="status" className="num text-sm font-medium text-brand-ink">
                {t("cases.selected", { n: picked.length })}
              </span>
              {can(me, "case.assign") && (
                <Button size="sm" icon={<UserRound size={13} aria-hidden="true" />} onClick={() => setBulk("assign")}>
                  {t("cases.bulk.assign")}
                </Button>
              )}
              {can(me, "case.escalate") && (
                <Button size="sm" icon={<ArrowUpFromLine size={13} aria-hidden="true" />} onClick={() => setBulk("escalate")}>
                  {t("cases.bulk.escalate")}
                </Button>
              )}
              <Button size="sm" variant="ghost" className="ml-auto" onClick={() => setChosen(new Set())}>
                {t("common.clear")}
              </Button>
            </div>
          )}
          <Table label={t("cases.title")} columns={columns} rows={rows} rowKey={(row) => row.id} rowClassName={(row) => (chosen.has(row.id) ? "bg-brand-soft" : undefined)} />
          <LoadMore more={query.hasNextPage} loading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
        </>
      )}
      <Suspense>{bulk && <BulkDialog what={bulk} cases={picked} onClose={() => setBulk(undefined)} onDone={(failed) => setChosen(new Set(failed.map((each) => each.id)))} />}</Suspense>
    </>
  );
}

function None({ search, change }: { search: CasesSearch; change: (next: CasesSearch) => void }) {
  const { t } = useTranslation();
  if (search.number) {
    return (
      <EmptyState
        icon={<SearchX size={20} />}
        title={t("cases.find_none", { number: search.number })}
        action={<Button onClick={() => change({ number: undefined })}>{t("cases.filter_clear")}</Button>}
      />
    );
  }
  if (filterNames.some((name) => search[name])) {
    return (
      <EmptyState
        icon={<SearchX size={20} />}
        title={t("cases.no_match")}
        action={<Button onClick={() => change(Object.fromEntries(filterNames.map((name) => [name, undefined])))}>{t("cases.filter_clear")}</Button>}
      />
    );
  }
  return <EmptyState icon={<Ticket size={20} />} title={t("cases.empty")} detail={t("cases.empty_hint")} />;
}

function useColumns(rows: Case[], chosen: ReadonlySet<string>, choose: (next: ReadonlySet<string>) => void, selecting: boolean): Column<Case>[] {
  const { t } = useTranslation();
  const lang = useLang();
  const now = useNow(20_000);
  const words = useCaseWords();
  const teams = useTeams();
  const select: Column<Case> = {
    key: "select",
    header: "",
    width: "36px",
    cell: (each) => (
      <Checkbox
        hideLabel
        label={t("cases.select", { number: each.number })}
        checked={chosen.has(each.id)}
        onChange={(on) => choose(new Set(on ? [...chosen, each.id] : [...chosen].filter((id) => id !== each.id)))}
      />
    ),
  };
  const columns: Column<Case>[] = [
    {
      key: "subject",
      header: t("cases.subject"),
      cell: (each) => (
        <Link to="/cases/$id" params={{ id: each.id }} className="block min-w-36 rounded hover:text-brand-ink">
          <span className="line-clamp-1 font-medium break-all">{each.subject || each.text}</span>
          <span className="flex items-center gap-1.5 text-2xs text-faint">
            <span className="num">{each.number}</span>
            {each.course.escalation && <ArrowUpFromLine size={11} role="img" aria-label={t("cases.badge.escalated", { to: t(`cases.rank.${String(each.course.escalation.level) as "1"}`) })} className="text-bad" />}
            {Boolean(each.course.urged) && <TriangleAlert size={11} role="img" aria-label={t("cases.badge.urged", { n: each.course.urged })} className="text-warn" />}
            {each.about_staff && <UsersRound size={11} role="img" aria-label={t("cases.badge.staff")} className="text-ai" />}
            <TagPills tags={each.course.tags} most={2} />
          </span>
        </Link>
      ),
    },
    { key: "next", header: t("cases.next"), cell: (each) => (each.next ? <ClockPill clock={each.next} now={now} named /> : <span className="text-xs text-faint">{each.over ? "—" : t("cases.clock.none")}</span>) },
    { key: "kind", header: t("cases.kind"), cell: (each) => <Pill tone={each.kind === "complaint" ? "bad" : "plain"}>{words.data?.kinds.find((kind) => kind.kind === each.kind)?.name[lang] ?? each.kind}</Pill> },
    { key: "state", header: t("cases.state"), cell: (each) => <StagePill item={each} /> },
    { key: "level", header: t("cases.level"), wide: true, cell: (each) => <span className="whitespace-nowrap">{nameOf(words.data?.levels, each.course.level, lang) || "—"}</span> },
    {
      key: "agent",
      header: t("cases.agent"),
      wide: true,
      cell: (each) =>
        each.course.agent_name ? (
          <span className="whitespace-nowrap">{each.course.agent_name}</span>
        ) : (
          <span className="whitespace-nowrap text-faint">{teams.data?.items.find((team) => team.id === each.course.team_id)?.name ?? t("cases.nobody")}</span>
        ),
    },
    {
      key: "updated",
      header: t("cases.updated"),
      align: "right",
      wide: true,
      cell: (each) => (
        <time dateTime={each.updated_at} title={fullTime(each.updated_at)} className="whitespace-nowrap text-mut">
          {ago(each.updated_at, now)}
        </time>
      ),
    },
  ];
  return selecting && rows.length > 0 ? [select, ...columns] : columns;
}
