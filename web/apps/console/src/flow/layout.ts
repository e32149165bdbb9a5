// Where the steps of a flow lead.

import type { Flow } from "@yingda/api";

/** A way from one step to another. */
export interface Way {
  from: string;
  to: string;
  /** Which way out of the step it is: the next one, a case of a branch by its number, or what a look-up missed. */
  by: "next" | "missing" | "failed" | number;
}

/** The ways out of a step, in the order in which they are tried. */
export function waysOut(flow: Flow, at: number): Way[] {
  const step = flow.steps[at];
  if (!step) return [];
  const ways: Way[] = [];
  step.cases?.forEach((each, i) => ways.push({ from: step.id, to: each.next, by: i }));
  if (step.missing) ways.push({ from: step.id, to: step.missing, by: "missing" });
  if (step.failed) ways.push({ from: step.id, to: step.failed, by: "failed" });
  const next = step.next || (step.kind === "end" ? undefined : flow.steps[at + 1]?.id);
  if (next) ways.push({ from: step.id, to: next, by: "next" });
  return ways;
}
