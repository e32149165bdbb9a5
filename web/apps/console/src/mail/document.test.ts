import { expect, it } from "vitest";
import { docOf, htmlOf, isEmpty, picturesIn, plainOf, type Node } from "./document";

const text = (words: string, ...marks: Node["marks"] & object) => ({ type: "text", text: words, marks });
const p = (...content: Node[]): Node => ({ type: "paragraph", content });
const li = (...content: Node[]): Node => ({ type: "listItem", content });
const picture = { type: "image", attrs: { src: "/api/v1/attachments/at_1", attachment: "at_1", alt: "故障灯.png" } };

const letter: Node = {
  type: "doc",
  content: [
    p(text("您好，"), text("请看", { type: "bold" }), text("说明", { type: "link", attrs: { href: "https://help.example/a?b=1&c=2" } })),
    { type: "paragraph" },
    { type: "bulletList", content: [li(p(text("一"))), li(p(text("二"), { type: "hardBreak" }, text("二续")))] },
    { type: "orderedList", attrs: { start: 3 }, content: [li(p(text("三")))] },
    { type: "blockquote", content: [p(text("原话 <b>"))] },
    p(picture),
  ],
};

it("writes HTML with pictures by attachment and everything else escaped", () => {
  expect(htmlOf(letter)).toBe(
    '<p>您好，<strong>请看</strong><a href="https://help.example/a?b=1&amp;c=2">说明</a></p><p><br></p>' +
      "<ul><li><p>一</p></li><li><p>二<br>二续</p></li></ul><ol start=\"3\"><li><p>三</p></li></ol>" +
      '<blockquote><p>原话 &lt;b&gt;</p></blockquote><p><img src="cid:at_1" alt="故障灯.png"></p>',
  );
});

it("writes the same as plain text", () => {
  expect(plainOf(letter)).toBe("您好，请看说明 (https://help.example/a?b=1&c=2)\n\n- 一\n- 二\n  二续\n3. 三\n> 原话 <b>\n[故障灯.png]");
});

it("follows no link but those of the web, of mail and of the telephone", () => {
  const doc = { type: "doc", content: [p(text("点我", { type: "link", attrs: { href: "javascript:alert(1)" } }))] };
  expect(htmlOf(doc)).toBe("<p>点我</p>");
  expect(plainOf(doc)).toBe("点我");
});

it("names an address once", () => {
  expect(plainOf(p(text("a@b.cn", { type: "link", attrs: { href: "mailto:a@b.cn" } })))).toBe("a@b.cn");
});

it("leaves out a picture that is no attachment", () => {
  expect(htmlOf({ type: "doc", content: [p({ type: "image", attrs: { src: "https://tracker.example/1.gif" } })] })).toBe("<p><br></p>");
  expect(picturesIn(letter)).toEqual(["at_1"]);
});

it("makes a document of plain text and back", () => {
  expect(plainOf(docOf("您好\n\n再见"))).toBe("您好\n\n再见");
  expect(isEmpty(docOf(" \n"))).toBe(true);
  expect(isEmpty({ type: "doc", content: [p(picture)] })).toBe(false);
});
