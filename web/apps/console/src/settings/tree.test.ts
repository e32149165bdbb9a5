import type { Category } from "@yingda/api";
import { expect, it } from "vitest";
import { below, changeNode, freshId, isComplete, moveNode } from "./tree";

const tree = (): Category[] => [
  { id: "a", zh: "甲", en: "", children: [{ id: "a1", zh: "一", en: "" }, { id: "a2", zh: "二", en: "", children: [{ id: "a21", zh: "三", en: "" }] }] },
  { id: "b", zh: "乙", en: "" },
];

/** "a(a1 a2(a21)) b" */
const shape = (nodes: Category[]): string => nodes.map((node) => node.id + (node.children?.length ? `(${shape(node.children)})` : "")).join(" ");

it.each([
  ["a2", -1, "a(a2(a21) a1) b"],
  ["a1", -1, "a(a1 a2(a21)) b"],
  ["b", -1, "b a(a1 a2(a21))"],
  ["b", 1, "a(a1 a2(a21)) b"],
  ["none", 1, "a(a1 a2(a21)) b"],
])("moves %s by %i within its level", (id, by, want) => {
  expect(shape(moveNode(tree(), id, by))).toBe(want);
});

it("changes and deletes at any depth, and leaves the old tree alone", () => {
  const before = tree();
  expect(shape(changeNode(before, "a2", () => undefined))).toBe("a(a1) b");
  expect(changeNode(before, "a21", (node) => ({ ...node, zh: "新" }))[0]?.children?.[1]?.children?.[0]?.zh).toBe("新");
  expect(before).toEqual(tree());
});

it("counts everything below a node", () => {
  expect(tree().map(below)).toEqual([3, 0]);
});

it("wants a Chinese name everywhere", () => {
  expect(isComplete(tree())).toBe(true);
  expect(isComplete(changeNode(tree(), "a21", (node) => ({ ...node, zh: " " })))).toBe(false);
});

it("makes ids that differ", () => {
  expect(new Set(Array.from({ length: 100 }, freshId)).size).toBe(100);
});
