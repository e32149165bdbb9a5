// Who gets the work: rules, skills, why. The types are those of the server's own description.

import { call } from "./client";
import type { Ring, Rules as RoutingRules, TeamRules } from "./schema";

export type { Ring, RoutingRules, TeamRules };
export type Strategy = "longest_idle" | "least_busy" | "round_robin" | "fewest_today" | "weighted";

export const routing = {
  get: () => call<RoutingRules>("GET", "/routing"),
  put: (body: RoutingRules) => call<RoutingRules>("PUT", "/routing", { body }),
};
