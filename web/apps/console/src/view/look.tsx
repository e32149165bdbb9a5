import { api, type BoundedCount, type ConversationFilter, type ListFilter, type SavedColour, type SavedIcon, type SavedView, type View } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Car, Clock, Flag, Flame, Globe, Heart, List, Star, Tag, UserRound, Users, Wrench, type LucideIcon } from "lucide-react";
import { keys } from "../query";

export const savedIcons: Record<SavedIcon, LucideIcon> = { list: List, star: Star, flag: Flag, flame: Flame, clock: Clock, user: UserRound, users: Users, tag: Tag, globe: Globe, heart: Heart, wrench: Wrench, car: Car };

export const savedColours: Record<SavedColour, string> = { grey: "text-mut", blue: "text-brand-ink", green: "text-ok", amber: "text-warn", red: "text-bad", violet: "text-ai" };

export function SavedLook({ view, size = 15 }: { view: Pick<SavedView, "icon" | "colour">; size?: number }) {
  const Icon = savedIcons[view.icon];
  return <Icon size={size} aria-hidden="true" className={cn("shrink-0", savedColours[view.colour])} />;
}

export function useViews() {
  return useQuery({ queryKey: keys.views, queryFn: api.views.list, staleTime: 5 * 60_000 });
}

/** Counts also change as time goes by: who waits longer than so long. */
export function useViewCounts(enabled = true) {
  return useQuery({ queryKey: keys.viewCounts, queryFn: api.views.counts, enabled, staleTime: 20_000, refetchInterval: 30_000 });
}

/** "12", "99+" where counting stopped. */
export function counted(count: BoundedCount): string {
  return count.n >= 100 ? "99+" : count.more ? `${count.n}+` : String(count.n);
}

/** What of a filter is gone, in words; empty if all is there. */
export function useMissing(view: SavedView | undefined): string {
  const { t } = useTranslation();
  return (view?.missing ?? []).map((field) => t(`views.missing_field.${field as "team_id"}`)).join(t("views.comma"));
}

export function talkFilter({ list, team_id, agent_id, inbox_id, state, tag, language, waiting, unread, mood, q, priority }: ListFilter): ConversationFilter {
  return { view: list as View, team_id, agent_id, inbox_id, state, tag, language, waiting, unread, mood, q, priority };
}

/** Whether more narrows a list than its view. */
export function narrowed(filter: ConversationFilter): boolean {
  return Object.entries(filter).some(([name, value]) => name !== "view" && value !== undefined);
}
