import { api, ApiError, people, type Contact, type Lang } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, buttonClass, Combobox, EmptyState, ErrorState, Input, LoadMore, Pill, SkeletonRows, Table, type Column } from "@yingda/ui";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { BadgeCheck, Ban, FileSpreadsheet, Search, SearchX, Users } from "lucide-react";
import { problem } from "../problem";
import { can, keys, useMe } from "../query";
import { contactsRoute } from "../router";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { ago, fullTime, useNow } from "../time";
import { useSettledText } from "../useText";
import { useFieldName, useFields } from "./people";

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
  const me = useMe();
  const { q = "", tag, attribute } = contactsRoute.useSearch();
  const box = useSettledText(q, (text) => void navigate({ to: "/contacts", search: { q: text || undefined, tag, attribute }, replace: true }));
  const filter = { q: q || undefined, tag, attribute };
  const contacts = useInfiniteQuery({
    queryKey: keys.contacts(filter),
    queryFn: ({ pageParam }) => api.contacts.list(filter, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  });
  const columns = useColumns();
  const rows = contacts.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page
      title={t("contact.title")}
      actions={
        <>
          {can(me, "contact.merge") && (
            <Link to="/contacts/duplicates" className={buttonClass()}>
              <Users size={15} aria-hidden="true" />
              {t("contact.duplicates.title")}
            </Link>
          )}
          {can(me, "contact.import") && (
            <Link to="/contacts/import" className={buttonClass()}>
              <FileSpreadsheet size={15} aria-hidden="true" />
              {t("contact.import.title")}
            </Link>
          )}
          {can(me, "contact.block") && (
            <Link to="/contacts/blocks" className={buttonClass()}>
              <Ban size={15} aria-hidden="true" />
              {t("contact.blocks.title")}
            </Link>
          )}
        </>
      }
    >
      <div className="mb-4 flex flex-wrap items-center gap-2">
      <form role="search" className="w-full max-w-md" onSubmit={(e) => (e.preventDefault(), box.now())}>
        <Input {...box.props} type="search" aria-label={t("contact.search")} placeholder={t("contact.search")} prefix={<Search size={15} aria-hidden="true" />} />
      </form>
      <Filters tag={tag} attribute={attribute} onChange={(change) => void navigate({ to: "/contacts", search: { q: q || undefined, tag, attribute, ...change }, replace: true })} />
      </div>
      {contacts.isPending ? (
        <SkeletonRows rows={8} />
      ) : contacts.error ? (
        <ErrorState title={t("common.error.title")} detail={problem(contacts.error).text} requestId={contacts.error instanceof ApiError ? contacts.error.requestId : undefined} onRetry={() => void contacts.refetch()} />
      ) : rows.length === 0 ? (
        q || tag || attribute ? (
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

/** By tag, and by the choices of fields that all may see. */
function Filters({ tag, attribute, onChange }: { tag?: string; attribute?: string; onChange: (change: { tag?: string; attribute?: string }) => void }) {
  const { t, i18n } = useTranslation();
  const language: Lang = i18n.language.startsWith("en") ? "en" : "zh";
  const tags = useQuery({ queryKey: keys.people("tags"), queryFn: people.tags });
  const fields = useFields().data?.items ?? [];
  const name = useFieldName();
  const known = tags.data?.items ?? [];
  const choices = fields.filter(({ kind, sight }) => kind === "choice" && sight === "all").flatMap((field) => (field.choices ?? []).map((c) => ({ value: `${field.code}:${c.code}`, label: `${name(field.code)}：${c.name[language]}` })));
  return (
    <>
      {(known.length > 0 || tag) && (
        <Combobox
          className="w-40"
          clearable
          label={t("contact.tags.filter")}
          placeholder={t("contact.tags.filter")}
          value={tag}
          onChange={(next) => onChange({ tag: next })}
          options={[...known.map((each) => ({ value: each.tag, label: each.tag, hint: String(each.uses) })), ...(tag && !known.some((each) => each.tag === tag) ? [{ value: tag, label: tag }] : [])]}
        />
      )}
      {choices.length > 0 && <Combobox className="w-48" clearable label={t("contact.fields.filter")} placeholder={t("contact.fields.filter")} value={attribute} onChange={(next) => onChange({ attribute: next })} options={choices} />}
    </>
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
    { key: "conversations", header: t("contact.conversations"), align: "right", wide: true, cell: (p) => p.conversations },
    {
      key: "seen",
      header: t("contact.last_seen"),
      align: "right",
      cell: (p) =>
        p.last_seen_at ? (
          <time dateTime={p.last_seen_at} title={fullTime(p.last_seen_at)} className="whitespace-nowrap text-mut">
            {p.online ? t("contact.online") : ago(p.last_seen_at, now)}
          </time>
        ) : (
          <span className="text-mut">{t("contact.never_seen")}</span>
        ),
    },
  ];
}
