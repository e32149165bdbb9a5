import type { View } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn, Kbd } from "@yingda/ui";
import { Link } from "@tanstack/react-router";
import { Archive, AtSign, Bot, Hourglass, Inbox, Layers, MailWarning, Search, UserRound, type LucideIcon } from "lucide-react";
import { useMailboxes } from "../mail/writing";
import { can, useMe } from "../query";
import { useShell } from "../shell/context";
import { PresenceMenu } from "../shell/PresenceMenu";
import { Unreachable } from "../softphone/Unreachable";
import { useCounts } from "../shell/Rail";
import { SavedLinks } from "../view/SavedLinks";

export const viewIcons: Record<View, LucideIcon> = { mine: Inbox, queue: Hourglass, unassigned: UserRound, bot: Bot, mentions: AtSign, all: Layers, closed: Archive };

const work: View[] = ["mine", "queue", "unassigned", "bot"];
const other: View[] = ["mentions", "all", "closed"];

export function Groups({ view }: { view: string }) {
  const { t } = useTranslation();
  const shell = useShell();
  return (
    <aside aria-label={t("inbox.groups")} className="flex w-[204px] shrink-0 flex-col px-2.5 py-3 max-lg:hidden">
      <PresenceMenu />
      <Unreachable />
      <button type="button" onClick={shell.openPalette} className="mt-2 flex h-8 shrink-0 items-center gap-2 rounded-lg border bg-panel px-2.5 text-mut hover:border-edge">
        <Search size={14} className="shrink-0" aria-hidden="true" />
        <span className="truncate">{t("shell.palette.open")}</span>
        <span className="ml-auto flex shrink-0">
          <Kbd>Ctrl K</Kbd>
        </span>
      </button>
      <nav aria-label={t("inbox.groups")} className="scroll -mx-1 mt-3 min-h-0 flex-1 overflow-auto px-1">
        <GroupLinks title={t("inbox.view_group.work")} views={work} current={view} />
        <GroupLinks title={t("inbox.view_group.more")} views={other} current={view} />
        <AsideLink />
        <SavedLinks current={view} />
      </nav>
    </aside>
  );
}

/** The way to what was put aside, where mail arrives at all. */
function AsideLink() {
  const { t } = useTranslation();
  const me = useMe();
  const mailboxes = useMailboxes(can(me, "conversation.reply"));
  if (!mailboxes.data?.items.length) return null;
  return (
    <Link to="/mails/aside/{-$id}" params={{ id: undefined }} className="-mt-4 mb-4 flex h-[30px] items-center gap-2 rounded-md px-2 text-mut hover:bg-line2">
      <MailWarning size={15} aria-hidden="true" className="shrink-0" />
      <span className="truncate">{t("mail.aside.title")}</span>
    </Link>
  );
}

function GroupLinks({ title, views, current }: { title: string; views: View[]; current: string }) {
  const { t } = useTranslation();
  const counts = useCounts();
  return (
    <section className="mb-4">
      <h2 className="px-2 pb-1 text-2xs font-medium text-faint">{title}</h2>
      {views.map((view) => {
        const Icon = viewIcons[view];
        const count = counts.data?.[view];
        const on = view === current;
        return (
          <Link
            key={view}
            to="/inbox/$view/{-$id}"
            params={{ view, id: undefined }}
            aria-current={on ? "page" : undefined}
            className={cn("flex h-[30px] items-center gap-2 rounded-md px-2 text-mut hover:bg-line2", on && "bg-panel font-medium text-fg shadow-[0_1px_2px_#0000000d,0_0_0_1px_var(--line)] hover:bg-panel")}
          >
            <Icon size={15} aria-hidden="true" className="shrink-0" />
            <span className="truncate">{t(`inbox.views.${view}`)}</span>
            {count !== undefined && count > 0 && (
              <span className={cn("num ml-auto text-2xs", view === "queue" ? "rounded-full bg-bad-fill px-1.5 leading-4 font-semibold text-white" : on ? "font-semibold text-brand-ink" : "text-faint")}>
                {count >= 1000 ? "999+" : count}
              </span>
            )}
          </Link>
        );
      })}
    </section>
  );
}
