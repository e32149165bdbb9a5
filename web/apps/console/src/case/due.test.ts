import { describe, expect, it } from "vitest";
import { dueOf, groupOf, rough } from "./due";

const minute = 60_000;
const hour = 60 * minute;
const now = Date.parse("2026-11-29T10:00:00Z");
const at = (ms: number) => new Date(now + ms).toISOString();
const clock = (change: object) => ({ state: "running", limit: at(2 * hour), warnings: [], ...change });

describe("a promised time at a glance", () => {
  it.each([
    ["far away", {}, "ok", "left", false],
    ["its target is to come", { target: at(hour) }, "ok", "left", false],
    ["its target is past", { target: at(-1) }, "warn", "left", true],
    ["exactly at its target", { target: at(0) }, "warn", "left", true],
    ["without a target, warned", { warnings: [{ at: at(-1), percent: 75 }] }, "warn", "left", false],
    ["with a target, only warned", { target: at(hour), warnings: [{ at: at(-1), percent: 75 }] }, "ok", "left", false],
    ["past its limit, before the server says so", { limit: at(-1) }, "bad", "over", false],
    ["breached", { state: "breached", limit: at(-hour) }, "bad", "over", false],
    ["paused", { state: "paused" }, "plain", "paused", false],
    ["paused past what was its limit, which moves when it goes on", { state: "paused", limit: at(-hour) }, "plain", "paused", false],
    ["met in time", { state: "met", met_at: at(hour) }, "ok", "kept", false],
    ["met late", { state: "met", met_at: at(3 * hour) }, "bad", "late", false],
    ["cancelled", { state: "cancelled" }, "plain", "cancelled", false],
  ] as const)("%s", (_, change, tone, word, targetPassed) => {
    expect(dueOf(clock(change), now)).toMatchObject({ tone, word, targetPassed });
  });

  it("says how long is left and how long it is late", () => {
    expect(dueOf(clock({}), now).ms).toBe(2 * hour);
    expect(dueOf(clock({ limit: at(-90 * minute) }), now).ms).toBe(90 * minute);
  });
});

it.each([
  [0, { unit: "soon" }],
  [minute - 1, { unit: "soon" }],
  [minute, { unit: "minutes", n: 1 }],
  [59 * minute, { unit: "minutes", n: 59 }],
  [hour, { unit: "hours", n: 1 }],
  [hour + 5 * minute, { unit: "hours_minutes", n: 1, m: 5 }],
  [11 * hour + 5 * minute, { unit: "hours", n: 11 }],
  [24 * hour, { unit: "days", n: 1 }],
  [26 * hour, { unit: "days_hours", n: 1, m: 2 }],
  [10 * 24 * hour + hour, { unit: "days", n: 10 }],
] as const)("%i ms in words", (ms, words) => {
  expect(rough(ms)).toEqual(words);
});

it.each([
  ["breached", {  limit: at(-1) }],
  ["today", { limit: at(hour) }],
  ["later", { limit: at(30 * hour) }],
  ["paused", { state: "paused", limit: at(-1) }],
] as const)("stands under %s on the board", (group, change) => {
  expect(groupOf(clock(change), now, now + 8 * hour)).toBe(group);
});
