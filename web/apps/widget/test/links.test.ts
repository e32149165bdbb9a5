import { expect, test } from "vitest";
import { splitLinks } from "../src/links";

const linksIn = (text: string) => splitLinks(text).flatMap((piece) => piece.href ?? []);

test.each([
  ["no address", []],
  ["see https://example.com/a?b=1&c=2#d now", ["https://example.com/a?b=1&c=2#d"]],
  ["请打开https://a.cn/退款查看", ["https://a.cn/"]],
  ["请看 http://a.cn。", ["http://a.cn"]],
  ["(https://a.cn/x), https://b.cn.", ["https://a.cn/x", "https://b.cn"]],
  ["HTTPS://A.CN/X", ["HTTPS://A.CN/X"]],
  ["javascript:alert(1) ftp://a.cn www.a.cn https://", []],
  ['https://a.cn/"onclick="x', ["https://a.cn/"]],
  ["<https://a.cn/x>", ["https://a.cn/x"]],
])("%s", (text, links) => {
  expect(linksIn(text)).toEqual(links);
});

test.each(["", "plain", "https://a.cn", "a https://a.cn b\nhttps://b.cn/。c"])("the pieces of %j are the whole text", (text) => {
  expect(splitLinks(text).map((piece) => piece.text).join("")).toBe(text);
});
