// Who gets the work: rules, skills, why. The types are those of the server's own description.

import { call } from "./client";
import type { Gap as SkillGap, Ring, Rules as RoutingRules, Skill, TeamRules } from "./schema";
import type { Bilingual, Conversation, ID, Page, Time, Voucher } from "./types";

export type { Ring, RoutingRules, Skill, SkillGap, TeamRules };
export type Strategy = "longest_idle" | "least_busy" | "round_robin" | "fewest_today" | "weighted";

export interface SkillDraft {
  name: string;
  /** Customers of this language need it; empty: they do not. */
  language: "" | "zh" | "en";
}

/** To whom a conversation was offered, newest first, and why it waits. */
export interface Why {
  offers: {
    agent_id: ID;
    agent_name: string;
    /** accepted, declined, missed, unreachable, withdrawn or handed_on; empty while it rings. */
    outcome: string;
    why: Bilingual[];
    at: Time;
    ended_at?: Time;
  }[];
  waits?: {
    /** 1 is next. */
    position: number;
    why: Bilingual[];
    /** How each who is online stands to it; for those who may monitor. */
    agents?: { agent_id: ID; agent_name: string; why: Bilingual }[];
  };
}

/** Where something that waits is to stand; what is absent stays. */
export interface Placing {
  top?: boolean;
  before_id?: ID;
  /** -1 low, 0 normal, 1 high, 2 urgent. */
  priority?: number;
}

export const queue = {
  why: (id: ID) => call<Why>("GET", `/conversations/${encodeURIComponent(id)}/offers`),
  place: (id: ID, body: Placing) => call<Conversation>("POST", `/conversations/${encodeURIComponent(id)}/place`, { body }),
};

export const routing = {
  get: () => call<RoutingRules>("GET", "/routing"),
  put: (body: RoutingRules) => call<RoutingRules>("PUT", "/routing", { body }),
};

export const skills = {
  /** The certificates of an agent, by which their skills can be held. */
  vouchers: (agent: ID) => call<Page<Voucher>>("GET", `/agents/${encodeURIComponent(agent)}/certificates`),
  list: () => call<Page<Skill>>("GET", "/skills"),
  gaps: () => call<Page<SkillGap>>("GET", "/skills/gaps"),
  add: (body: SkillDraft) => call<Skill>("POST", "/skills", { body }),
  change: (id: ID, body: Partial<SkillDraft>) => call<Skill>("PATCH", `/skills/${encodeURIComponent(id)}`, { body }),
  remove: (id: ID) => call<void>("DELETE", `/skills/${encodeURIComponent(id)}`),
};
