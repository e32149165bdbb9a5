// Who gets the work: rules, skills, why. The types are those of the server's own description.

import { call } from "./client";
import type { Gap as SkillGap, Ring, Rules as RoutingRules, Skill, TeamRules } from "./schema";
import type { ID, Page } from "./types";

export type { Ring, RoutingRules, Skill, SkillGap, TeamRules };
export type Strategy = "longest_idle" | "least_busy" | "round_robin" | "fewest_today" | "weighted";

export interface SkillDraft {
  name: string;
  /** Customers of this language need it; empty: they do not. */
  language: "" | "zh" | "en";
}

export const routing = {
  get: () => call<RoutingRules>("GET", "/routing"),
  put: (body: RoutingRules) => call<RoutingRules>("PUT", "/routing", { body }),
};

export const skills = {
  list: () => call<Page<Skill>>("GET", "/skills"),
  gaps: () => call<Page<SkillGap>>("GET", "/skills/gaps"),
  add: (body: SkillDraft) => call<Skill>("POST", "/skills", { body }),
  change: (id: ID, body: Partial<SkillDraft>) => call<Skill>("PATCH", `/skills/${encodeURIComponent(id)}`, { body }),
  remove: (id: ID) => call<void>("DELETE", `/skills/${encodeURIComponent(id)}`),
};
