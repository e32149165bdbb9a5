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

/** Lays nodes out in rows: each stands below all that lead to it, but for ways that go back. Those that nothing leads to stand last. */
export function picture<By>(all: readonly Node<By>[], first = 0): Picture<By> {
  const index = new Map(all.map(({ id }, i) => [id, i]));
  const out = all.map(({ id, ways }) => ways.filter(({ to }) => index.has(to)).map((way) => ({ ...way, from: id })));
  const row = rows(all.length, first, (i) => out[i]!.map(({ to }) => index.get(to)!));
  const widest: number[] = [];
  const nodes: Placed[] = all.map(({ id }, at) => {
    const r = row[at]!;
    const column = (widest[r] = (widest[r] ?? 0) + 1) - 1;
    return { id, row: r, x: size.edge + column * (size.width + size.acrossGap), y: size.edge + r * (size.height + size.downGap) };
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
      return { ...way, path, back, labelX: back ? a.x + size.width + 18 : from.x + 6, labelY: back ? a.y + size.height / 2 - 5 : from.y + 11 };
    }
    const middle = (from.y + to.y) / 2;
    return { ...way, back, path: `M ${from.x} ${from.y} C ${from.x} ${middle}, ${to.x} ${middle}, ${to.x} ${to.y - 6}`, labelX: (from.x + to.x) / 2 + 6, labelY: middle + 3 };
  });
  const deepest = Math.max(0, ...row);
  return { nodes, ways, width: lane + lanes * 14 + size.edge, height: size.edge * 2 + (deepest + 1) * size.height + deepest * size.downGap };
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
