import { api } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, Badge, Button, cn, EmptyState, ErrorState, Popover, SkeletonRows } from "@yingda/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { AlarmClock, Bell, Ticket } from "lucide-react";
import { useState } from "react";
import { problem } from "../problem";
import { keys, queryClient } from "../query";
import { ago, useNow } from "../time";
import { noticePath, noticeTitle } from "./notices";
import { railItem } from "./railItem";

type Notices = Awaited<ReturnType<typeof api.me.notices>>;

export function NoticesBell() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const notices = useQuery({ queryKey: keys.notices, queryFn: api.me.notices });
  const unread = notices.data?.unread ?? 0;
  const readAll = useMutation({
    mutationFn: api.me.readNotices,
    onMutate: () => queryClient.setQueryData<Notices>(keys.notices, (now) => now && { items: now.items.map((n) => ({ ...n, read: true })), unread: 0 }),
    onError: () => void notices.refetch(),
  });
  return (
    <Popover
      label={t("shell.notices.title")}
      side="right"
      align="end"
      open={open}
      onOpenChange={setOpen}
      className="w-80 p-0"
      trigger={
        <button type="button" className={railItem}>
          <Bell size={18} strokeWidth={1.8} aria-hidden="true" />
          <span className="max-w-full truncate">{t("shell.notices.title")}</span>
          <Badge count={unread} label={t("shell.notices.unread", { n: unread })} className="absolute top-0.5 right-1" />
        </button>
      }
    >
      <div className="flex h-11 items-center border-b px-4">
        <h2 className="font-semibold">{t("shell.notices.title")}</h2>
        {unread > 0 && (
          <Button variant="ghost" size="sm" className="ml-auto" onClick={() => readAll.mutate()}>
            {t("shell.notices.read_all")}
          </Button>
        )}
      </div>
      <div className="scroll max-h-[60vh] overflow-auto">
        {notices.isPending && <SkeletonRows rows={3} className="p-4" />}
        {notices.error && <ErrorState title={t("common.error.title")} detail={problem(notices.error).text} onRetry={() => void notices.refetch()} />}
        {notices.data?.items.length === 0 && <EmptyState icon={<Bell size={20} />} title={t("shell.notices.empty")} detail={t("shell.notices.empty_hint")} className="py-8" />}
        <Rows items={notices.data?.items ?? []} onOpen={() => setOpen(false)} />
      </div>
    </Popover>
  );
}

function Rows({ items, onOpen }: { items: Notices["items"]; onOpen: () => void }) {
  const now = useNow(30_000);
  return (
    <ul>
      {items.map((n) => (
        <li key={n.id} className="border-b last:border-b-0">
          <Link to={noticePath(n)} onClick={onOpen} className="flex gap-3 px-4 py-2.5 outline-offset-[-2px] hover:bg-raise">
            {n.case_id || n.kind.startsWith("chat.") ? (
              <span aria-hidden="true" className={cn("grid size-7 shrink-0 place-items-center rounded-full", n.kind.endsWith(".limit") ? "bg-bad-soft text-bad" : /^(clock|chat)\./.test(n.kind) ? "bg-warn-soft text-warn" : "bg-brand-soft text-brand-ink")}>
                {/^(clock|chat)\./.test(n.kind) ? <AlarmClock size={14} /> : <Ticket size={14} />}
              </span>
            ) : (
              <Avatar name={n.from_name} size={28} />
            )}
            <div className="min-w-0 flex-1">
              <div className="flex items-baseline gap-2">
                <span className={n.read ? "truncate" : "truncate font-semibold"}>{noticeTitle(n)}</span>
                <time dateTime={n.at} className="num ml-auto shrink-0 text-2xs text-faint">
                  {ago(n.at, now)}
                </time>
              </div>
              <p className="line-clamp-2 text-xs text-mut">{n.text}</p>
            </div>
          </Link>
        </li>
      ))}
    </ul>
  );
}
