import { api, ApiError, type Conversation } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, EmptyState, ErrorState, LoadMore, Section, SkeletonRows } from "@yingda/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { MailPlus, MessagesSquare } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { ContactCases } from "../case/ContactCases";
import { StatePill } from "../conversation/StatePill";
import { useExternal } from "../external";
import { passing } from "../live/passing";
import { useMailboxes } from "../mail/writing";
import { problem } from "../problem";
import { can, keys, useMe } from "../query";
import { contactRoute } from "../router";
import { Page } from "../shell/Page";
import { Allowed, NotFoundPage } from "../shell/pages";
import { fullTime } from "../time";
import { ParticularsSection, VerificationSection } from "../verification/VerificationSection";
import { BackToContacts } from "./BackToContacts";
import { ContactCard } from "./ContactCard";
import { Trail } from "./ContactPanel";
import { Identities } from "./Identities";
import { Merges } from "./Merges";
import { Notes } from "./Notes";
import { Steps } from "./Steps";
import { Twins } from "./Twins";

const ComposeDrawer = lazy(() => import("../mail/ComposeDrawer"));

export default function ContactPage() {
  return (
    <Allowed to={["contact.read"]}>
      <ContactView />
    </Allowed>
  );
}

function ContactView() {
  const { t } = useTranslation();
  const me = useMe();
  const { id } = contactRoute.useParams();
  const [writing, setWriting] = useState(false);
  const mailboxes = useMailboxes(can(me, "conversation.reply"));
  const contact = useQuery({ queryKey: keys.contact(id), queryFn: () => api.contacts.get(id) });
  if (contact.error instanceof ApiError && contact.error.status === 404) return <NotFoundPage />;
  return (
    <Page title={contact.data?.name ?? t("contact.title")} before={<BackToContacts />} actions={contact.data?.email && can(me, "conversation.reply") && mailboxes.data?.items.length ? <Button icon={<MailPlus size={15} aria-hidden="true" />} onClick={() => setWriting(true)}>{t("mail.act.write")}</Button> : undefined}>
      <Suspense>{writing && contact.data && <ComposeDrawer me={me} contact={contact.data} onClose={() => setWriting(false)} />}</Suspense>
      {contact.isPending && <SkeletonRows rows={6} />}
      {contact.error && <ErrorState title={t("common.error.title")} detail={problem(contact.error).text} requestId={problem(contact.error).requestId} onRetry={() => void contact.refetch()} />}
      {contact.data && (
        <div key={contact.data.id} className="grid items-start gap-4 lg:grid-cols-[320px_1fr]">
          <div className="rounded-xl border bg-panel">
            <ContactCard contact={contact.data} />
            <Twins contact={contact.data} />
          </div>
          <div className="min-w-0">
            {contact.data.asked_id && (
              <p role="status" className="mb-4 rounded-lg border bg-panel px-4 py-2 text-sm text-mut">
                {t("contact.merge.opened_instead", { name: contact.data.name })}
              </p>
            )}
            <Section title={t("verification.title")}>
              <VerificationSection contact={contact.data.id} />
              <h3 className="mt-4 mb-1 text-xs font-semibold">{t("verification.particulars.title")}</h3>
              <ParticularsSection contact={contact.data.id} />
            </Section>
            <Section title={t("contact.notes.title")}>
              <Notes contact={contact.data.id} />
            </Section>
            {can(me, "case.read") && (
              <Section title={t("cases.title")}>
                <ContactCases contact={id} />
              </Section>
            )}
            <Section title={t("contact.steps.title")} description={t("contact.steps.about")}>
              <Steps contact={contact.data.id} />
            </Section>
            <Conversations id={id} />
            <Section title={t("contact.identity.title")} description={t("contact.identity.about")}>
              <Identities contact={contact.data} />
            </Section>
            <Section title={t("contact.merge.history")}>
              <Merges contact={contact.data} />
            </Section>
            <Pages id={id} />
          </div>
        </div>
      )}
    </Page>
  );
}

function Conversations({ id }: { id: string }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery({
    queryKey: keys.contactConversations(id),
    queryFn: ({ pageParam }) => api.contacts.conversations(id, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title={t("contact.conversations")}>
      {list.isPending && <SkeletonRows rows={3} />}
      {list.error && <ErrorState title={t("common.error.title")} detail={problem(list.error).text} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && <EmptyState icon={<MessagesSquare size={20} />} title={t("contact.history.empty")} className="py-6" />}
      <ul className="-mx-2">
        {rows.map((c) => (
          <li key={c.id}>
            <ConversationLink conversation={c} />
          </li>
        ))}
      </ul>
      <LoadMore more={list.hasNextPage} loading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </Section>
  );
}

function ConversationLink({ conversation: c }: { conversation: Conversation }) {
  return (
    <Link to="/inbox/$view/{-$id}" params={{ view: c.state === "closed" ? "closed" : "all", id: c.id }} className="flex min-h-9 items-center gap-3 rounded-md px-2 hover:bg-raise">
      <span className="num shrink-0 text-xs text-faint">#{c.number}</span>
      <span className="min-w-0 flex-1 truncate">{c.last_text}</span>
      <StatePill state={c.state} />
      <time dateTime={c.started_at} className="num shrink-0 text-2xs text-faint max-sm:hidden">
        {fullTime(c.started_at)}
      </time>
    </Link>
  );
}

function Pages({ id }: { id: string }) {
  const { t } = useTranslation();
  const visitor = useExternal(passing, (p) => p.visitors[id]);
  const list = useInfiniteQuery({
    queryKey: keys.contactPages(id),
    queryFn: ({ pageParam }) => api.contacts.pages(id, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title={t("contact.pages.title")}>
      {list.isPending && <SkeletonRows rows={3} />}
      {list.error && <ErrorState title={t("common.error.title")} detail={problem(list.error).text} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && <p className="text-xs text-faint">{t("contact.pages.empty")}</p>}
      {rows.length > 0 && <Trail pages={rows} here={visitor?.online === true} />}
      <LoadMore more={list.hasNextPage} loading={list.isFetchingNextPage} onMore={() => void list.fetchNextPage()} />
    </Section>
  );
}
