import type { ServerFrame, WallAgent, Wallboard } from "@yingda/api";
import { expect, it } from "vitest";
import { merged } from "./wallboard";

const agent = (id: string, load = 0) => ({ id, name: id, presence: { state: "online", since: "2026-11-29T04:00:00Z" }, connected: true, phone: true, load, ringing: 0, capacity: 3, holds: [] }) as WallAgent;
const held = { at: "1", figures: {}, queue: [], risks: [], agents: [agent("a"), agent("b"), agent("c")], defined: [{ field: "waiting", means: { zh: "x", en: "x" } }] } as unknown as Wallboard;
const frame = (change: object) => ({ type: "wallboard", full: false, at: "2", figures: {}, queue: [], risks: [], agents: [], gone: [], ...change }) as unknown as Extract<ServerFrame, { type: "wallboard" }>;

it("takes what changed and what is gone into what it holds", () => {
  const next = merged(held, frame({ agents: [agent("b", 2), agent("0")], gone: ["c"] }));
  expect(next.agents.map((a) => `${a.id}${a.load}`)).toEqual(["00", "a0", "b2"]);
  expect(next.defined).toBe(held.defined);
  expect(merged(held, frame({})).agents).toBe(held.agents);
  expect(merged(held, frame({ full: true, agents: [agent("z")] })).agents.map((a) => a.id)).toEqual(["z"]);
});
