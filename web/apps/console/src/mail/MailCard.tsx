import type { Attachment, Conversation, Mail, MailPerson, Me, Message } from "@yingda/api";
import { mails } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, Button, cn, CopyButton, Menu, Pill, Spinner, Tooltip, type MenuItem } from "@yingda/ui";
import { Bot, ChevronDown, ChevronUp, Download, FileText, Forward, Info, LayoutTemplate, MailOpen, MoreHorizontal, Scissors, ShieldAlert, ShieldCheck, TriangleAlert, Undo2 } from "lucide-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { MessageTranslation } from "../aid/Translate";
import { fileSize } from "../conversation/Attachments";
import { RichText } from "../conversation/RichText";
import { problem } from "../problem";
import { can } from "../query";
import { clockTime, fullTime } from "../time";
import { written } from "./address";
import { adviceOn, deliveryTones, doubts } from "./delivery";
import { MailFrame } from "./MailFrame";
import { useSecondsLeft, useTakeBack } from "./undo";
import { useOriginal } from "./writing";

const OriginalDialog = lazy(() => import("./OriginalDialog"));
const SplitDialog = lazy(() => import("./SplitDialog"));
const ForwardDialog = lazy(() => import("./ForwardDialog"));

interface MailCardProps {
  message: Message & { mail: Mail };
  conversation: Conversation;
  me: Me;
  /** Where it is another than that of the mail before. */
  subject?: string;
  onImage: (a: Attachment) => void;
}

/** A mail in its conversation: who to whom, what is new in it, and everything else one step away. */
export default function MailCard({ message: m, conversation: c, me, subject, onImage }: MailCardProps) {
  const { t } = useTranslation();
  const mail = m.mail;
  const theirs = m.from === "contact";
  const [unfolded, setUnfolded] = useState(false);
  const [formatted, setFormatted] = useState(false);
  const [ask, setAsk] = useState<"original" | "split" | "forward">();
  const name = mail.from.name || mail.from.address || (theirs ? c.contact_name : m.author_name) || "";
  const acts: MenuItem[] = [];
  if (theirs) acts.push({ label: t("mail.act.original"), icon: <MailOpen size={15} aria-hidden="true" />, onSelect: () => setAsk("original") });
  if (theirs) acts.push({ label: t("mail.act.download"), icon: <Download size={15} aria-hidden="true" />, onSelect: () => window.location.assign(mails.raw(m.id)) });
  const work: MenuItem[] = [];
  if (can(me, "conversation.reply")) work.push({ label: t("mail.act.forward"), icon: <Forward size={15} aria-hidden="true" />, onSelect: () => setAsk("forward") });
  if (theirs && m.seq > 1 && !mail.automatic && !mail.forwarded && can(me, "conversation.reply")) work.push({ label: t("mail.act.split"), icon: <Scissors size={15} aria-hidden="true" />, onSelect: () => setAsk("split") });

  return (
    <article aria-label={`${name} · ${clockTime(m.at)}`} className={cn("mb-3 w-full rounded-xl border bg-panel", !theirs && "border-l-[3px] border-l-brand", mail.automatic && "border-dashed")}>
      <header className="flex items-start gap-2.5 px-3.5 pt-2.5">
        <Avatar name={name} size={30} />
        <div className="min-w-0 flex-1">
          <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="truncate text-sm font-semibold">{name}</span>
            {mail.from.address !== name && <span className="truncate text-xs text-mut">&lt;{mail.from.address}&gt;</span>}
            {theirs && <VerdictBadge mail={mail} />}
            {mail.automatic && (
              <Told text={t("mail.automatic_hint")}>
                <Pill icon={<Bot size={11} aria-hidden="true" />}>{t("mail.automatic")}</Pill>
              </Told>
            )}
            {mail.forwarded && (
              <Pill tone="brand" icon={<Forward size={11} aria-hidden="true" />}>
                {t(theirs ? "mail.third" : "mail.forwarded")}
              </Pill>
            )}
            {!theirs && m.author_name && <span className="text-2xs text-faint">{m.author_id === me.id ? t("conversation.you") : t("mail.sent_by", { name: m.author_name })}</span>}
          </div>
          <p className="text-xs text-mut">
            <People label="mail.to_us" people={mail.to} />
            <People label="mail.cc_us" people={mail.cc} />
            <People label="mail.bcc_us" people={mail.bcc} />
          </p>
        </div>
        <time dateTime={m.at} title={fullTime(m.at)} className="num shrink-0 pt-0.5 text-2xs text-faint">
          {clockTime(m.at)}
        </time>
        <Menu
          label={t("mail.act.more")}
          groups={[acts, work]}
          trigger={
            <button type="button" aria-label={t("mail.act.more")} className="-mt-0.5 -mr-1.5 grid size-7 shrink-0 place-items-center rounded-md text-mut hover:bg-raise hover:text-fg">
              <MoreHorizontal size={16} aria-hidden="true" />
            </button>
          }
        />
      </header>
      {subject !== undefined && (
        <p className="px-3.5 pt-1.5 text-sm font-medium">
          <span className="sr-only">{t("mail.subject")}: </span>
          <span className={subject ? undefined : "text-faint"}>{subject || t("mail.no_subject")}</span>
        </p>
      )}
      <div className="px-3.5 pt-1.5 pb-2.5 text-base">
        {formatted ? <MailFrame message={m.id} /> : <MailText message={m} unfolded={unfolded} />}
        {theirs && !formatted && m.text && <MessageTranslation message={m} conversation={c} />}
        <div className="mt-1 flex flex-wrap items-center gap-1 empty:hidden">
          {mail.folded && !formatted && (
            <Button size="sm" variant="ghost" aria-expanded={unfolded} icon={unfolded ? <ChevronUp size={13} aria-hidden="true" /> : <ChevronDown size={13} aria-hidden="true" />} onClick={() => setUnfolded(!unfolded)} className="-ml-2">
              {t(unfolded ? "mail.quote.hide" : "mail.quote.show")}
            </Button>
          )}
          {mail.html && theirs && (
            <Button size="sm" variant="ghost" aria-pressed={formatted} icon={<LayoutTemplate size={13} aria-hidden="true" />} onClick={() => setFormatted(!formatted)} className={cn(!mail.folded && "-ml-2")}>
              {t(formatted ? "mail.formatted.hide" : "mail.formatted.show")}
            </Button>
          )}
          {theirs && Boolean(mail.notes?.length) && (
            <Told text={t("mail.notes.hint")}>
              <Pill icon={<Info size={11} aria-hidden="true" />}>{t("mail.notes.title")}</Pill>
            </Told>
          )}
        </div>
        <MailFiles items={m.attachments} onImage={onImage} />
      </div>
      {mail.delivery && <DeliveryLine message={m} conversation={c} me={me} />}
      <Suspense>
        {ask === "original" && <OriginalDialog message={m} onClose={() => setAsk(undefined)} />}
        {ask === "split" && <SplitDialog message={m} onClose={() => setAsk(undefined)} />}
        {ask === "forward" && <ForwardDialog message={m} conversation={c} me={me} onClose={() => setAsk(undefined)} />}
      </Suspense>
    </article>
  );
}

