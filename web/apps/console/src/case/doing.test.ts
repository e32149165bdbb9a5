import type { PossibleAct } from "@yingda/api";
import { describe, expect, it } from "vitest";
import { doingOf, fieldsOf, isEmpty, isWritten, missingIn, moment, partedBy, placesOf, retagged, tagsIn } from "./doing";
import { leavesOf, pathOf } from "./tree";

const act = (code: string, needs: string[], may: string[] = []): PossibleAct => ({ act: code, name: { zh: code, en: code }, needs, may });

describe("the form of an act", () => {
  it("asks for what is needed and for what may be said, each once", () => {
    expect(fieldsOf(act("propose", ["findings", "outcome", "agent"], ["cause", "outcome"]))).toEqual([
      { name: "investigator", required: true },
      { name: "findings", required: true },
      { name: "outcome", required: true },
      { name: "cause", required: false },
    ]);
  });

  it("leaves out a need that it does not know", () => {
    expect(fieldsOf(act("x", ["something new", "text"]))).toEqual([{ name: "text", required: true }]);
  });

  it.each([
    ["a text of spaces", act("reply", ["text"]), { text: "  " }, ["text"]],
    ["nobody", act("assign", ["assignee"]), {}, ["assignee"]],
    ["a team is somebody", act("assign", ["assignee"]), { team: "tm_1" }, []],
    ["an investigator is a person", act("investigate", ["agent"]), { team: "tm_1" }, ["agent"]],
    ["an escalation has a level and the customer's word", act("escalate", ["reason", "escalation"]), { rank: "2", reason: "x" }, ["confirmed"]],
    ["an outside body has three parts", act("go_external", ["external"]), { body: "12315" }, ["reference", "external_due"]],
    ["a tick that is not set", act("accept", ["contacted"]), { contacted: false }, ["contacted"]],
    ["what may be said need not be", act("accept", [], ["level", "category"]), {}, []],
    ["but the level special has a term", act("accept", [], ["level"]), { level: "special" }, ["special_due", "special_reason"]],
  ])("%s", (_, which, values, missing) => {
    expect(missingIn(which, values)).toEqual(missing);
  });

  it("sends what was said and nothing that belongs to another act", () => {
    const values = { text: " 您好 ", reason: "left from another form", agent: "ag_1", rank: "2", contacted: true };
    expect(doingOf(act("reply", ["text"]), values, 7)).toEqual({ act: "reply", version: 7, text: "您好" });
    expect(doingOf(act("escalate", ["escalation"], ["assignee"]), { ...values, confirmed: "等主管来电" }, 7)).toEqual({
      act: "escalate", version: 7, agent_id: "ag_1", team_id: undefined, escalation: { level: 2, confirmed: "等主管来电" },
    });
  });

  it("sends times in UTC and waivers that have a reason", () => {
    expect(doingOf(act("close", []), { waived: { tk_1: " done by phone ", tk_2: " " } }, 1).waived).toEqual([{ task_id: "tk_1", reason: "done by phone" }]);
    expect(doingOf(act("snooze", ["until"]), { until: "2026-11-30T09:30" }, 1).until).toBe(new Date(2026, 10, 30, 9, 30).toISOString());
    expect(moment("soon")).toBeUndefined();
  });

  it("knows when nothing was typed", () => {
    expect(isEmpty({ text: "", contacted: false, waived: { tk_1: "" } })).toBe(true);
    expect(isEmpty({ waived: { tk_1: "x" } })).toBe(false);
  });
});

it("puts the way onward first, what is seldom in the menu, and what ends a case last", () => {
  const possible = ["accept", "reject_case", "answer", "hand_over", "reply", "assign", "cancel"].map((code) => act(code, []));
  const places = placesOf(possible, (code) => code !== "assign");
  expect(places.front.map((each) => each.act)).toEqual(["accept", "reject_case", "answer", "reply"]);
  expect(places.menu.map((each) => each.act)).toEqual(["hand_over"]);
  expect(places.grave.map((each) => each.act)).toEqual(["cancel"]);
});

it("puts the way onward before the way back, and finding another investigator behind the proposal", () => {
  const fronts = (...acts: PossibleAct[]) => placesOf(acts, () => true).front.map((each) => each.act);
  expect(fronts(act("look_again", ["reason"]), act("give_feedback", ["text"]), act("external", ["external"]))).toEqual(["give_feedback", "look_again", "external"]);
  expect(fronts(act("investigate", ["agent", "reason"]), act("propose", ["findings"]))).toEqual(["propose", "investigate"]);
  expect(fronts(act("investigate", ["agent"]), act("refuse", ["reason"]))).toEqual(["investigate", "refuse"]);
});

describe("the tree of categories", () => {
  const name = (zh: string) => ({ zh, en: zh });
  const tree = [
    { id: "order", name: name("订单"), kind: "order" as const, needs: ["order"], children: [{ id: "order.fee", name: name("费用"), children: [{ id: "order.fee.rules", name: name("规则"), needs: [] }] }, { id: "order.lost", name: name("丢件") }] },
    { id: "other", name: name("其他"), kind: "consultation" as const },
  ];

  it("hands down what a branch does not say itself", () => {
    const leaves = leavesOf(tree, undefined, "zh");
    expect(leaves.map((leaf) => [leaf.id, leaf.path, leaf.kind, leaf.needs])).toEqual([
      ["order.fee.rules", "订单 / 费用 / 规则", "order", []],
      ["order.lost", "订单 / 丢件", "order", ["order"]],
      ["other", "其他", "consultation", undefined],
    ]);
    expect(leavesOf(tree, "consultation", "zh").map((leaf) => leaf.id)).toEqual(["other"]);
  });

  it("names a branch, and says the id of what is gone", () => {
    expect(pathOf(tree, "order.fee", "zh")).toBe("订单 / 费用");
    expect(pathOf(tree, "gone", "zh")).toBe("gone");
  });
});

describe("what the colleagues are told of a form", () => {
  const first = { category: "order", level: "p3" };
  it.each([
    ["as it came", {}, false],
    ["a text", { text: "您好" }, true],
    ["another level", { level: "p1" }, true],
    ["a tick", { contacted: true }, true],
    ["a tick that was taken back", { contacted: false }, false],
    ["a text that was wiped", { text: "" }, false],
    ["a reason for nothing", { waived: { tk_1: "" } }, false],
  ])("%s", (_, change, written) => expect(isWritten({ ...first, ...change }, first)).toBe(written));

  it("parts those who write from those who read, in their order", () => {
    expect(partedBy([3, 1, 4, 2], (n) => n > 2)).toEqual([[3, 4], [1, 2]]);
  });
});

describe("the tags of a case", () => {
  it("are parted by commas of either kind", () => {
    expect(tagsIn(" 安全，重复来电、 recall ,, ")).toEqual(["安全", "重复来电", "recall"]);
    expect(tagsIn("  ")).toEqual([]);
  });

  it("are sent as what changes", () => {
    expect(retagged(["a", "b"], ["b", "c", "c"])).toEqual({ add: ["c"], remove: ["a"] });
    expect(retagged(["a"], ["a"])).toEqual({ add: [], remove: [] });
    expect(retagged(["a", "b"], ["b", "a"])).toEqual({ add: [], remove: [] });
  });
});
