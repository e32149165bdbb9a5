// The tree of a rule's conditions, as it is edited: groups hold conditions and groups.

import type { RuleWhen } from "@yingda/api";

export type Match = "all" | "any";

export function isGroup(when: RuleWhen): boolean {
  return when.all !== undefined || when.any !== undefined;
}

export function matchOf(group: RuleWhen): Match {
  return group.any !== undefined ? "any" : "all";
}

export function partsOf(group: RuleWhen): RuleWhen[] {
  return group.any ?? group.all ?? [];
}

export function groupOf(match: Match, parts: RuleWhen[]): RuleWhen {
  return match === "any" ? { any: parts } : { all: parts };
}

/** The root as it is edited: always a group. */
export function asGroup(when: RuleWhen | undefined): RuleWhen {
  if (!when || (!isGroup(when) && !when.field)) return { all: [] };
  return isGroup(when) ? when : { all: [when] };
}

/** The root as it is sent: nothing, if nothing is asked. */
export function asSent(root: RuleWhen): RuleWhen {
  return partsOf(root).length === 0 ? {} : root;
}

export function depthOf(when: RuleWhen): number {
  return isGroup(when) ? 1 + Math.max(0, ...partsOf(when).map(depthOf)) : 0;
}

/** A length of time in its parts: 90m is 90 and m. */
export function spanOf(text: string | undefined): { n: string; unit: "m" | "h" | "d" } {
  const found = /^(\d+)([mhd])$/.exec(text ?? "");
  return found ? { n: found[1]!, unit: found[2] as "m" | "h" | "d" } : { n: "", unit: "h" };
}

export function wordsOf(text: string): string[] {
  return text
    .split(/[,，、\n]/)
    .map((word) => word.trim())
    .filter(Boolean);
}
