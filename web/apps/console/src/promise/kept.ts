// How promises were kept, one tile for each metric.

import type { Bilingual, Kept } from "@yingda/api";

export interface Tile {
  metric: string;
  name: Bilingual;
  ended: number;
  kept: number;
  percent: number;
  tone: "ok" | "warn" | "bad";
  channels: { channel: string; percent: number }[];
}

/** The metrics of which something ended, in the order in which they came, their channels the busiest first. */
export function tilesOf(items: readonly Kept[]): Tile[] {
  const metrics = [...new Set(items.filter((each) => each.ended > 0).map((each) => each.metric))];
  return metrics.map((metric) => {
    const rows = items.filter((each) => each.metric === metric && each.ended > 0);
    const ended = rows.reduce((sum, each) => sum + each.ended, 0);
    const kept = rows.reduce((sum, each) => sum + each.kept, 0);
    const percent = whole(kept, ended);
    return {
      metric,
      name: rows[0]!.name,
      ended,
      kept,
      percent,
      tone: percent >= 95 ? "ok" : percent >= 80 ? "warn" : "bad",
      channels: rows.toSorted((a, b) => b.ended - a.ended).map((each) => ({ channel: each.channel, percent: whole(each.kept, each.ended) })),
    };
  });
}

/** Rounded down, so that 100 % is said only where nothing was late. */
function whole(kept: number, ended: number): number {
  return Math.floor((100 * kept) / ended);
}
