import { api, ApiError, type Case } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { EmptyState, ErrorState, LoadMore, Pill, Select, SkeletonRows, Table, type Column } from "@yingda/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { SearchX, Ticket } from "lucide-react";
import { problem } from "../problem";
import { keys } from "../query";
import { casesRoute, type CasesSearch } from "../router";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { fullTime } from "../time";

export const caseTones = { new: "brand", open: "warn", closed: "plain" } as const;

export default function CasesPage() {
  return (
    <Allowed to={["case.read"]}>
      <Cases />
    </Allowed>
  );
}

function Cases() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { kind, state } = casesRoute.useSearch();
  const change = (next: CasesSearch) => void navigate({ to: "/cases", search: { kind, state, ...next }, replace: true });
  const cases = useInfiniteQuery({
    queryKey: keys.cases(kind, state),
    queryFn: ({ pageParam }) => api.cases.list({ kind, state }, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  });
  const rows = cases.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: Column<Case>[] = [
    {
      key: "subject",
      header: t("cases.subject"),
      cell: (each) => (
        <Link to="/cases/$id" params={{ id: each.id }} className="block min-w-40 rounded hover:text-brand-ink">
          <span className="line-clamp-1 font-medium">{each.subject || each.text}</span>
          <span className="num text-2xs text-faint">{each.number}</span>
        </Link>
      ),
    },
    { key: "kind", header: t("cases.kind.title"), cell: (each) => <Pill tone={each.kind === "complaint" ? "bad" : "plain"}>{t(`cases.kind.${each.kind}`)}</Pill> },
    { key: "state", header: t("cases.state.title"), cell: (each) => <Pill tone={caseTones[each.state]}>{t(`cases.state.${each.state}`)}</Pill> },
    { key: "name", header: t("cases.from"), wide: true, cell: (each) => <span className="whitespace-nowrap">{each.name}</span> },
    { key: "created", header: t("cases.created"), align: "right", cell: (each) => <time dateTime={each.created_at} className="whitespace-nowrap text-mut">{fullTime(each.created_at)}</time> },
  ];
  return (
    <Page title={t("cases.title")}>
      <div className="mb-4 flex flex-wrap gap-2">
        <Select
          label={t("cases.kind.title")}
          className="w-36"
          value={kind ?? ""}
          onChange={(value) => change({ kind: value || undefined })}
          options={[{ value: "", label: `${t("cases.kind.title")}: ${t("common.all")}` }, ...(["complaint", "feedback", "suggestion", "consultation"] as const).map((value) => ({ value, label: t(`cases.kind.${value}`) }))]}
        />
        <Select
          label={t("cases.state.title")}
          className="w-36"
          value={state ?? ""}
          onChange={(value) => change({ state: value || undefined })}
          options={[{ value: "", label: `${t("cases.state.title")}: ${t("common.all")}` }, ...(["new", "open", "closed"] as const).map((value) => ({ value, label: t(`cases.state.${value}`) }))]}
        />
      </div>
      {cases.isPending ? (
        <SkeletonRows rows={8} />
      ) : cases.error ? (
        <ErrorState title={t("common.error.title")} detail={problem(cases.error).text} requestId={cases.error instanceof ApiError ? cases.error.requestId : undefined} onRetry={() => void cases.refetch()} />
      ) : rows.length === 0 ? (
        kind || state ? (
          <EmptyState icon={<SearchX size={20} />} title={t("cases.no_match")} />
        ) : (
          <EmptyState icon={<Ticket size={20} />} title={t("cases.empty")} detail={t("cases.empty_hint")} />
        )
      ) : (
        <>
          <Table label={t("cases.title")} columns={columns} rows={rows} rowKey={(row) => row.id} />
          <LoadMore more={cases.hasNextPage} loading={cases.isFetchingNextPage} onMore={() => void cases.fetchNextPage()} />
        </>
      )}
    </Page>
  );
}
