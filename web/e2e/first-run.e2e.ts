import { Agent, expect, test } from "./house";
import { emptyHouse, hostPage } from "./program.mjs";

test("from an empty folder to an answered chat on one's own page", async ({ house }, info) => {
  const empty = await emptyHouse();
  let host: Awaited<ReturnType<typeof hostPage>> | undefined;
  try {
    const began = Date.now();
    const page = await house.browser({ baseURL: empty.url, permissions: ["clipboard-read", "clipboard-write"] });
    await page.goto(empty.setup);
    await expect(page.getByRole("heading", { name: "创建第一位管理员" })).toBeVisible();
    await page.getByLabel("邮箱").fill("me@shop.example");
    await page.getByLabel("姓名").fill("店长");
    await page.getByLabel("密码", { exact: true }).fill("correct horse");
    await page.getByLabel("再输一次密码").fill("correct horse");
    await page.getByRole("button", { name: "完成并进入" }).click();
    await expect(page.getByText("还没有会话")).toBeVisible();

    await page.getByRole("link", { name: "设置" }).click();
    await page.getByRole("link", { name: "聊天渠道" }).click();
    await page.getByRole("main").getByRole("listitem").getByRole("button").first().click();
    await page.getByRole("tab", { name: "嵌入网页" }).click();
    await page.getByRole("button", { name: "复制" }).first().click();
    const snippet = await page.evaluate(() => navigator.clipboard.readText());
    expect(snippet).toContain("<script");
    host = await hostPage(`<!doctype html><html lang="zh-CN"><title>小店</title><h1>小店</h1>${snippet}</html>`);

    const me = new Agent(page);
    await page.getByRole("link", { name: "会话", exact: true }).click();
    await page.getByRole("button", { name: /^离线/ }).click();
    await page.getByRole("menuitem", { name: /在线接待/ }).click();
    const visitor = await house.visitor({ at: host.url });
    await visitor.openChat();
    await visitor.say("你们几点开门？");
    await me.accept(visitor);
    await me.say("早上九点，欢迎您来。");
    await visitor.hears("早上九点，欢迎您来。");
    info.annotations.push({ type: "seconds", description: ((Date.now() - began) / 1000).toFixed(1) });

    await page.goto(empty.setup);
    await expect(page.getByRole("heading", { name: "这个链接不能用了" })).toBeVisible();
  } finally {
    host?.stop();
    empty.stop();
  }
});
