import type { APIRequestContext, Page } from "@playwright/test";
import { expect } from "./house";
import { mailPort } from "./program.mjs";

/** A mailbox whose mail other servers hand in, and whose answers leave through the customer's provider. */
export async function mailbox(request: APIRequestContext, address: string, port: number, more: Record<string, unknown> = {}): Promise<void> {
  const guess = (await (await request.get(`/api/v1/mailboxes/guess?address=${encodeURIComponent(address)}`)).json()) as { settings: Record<string, unknown> & { fetch: object; send: { server: object } } };
  const { settings } = guess;
  const made = await request.post("/api/v1/mailboxes", {
    data: {
      name: address,
      address,
      enabled: true,
      settings: {
        ...settings,
        name: { zh: "远行汽车客户服务", en: "Yuanxing Service" },
        signature: { zh: "远行汽车客户服务\n400-820-0000", en: "Yuanxing Service" },
        fetch: { ...settings.fetch, way: "smtp" },
        send: { ...settings.send, plus: true, server: { ...settings.send.server, host: "127.0.0.1", port, security: "none", auth: "none", user: "" } },
        undo_seconds: 4,
        receipt: { enabled: false, text: { zh: "", en: "" } },
        spam_words: ["低价代开发票"],
        ...more,
      },
    },
  });
  expect(made.ok(), await made.text()).toBe(true);
}

export const listening = (page: Page) => mailPort(new URL(page.url()).host);
