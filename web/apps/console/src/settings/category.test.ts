import type { CaseCategory } from "@yingda/api";
import { expect, it } from "vitest";
import { categoryCount, categoryOfError, changeCategory, childId, findCategory, freshCategoryId, givenTo, moveCategory, namesTo, tidyCategory } from "./category";

const name = (zh: string) => ({ zh, en: zh });
const tree = (): CaseCategory[] => [
  { id: "order", name: name("订单"), kind: "order", level: "general", team: "订单组", needs: ["order"], children: [
    { id: "order.fee", name: name("费用"), level: "simple", children: [{ id: "order.fee.rules", name: name("规则"), needs: [] }] },
    { id: "order.return", name: name("退换") },
  ] },
  { id: "complaint", name: name("投诉"), kind: "complaint" },
];

it("finds and changes at any depth, and leaves the old tree alone", () => {
  const before = tree();
  const after = changeCategory(before, "order.fee.rules", (node) => ({ ...node, level: "complex" }));
  expect(findCategory(after, "order.fee.rules")?.level).toBe("complex");
  expect(findCategory(changeCategory(before, "order.fee", () => undefined), "order.fee.rules")).toBeUndefined();
  expect(before).toEqual(tree());
  expect(categoryCount(before)).toBe(5);
});

it("moves within a level", () => {
  expect(moveCategory(tree(), "order.return", -1)[0]?.children?.map((node) => node.id)).toEqual(["order.return", "order.fee"]);
  expect(moveCategory(tree(), "order", -1).map((node) => node.id)).toEqual(["order", "complaint"]);
});

it("knows what a category has from above; an empty list is an answer", () => {
  expect(givenTo(tree(), "order.fee.rules")).toMatchObject({ kind: "order", level: "simple", team: "订单组", needs: ["order"] });
  expect(givenTo(tree(), "order")).toEqual({ needs: [], form: [], prepare: [] });
  const below = changeCategory(tree(), "order.fee.rules", (node) => ({ ...node, children: [{ id: "x", name: name("x") }] }));
  expect(givenTo(below, "x")?.needs).toEqual([]);
});

it("names a new category below its parent", () => {
  expect(childId("order", " Late Delivery! ")).toBe("order.late_delivery");
  const nodes = [...tree(), { id: "new", name: name("新") }];
  expect([freshCategoryId(nodes), freshCategoryId(nodes, "order")]).toEqual(["new2", "order.new"]);
});

it("leaves out what says nothing, but not an empty list", () => {
  expect(tidyCategory({ id: "a", name: name("a"), level: "", team: "  ", needs: [], prepare: [name("照片"), name(" ")], children: [] })).toEqual({ id: "a", name: name("a"), needs: [], prepare: [name("照片")] });
});

it("says the way to a category", () => {
  expect(namesTo(tree(), "order.fee.rules", (each) => each.zh)).toEqual(["订单", "费用", "规则"]);
  expect(namesTo(tree(), "nothing", (each) => each.zh)).toBeUndefined();
});

it.each([
  ["categories.order.fee", "order.fee"],
  ["categories.order.fee.form", "order.fee"],
  ["categories.nothing", undefined],
  ["rises.1", undefined],
])("finds the category of the error at %s", (place, want) => {
  expect(categoryOfError(tree(), place)).toBe(want);
});
