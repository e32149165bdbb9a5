// Where the steps of a flow stand in its picture, and how the lines between them run.

import type { Flow, FlowStep } from "@yingda/api";

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

export const size = { width: 208, height: 64, acrossGap: 28, downGap: 44, edge: 24 } as const;

export interface Placed {
  step: FlowStep;
  at: number;
  x: number;
  y: number;
  row: number;
}

export interface Picture {
  nodes: Placed[];
  ways: (Way & { path: string; back: boolean; labelX: number; labelY: number })[];
  width: number;
  height: number;
}

/** Lays steps out in rows: each stands below all that lead to it, but for ways that go back. Steps that nothing leads to stand last. */
export function picture(flow: Flow): Picture {
  const index = new Map(flow.steps.map((step, i) => [step.id, i]));
  const out = flow.steps.map((_, i) => waysOut(flow, i).filter(({ to }) => index.has(to)));
  const row = rows(flow.steps.length, (i) => out[i]!.map(({ to }) => index.get(to)!));
  const widest: number[] = [];
  const nodes: Placed[] = flow.steps.map((step, at) => {
    const r = row[at]!;
    const column = (widest[r] = (widest[r] ?? 0) + 1) - 1;
    return { step, at, row: r, x: size.edge + column * (size.width + size.acrossGap), y: size.edge + r * (size.height + size.downGap) };
  });
  const most = Math.max(1, ...widest.map((n) => n ?? 0));
  const lane = size.edge + most * (size.width + size.acrossGap);
  let lanes = 0;
  const ways = out.flat().map((way) => {
    const a = nodes[index.get(way.from)!]!;
    const b = nodes[index.get(way.to)!]!;
    const from = { x: a.x + size.width / 2, y: a.y + size.height };
    const to = { x: b.x + size.width / 2, y: b.y };
    const back = b.row <= a.row;
    const far = !back && b.row > a.row + 1;
    if (back || far) {
      const x = lane + lanes++ * 14;
      const path = back
        ? `M ${a.x + size.width} ${a.y + size.height / 2} H ${x} V ${b.y + size.height / 2} H ${b.x + size.width + 6}`
        : `M ${from.x} ${from.y} V ${from.y + 14} H ${x} V ${to.y - 16} H ${to.x} V ${to.y - 6}`;
      return { ...way, path, back, labelX: back ? a.x + size.width + 8 : from.x + 6, labelY: back ? a.y + size.height / 2 - 5 : from.y + 11 };
    }
    const middle = (from.y + to.y) / 2;
    return { ...way, back, path: `M ${from.x} ${from.y} C ${from.x} ${middle}, ${to.x} ${middle}, ${to.x} ${to.y - 6}`, labelX: (from.x + to.x) / 2 + 6, labelY: middle + 3 };
  });
  const deepest = Math.max(0, ...row);
  return { nodes, ways, width: lane + lanes * 14 + size.edge, height: size.edge * 2 + (deepest + 1) * size.height + deepest * size.downGap };
}

/** In which row each of n steps stands: one below the lowest that leads to it. Ways back, found by walking from the first, do not count. */
function rows(n: number, after: (i: number) => number[]): number[] {
  const row = Array.from({ length: n }, () => -1);
  const open = new Set<number>();
  const order: number[] = [];
  const seen = new Set<number>();
  const forward = new Map<number, number[]>();
  const walk = (i: number) => {
    seen.add(i);
    open.add(i);
    const ahead = after(i).filter((to) => !open.has(to));
    forward.set(i, ahead);
    for (const to of ahead) if (!seen.has(to)) walk(to);
    open.delete(i);
    order.unshift(i);
  };
  if (n > 0) walk(0);
  if (n > 0) row[0] = 0;
  for (const i of order) for (const to of forward.get(i)!) row[to] = Math.max(row[to]!, row[i]! + 1);
  const below = Math.max(-1, ...row) + 1;
  return row.map((r) => (r < 0 ? below : r));
}
