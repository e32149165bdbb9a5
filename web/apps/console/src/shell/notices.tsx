// What a notice says, where it leads, and its toast.

import type { Notice } from "@yingda/api";
import { t } from "@yingda/i18n";
import { useToast } from "@yingda/ui";
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { external } from "../external";
import { rewardNotice, rewardNoticePath } from "../reward/notice";
import { rosterNotice, rosterNoticePath } from "../roster/notice";

export function noticeTitle(n: Notice): string {
  switch (n.kind) {
    case "mention":
    case "transfer":
    case "owner":
      return t(`shell.notices.${n.kind}`, { name: n.from_name });
    case "silence.remind":
      return t("shell.notices.silence_remind", { name: n.from_name });
    case "silence.alarm":
      return t("shell.notices.silence_alarm", { name: n.from_name });
    case "filter":
      return t("shell.notices.filter", { name: n.from_name });
    case "assigned":
    case "follow_up":
    case "snooze":
      return t(`shell.notices.${n.kind}`);
    case "calendar.missing":
      return t("shell.notices.calendar_missing", { year: n.text });
    case "clock.warning":
      return t("shell.notices.clock_warning");
    case "clock.target":
      return t("shell.notices.clock_target");
    case "clock.limit":
      return t("shell.notices.clock_limit");
    case "taken":
    case "whisper":
      return t(`shell.notices.${n.kind}`, { name: n.from_name });
    case "chat.warning":
      return t("shell.notices.chat_warning", { name: n.text });
    case "chat.limit":
      return t("shell.notices.chat_limit", { name: n.text });
    case "review.asked":
      return t("shell.notices.review_asked", { name: n.from_name });
    case "review.upheld":
      return t("shell.notices.review_upheld", { name: n.from_name });
    case "review.replaced":
      return t("shell.notices.review_replaced", { name: n.from_name });
    case "presence.online":
      return t("shell.notices.presence_online", { name: n.from_name });
    case "presence.break":
      return t("shell.notices.presence_break", { name: n.from_name });
    case "presence.offline":
      return t("shell.notices.presence_offline", { name: n.from_name });
    case "mailbox.refused":
      return t("shell.notices.mailbox_refused", { address: n.from_name });
    case "mailbox.trouble":
      return t("shell.notices.mailbox_trouble", { address: n.from_name });
    case "call.recording_cut":
      return t("shell.notices.recording_cut", { why: t(`calls.recording.cuts.${n.text as "disk"}`) });
    case "mailbox.works":
      return t("shell.notices.mailbox_works", { address: n.from_name });
    case "skill.missing":
      return n.from_name ? t("shell.notices.skill_missing", { name: n.from_name, skill: n.text }) : t("shell.notices.skill_missing_language", { skill: n.text });
    case "call.unreachable":
      return t("shell.notices.call_unreachable");
    case "paused":
      return t("shell.notices.paused", { count: Number(n.text) });
    case "consult":
      return t("shell.notices.consult", { name: n.from_name });
    case "consult.answered":
      return t("shell.notices.consult_answered", { name: n.from_name });
    case "invite.declined":
      return t("shell.notices.invite_declined", { name: n.from_name });
    case "invite.missed":
      return t("shell.notices.invite_missed", { name: n.from_name });
    case "bulk":
      return t("shell.notices.bulk", { text: n.text });
    case "automation":
      return t("shell.notices.automation", { name: n.from_name });
    default:
      return rewardNotice(n.kind) ?? rosterNotice(n.kind, n.from_name) ?? t("shell.notices.about_case");
  }
}

/** Where the conversation of a notice stands, if not among the reader's own. */
const views: Record<string, string> = { mention: "mentions", consult: "mentions", taken: "all", whisper: "all", "chat.warning": "all", "chat.limit": "all", "review.asked": "all", "review.upheld": "all", "review.replaced": "all" };

/** What is said at once, wherever the reader is. */
const urgent = /^(call\.unreachable|whisper|taken|review\.|chat\.|presence\.)/;

/** The page that a notice is about, below the console's own address. */
export function noticePath(n: Notice): string {
  if (rewardNotice(n.kind)) return rewardNoticePath(n.kind, n.case_id);
  if (rosterNotice(n.kind, n.from_name)) return rosterNoticePath(n.kind);
  if (n.case_id) return `/cases/${n.case_id}`;
  if (n.kind === "bulk") return "/inbox/all";
  if (n.kind === "calendar.missing") return "/settings/holidays";
  if (n.kind.startsWith("mailbox.")) return "/settings/mailboxes";
  if (n.kind === "skill.missing") return "/settings/skills";
  if (!n.conversation_id) return "/inbox/mine";
  return `/inbox/${views[n.kind] ?? "mine"}/${n.conversation_id}`;
}

/** The newest notice that came while this page was open. */
export const newestNotice = external<Notice | undefined>(undefined);

export function NoticeToasts() {
  const toast = useToast();
  const router = useRouter();
  useEffect(
    () =>
      newestNotice.subscribe(() => {
        const n = newestNotice.get();
        if (!n || !(n.case_id || urgent.test(n.kind))) return;
        if (n.kind !== "taken" && !n.kind.startsWith("presence.") && (router.state.location.pathname === noticePath(n) || (n.conversation_id && router.state.location.pathname.endsWith(n.conversation_id)))) return;
        toast({
          text: noticeTitle(n),
          detail: n.kind.startsWith("chat.") || n.kind === "taken" ? undefined : n.text,
          tone: n.kind.endsWith(".limit") ? "bad" : "info",
          action: n.case_id || n.conversation_id ? { label: t(n.case_id ? "shell.notices.open_case" : "shell.notices.open_conversation"), onAction: () => void router.navigate({ href: noticePath(n) }) } : undefined,
        });
      }),
    [toast, router],
  );
  return null;
}
