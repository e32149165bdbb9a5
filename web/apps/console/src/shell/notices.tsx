// What a notice says, where it leads, and its toast.

import type { Notice } from "@yingda/api";
import { t } from "@yingda/i18n";
import { useToast } from "@yingda/ui";
import { useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { external } from "../external";
import { rewardNotice, rewardNoticePath } from "../reward/notice";

export function noticeTitle(n: Notice): string {
  switch (n.kind) {
    case "mention":
    case "transfer":
    case "owner":
      return t(`shell.notices.${n.kind}`, { name: n.from_name });
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
      return rewardNotice(n.kind) ?? t("shell.notices.about_case");
  }
}

/** The page that a notice is about, below the console's own address. */
export function noticePath(n: Notice): string {
  if (rewardNotice(n.kind)) return rewardNoticePath(n.kind, n.case_id);
  if (n.case_id) return `/cases/${n.case_id}`;
  if (n.kind === "bulk") return "/inbox/all";
  if (n.kind === "calendar.missing") return "/settings/holidays";
  if (n.kind === "paused") return "/inbox/mine";
  return `/inbox/${n.kind === "mention" || n.kind === "consult" ? "mentions" : "mine"}/${n.conversation_id}`;
}

/** The newest notice about a case that came while this page was open. */
export const newestNotice = external<Notice | undefined>(undefined);

export function NoticeToasts() {
  const toast = useToast();
  const router = useRouter();
  useEffect(
    () =>
      newestNotice.subscribe(() => {
        const n = newestNotice.get();
        if (!n?.case_id || router.state.location.pathname === noticePath(n)) return;
        toast({
          text: noticeTitle(n),
          detail: n.text,
          tone: n.kind === "clock.limit" ? "bad" : "info",
          action: { label: t("shell.notices.open_case"), onAction: () => void router.navigate({ href: noticePath(n) }) },
        });
      }),
    [toast, router],
  );
  return null;
}
