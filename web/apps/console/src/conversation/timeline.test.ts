import type { Message } from "@yingda/api";
import { expect, it } from "vitest";
import { timeline } from "./timeline";

const at = (time: string, fields: Partial<Message> = {}) => ({ seq: 1, from: "contact", kind: "text", at: time, ...fields }) as Message;

it("begins a day, and closes a run at another author, a pause or an event", () => {
  const rows = timeline([
    at("2026-11-21T10:00:00Z"),
    at("2026-11-22T10:00:00Z"),
    at("2026-11-22T10:01:00Z"),
    at("2026-11-22T10:09:00Z"),
    at("2026-11-22T10:09:10Z", { from: "agent", author_id: "a" }),
    at("2026-11-22T10:09:20Z", { from: "agent", author_id: "b" }),
    at("2026-11-22T10:09:30Z", { from: "system", kind: "event" }),
  ]);
  expect(rows.map((row) => row.day)).toEqual([true, true, false, false, false, false, false]);
  expect(rows.map((row) => row.last)).toEqual([true, false, true, true, true, true, true]);
});

it("gives the same entry for a message that did not move", () => {
  const first = at("2026-11-22T10:00:00Z");
  const before = timeline([first, at("2026-11-22T10:09:00Z")]);
  const after = timeline([first, before[1]!.message, at("2026-11-22T10:20:00Z")]);
  expect(after[0]).toBe(before[0]);
});