function People({ label, people }: { label: "mail.to_us" | "mail.cc_us" | "mail.bcc_us"; people?: MailPerson[] }) {
  const { t } = useTranslation();
  if (!people?.length) return null;
  return (
    <span title={people.map(written).join("\n")} className="mr-3 inline-block max-w-full truncate align-bottom">
      {t(label, { names: people.map((p) => p.name || p.address).join("、") })}
    </span>
  );
}

/** What is new in it; unfolded, all that was written. */
function MailText({ message: m, unfolded }: { message: Message; unfolded: boolean }) {
  const { t } = useTranslation();
  const original = useOriginal(m.id, unfolded);
  if (!unfolded) return m.text ? <RichText text={m.masked || m.text} /> : null;
  if (original.data) return <RichText text={original.data.text} />;
  return (
    <>
      <RichText text={m.text} />
      <p role="status" className={cn("flex items-center gap-2 text-xs", original.error ? "text-bad" : "text-mut")}>
        {original.error ? problem(original.error).text : <><Spinner size={12} /> {t("mail.quote.loading")}</>}
        {Boolean(original.error) && (
          <Button size="sm" onClick={() => void original.refetch()}>
            {t("common.retry")}
          </Button>
        )}
      </p>
    </>
  );
}

/** Whether the sender is who they seem: a warning where a check failed. */
function VerdictBadge({ mail }: { mail: Mail }) {
  const { t } = useTranslation();
  const failed = doubts(mail);
  const names = (checks: string[]) => checks.map((check) => check.toUpperCase()).join("、");
  if (failed.length > 0) {
    return (
      <Told text={t("mail.unverified_hint", { checks: names(failed), address: mail.from.address })}>
        <Pill tone="bad" icon={<ShieldAlert size={11} aria-hidden="true" />}>
          {t("mail.unverified")}
        </Pill>
      </Told>
    );
  }
  const passed = (["dmarc", "dkim", "spf"] as const).filter((check) => mail.verdicts?.[check] === "pass");
  if (!passed.includes("dmarc") && !passed.includes("dkim")) return null;
  return (
    <Told text={t("mail.verified_hint", { checks: names(passed) })}>
      <ShieldCheck size={14} role="img" aria-label={t("mail.verified")} className="shrink-0 text-ok" />
    </Told>
  );
}

