import { expect, known, test } from "./house";
import { hostPage } from "./program.mjs";

test("the widget works on a stranger's page with a strict policy, on a phone, in English", async ({ house, baseURL }) => {
  await (await house.agent("lin")).presence("online");
  const key = await (await house.visitor()).page.locator("script[data-inbox]").getAttribute("data-inbox");
  const socket = baseURL!.replace("http", "ws");
  const host = await hostPage(
    `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Bakery</title><h1>Bread</h1><script async src="${baseURL}/widget.js" data-inbox="${key}"></script></html>`,
    { "Content-Security-Policy": `default-src 'none'; script-src ${baseURL}; connect-src ${baseURL} ${socket}; base-uri 'none'` },
  );
  try {
    const visitor = await house.visitor({ at: host.url, viewport: { width: 375, height: 812 }, locale: "en-GB", hasTouch: true, isMobile: true });
    await visitor.openChat();
    const panel = visitor.page.getByRole("dialog", { name: "Yuanxing service" });
    const { x, y, width, height } = (await panel.boundingBox())!;
    expect({ x, y, width, height }).toEqual({ x: 0, y: 0, width: 375, height: 812 });
    await visitor.say("Are you open on public holidays?");
    await expect(visitor.log.locator(".row.bot").first()).toContainText("Assistant");
    await visitor.page.getByRole("button", { name: "Live agent", exact: true }).first().click();
    await expect(visitor.log.getByText("You asked for a live agent")).toBeVisible();
    expect(await visitor.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(375);
    await visitor.page.getByRole("button", { name: "Close chat" }).first().click();
    await expect(panel).toBeHidden();
    await expect(visitor.launcher).toBeFocused();
  } finally {
    host.stop();
  }
});

test("the widget follows the visitor to the next page and counts what was not read", async ({ house }) => {
  await (await house.agent("wang")).clearQueue();
  await (await house.agent("zhao")).presence("offline");
  const lin = await house.agent("lin");
  await lin.presence("online");
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.say(known.question);
  await visitor.askForPerson();
  await lin.accept(visitor);
  await visitor.page.keyboard.press("Escape");
  await lin.say("您的车在哪里？");
  await lin.say("需要拖车吗？");
  await visitor.page.reload();
  await visitor.page.getByRole("button", { name: "打开在线客服，2 条未读消息" }).click();
  await visitor.hears("需要拖车吗？");
  await expect(lin.log.locator("[data-seq]").filter({ hasText: "需要拖车吗？" })).toContainText("已读");
});
