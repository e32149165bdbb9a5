import { expect, it } from "vitest";
import { tokenAt } from "./token";

it.each([
  ["/", false, { kind: "canned", query: "", from: 0 }],
  ["/退款", false, { kind: "canned", query: "退款", from: 0 }],
  ["您好 /tk", false, { kind: "canned", query: "tk", from: 3 }],
  ["1/2", false, undefined],
  ["https://a.example/b", false, undefined],
  ["/退款 已经", false, undefined],
  ["@林", false, undefined],
  ["@林", true, { kind: "mention", query: "林", from: 0 }],
  ["请看 @", true, { kind: "mention", query: "", from: 3 }],
  ["a@b.example", true, undefined],
])("%j in a note %s asks for %j", (text, note, want) => {
  expect(tokenAt(text, text.length, note)).toEqual(want);
});

it("looks at the caret, not at the end", () => {
  expect(tokenAt("/tk 以后", 3, false)).toEqual({ kind: "canned", query: "tk", from: 0 });
});
