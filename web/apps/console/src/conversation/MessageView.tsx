import type { Attachment, Conversation, Me, Message } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, cn, Skeleton } from "@yingda/ui";
import { Link } from "@tanstack/react-router";
import { ArrowLeftRight, BookOpenText, Bot, Check, CheckCheck, CircleDot, Ear, Flame, Forward, Hourglass, Link2, ListOrdered, LogIn, type LucideIcon, Mail, MessageSquareShare, PhoneMissed, RotateCcw, Scale, Scissors, Star, StickyNote, Ticket, Undo2, UserRound, WifiOff } from "lucide-react";
import { lazy, memo, Suspense, useState, type ReactNode } from "react";
import { MessageTranslation } from "../aid/Translate";
import { useAgents } from "../query";
import { clockTime, fullTime } from "../time";
import { Attachments } from "./Attachments";
import { HandoverCard } from "./HandoverCard";
import { RecallButton, RecalledText } from "./Recall";
import { RichText } from "./RichText";
import { SaidWhy } from "./SaidWhy";
import type { Entry } from "./timeline";
import { priorityText } from "./priority";

const MailCard = lazy(() => import("../mail/MailCard"));

interface MessageProps {
  entry: Entry;
  conversation: Conversation;
  me: Me;
  onImage: (a: Attachment) => void;
}

export const MessageView = memo(function MessageView(props: MessageProps) {
  const { message: m } = props.entry;
  if (m.kind === "event" || m.from === "system") return <Event message={m} />;
  if (!m.mail && (m.kind === "note" || m.kind === "whisper")) return <Note {...props} />;
  if (m.mail) {
    return (
      <Suspense fallback={<Skeleton className="mb-3 h-28 w-full rounded-xl" />}>
        <MailCard message={{ ...m, mail: m.mail }} conversation={props.conversation} me={props.me} subject={props.entry.subject} onImage={props.onImage} />
      </Suspense>
    );
  }
  if (m.from === "contact") return <FromContact {...props} />;
  return <FromUs {...props} />;
}, alike);

function alike(a: MessageProps, b: MessageProps): boolean {
  const m = a.entry.message;
  if (a.entry !== b.entry || a.me.id !== b.me.id || a.onImage !== b.onImage || a.conversation.contact_name !== b.conversation.contact_name) return false;
  return m.from !== "agent" || receipt(m, a.conversation) === receipt(m, b.conversation);
}

function receipt(m: Message, c: Conversation): "read" | "delivered" | "sent" {
  if (m.seq <= c.contact_read_seq) return "read";
  return m.seq <= c.contact_delivered_seq ? "delivered" : "sent";
}

function FromContact({ entry: { message: m, last }, conversation, onImage }: MessageProps) {
  return (
    <div className={cn("flex max-w-[78%] items-end gap-2.5", last ? "mb-2.5" : "mb-1")}>
      {last ? <Avatar name={conversation.contact_name} size={28} className="mb-5" /> : <span className="w-7 shrink-0" />}
      <div className="min-w-0">
        {m.text && (
          <div className={cn("w-fit rounded-2xl bg-line2 px-3.5 py-2 text-base", last && "rounded-bl-md")}>
            <Said message={m} />
          </div>
        )}
        {m.text && <MessageTranslation message={m} conversation={conversation} />}
        <Attachments items={m.attachments} onImage={onImage} />
        {last && <Meta at={m.at} />}
      </div>
    </div>
  );
}

/** What a contact wrote; with words that are not to be said only when asked for. */
function Said({ message: m }: { message: Message }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  if (!m.masked) return <RichText text={m.text} />;
  return (
    <>
      <RichText text={shown ? m.text : m.masked} />
      <button type="button" aria-pressed={shown} onClick={() => setShown(!shown)} className="mt-0.5 flex items-center gap-1 text-2xs text-mut underline underline-offset-2 hover:text-fg">
        {shown ? t("conversation.filter.mask") : t("conversation.filter.show")}
      </button>
    </>
  );
}

