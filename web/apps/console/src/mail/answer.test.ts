import type { Message } from "@yingda/api";
import { expect, test } from "vitest";
import { answered, others } from "./answer";

const mailOf = (id: string, more: object = {}, mail: object = {}) =>
  ({ id, from: "contact", kind: "text", mail: { subject: "", from: { address: "Zhang@mail.example" }, to: [], cc: [], ...mail }, ...more }) as unknown as Message;

test("an answer is to the customer's last mail, not to a program's, a third party's or one that was split off", () => {
  const items = [
    mailOf("ms_1"),
    mailOf("ms_2"),
    mailOf("ms_3", {}, { automatic: true }),
    mailOf("ms_4", {}, { forwarded: true }),
    mailOf("ms_5", { from: "agent" }),
    mailOf("ms_6"),
    { id: "ms_7", from: "system", kind: "event", event: { name: "mail.split", args: { message: "ms_6" } } } as unknown as Message,
  ];
  expect(answered(items)?.id).toBe("ms_2");
  expect(answered([])).toBeUndefined();
});

test("everybody who got it gets the answer, each once, and nobody of us", () => {
  const mail = mailOf("ms_1", {}, {
    to: [{ address: "support+c7.abc@yuanxing.example" }, { name: "门店", address: "shop@dealer.example" }, { address: "undisclosed recipients" }],
    cc: [{ address: "Help@Yuanxing.example" }, { name: "王芳", address: "wang@mail.example" }, { address: "SHOP@dealer.example" }, { address: "zhang@mail.example" }],
  });
  expect(others(answered([mail])!, ["support@yuanxing.example", "help@yuanxing.example"])).toEqual([
    { name: "门店", address: "shop@dealer.example" },
    { name: "王芳", address: "wang@mail.example" },
  ]);
});
