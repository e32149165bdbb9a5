import { expect, it } from "vitest";
import { between } from "./choice";

it.each<[string | undefined, string, string[]]>([
  [undefined, "c", ["c"]],
  ["b", "d", ["b", "c", "d"]],
  ["d", "b", ["b", "c", "d"]],
  ["gone", "b", ["b"]],
])("from %s to %s", (from, to, want) => {
  expect(between(["a", "b", "c", "d"], from, to)).toEqual(want);
});
