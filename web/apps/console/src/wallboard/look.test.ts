import type { WallAgent, WallFigures } from "@yingda/api";
import { describe, expect, it } from "vitest";
import { abandonMood, levelMood, mute, occupancyMood, percent, promiseMood, queueMood, seated, stopwatch, waitingMood } from "./look";

const at = (s: number) => new Date(Date.UTC(2026, 10, 29, 4, 0, s)).toISOString();
const now = (s: number) => Date.parse(at(s));

describe("the moods", () => {
  it("turns amber at two thirds of a promise and red at its limit", () => {
    expect([0, 19, 20, 29, 30].map((s) => promiseMood(at(0), at(30), now(s)))).toEqual(["ok", "ok", "warn", "warn", "bad"]);
    expect(promiseMood(at(0), undefined, now(500))).toBe("plain");
  });

  it("keeps the marks of the trade", () => {
    expect([undefined, 80, 79.9, 59].map(levelMood)).toEqual(["plain", "ok", "warn", "bad"]);
    expect([undefined, 5, 5.1, 11].map(abandonMood)).toEqual(["plain", "ok", "warn", "bad"]);
    expect([undefined, 30, 86, 93].map(occupancyMood)).toEqual(["plain", "ok", "warn", "bad"]);
  });

  it("is wary when somebody waits and nobody is free", () => {
    const f = { waiting: 1, late: 0, free: 0 } as WallFigures;
    expect(waitingMood(f, [], now(0))).toBe("warn");
    expect(waitingMood({ ...f, free: 2 }, [], now(0))).toBe("ok");
    expect(waitingMood({ ...f, late: 1 }, [], now(0))).toBe("bad");
  });

  it("calls nothing well where nothing is promised", () => {
    const unpromised = { since: at(0) } as Parameters<typeof queueMood>[0][number];
    expect(queueMood([unpromised], now(500))).toBe("plain");
    expect(queueMood([unpromised, { ...unpromised, limit_at: at(30) }], now(21))).toBe("warn");
    expect(queueMood([], now(0))).toBe("ok");
  });
});

it("writes numbers as people read them", () => {
  expect([undefined, 80, 79.64, 100, 66.666].map(percent)).toEqual([undefined, "80%", "79.6%", "100%", "66.7%"]);
  expect([0, 18_000, 252_000, 7_509_000].map(stopwatch)).toEqual(["0:00", "0:18", "4:12", "2:05:09"]);
});

it("puts those who work first", () => {
  const agent = (name: string, state: WallAgent["presence"]["state"], connected = true, load = 0) =>
    ({ id: name, name, presence: { state, since: at(0) }, connected, phone: connected, load, ringing: 0, capacity: 3, holds: [] }) as WallAgent;
  const order = seated([agent("e", "offline", false), agent("d", "offline", false, 1), agent("c", "break"), agent("b", "busy"), agent("a", "online")]);
  expect(order.map((a) => a.name)).toEqual(["a", "b", "c", "d", "e"]);
});

it("knows whom calls do not reach", () => {
  const agent = (state: WallAgent["presence"]["state"], connected: boolean, phone: boolean) => ({ id: "a", name: "a", presence: { state, since: at(0) }, connected, phone, load: 0, ringing: 0, capacity: 3, holds: [] }) as WallAgent;
  expect(mute(agent("online", true, false))).toBe(true);
  expect(mute(agent("busy", true, false))).toBe(true);
  expect(mute(agent("online", true, true))).toBe(false);
  expect(mute(agent("break", true, false))).toBe(false);
  expect(mute(agent("online", false, false))).toBe(false);
});
