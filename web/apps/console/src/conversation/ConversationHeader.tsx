import type { Conversation } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, Button, cn, IconButton, Menu, useToast, type MenuItem } from "@yingda/ui";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowLeft, Check, Copy, Forward, ListTree, MailCheck, MoreHorizontal, PanelRight, LogOut, MessageCircleQuestion, RotateCcw, TicketPlus, UserCheck, UserMinus, UserPlus, UserRound, X } from "lucide-react";
import { MoodPopover } from "../aid/Mood";
import { can, useMe } from "../query";
import { ChannelPill } from "./channel";
import { WaitingChip } from "./ConversationRow";
import { StatePill } from "./StatePill";
import { WhyPopover } from "./WhyPopover";
import { usePlacingItems } from "./placing";
import type { Rights } from "./rights";
import type { ConversationActions } from "./useConversationActions";

interface HeaderProps {
  conversation: Conversation;
  view: string;
  rights: Rights;
  actions: ConversationActions;
  panelShown: boolean;
  onPanel: () => void;
  onTransfer: () => void;
  onInvite: () => void;
  onConsult: () => void;
  /** Opens the troubleshooting beside the conversation. */
  onGuide: () => void;
  onTranscript: () => void;
  onClose: () => void;
}

export function ConversationHeader({ conversation: c, view, rights, actions, panelShown, onPanel, onTransfer, onInvite, onConsult, onGuide, onTranscript, onClose }: HeaderProps) {
  const { t } = useTranslation();
  const me = useMe();
  const mine = c.agent_id === me.id;
  return (
    <header className="flex h-[52px] shrink-0 items-center gap-1.5 border-b px-4 max-md:px-2">
      <Link to="/inbox/$view/{-$id}" params={{ view, id: undefined }} aria-label={t("common.back")} className="grid size-8 shrink-0 place-items-center rounded-md text-mut hover:bg-raise md:hidden">
        <ArrowLeft size={18} aria-hidden="true" />
      </Link>
      <h2 className={cn("max-w-60 truncate text-[15px] font-semibold", c.contact_name.length > 5 ? "min-w-[5em]" : "shrink-0")} title={t("conversation.number", { n: c.number })}>
        {c.contact_name}
      </h2>
      <ChannelPill channel={c.channel} />
      {!(mine && c.state === "active") && <StatePill state={c.state} />}
      <span className="max-sm:hidden">
        <WaitingChip conversation={c} />
      </span>
      <MoodPopover conversation={c} />
      <span className="flex-1" />
      {c.agent_name && !mine && (
        <span className="flex h-[30px] shrink-0 items-center gap-1.5 rounded-md border px-2 text-mut max-2xl:hidden">
          <Avatar name={c.agent_name} size={18} />
          {c.agent_name}
        </span>
      )}
      <Guests conversation={c} />
      {mine && rights.transfer && <IconButton variant="default" label={t("conversation.actions.transfer")} keys="T" icon={<Forward size={16} />} onClick={onTransfer} className="size-[30px] border-line max-sm:hidden" />}
      <IconButton variant="default" label={t("conversation.actions.panel")} keys="]" aria-pressed={panelShown} icon={<PanelRight size={16} />} onClick={onPanel} className={cn("size-[30px] border-line", panelShown && "bg-raise text-fg")} />
      <WhyPopover conversation={c} />
      <More view={view} conversation={c} rights={rights} actions={actions} onTransfer={onTransfer} onInvite={onInvite} onConsult={onConsult} onGuide={onGuide} onTranscript={onTranscript} onClose={onClose} />
      {rights.accept && (
        <Button onClick={actions.decline} loading={actions.running === "decline"} icon={<X size={14} aria-hidden="true" />} className="h-[30px] max-sm:hidden">
          {t("conversation.actions.decline")}
        </Button>
      )}
      {(rights.accept || rights.take) && (
        <Button variant="primary" onClick={rights.accept ? actions.accept : actions.take} loading={actions.running === "accept" || actions.running === "take"} icon={<Check size={14} aria-hidden="true" />} className="h-[30px]">
          {rights.accept ? t("conversation.actions.accept") : c.agent_id || c.state === "bot" ? t("conversation.actions.take_over") : t("conversation.actions.take")}
        </Button>
      )}
      {mine && rights.close && (
        <Button onClick={onClose} icon={<Check size={14} aria-hidden="true" />} className="h-[30px] border-transparent bg-fg text-panel hover:bg-fg/85">
          {t("conversation.actions.close")}
        </Button>
      )}
      {rights.reopen && (
        <Button onClick={actions.reopen} loading={actions.running === "reopen"} icon={<RotateCcw size={14} aria-hidden="true" />} className="h-[30px]">
          {t("conversation.actions.reopen")}
        </Button>
      )}
    </header>
  );
}

