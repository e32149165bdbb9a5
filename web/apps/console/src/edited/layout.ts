// Where things stand in a picture, and how the lines between them run.

export const size = { width: 208, height: 64, acrossGap: 28, downGap: 44, edge: 24 } as const;

/** Something that stands in a picture, and the ways out of it. */
export interface Node<By> {
  id: string;
  ways: readonly { to: string; by: By }[];
}

export interface Placed {
  id: string;
  x: number;
  y: number;
  row: number;
}

export interface Picture<By> {
  nodes: Placed[];
  ways: { from: string; to: string; by: By; path: string; back: boolean; labelX: number; labelY: number }[];
  width: number;
  height: number;
}

/** How many stand side by side: what is wider than a screen cannot be read. */
const most = 4;

/**
 * Lays nodes out in rows: each stands below all that lead to it, but for ways that go back. Those that nothing leads to stand last. What would be too wide for one
 * row goes on in the next. Ways to the row below are drawn at once; all others run in lanes at the right, one for each node that they lead to.
 */
export function picture<By>(all: readonly Node<By>[], first = 0): Picture<By> {
  const index = new Map(all.map(({ id }, i) => [id, i]));
  const out = all.map(({ id, ways }) => ways.filter(({ to }) => index.has(to)).map((way) => ({ ...way, from: id })));
  const row = narrow(rows(all.length, first, (i) => out[i]!.map(({ to }) => index.get(to)!)));
  const filled: number[] = [];
  const nodes: Placed[] = all.map(({ id }, at) => {
    const r = row[at]!;
    const column = (filled[r] = (filled[r] ?? 0) + 1) - 1;
    return { id, row: r, x: size.edge + column * (size.width + size.acrossGap), y: size.edge + r * (size.height + size.downGap) };
  });
  const lane = size.edge + Math.max(1, ...filled.map((n) => n ?? 0)) * (size.width + size.acrossGap);
  const lanes = new Map<string, number>();
  const ways = out.flat().map((way) => {
    const a = nodes[index.get(way.from)!]!;
    const b = nodes[index.get(way.to)!]!;
    const from = { x: a.x + size.width / 2, y: a.y + size.height };
    const to = { x: b.x + size.width / 2, y: b.y };
    const back = b.row <= a.row;
    if (back || b.row > a.row + 1) {
      if (!lanes.has(way.to)) lanes.set(way.to, lanes.size);
      const x = lane + lanes.get(way.to)! * 14;
      return { ...way, back, path: `M ${from.x} ${from.y} V ${from.y + 14} H ${x} V ${to.y - 16} H ${to.x} V ${to.y - 6}`, labelX: from.x + 6, labelY: from.y + 11 };
    }
    const middle = (from.y + to.y) / 2;
    return { ...way, back, path: `M ${from.x} ${from.y} C ${from.x} ${middle}, ${to.x} ${middle}, ${to.x} ${to.y - 6}`, labelX: (from.x + to.x) / 2 + 6, labelY: middle + 3 };
  });
  const deepest = Math.max(0, ...row);
  return { nodes, ways, width: lane + lanes.size * 14 + size.edge, height: size.edge * 2 + (deepest + 1) * size.height + deepest * size.downGap };
}

/** Lets rows that are too wide go on below; all below them move down. */
function narrow(row: readonly number[]): number[] {
  const width: number[] = [];
  for (const r of row) width[r] = (width[r] ?? 0) + 1;
  const begins: number[] = [];
  for (let r = 0, at = 0; r < width.length; r++) {
    begins[r] = at;
    at += Math.max(1, Math.ceil((width[r] ?? 0) / most));
  }
  const stand = width.map(() => 0);
  return row.map((r) => begins[r]! + Math.floor(stand[r]!++ / most));
}

/** In which row each of n nodes stands: one below the lowest that leads to it. Ways back, found by walking from where it begins, do not count. */
function rows(n: number, first: number, after: (i: number) => number[]): number[] {
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
  if (n > 0) walk(first);
  if (n > 0) row[first] = 0;
  for (const i of order) for (const to of forward.get(i)!) row[to] = Math.max(row[to]!, row[i]! + 1);
  const below = Math.max(-1, ...row) + 1;
  return row.map((r) => (r < 0 ? below : r));
}
