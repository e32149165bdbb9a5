import { expect, it } from "vitest";
import { tilesOf } from "./kept";

const row = (metric: string, channel: string, kept: number, ended: number) => ({ metric, channel, kept, ended, name: { zh: metric, en: metric }, percent: 0 });

it("adds up the channels of a metric, the busiest first, and leaves out what never ended", () => {
  expect(tilesOf([row("first_response", "phone", 2, 3), row("first_response", "portal", 10, 10), row("resolution", "phone", 0, 0)])).toMatchObject([
    { metric: "first_response", kept: 12, ended: 13, percent: 92, tone: "warn", channels: [{ channel: "portal", percent: 100 }, { channel: "phone", percent: 66 }] },
  ]);
});

it("says 100 % only where nothing was late", () => {
  expect(tilesOf([row("a", "", 999, 1000), row("b", "", 5, 5)]).map((tile) => [tile.percent, tile.tone])).toEqual([[99, "ok"], [100, "ok"]]);
});
