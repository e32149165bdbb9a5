import { expect, it } from "vitest";
import { added, isAddress, readPeople, written } from "./address";

it.each([
  ["a@b.cn", true],
  ["张三@例子.公司", true],
  ["first.last+tag@mail.example.com", true],
  ["a@localhost", true],
  ["a@b", false],
  ["a@.cn", false],
  ["a@b..cn", false],
  ["@b.cn", false],
  ["a b@c.cn", false],
  ["a@b.cn>", false],
  ["a@b.cn\r\nBcc: x@y.cn", false],
  [`${"x".repeat(65)}@b.cn`, false],
  ["没有地址", false],
])("%j is an address: %s", (text, is) => expect(isAddress(text)).toBe(is));

it.each([
  ["a@b.cn", [{ address: "a@b.cn" }]],
  ["a@b.cn; c@d.cn，e@f.cn、g@h.cn", [{ address: "a@b.cn" }, { address: "c@d.cn" }, { address: "e@f.cn" }, { address: "g@h.cn" }]],
  ["a@b.cn c@d.cn", [{ address: "a@b.cn" }, { address: "c@d.cn" }]],
  ["张三 <a@b.cn>\n李四＜c@d.cn＞", [{ name: "张三", address: "a@b.cn" }, { name: "李四", address: "c@d.cn" }]],
  ['"Zhang, San" <a@b.cn>, b@c.cn', [{ name: "Zhang, San", address: "a@b.cn" }, { address: "b@c.cn" }]],
  ["mailto:a@b.cn", [{ address: "a@b.cn" }]],
  ["a＠b.cn", [{ address: "a@b.cn" }]],
  ["a@b.cn <a@b.cn>", [{ address: "a@b.cn" }]],
  ["张三", [{ address: "张三" }]],
  [" , ;", []],
])("reads %j", (text, people) => expect(readPeople(text)).toEqual(people));

it("adds nobody twice", () => {
  expect(added([{ address: "A@b.cn" }], [{ name: "甲", address: "a@B.cn" }, { address: "c@d.cn" }, { address: "c@d.cn" }])).toEqual([{ address: "A@b.cn" }, { address: "c@d.cn" }]);
});

it("reads what it wrote", () => {
  for (const p of [{ address: "a@b.cn" }, { name: "张三", address: "a@b.cn" }, { name: "Zhang, San", address: "a@b.cn" }]) expect(readPeople(written(p))).toEqual([p]);
});
