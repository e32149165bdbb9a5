import { expect, it } from "vitest";
import { answering, bare, forwarding } from "./subject";

it.each([
  ["充电问题", "充电问题"],
  ["Re: 充电问题", "充电问题"],
  ["回复：答复: Re[2]: 充电问题", "充电问题"],
  ["RE：Fwd: charging", "charging"],
  ["回复：充电问题 [#1001-AB12]", "充电问题"],
  ["Report: weekly", "Report: weekly"],
  ["Re:", ""],
])("%j says %j", (subject, says) => expect(bare(subject)).toBe(says));

it("answers and sends on in the language of the customer", () => {
  expect(answering("Re: 充电问题", "zh")).toBe("回复：充电问题");
  expect(answering("charging", "en")).toBe("Re: charging");
  expect(forwarding("回复：充电问题", "zh")).toBe("转发：充电问题");
});