function FromUs({ entry: { message: m, last }, conversation, me, onImage }: MessageProps) {
  const { t } = useTranslation();
  const bot = m.from === "bot";
  const mine = m.author_id === me.id;
  return (
    <div className={cn("ml-auto flex max-w-[78%] flex-col items-end", last ? "mb-2.5" : "mb-1")}>
      {m.text && (
        <div className={cn("w-fit max-w-full rounded-2xl px-3.5 py-2 text-base", last && "rounded-br-md", bot ? "border border-ai-line bg-ai-soft" : "bg-out text-out-fg")}>
          <RichText text={m.text} inverse={!bot} />
        </div>
      )}
      {m.original && <p className="mt-1 max-w-full border-r-2 border-ai-line pr-2 text-right text-xs whitespace-pre-wrap text-mut">{t("aids.translate.sent_from", { text: m.original })}</p>}
      <Choices message={m} />
      <Attachments items={m.attachments} onImage={onImage} end />
      <Sources message={m} />
      {last && (
        <Meta at={m.at} end>
          {bot ? (
            <span className="flex items-center gap-1 text-ai">
              {m.client_id?.startsWith("assist-") && <SaidWhy message={m} />}
              <Bot size={12} aria-hidden="true" />
              {[...new Set([t("conversation.bot_label"), m.author_name])].filter(Boolean).join(" ")}
            </span>
          ) : (
            <span>{mine ? t("conversation.you") : m.author_name}</span>
          )}
          {!bot && <Ticks message={m} conversation={conversation} />}
        </Meta>
      )}
      {mine && !bot && <RecallButton message={m} conversation={conversation} />}
    </div>
  );
}

function Meta({ at, end, children }: { at: string; end?: boolean; children?: ReactNode }) {
  const parts = Array.isArray(children) ? children : [children];
  return (
    <div className={cn("num mt-1 flex items-center gap-1 px-1 text-2xs text-faint", end && "justify-end")}>
      {parts[0] && (
        <>
          {parts[0]}
          <span aria-hidden="true">·</span>
        </>
      )}
      <time dateTime={at} title={fullTime(at)}>
        {clockTime(at)}
      </time>
      {parts[1]}
    </div>
  );
}

function Ticks({ message: m, conversation: c }: { message: Message; conversation: Conversation }) {
  const { t } = useTranslation();
  const state = receipt(m, c);
  const Icon = state === "sent" ? Check : CheckCheck;
  return (
    <>
      <Icon size={13} className={cn(state === "read" && "text-brand")} aria-hidden="true" />
      <span>{t(`conversation.${state}`)}</span>
    </>
  );
}

function Choices({ message: m }: { message: Message }) {
  const { t } = useTranslation();
  if (!m.choices?.length) return null;
  return (
    <ul aria-label={t("conversation.choices")} className="mt-1.5 flex flex-col items-end gap-1">
      {m.choices.map((choice) => (
        <li key={choice.id} className="rounded-lg border border-ai-line bg-panel px-2.5 py-1 text-sm text-ai">
          {choice.text}
        </li>
      ))}
    </ul>
  );
}

function Sources({ message: m }: { message: Message }) {
  const { t } = useTranslation();
  if (!m.sources?.length) return null;
  return (
    <div className="mt-1.5 flex flex-wrap items-center justify-end gap-1 text-2xs">
      <span className="text-faint">{t("conversation.sources")}</span>
      {m.sources.map((source) => (
        <Link
          key={source.id}
          to="/knowledge/{-$section}/{-$id}"
          params={{ section: source.kind === "question" ? "questions" : "articles", id: source.id }}
          className="inline-flex h-5 items-center gap-1 rounded-[5px] bg-line2 px-1.5 text-mut hover:text-fg"
        >
          <BookOpenText size={11} aria-hidden="true" />
          {source.title}
          {source.offered && ` ${t("conversation.source_offered")}`}
        </Link>
      ))}
    </div>
  );
}

function Note({ entry: { message: m }, me, onImage }: MessageProps) {
  const { t } = useTranslation();
  const whisper = m.kind === "whisper";
  const agents = useAgents();
  const names = (m.mentions ?? []).flatMap((id) => agents.data?.items.find((a) => a.id === id)?.name ?? []);
  return (
    <div className="mb-2.5 ml-auto flex max-w-[78%] flex-col items-end">
      <div className={cn("w-fit max-w-full rounded-xl border px-3.5 py-2", whisper ? "border-dashed border-warn-dot bg-warn-soft" : "border-note-line bg-note")}>
        <div className="mb-0.5 flex items-center gap-1.5 text-2xs font-medium text-warn">
          {whisper ? <Ear size={12} aria-hidden="true" /> : <StickyNote size={12} aria-hidden="true" />}
          {t(whisper ? "conversation.whisper_plain" : "conversation.note_label")}
        </div>
        {m.card ? <HandoverCard card={m.card} /> : <RichText text={m.text} mentions={names} />}
        <Attachments items={m.attachments} onImage={onImage} />
      </div>
      <Meta at={m.at} end>
        <span>{m.author_id === me.id ? t("conversation.you") : m.author_name}</span>
      </Meta>
    </div>
  );
}

