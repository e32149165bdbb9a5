import { expect, it } from "vitest";
import { parseBlocks, parseInline } from "./blocks";

it("parts a text into its blocks", () => {
  const text = "## 标题 ##\n一段\n两行\n\n- 甲\n- 乙\n1. 一\n> 引\n> 用\n---\n```\n# 不是标题\n```\n| 甲 | 乙 |\n|---|---|\n| 1 |";
  expect(parseBlocks(text)).toEqual([
    { kind: "heading", level: 2, text: "标题" },
    { kind: "paragraph", text: "一段\n两行" },
    { kind: "list", ordered: false, items: ["甲", "乙"] },
    { kind: "list", ordered: true, items: ["一"] },
    { kind: "quote", text: "引\n用" },
    { kind: "rule" },
    { kind: "code", text: "# 不是标题" },
    { kind: "table", head: ["甲", "乙"], rows: [["1", ""]] },
  ]);
});

it.each(["```\n没有结尾", "|", "#", "> ", "[](", "**", "\r\n"])("comes to an end with %j", (text) => {
  expect(() => parseBlocks(text).map((block) => ("text" in block ? parseInline(block.text) : []))).not.toThrow();
});

it("finds marks inside a line", () => {
  expect(parseInline("看 **这里** 和 `code`，*轻* [网页](https://a.cn)")).toEqual([
    { kind: "text", text: "看 " },
    { kind: "strong", text: "这里" },
    { kind: "text", text: " 和 " },
    { kind: "code", text: "code" },
    { kind: "text", text: "，" },
    { kind: "emphasis", text: "轻" },
    { kind: "text", text: " " },
    { kind: "link", text: "网页", href: "https://a.cn" },
  ]);
});

it.each(["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "vbscript:x"])("makes no link to %s", (address) => {
  expect(parseInline(`[点我](${address})`).every((part) => part.kind === "text")).toBe(true);
  expect(parseInline(`![图](${address})`).every((part) => part.kind === "text")).toBe(true);
});

it.each(["https://a.cn/x", "mailto:a@b.cn", "tel:400", "/faq/x", "#top"])("makes a link to %s", (address) => {
  expect(parseInline(`[点我](${address})`)).toEqual([{ kind: "link", text: "点我", href: address }]);
});
