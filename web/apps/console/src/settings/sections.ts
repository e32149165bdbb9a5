import type { Me } from "@yingda/api";
import { BellRing, BookCheck, Brain, Building2, CalendarClock, CalendarDays, CalendarHeart, ContactRound, FileClock, GraduationCap, HandCoins, Handshake, KeyRound, LaptopMinimal, ListChecks, ListTree, Mail, MessageSquareQuote, MessageSquareShare, MessageSquareWarning, MessagesSquare, Network, Phone, Route, ShieldCheck, ShieldQuestion, UserRound, UserRoundCog, UsersRound, Volume2, Workflow, Zap, type LucideIcon } from "lucide-react";
import { can } from "../query";

export type SectionId =
  | "profile" | "sessions" | "alerts" | "canned"
  | "company" | "summary" | "filter" | "model" | "learning" | "fields" | "agents" | "teams" | "skills" | "roles"
  | "macros" | "automation"
  | "channels" | "mailboxes" | "hotline" | "sms" | "menus" | "prompts" | "routing" | "promises" | "calendars" | "holidays" | "handling" | "compensation" | "verification" | "keys" | "jobs" | "audit";

export type SectionGroup = "personal" | "organisation" | "channels" | "service" | "system";

export interface SectionEntry {
  id: SectionId;
  group: SectionGroup;
  icon: LucideIcon;
  /** One of these is needed to see it; empty: everybody may. */
  permissions: string[];
}

export const sections: readonly SectionEntry[] = [
  { id: "profile", group: "personal", icon: UserRound, permissions: [] },
  { id: "sessions", group: "personal", icon: LaptopMinimal, permissions: [] },
  { id: "alerts", group: "personal", icon: BellRing, permissions: [] },
  { id: "canned", group: "personal", icon: MessageSquareQuote, permissions: [] },
  { id: "company", group: "organisation", icon: Building2, permissions: ["setting.manage"] },
  { id: "fields", group: "organisation", icon: ContactRound, permissions: ["contact.fields"] },
  { id: "agents", group: "organisation", icon: UserRoundCog, permissions: ["agent.read", "agent.manage"] },
  { id: "teams", group: "organisation", icon: UsersRound, permissions: ["agent.read", "agent.manage"] },
  { id: "skills", group: "organisation", icon: GraduationCap, permissions: ["agent.read", "agent.manage"] },
  { id: "roles", group: "organisation", icon: ShieldCheck, permissions: ["role.manage"] },
  { id: "channels", group: "channels", icon: MessagesSquare, permissions: ["channel.manage"] },
  { id: "mailboxes", group: "channels", icon: Mail, permissions: ["channel.manage"] },
  { id: "hotline", group: "channels", icon: Phone, permissions: ["channel.manage"] },
  { id: "sms", group: "channels", icon: MessageSquareShare, permissions: ["channel.manage"] },
  { id: "menus", group: "channels", icon: Network, permissions: ["channel.manage"] },
  { id: "prompts", group: "channels", icon: Volume2, permissions: ["channel.manage"] },
  { id: "routing", group: "channels", icon: Route, permissions: ["setting.manage", "conversation.monitor"] },
  { id: "summary", group: "channels", icon: ListTree, permissions: ["setting.manage"] },
  { id: "filter", group: "channels", icon: MessageSquareWarning, permissions: ["setting.manage"] },
  { id: "model", group: "channels", icon: Brain, permissions: ["setting.manage"] },
  { id: "learning", group: "channels", icon: BookCheck, permissions: ["setting.manage"] },
  { id: "promises", group: "service", icon: Handshake, permissions: ["promise.read", "promise.manage"] },
  { id: "calendars", group: "service", icon: CalendarDays, permissions: ["promise.read", "promise.manage"] },
  { id: "holidays", group: "service", icon: CalendarHeart, permissions: ["promise.read", "promise.manage"] },
  { id: "handling", group: "service", icon: Workflow, permissions: ["setting.manage"] },
  { id: "compensation", group: "service", icon: HandCoins, permissions: ["setting.manage"] },
  { id: "verification", group: "service", icon: ShieldQuestion, permissions: ["setting.manage"] },
  { id: "automation", group: "service", icon: Zap, permissions: ["automation.manage", "case.supervise"] },
  { id: "macros", group: "service", icon: ListChecks, permissions: ["automation.manage", "canned.shared"] },
  { id: "keys", group: "system", icon: KeyRound, permissions: ["key.manage"] },
  { id: "jobs", group: "system", icon: CalendarClock, permissions: ["job.manage"] },
  { id: "audit", group: "system", icon: FileClock, permissions: ["audit.read"] },
];

export const sectionGroups: readonly SectionGroup[] = ["personal", "organisation", "channels", "service", "system"];

export function maySee(me: Me, section: SectionEntry): boolean {
  return section.permissions.length === 0 || can(me, ...section.permissions);
}