function More({ conversation: c, view, rights, actions, onTransfer, onInvite, onConsult, onGuide, onTranscript, onClose }: Pick<HeaderProps, "conversation" | "view" | "rights" | "actions" | "onTransfer" | "onInvite" | "onConsult" | "onGuide" | "onTranscript" | "onClose">) {
  const { t } = useTranslation();
  const me = useMe();
  const toast = useToast();
  const navigate = useNavigate();
  const placing = usePlacingItems(c, view);
  const work: MenuItem[] = [];
  if (rights.transfer) work.push({ label: t("conversation.actions.transfer"), keys: "T", icon: <Forward size={15} aria-hidden="true" />, onSelect: onTransfer });
  if (rights.invite) work.push({ label: t("conversation.actions.invite"), keys: "I", icon: <UserPlus size={15} aria-hidden="true" />, onSelect: onInvite });
  if (rights.note) work.push({ label: t("conversation.actions.consult"), keys: "C", icon: <MessageCircleQuestion size={15} aria-hidden="true" />, onSelect: onConsult });
  if (rights.note && can(me, "knowledge.read")) work.push({ label: t("aids.guide.open"), keys: "D", icon: <ListTree size={15} aria-hidden="true" />, onSelect: onGuide });
  if (rights.leave) work.push({ label: t("conversation.actions.leave"), icon: <LogOut size={15} aria-hidden="true" />, onSelect: actions.leave });
  const guests: MenuItem[] = [];
  for (const p of rights.steer ? (c.participants ?? []) : []) {
    if (p.state === "joined" && rights.transfer) guests.push({ label: t("conversation.actions.hand_owner", { name: p.name }), icon: <UserCheck size={15} aria-hidden="true" />, onSelect: () => actions.handOwner(p.agent_id) });
    if (p.state === "joined" || p.state === "invited") guests.push({ label: t("conversation.actions.take_out", { name: p.name }), icon: <UserMinus size={15} aria-hidden="true" />, onSelect: () => actions.takeOut(p.agent_id) });
  }
  if (rights.accept) work.push({ label: t("conversation.actions.decline"), icon: <X size={15} aria-hidden="true" />, onSelect: actions.decline });
  if (rights.close && c.agent_id !== me.id) work.push({ label: t("conversation.actions.close"), keys: "E", icon: <Check size={15} aria-hidden="true" />, onSelect: onClose });
  async function copy() {
    try {
      await navigator.clipboard.writeText(`#${c.number}`);
      toast({ text: t("common.copied"), tone: "ok" });
    } catch {
      toast({ text: t("conversation.number", { n: c.number }) });
    }
  }
  const others: MenuItem[] = [{ label: t("conversation.actions.copy_number"), hint: `#${c.number}`, icon: <Copy size={15} aria-hidden="true" />, onSelect: () => void copy() }];
  if (can(me, "conversation.reply")) others.push({ label: t("mail.act.transcript"), icon: <MailCheck size={15} aria-hidden="true" />, onSelect: onTranscript });
  if (can(me, "case.edit")) {
    work.push({ label: t("cases.handin.from_conversation"), icon: <TicketPlus size={15} aria-hidden="true" />, onSelect: () => void navigate({ to: "/cases/new", search: { conversation: c.id, contact: c.contact_id, source: c.channel === "phone" ? "phone" : undefined } }) });
  }
  if (can(me, "contact.read")) {
    others.push({ label: t("conversation.actions.open_contact"), icon: <UserRound size={15} aria-hidden="true" />, onSelect: () => void navigate({ to: "/contacts/$id", params: { id: c.contact_id } }) });
  }
  return (
    <Menu
      label={t("conversation.actions.more")}
      groups={[work, guests, ...placing, others]}
      trigger={
        <button type="button" aria-label={t("conversation.actions.more")} className="grid size-[30px] shrink-0 place-items-center rounded-md border text-mut hover:bg-raise hover:text-fg">
          <MoreHorizontal size={16} aria-hidden="true" />
        </button>
      }
    />
  );
}

/** Who takes part besides who answers for it; those whom it still rings at are pale. */
function Guests({ conversation: c }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const there = (c.participants ?? []).filter((p) => p.state === "joined" || p.state === "invited");
  if (there.length === 0) return null;
  return (
    <ul aria-label={t("conversation.invite.participants")} className="flex shrink-0 -space-x-1.5">
      {there.map((p) => (
        <li key={p.agent_id} title={p.state === "invited" ? t("conversation.invite.ringing", { name: p.name }) : p.name} className={cn("rounded-full ring-2 ring-panel", p.state === "invited" && "animate-pulse opacity-60")}>
          <Avatar name={p.name} size={22} />
          <span className="sr-only">{p.state === "invited" ? t("conversation.invite.ringing", { name: p.name }) : p.name}</span>
        </li>
      ))}
    </ul>
  );
}
