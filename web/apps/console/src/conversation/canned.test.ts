import type { Canned } from "@yingda/api";
import { expect, test } from "vitest";
import { initials, matching, unfilled } from "./canned";

const reply = (shortcut: string, more: Partial<Canned> = {}): Canned => ({ id: shortcut + more.language, shortcut, title: "", text: "", language: "zh", folder: "", shared: true, uses: 0, ...more });

test("the initials of pinyin", () => {
  expect(initials("退款流程")).toBe("tklc");
  expect(initials("保养 V2")).toBe("byv2");
  expect(initials("啊吧差大饿饭高好急卡蓝妈那哦怕去然三他为下呀在")).toBe("abcdefghjklmnopqrstwxyz");
});

test("one reply for each shortcut, in the contact's language if there is one", () => {
  const all = [reply("hi", { text: "您好" }), reply("hi", { language: "en", text: "Hello" }), reply("bye", { text: "再见" })];
  expect(matching(all, "", "en").map(({ canned, other }) => [canned.text, other])).toEqual([["Hello", false], ["再见", true]]);
  expect(matching(all, "", "zh").map(({ canned }) => canned.text)).toEqual(["您好", "再见"]);
});

test("found by code, title, folder, initials and text, the best first", () => {
  const all = [reply("a", { text: "关于 tk 的说明" }), reply("b", { title: "退款流程" }), reply("tk", {}), reply("tkx", { uses: 9 }), reply("c", { folder: "退款" }), reply("d", {})];
  expect(matching(all, "tk", "zh").map(({ canned }) => canned.shortcut)).toEqual(["tk", "tkx", "b", "c", "a"]);
  expect(matching(all, "退款", "zh").map(({ canned }) => canned.shortcut)).toEqual(["b", "c"]);
});

test("what stands unfilled", () => {
  expect(unfilled("工单 {{ case.number }} 和 {{foo}}")).toEqual(["case.number"]);
  expect(unfilled("工单 TS1")).toEqual([]);
});
