import { describe, expect, test } from "vitest";
import { asGroup, asSent, depthOf, groupOf, matchOf, partsOf, spanOf, wordsOf } from "./tree";

describe("the tree of conditions", () => {
  test("is always edited as a group", () => {
    expect(asGroup({})).toEqual({ all: [] });
    expect(asGroup({ field: "case.kind", op: "is", value: "fault" })).toEqual({ all: [{ field: "case.kind", op: "is", value: "fault" }] });
    const any = { any: [{ field: "a" }] };
    expect(asGroup(any)).toBe(any);
    expect(asSent({ all: [] })).toEqual({});
    expect(asSent(any)).toBe(any);
  });
  test("keeps its parts when all becomes any", () => {
    const group = groupOf("any", partsOf({ all: [{ field: "a" }] }));
    expect(matchOf(group)).toBe("any");
    expect(group).toEqual({ any: [{ field: "a" }] });
  });
  test("knows how deep it is", () => {
    expect(depthOf({ all: [{ field: "a" }, { any: [{ all: [] }] }] })).toBe(3);
  });
});

test("lengths of time and lists of words are read as they are typed", () => {
  expect(spanOf("90m")).toEqual({ n: "90", unit: "m" });
  expect(spanOf("x")).toEqual({ n: "", unit: "h" });
  expect(wordsOf("刹车、起火, 冒烟，，")).toEqual(["刹车", "起火", "冒烟"]);
});
