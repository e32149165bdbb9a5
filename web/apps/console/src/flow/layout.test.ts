import type { Flow } from "@yingda/api";
import { describe, expect, it } from "vitest";
import { waysOut } from "./layout";

const text = { zh: "", en: "" };
const flow = (...steps: Flow["steps"]): Flow => ({ id: "x", version: 1, name: text, triggers: [], slots: [], cancelled: text, steps });

const looked = flow(
  { id: "which", kind: "ask", slots: ["number"] },
  { id: "find", kind: "look_up", missing: "none" },
  { id: "tell", kind: "branch", cases: [{ of: "urge", is: "one_of", any: ["no"], next: "bye" }] },
  { id: "submit", kind: "write" },
  { id: "bye", kind: "end" },
  { id: "none", kind: "say", next: "which" },
  { id: "lost", kind: "end" },
);

describe("waysOut", () => {
  it("names cases, what was missed, and the step below", () => {
    expect(waysOut(looked, 1).map(({ to, by }) => [to, by])).toEqual([["none", "missing"], ["tell", "next"]]);
    expect(waysOut(looked, 2).map(({ to, by }) => [to, by])).toEqual([["bye", 0], ["submit", "next"]]);
    expect(waysOut(looked, 4)).toEqual([]);
    expect(waysOut(looked, 99)).toEqual([]);
  });
});