/** A mark that says more on hover and on focus, and to those who do not see. */
function Told({ text, children }: { text: string; children: ReactNode }) {
  return (
    <Tooltip text={text}>
      <button type="button" className="inline-flex min-h-6 min-w-6 cursor-help items-center justify-center rounded-[5px]">
        {children}
        <span className="sr-only">{text}</span>
      </button>
    </Tooltip>
  );
}

function MailFiles({ items, onImage }: { items?: Attachment[]; onImage: (a: Attachment) => void }) {
  const { t } = useTranslation();
  if (!items?.length) return null;
  return (
    <ul aria-label={t("mail.files")} className="mt-2 grid gap-1.5 sm:grid-cols-2">
      {items.map((a) => (
        <li key={a.id} className="flex min-w-0 items-center gap-2.5 rounded-lg border px-2.5 py-1.5">
          {a.scan === "infected" ? (
            <ShieldAlert size={18} className="shrink-0 text-bad" aria-hidden="true" />
          ) : a.kind === "image" ? (
            <button type="button" onClick={() => onImage(a)} aria-label={t("conversation.attachment.open", { name: a.name })} className="size-10 shrink-0 overflow-hidden rounded-md border bg-line2">
              <img src={a.thumb_url ?? a.url} alt="" loading="lazy" className="size-full object-cover" />
            </button>
          ) : (
            <FileText size={18} className="shrink-0 text-mut" aria-hidden="true" />
          )}
          <span className="min-w-0 flex-1">
            {a.scan === "infected" ? (
              <span className="block truncate text-sm text-bad">
                {a.name} · {t("conversation.attachment.infected")}
              </span>
            ) : (
              <a href={a.url} download={a.name} aria-label={t("conversation.attachment.download", { name: a.name })} title={a.name} className="block truncate text-sm hover:text-brand-ink hover:underline">
                {a.name}
              </a>
            )}
            <span className="flex items-center gap-1 text-2xs text-faint">
              <span className="num shrink-0">{fileSize(a.size)}</span>
              <span className="num truncate" title={a.sha256}>
                {t("mail.sha256")} {a.sha256.slice(0, 12)}…
              </span>
              <CopyButton text={a.sha256} iconOnly label={t("mail.copy_sha256", { name: a.name })} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Where one of ours stands; why it does not arrive, and what to do. */
function DeliveryLine({ message: m, conversation: c, me }: { message: Message & { mail: Mail }; conversation: Conversation; me: Me }) {
  const { t } = useTranslation();
  const mail = m.mail;
  const state = mail.delivery!;
  const left = useSecondsLeft(m, c.inbox_id);
  const back = useTakeBack();
  const tone = deliveryTones[state];
  const advice = adviceOn(mail);
  return (
    <footer role="status" aria-label={t("mail.delivery.label")} className={cn("border-t px-3.5 py-1.5 text-xs", tone === "bad" ? "bg-bad-soft text-bad" : "text-mut", "rounded-b-xl")}>
      <div className="flex flex-wrap items-center gap-2">
        {tone === "bad" && <TriangleAlert size={13} className="shrink-0" aria-hidden="true" />}
        <Pill tone={tone}>{t(`mail.delivery.${state}`)}</Pill>
        {state === "waiting" && left > 0 && (
          <>
            <span className="num" aria-live="off">
              {t("mail.undo.waiting", { n: left })}
            </span>
            {m.author_id === me.id && (
              <Button size="sm" variant="ghost" icon={<Undo2 size={12} aria-hidden="true" />} loading={back.isPending} onClick={() => back.mutate(m)} className="h-6 px-1.5">
                {t("mail.undo.action")}
              </Button>
            )}
          </>
        )}
        {advice && <span className="min-w-0">{t(`mail.advice.${advice}`)}</span>}
      </div>
      {mail.reason && (
        <p className={cn("mt-0.5 wrap-anywhere", tone === "bad" ? "text-bad" : "text-faint")}>
          {t("mail.reason", { reason: [mail.code, mail.reason].filter(Boolean).join(" ") })}
        </p>
      )}
    </footer>
  );
}
