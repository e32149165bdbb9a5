import { expect, it } from "vitest";
import { en } from "./en";
import { zh } from "./zh";

/** Every leaf as "path {{names}}", so that a missing key and a missing value both show. */
function leaves(node: object, path: string[] = []): string[] {
  return Object.entries(node).flatMap(([key, value]) => {
    const here = [...path, key];
    if (typeof value !== "string") return leaves(value as object, here);
    const names = [...new Set(value.match(/{{\w+}}/g) ?? [])].sort().join(" ");
    return [`${here.join(".")} ${names}`.trim()];
  });
}

it("has the same keys with the same values to fill in, in both languages", () => {
  expect(leaves(en).sort()).toEqual(leaves(zh).sort());
});

it("has no empty text", () => {
  for (const [name, words] of Object.entries({ zh, en })) {
    const empty = JSON.stringify(words).match(/"(\w+)":""/g);
    expect(empty, name).toBeNull();
  }
});

it("leaves no Chinese in the English words except the language's own name", () => {
  const han = JSON.stringify(en).match(/\p{Script=Han}+/gu) ?? [];
  expect(new Set(han)).toEqual(new Set(["中文"]));
});
