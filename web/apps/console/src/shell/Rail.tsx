import { api } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Badge, cn, dock } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation, type LinkProps } from "@tanstack/react-router";
import { BadgeCheck, BookOpen, CalendarDays, ChartColumn, Gauge, MessagesSquare, MonitorDot, Phone, Search, Settings, Ticket, Users, type LucideIcon } from "lucide-react";
import { can, keys, useMe } from "../query";
import { reportNeeds } from "../report/needs";
import { approverNeeds, useApprovalCount } from "../reward/queries";
import { PhoneButton } from "../softphone/PhoneButton";
import { AccountMenu } from "./AccountMenu";
import { NoticesBell } from "./NoticesBell";
import { railItem } from "./railItem";

interface Place {
  icon: LucideIcon;
  name: "inbox" | "calls" | "cases" | "promises" | "wallboard" | "approvals" | "reports" | "roster" | "contacts" | "knowledge" | "search" | "settings";
  link: LinkProps;
  /** Who sees it; nothing: everyone. */
  needs?: string[];
}

const places: Place[] = [
  { icon: MessagesSquare, name: "inbox", link: { to: "/inbox/$view/{-$id}", params: { view: "mine", id: undefined } }, needs: ["conversation.read", "conversation.reply"] },
  { icon: Phone, name: "calls", link: { to: "/calls" }, needs: ["conversation.read"] },
  { icon: Ticket, name: "cases", link: { to: "/cases" }, needs: ["case.read"] },
  { icon: Gauge, name: "promises", link: { to: "/promises" }, needs: ["promise.read"] },
  { icon: MonitorDot, name: "wallboard", link: { to: "/wallboard" }, needs: ["conversation.monitor"] },
  { icon: BadgeCheck, name: "approvals", link: { to: "/approvals" }, needs: approverNeeds },
  { icon: ChartColumn, name: "reports", link: { to: "/reports" }, needs: reportNeeds },
  { icon: CalendarDays, name: "roster", link: { to: "/roster/{-$tab}", params: { tab: undefined } }, needs: ["roster.read"] },
  { icon: Users, name: "contacts", link: { to: "/contacts" }, needs: ["contact.read"] },
  { icon: BookOpen, name: "knowledge", link: { to: "/knowledge/{-$section}/{-$id}", params: { section: undefined, id: undefined } }, needs: ["knowledge.read"] },
  { icon: Search, name: "search", link: { to: "/search" }, needs: ["conversation.read", "contact.read"] },
];

const settings: Place = { icon: Settings, name: "settings", link: { to: "/settings/{-$section}", params: { section: undefined } } };

export function useCounts() {
  const me = useMe();
  return useQuery({ queryKey: keys.counts, queryFn: api.conversations.counts, enabled: can(me, "conversation.read"), staleTime: 60_000 });
}

export function useCaseCounts() {
  const me = useMe();
  return useQuery({ queryKey: keys.caseCounts, queryFn: api.cases.counts, enabled: can(me, "case.read"), staleTime: 60_000 });
}

export function Rail({ hiddenOnPhone }: { hiddenOnPhone: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const counts = useCounts();
  const approvals = useApprovalCount();
  const cases = useCaseCounts();
  const shown = places.filter((place) => !place.needs || can(me, ...place.needs));
  return (
    <nav
      ref={dock}
      aria-label={t("shell.nav.main")}
      className={cn(
        "flex w-[60px] shrink-0 flex-col items-center gap-0.5 bg-rail py-3 text-rail-fg [html[lang=en]_&]:w-[68px]",
        "max-md:w-full! max-md:flex-row max-md:gap-0 max-md:overflow-x-auto max-md:px-1 max-md:py-1",
        hiddenOnPhone && "max-md:hidden",
      )}
    >
      <img src="/app/icon.svg" alt="" width={32} height={32} className="mb-3 max-md:hidden" />
      {shown.map((place) => (
        <RailLink key={place.name} place={place} count={place.name === "inbox" ? (counts.data?.unread ?? 0) : place.name === "cases" ? (cases.data?.mine ?? 0) : place.name === "approvals" ? approvals : 0} />
      ))}
      <span className="flex-1 max-md:hidden" />
      <PhoneButton />
      <NoticesBell />
      <RailLink place={settings} count={0} />
      <AccountMenu />
    </nav>
  );
}

function RailLink({ place, count }: { place: Place; count: number }) {
  const { t } = useTranslation();
  const Icon = place.icon;
  const on = useLocation({ select: (l) => l.pathname === `/${place.name}` || l.pathname.startsWith(`/${place.name}/`) });
  return (
    <Link
      {...place.link}
      aria-current={on ? "page" : undefined}
      className={cn(railItem, on && "bg-white/12 font-medium text-white")}
    >
      <Icon size={18} strokeWidth={1.8} aria-hidden="true" />
      <span className="max-w-full truncate">{t(`shell.nav.${place.name}`)}</span>
      <Badge count={count} label={t(place.name === "cases" ? "cases.count" : place.name === "approvals" ? "reward.approvals.count" : "inbox.unread", { n: count })} className="absolute top-0.5 right-1" />
    </Link>
  );
}
