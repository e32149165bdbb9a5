import type { Flow } from "@yingda/api";
import { describe, expect, it } from "vitest";
import { asID, differences, freeID } from "../edited/edit";
import { addSlot, addStep, blank, changeStep, moveStep, names, removeSlot, removeStep, renameSlot, renameStep } from "./edit";

const both = (text: string) => ({ zh: text, en: text });

const flow: Flow = {
  ...blank("x"),
  slots: [{ id: "vin", type: "vin", name: both("车架号"), ask: both("?"), again: both("?") }],
  steps: [
    { id: "which", kind: "ask", slots: ["vin"] },
    { id: "find", kind: "look_up", seam: "vehicle.look_up", with: { vin: "vin", part: "=vin" }, into: "car", missing: "none", recheck: "vin" },
    { id: "way", kind: "branch", cases: [{ of: "vin", is: "known", next: "check" }], next: "none" },
    { id: "check", kind: "confirm", text: both("{vin} {vin|mask} {vine}"), next: "done" },
    { id: "none", kind: "say", text: both("没有"), next: "done" },
    { id: "done", kind: "end", text: both("完") },
  ],
  scripts: [{ name: "a", turns: [{ says: "x", asks: "vin", slots: { vin: "L" } }] }],
};

describe("steps", () => {
  it("get an id of their own", () => {
    const added = addStep(flow, 0, "confirm");
    expect(added.id).toBe("check_2");
    expect(added.flow.steps[1]).toMatchObject({ id: "check_2", kind: "confirm" });
    expect(freeID("a", ["a", "a_2"])).toBe("a_3");
  });
  it("are followed when one goes", () => {
    const gone = removeStep(flow, "none");
    expect(gone.steps.find(({ id }) => id === "find")?.missing).toBe("done");
    expect(gone.steps.find(({ id }) => id === "way")?.next).toBe("done");
    expect(removeStep(flow, "check").steps.find(({ id }) => id === "way")?.cases?.[0]?.next).toBe("done");
    expect(removeStep(changeStep(flow, "check", { next: undefined }), "check").steps.find(({ id }) => id === "way")?.cases).toEqual([]);
  });
  it("are followed when one is renamed, and move", () => {
    const renamed = renameStep(flow, "check", "show");
    expect(renamed.steps[2]?.cases?.[0]?.next).toBe("show");
    expect(moveStep(flow, "find", -1).steps[0]?.id).toBe("find");
    expect(moveStep(flow, "which", -1)).toBe(flow);
  });
});

describe("slots", () => {
  it("are renamed everywhere, and nowhere else", () => {
    const renamed = renameSlot(flow, "vin", "frame");
    expect(renamed.slots[0]?.id).toBe("frame");
    expect(renamed.steps[0]?.slots).toEqual(["frame"]);
    expect(renamed.steps[1]).toMatchObject({ with: { vin: "frame", part: "=vin" }, recheck: "frame" });
    expect(renamed.steps[2]?.cases?.[0]?.of).toBe("frame");
    expect(renamed.steps[3]?.text?.zh).toBe("{frame} {frame|mask} {vine}");
    expect(renamed.scripts?.[0]?.turns[0]).toMatchObject({ asks: "frame", slots: { frame: "L" } });
  });
  it("go from what asks for them", () => expect(removeSlot(flow, "vin").steps[0]?.slots).toEqual([]));
  it("are named for their type", () => expect(addSlot(flow, "vin").id).toBe("vin_2"));
});

it("reads an id as it is typed", () => expect(asID("9 Test-Drive 试驾")).toBe("test_drive___"));

it("knows what can be named", () => {
  expect(names(flow, [{ name: "vehicle.look_up", takes: ["vin"], tells: ["model"], lacks: false }])).toEqual(["vin", "car.model"]);
});

describe("differences", () => {
  it("tell choices apart by their keys, where each has another", () => {
    const main = (...choices: { key: string; next: string }[]) => ({ nodes: [{ id: "main", choices }] });
    const [one, two] = [{ key: "1", next: "a" }, { key: "2", next: "b" }];
    expect(differences(main(one, two), main(two)).map(({ path }) => path.join(" "))).toEqual(["nodes main choices 1 key", "nodes main choices 1 next"]);
  });
  it("are none between the same, whatever the version", () => expect(differences(flow, { ...flow, version: 9 })).toEqual([]));
  it("name the part", () => {
    expect(differences(flow, changeStep(flow, "done", { text: { zh: "完了", en: "完" } }))).toEqual([{ path: ["steps", "done", "text", "zh"], before: "完", after: "完了" }]);
    expect(differences(flow, moveStep(flow, "find", -1)).map(({ path }) => path)).toEqual([["steps", ""]]);
    expect(differences(flow, { ...flow, triggers: ["a", "b"] })).toEqual([{ path: ["triggers"], before: undefined, after: "a\nb" }]);
  });
});
