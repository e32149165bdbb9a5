import { api, ApiError, type Contact } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, EmptyState, ErrorState, Input, LoadMore, Pill, SkeletonRows, Table, type Column } from "@yingda/ui";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { BadgeCheck, Search, SearchX, Users } from "lucide-react";
import { problem } from "../problem";
import { keys } from "../query";
import { contactsRoute } from "../router";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { ago, fullTime, useNow } from "../time";
import { useSettledText } from "../useText";

export default function ContactsPage() {
  return (
    <Allowed to={["contact.read"]}>
      <Contacts />
    </Allowed>
  );
}

function Contacts() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { q = "" } = contactsRoute.useSearch();
  const box = useSettledText(q, (text) => void navigate({ to: "/contacts", search: { q: text || undefined }, replace: true }));
  const contacts = useInfiniteQuery({
    queryKey: keys.contacts(q),
    queryFn: ({ pageParam }) => api.contacts.list(q || undefined, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  const columns = useColumns();
  const rows = contacts.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t("contact.title")}>
      <form role="search" className="mb-4 max-w-md" onSubmit={(e) => (e.preventDefault(), box.now())}>
        <Input {...box.props} type="search" aria-label={t("contact.search")} placeholder={t("contact.search")} prefix={<Search size={15} aria-hidden="true" />} />
      </form>
      {contacts.isPending ? (
        <SkeletonRows rows={8} />
      ) : contacts.error ? (
        <ErrorState title={t("common.error.title")} detail={problem(contacts.error).text} requestId={contacts.error instanceof ApiError ? contacts.error.requestId : undefined} onRetry={() => void contacts.refetch()} />
      ) : rows.length === 0 ? (
        q ? (
          <EmptyState icon={<SearchX size={20} />} title={t("contact.no_match")} />
        ) : (
          <EmptyState icon={<Users size={20} />} title={t("contact.empty")} detail={t("contact.empty_hint")} />
        )
      ) : (
        <>
          <Table label={t("contact.title")} columns={columns} rows={rows} rowKey={(row) => row.id} />
          <LoadMore more={contacts.hasNextPage} loading={contacts.isFetchingNextPage} onMore={() => void contacts.fetchNextPage()} />
        </>
      )}
    </Page>
  );
}

function useColumns(): Column<Contact>[] {
  const { t } = useTranslation();
  const now = useNow(60_000);
  return [
    {
      key: "name",
      header: t("contact.name"),
      cell: (p) => (
        <Link to="/contacts/$id" params={{ id: p.id }} className="flex items-center gap-2.5 rounded font-medium hover:text-brand-ink">
          <Avatar name={p.name} size={28} presence={p.online ? "online" : undefined} />
          <span className="truncate">{p.name}</span>
          {p.signed && <BadgeCheck size={14} role="img" aria-label={t("contact.signed")} className="shrink-0 text-brand" />}
          {p.blocked && <Pill tone="bad">{t("contact.block.blocked")}</Pill>}
        </Link>
      ),
    },
    { key: "phone", header: t("contact.phone"), cell: (p) => <span className="num">{p.phone ?? "—"}</span> },
    { key: "email", header: t("contact.email"), wide: true, cell: (p) => p.email ?? "—" },
    { key: "conversations", header: t("contact.conversations"), align: "right", cell: (p) => p.conversations },
    {
      key: "seen",
      header: t("contact.last_seen"),
      align: "right",
      cell: (p) => (
        <time dateTime={p.last_seen_at} title={fullTime(p.last_seen_at)} className="whitespace-nowrap text-mut">
          {p.online ? t("contact.online") : ago(p.last_seen_at, now)}
        </time>
      ),
    },
  ];
}
