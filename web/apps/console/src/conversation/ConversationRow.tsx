import type { Conversation, ID, View } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, Badge, cn, Pill } from "@yingda/ui";
import { Link } from "@tanstack/react-router";
import { Clock, Flame, PencilLine } from "lucide-react";
import { memo } from "react";
import { MoodMark } from "../aid/Mood";
import { useExternal } from "../external";
import { useHasDraft } from "../live/drafts";
import { passing } from "../live/passing";
import { ChannelMark } from "./channel";
import { priorityText } from "./priority";
import { ago, fullTime, span, useNow } from "../time";

interface RowProps {
  conversation: Conversation;
  view: View;
  /** What the address calls the list: the view, or a saved one. */
  place: string;
  me: ID;
  open: boolean;
  /** Where the keyboard stands. */
  marked: boolean;
  compact: boolean;
  /** In the queue: where it stands, 1 is next. */
  position?: number;
  /** Chosen for what is done to many. */
  chosen: boolean;
  /** Something is chosen: every row shows its box. */
  choosing: boolean;
  onChoose: (id: ID, on: boolean, range: boolean) => void;
}

export const ConversationRow = memo(function ConversationRow({ conversation: c, view, place, me, open, marked, compact, chosen, choosing, onChoose, position }: RowProps) {
  const { t } = useTranslation();
  const now = useNow(10_000);
  const unread = c.unread > 0 && c.state !== "closed";
  return (
    <div role="listitem" className="group/row relative">
      <input
        type="checkbox"
        aria-label={t("bulk.select", { name: c.contact_name })}
        checked={chosen}
        tabIndex={choosing ? 0 : -1}
        onChange={() => {}}
        onClick={(e) => onChoose(c.id, !chosen, e.shiftKey)}
        className={cn("absolute z-1 size-6 cursor-pointer accent-(--out)", compact ? "top-4 left-[19px]" : "top-[15px] left-[21px]", !choosing && "opacity-0 group-hover/row:opacity-100 focus-visible:opacity-100")}
      />
      <Link
        to="/inbox/$view/{-$id}"
        params={{ view: place, id: c.id }}
        search={(held) => ({ ...held, seq: undefined })}
        aria-current={open ? "true" : undefined}
        title={position && c.queued_at ? [t("routing.queue.position", { n: position }), t("routing.queue.waited", { time: span(Math.max(0, now - Date.parse(c.queued_at))) }), t("routing.queue.priority", { name: priorityText(c.priority) })].join(" · ") : undefined}
        className={cn(
          "relative flex gap-3 border-b border-line2 px-4 outline-offset-[-2px] hover:bg-raise",
          compact ? "h-14 items-center" : "min-h-[84px] py-2.5",
          marked && "bg-raise",
          chosen && "bg-brand-soft hover:bg-brand-soft",
          open && "bg-brand-soft before:absolute before:inset-y-0 before:left-0 before:w-[3px] before:bg-brand hover:bg-brand-soft",
        )}
      >
        <Avatar className={choosing ? "invisible" : "group-hover/row:invisible"} name={c.contact_name} size={compact ? 30 : 34} mark={<ChannelMark channel={c.channel} />} />
        <div className="min-w-0 flex-1">
          <div className="flex items-center gap-1.5">
            <span className={cn("truncate", unread ? "font-semibold" : "font-medium")}>{c.contact_name}</span>
            {c.priority > 0 && <Flame size={13} role="img" aria-label={t(`inbox.priority.${c.priority >= 2 ? "2" : "1"}`)} className={cn("shrink-0", c.priority >= 2 ? "text-bad" : "text-warn")} />}
            <MoodMark conversation={c} />
            {compact && <WaitingChip conversation={c} />}
            <time dateTime={c.last_at} title={fullTime(c.last_at)} className="num ml-auto shrink-0 text-2xs text-faint">
              {ago(c.last_at, now)}
            </time>
          </div>
          <div className="mt-0.5 flex items-center gap-2">
            <Preview conversation={c} me={me} strong={unread} />
            {unread && <Badge tone="brand" count={c.unread} label={t("inbox.unread", { n: c.unread })} className="ml-auto shrink-0" />}
          </div>
          {!compact && <Tags conversation={c} view={view} me={me} open={open} />}
        </div>
      </Link>
    </div>
  );
});

function Preview({ conversation: c, me, strong }: { conversation: Conversation; me: ID; strong: boolean }) {
  const { t } = useTranslation();
  const typing = useExternal(passing, (p) => p.contactTyping[c.id]);
  if (typing) return <p className="truncate text-xs text-brand-ink">{t("inbox.typing")}</p>;
  const prefix =
    c.last_from === "bot" ? t("inbox.bot_prefix") : c.last_from !== "agent" ? "" : c.agent_id === me ? t("inbox.me_prefix") : c.agent_name ? t("inbox.agent_prefix", { name: c.agent_name }) : "";
  return (
    <p className={cn("truncate text-xs", strong ? "text-fg" : "text-mut")}>
      {c.channel === "email" && c.page_title && <span className="text-fg">{c.page_title} · </span>}
      {prefix}
      {c.last_text || (c.last_seq > 0 && c.last_from ? t("conversation.recall.preview") : "")}
    </p>
  );
}

function Tags({ conversation: c, view, me, open }: { conversation: Conversation; view: View; me: ID; open: boolean }) {
  const { t } = useTranslation();
  const draft = useHasDraft(me, c.id) && !open;
  const showState = view === "all" || view === "mentions" || c.state === "wrap_up";
  const showAgent = c.agent_name && c.agent_id !== me;
  return (
    <div className="mt-1.5 flex h-5 items-center gap-1.5 overflow-hidden">
      {showState && <Pill tone={c.state === "bot" ? "ai" : "plain"}>{t(`inbox.state.${c.state}`)}</Pill>}
      {showAgent && <Pill>{c.agent_name}</Pill>}
      {draft && (
        <Pill tone="warn" icon={<PencilLine size={11} aria-hidden="true" />}>
          {t("conversation.composer.draft_kept")}
        </Pill>
      )}
      <WaitingChip conversation={c} />
      {!showState && !showAgent && !draft && !c.waiting_since && c.channel !== "email" && c.page_title && <Pill className="min-w-0 shrink truncate">{c.page_title}</Pill>}
    </div>
  );
}

const promise = 30_000; // an answer in chat within 30 s; what mails are promised, the clocks of their cases say

/** How long the contact has waited; in chat amber before the promise ends, red after. */
export function WaitingChip({ conversation: c }: { conversation: Conversation }) {
  if (!c.waiting_since || c.state === "closed" || c.state === "bot") return null;
  return <Waiting since={Date.parse(c.waiting_since)} promised={c.channel === "email" ? Infinity : promise} />;
}

function Waiting({ since, promised }: { since: number; promised: number }) {
  const { t } = useTranslation();
  const now = useNow(1_000);
  const waited = Math.max(0, now - since);
  const over = waited > promised;
  const time = span(waited);
  return (
    <Pill tone={over ? "bad" : waited > promised / 2 ? "warn" : "plain"} icon={<Clock size={11} aria-hidden="true" />} className="num">
      <span aria-label={over ? t("inbox.waiting_over", { time }) : undefined} role={over ? "img" : undefined}>
        {t("inbox.waiting", { time })}
      </span>
    </Pill>
  );
}