const eventIcons: Record<string, LucideIcon> = {
  "human.requested": UserRound,
  queued: Hourglass,
  accepted: LogIn,
  taken_over: ArrowLeftRight,
  review_asked: Scale,
  review_judged: Scale,
  missed: PhoneMissed,
  transferred: Forward,
  agent_lost: WifiOff,
  closed: Check,
  reopened: RotateCcw,
  "contact.identified": UserRound,
  "case.created": Ticket,
  placed: ListOrdered,
  prioritised: Flame,
  angry_first: Flame,
  offline: WifiOff,
  "silence.warned": Hourglass,
  "wait.long": Hourglass,
  unstaffed: WifiOff,
  recalled: Undo2,
  "sms.sent": MessageSquareShare,
  "sms.failed": MessageSquareShare,
  "sms.uncertain": MessageSquareShare,
  "call.rated": Star,
  "mail.linked": Link2,
  "mail.split": Scissors,
  "mail.transcript": Mail,
};

const eventWords = {
  "conversation.started": "conversation.event.conversation_started",
  "human.requested": "conversation.event.human_requested",
  queued: "conversation.event.queued",
  offered: "conversation.event.offered",
  accepted: "conversation.event.accepted",
  taken_over: "conversation.event.taken_over",
  review_asked: "conversation.event.review_asked",
  review_judged: "conversation.event.review_judged",
  missed: "conversation.event.missed",
  transferred: "conversation.event.transferred",
  to_assistant: "conversation.event.to_assistant",
  invited: "conversation.event.invited",
  joined: "conversation.event.joined",
  left: "conversation.event.left",
  owner: "conversation.event.owner",
  agent_lost: "conversation.event.agent_lost",
  closed: "conversation.event.closed",
  reopened: "conversation.event.reopened",
  "contact.identified": "conversation.event.contact_identified",
  "case.created": "conversation.event.case_created",
  placed: "conversation.event.placed",
  prioritised: "conversation.event.prioritised",
  angry_first: "conversation.event.angry_first",
  offline: "conversation.event.offline",
  "silence.warned": "conversation.event.silence_warned",
  "wait.long": "conversation.event.wait_long",
  unstaffed: "conversation.event.unstaffed",
  recalled: "conversation.event.recalled",
  "sms.sent": "conversation.event.sms_sent",
  "sms.failed": "conversation.event.sms_failed",
  "sms.uncertain": "conversation.event.sms_uncertain",
  "call.rated": "conversation.event.call_rated",
  "call.inbound": "conversation.event.call_inbound",
  "call.outbound": "conversation.event.call_outbound",
  "call.twins": "conversation.event.call_twins",
  "call.notice": "conversation.event.call_notice",
  "call.advice": "conversation.event.call_advice",
  "call.recording_cut": "conversation.event.call_recording_cut",
  "mail.linked": "conversation.event.mail_linked",
  "mail.split": "conversation.event.mail_split",
  "mail.transcript": "conversation.event.mail_transcript",
} as const;

/** What a text was for and what to do about its failure, in words. */
function smsWords(t: (key: string) => string, args: Record<string, string>) {
  return { ...(args.purpose ? { purpose: t(`sms.purposes.${args.purpose}`) } : {}), ...(args.advice ? { advice: t(`sms.advice.${args.advice}`) } : {}) };
}

function Event({ message: m }: { message: Message }) {
  const { t } = useTranslation();
  const name = m.event?.name ?? "";
  const args = m.event?.args ?? {};
  const Icon = eventIcons[name] ?? CircleDot;
  const key = name === "recalled" && args.by === "contact" ? "conversation.event.recalled_contact" : name === "closed" && args.agent ? "conversation.event.closed_by" : name === "transferred" && args.minutes ? "conversation.event.transferred_within" : eventWords[name as keyof typeof eventWords];
  const words = key ? t(key, { agent: "", from: "", to: "", name: "", number: "", by: "", position: "", minutes: "", ...args, ...smsWords(t as never, args), ...(args.priority ? { name: priorityText(Number(args.priority)) } : {}) } as never) : m.text || name;
  return (
    <div className="mb-2.5 flex items-center justify-center gap-1.5 text-center text-2xs text-faint" title={fullTime(m.at)}>
      <Icon size={12} aria-hidden="true" className="shrink-0" />
      <span>{String(words).trim()}</span>
      {name === "silence.warned" && m.text && <span className="text-mut">「{m.text}」</span>}
      {name === "recalled" && <RecalledText message={m} />}
      {name.startsWith("mail.") && args.conversation && (
        <Link to="/inbox/$view/{-$id}" params={{ view: "all", id: args.conversation }} className="text-brand-ink hover:underline">
          #{args.number}
        </Link>
      )}
      {args.remark && <span className="text-mut">「{args.remark}」</span>}
      {args.note && <span className="text-mut">「{args.note}」</span>}
      <time dateTime={m.at} className="num">
        {clockTime(m.at)}
      </time>
    </div>
  );
}
