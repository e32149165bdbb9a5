import { mails, type AsideMail } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, cn, EmptyState, LoadMore, SkeletonRows } from "@yingda/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Inbox, MailWarning, Paperclip } from "lucide-react";
import { fileSize } from "../conversation/Attachments";
import { Failure, Loaded, useChange } from "../form/failure";
import { keys } from "../query";
import { asideRoute } from "../router";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { fullTime } from "../time";
import { written } from "./address";
import { asideKey, useMailboxes } from "./writing";

/** Mails that were put aside: why, what they say, and the way back. */
export default function AsidePage() {
  return (
    <Allowed to={["conversation.reply"]}>
      <Aside />
    </Allowed>
  );
}

function useWhy() {
  const { t, i18n } = useTranslation();
  return (m: AsideMail) => {
    const key = `mail.aside.reason.${m.why.replaceAll(".", "_")}`;
    return i18n.exists(key) ? t(key as "mail.aside.reason.other", { what: m.what ?? "" }) : t("mail.aside.reason.other", { what: [m.why, m.what].filter(Boolean).join(" ") });
  };
}

function Aside() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id } = asideRoute.useParams();
  const why = useWhy();
  const list = useInfiniteQuery({
    queryKey: asideKey,
    queryFn: ({ pageParam }) => mails.aside(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const open = (next?: string) => void navigate({ to: "/mails/aside/{-$id}", params: { id: next } });
  return (
    <Page title={t("mail.aside.title")} description={t("mail.aside.description")}>
      {list.isPending && <SkeletonRows rows={6} />}
      {list.error && rows.length === 0 && <Failure error={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} />}
      {list.isSuccess && rows.length === 0 && <EmptyState icon={<MailWarning size={20} />} title={t("mail.aside.empty")} detail={t("mail.aside.empty_hint")} />}
      {rows.length > 0 && (
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(280px,380px)_1fr]">
          <div className={cn(id && "max-lg:hidden")}>
            <ul aria-label={t("mail.aside.list")} className="divide-y rounded-xl border bg-panel">
              {rows.map((m) => (
                <li key={m.id}>
                  <button type="button" aria-pressed={m.id === id} onClick={() => open(m.id)} className={cn("block w-full px-3.5 py-2.5 text-left hover:bg-raise", m.id === id && "bg-brand-soft hover:bg-brand-soft")}>
                    <span className="flex items-baseline gap-2">
                      <span className="min-w-0 flex-1 truncate text-sm font-medium">{m.from || "—"}</span>
                      <time dateTime={m.received_at} className="num shrink-0 text-2xs text-faint">
                        {fullTime(m.received_at)}
                      </time>
                    </span>
                    <span className="block truncate text-sm">{m.subject || t("mail.no_subject")}</span>
                    <span className="block truncate text-xs text-warn">{why(m)}</span>
                  </button>
                </li>
              ))}
            </ul>
            <LoadMore more={list.hasNextPage} loading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
          </div>
          {id ? (
            <Look key={id} id={id} onBack={() => open()} />
          ) : (
            <div className="rounded-xl border bg-panel max-lg:hidden">
              <EmptyState icon={<MailWarning size={20} />} title={t("mail.aside.pick")} />
            </div>
          )}
        </div>
      )}
    </Page>
  );
}

function Look({ id, onBack }: { id: string; onBack: () => void }) {
  const { t } = useTranslation();
  const why = useWhy();
  const mailboxes = useMailboxes();
  const one = useQuery({ queryKey: [...asideKey, id], queryFn: () => mails.asideOne(id), retry: false });
  const release = useChange(() => mails.release(id), { stale: [asideKey, keys.lists, keys.counts], done: t("mail.aside.released"), onDone: onBack });
  return (
    <section aria-label={t("mail.aside.preview")} className="min-w-0 rounded-xl border bg-panel px-4 py-3">
      <Button size="sm" variant="ghost" className="mb-2 -ml-2 lg:hidden" onClick={onBack}>
        {t("mail.aside.back")}
      </Button>
      <Loaded query={one}>
        {({ mail: m, from, to, text, files }) => (
          <>
            <div className="flex flex-wrap items-start gap-3">
              <h2 className="min-w-0 flex-1 text-[15px] font-semibold wrap-anywhere">{m.subject || t("mail.no_subject")}</h2>
              <Button variant="primary" title={t("mail.aside.release_hint")} icon={<Inbox size={14} aria-hidden="true" />} loading={release.isPending} onClick={() => release.mutate()}>
                {t("mail.aside.release")}
              </Button>
            </div>
            <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-xs">
              {(
                [
                  [t("mail.aside.why"), why(m)],
                  [t("mail.aside.sender"), from.map(written).join("、") || m.from],
                  [t("mail.to"), to.map(written).join("、")],
                  [t("mail.aside.box"), mailboxes.data?.items.find((box) => box.inbox_id === m.inbox_id)?.address ?? "—"],
                  [t("mail.aside.received"), fullTime(m.received_at)],
                  [t("mail.aside.size"), fileSize(m.size)],
                ] as const
              ).map(([name, value]) => (
                <div key={name} className="contents">
                  <dt className="text-faint">{name}</dt>
                  <dd className="min-w-0 wrap-anywhere">{value || "—"}</dd>
                </div>
              ))}
            </dl>
            {files.length > 0 && (
              <p className="mt-2 flex items-center gap-1.5 text-xs text-mut">
                <Paperclip size={13} className="shrink-0" aria-hidden="true" />
                <span className="min-w-0 wrap-anywhere">{files.join("、")}</span>
              </p>
            )}
            <div tabIndex={0} role="region" aria-label={t("mail.aside.preview")} className="scroll mt-3 max-h-[55dvh] overflow-auto border-t pt-3 text-sm wrap-anywhere whitespace-pre-wrap">
              {text || t("mail.original.empty")}
            </div>
          </>
        )}
      </Loaded>
    </section>
  );
}
