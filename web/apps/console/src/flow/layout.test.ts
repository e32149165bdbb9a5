import type { Flow } from "@yingda/api";
import { describe, expect, it } from "vitest";
import { picture, waysOut } from "./layout";

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

describe("picture", () => {
  const { nodes, ways } = picture(looked);
  const row = (id: string) => nodes.find(({ step }) => step.id === id)!.row;
  it("puts every step below what leads to it", () => {
    expect(row("which")).toBe(0);
    for (const way of ways.filter(({ back }) => !back)) expect(row(way.to)).toBeGreaterThan(row(way.from));
    expect(row("bye")).toBe(4); // below submit, though a case leads there sooner
  });
  it("knows a way back", () => expect(ways.filter(({ back }) => back).map(({ from, to }) => [from, to])).toEqual([["none", "which"]]));
  it("puts what nothing leads to last", () => expect(row("lost")).toBe(Math.max(...nodes.map((node) => node.row))));
  it("lays no two steps over each other", () => expect(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size).toBe(nodes.length));
  it("stands an empty flow", () => expect(picture(flow()).nodes).toEqual([]));
  it("leaves out a way to a step that is not there", () => expect(picture(flow({ id: "a", kind: "say", next: "b" })).ways).toEqual([]));
});
