import type { Conversation, ConversationDetail, PageView } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ContactCases } from "../case/ContactCases";
import { leaves } from "../conversation/CloseDialog";
import { StatePill } from "../conversation/StatePill";
import { useExternal } from "../external";
import { passing } from "../live/passing";
import { can, useMe, useSettings } from "../query";
import { Reviews } from "../review/Reviews";
import { clockTime, dayName, fullTime, sameDay, span } from "../time";
import { VerificationSection } from "../verification/VerificationSection";
import { ContactCard } from "./ContactCard";
import { Notes } from "./Notes";
import { Steps } from "./Steps";
import { Twins } from "./Twins";

/** Beside a conversation: who it is, where he was, what was before. */
export function ContactPanel({ detail, view }: { detail: ConversationDetail; view: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const { conversation, contact, pages, previous } = detail;
  return (
    <div className="scroll min-h-0 flex-1 overflow-auto" tabIndex={0} role="region" aria-label={t("contact.panel")}>
      <ContactCard contact={contact} conversation={conversation} />
      <Twins contact={contact} />
      <Block title={t("verification.title")}>
        <VerificationSection key={contact.id} contact={contact.id} place={{ conversation_id: conversation.id }} />
      </Block>
      {conversation.summary && <SummaryBlock conversation={conversation} />}
      {can(me, "case.read") && (
        <Block title={t("cases.title")}>
          <ContactCases contact={contact.id} conversation={conversation} />
        </Block>
      )}
      <Block title={t("contact.steps.title")}>
        <Steps contact={contact.id} conversation={conversation.id} />
      </Block>
      <Block title={t("contact.notes.title")}>
        <Notes contact={contact.id} />
      </Block>
      <Block title={t("review.title")}>
        <Reviews of="conversations" id={conversation.id} />
      </Block>
      <PageTrail contact={conversation.contact_id} pages={pages} conversation={conversation} />
      <History items={previous} total={contact.conversations} view={view} />
    </div>
  );
}

export function Block({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="border-t px-4 py-3">
      <h3 className="mb-1.5 flex items-center text-xs font-semibold">
        {title}
        <span className="num ml-auto text-2xs font-normal text-faint">{aside}</span>
      </h3>
      {children}
    </section>
  );
}

function SummaryBlock({ conversation: c }: { conversation: Conversation }) {
  const { t, i18n } = useTranslation();
  const settings = useSettings();
  const language = i18n.language === "en" ? "en" : "zh";
  const category = leaves(settings.data?.categories ?? [], language).find((leaf) => leaf.id === c.summary?.category)?.path ?? c.summary?.category;
  const result = settings.data?.results.find((each) => each.id === c.summary?.result);
  return (
    <Block title={t("conversation.summary")}>
      <dl className="grid grid-cols-[56px_1fr] gap-x-2 gap-y-1 text-xs">
        <dt className="text-faint">{t("conversation.close.category")}</dt>
        <dd>{category}</dd>
        <dt className="text-faint">{t("conversation.close.result")}</dt>
        <dd>{result?.[language] ?? c.summary?.result}</dd>
        {c.summary?.understood && (
          <>
            <dt className="text-faint">{t("conversation.close.confirmed")}</dt>
            <dd>{t("conversation.close.understood")}</dd>
          </>
        )}
        {c.summary?.note && (
          <>
            <dt className="text-faint">{t("contact.note")}</dt>
            <dd className="break-words whitespace-pre-wrap">{c.summary.note}</dd>
          </>
        )}
      </dl>
    </Block>
  );
}

function PageTrail({ contact, pages, conversation: c }: { contact: string; pages: PageView[]; conversation: Conversation }) {
  const { t } = useTranslation();
  const visitor = useExternal(passing, (p) => p.visitors[contact]);
  const known = visitor?.page && pages[0]?.at !== visitor.page.at ? [visitor.page, ...pages] : pages;
  const trail = known.length === 0 && c.page_url ? [{ at: c.started_at, url: c.page_url, title: c.page_title ?? c.page_url }] : known;
  return (
    <Block title={t("contact.pages.title")}>
      {trail.length === 0 ? <p className="text-xs text-faint">{t("contact.pages.empty")}</p> : <Trail pages={trail.slice(0, 12)} here={visitor?.online === true} />}
    </Block>
  );
}

export function Trail({ pages, here }: { pages: PageView[]; here: boolean }) {
  const { t } = useTranslation();
  return (
    <ol className="relative ml-1.5 border-l border-line pl-4">
      {pages.map((page, i) => (
        <li key={`${page.at} ${page.url}`} className="relative pb-2 last:pb-0">
          <span aria-hidden="true" className={`absolute top-[6px] -left-[20.5px] size-2 rounded-full ring-2 ring-panel ${i === 0 ? "bg-brand" : "bg-off-dot"}`} />
          <div className="flex items-baseline gap-2">
            <time dateTime={page.at} title={fullTime(page.at)} className="num shrink-0 text-2xs text-faint">
              {sameDay(page.at, new Date().toISOString()) ? clockTime(page.at) : dayName(page.at)}
            </time>
            <a href={safeLink(page.url)} target="_blank" rel="noopener noreferrer nofollow" title={page.url} className="min-w-0 truncate text-xs hover:text-brand-ink hover:underline">
              {page.title || page.url}
            </a>
          </div>
          {i === 0 && here ? <span className="text-2xs text-ok">{t("contact.pages.now")}</span> : page.seconds ? <span className="num text-2xs text-faint">{t("contact.pages.seconds", { time: span(page.seconds * 1000) })}</span> : null}
        </li>
      ))}
    </ol>
  );
}

// the visitor's browser named this address: only pages, never "javascript:"
function safeLink(url: string): string | undefined {
  return /^https?:\/\//i.test(url) ? url : undefined;
}

function History({ items, total, view }: { items: Conversation[]; total: number; view: string }) {
  const { t } = useTranslation();
  return (
    <Block title={t("contact.history.title")} aside={items.length > 0 ? t("contact.history.total", { n: total }) : undefined}>
      {items.length === 0 ? (
        <p className="text-xs text-faint">{t("contact.history.empty")}</p>
      ) : (
        <ul className="-mx-2">
          {items.map((c) => (
            <li key={c.id}>
              <Link to="/inbox/$view/{-$id}" params={{ view, id: c.id }} className="block rounded-md px-2 py-1 text-xs hover:bg-raise">
                <span className="flex items-center gap-2">
                  <time dateTime={c.started_at} className="num shrink-0 text-faint" title={fullTime(c.started_at)}>
                    {dayName(c.started_at)}
                  </time>
                  <span className="min-w-0 flex-1 truncate text-mut">{c.agent_name ? t("contact.history.answered", { name: c.agent_name }) : t("contact.history.nobody")}</span>
                  {c.state !== "closed" && <StatePill state={c.state} />}
                </span>
                <span className="block truncate">{c.summary?.note || c.last_text}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Block>
  );
}
