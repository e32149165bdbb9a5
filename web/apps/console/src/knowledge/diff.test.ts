import { expect, test } from "vitest";
import { diff } from "./diff";

const shown = (before: string, after: string) =>
  diff(before, after)
    .map(({ kind, text }) => (kind === "same" ? text : kind === "gone" ? `[-${text}]` : `[+${text}]`))
    .join("");

test("what changed is marked, what stayed is not", () => {
  expect(shown("三个工作日内到账", "五个工作日内到账")).toBe("[-三][+五]个工作日内到账");
  expect(shown("call 400", "call 95000 now")).toBe("call [-400][+95000 now]");
  expect(shown("", "新的")).toBe("[+新的]");
  expect(shown("旧的", "")).toBe("[-旧的]");
  expect(shown("一样", "一样")).toBe("一样");
  expect(shown("甲\n乙\n丙", "甲\n丙")).toBe("甲\n[-乙\n]丙");
});

test("both texts can be read out of a diff", () => {
  const a = "在“我的订单”里申请，审核后 1–3 天到账😀";
  const b = "请在 App 的“订单”里申请，审核后 3 天内到账😀。";
  const all = diff(a, b);
  expect(all.filter(({ kind }) => kind !== "new").map(({ text }) => text).join("")).toBe(a);
  expect(all.filter(({ kind }) => kind !== "gone").map(({ text }) => text).join("")).toBe(b);
});
