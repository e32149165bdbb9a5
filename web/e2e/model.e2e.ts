import { faults } from "./faults";
import { expect, test } from "./house";
import { fakeModel, fakeShop } from "./program.mjs";

test("a model is set up, answers from sources, and what it did can be asked for", async ({ house }) => {
  const { at, keys, goOn, stop } = await fakeModel();
  const { page } = await house.agent("admin", { at: "/app/settings/model" });
  try {
    const address = page.getByLabel("地址", { exact: true });
    await page.getByRole("switch", { name: "启用大模型" }).click();
    await address.fill("http://api.example.com/v1");
    await page.getByLabel("密钥", { exact: true }).fill("sk-e2e");
    await page.getByLabel("默认模型").fill("qwen-e2e");
    await page.getByRole("button", { name: "保存" }).click();
    await expect(page.getByText("不加密只能用本单位内网的地址").first()).toBeVisible();
    await address.fill(at);
    await page.getByRole("button", { name: "试一试连接" }).click();
    await expect(page.getByText(/qwen-e2e 能用，用时 \d+ 毫秒/)).toBeVisible();
    await page.getByRole("button", { name: "保存" }).click();
    await expect(page.getByText("已保存，不会显示；填写新的会替换")).toBeVisible();
    expect(keys()).toEqual(["Bearer sk-e2e"]);
    expect(await faults(page, "the model")).toEqual([]);

    const visitor = await house.visitor();
    await visitor.openChat();
    await visitor.say("你好");
    await visitor.hears("我是智能助手");
    const wang = await house.agent("wang", { at: `/app/inbox/bot/${visitor.conversation}` });
    await wang.hears("我是智能助手");
    await visitor.say("车放了挺久不开电瓶老是没劲是为啥啊");
    const written = visitor.log.locator(".typing .bubble");
    await expect(written).toContainText("[1]。"); // the first sentence, checked, while the second is on its way
    await expect(visitor.log.locator(".who").filter({ hasText: "（AI 生成）" })).toHaveCount(0);
    await expect(visitor.log.getByRole("status")).toContainText("正在输入");
    await expect(wang.page.getByText("正在写回答，还没有发出")).toBeVisible();
    goOn();
    await expect(visitor.log.locator(".who").filter({ hasText: "（AI 生成）" })).toBeVisible();
    await expect(visitor.log.locator(".bubble").last()).toContainText("[1]");

    await expect(written).toHaveCount(0);
    await wang.page.getByRole("button", { name: "为什么这么说" }).last().click();
    await expect(wang.page.getByText("按它的提议做，已核对")).toBeVisible();
    await expect(wang.page.getByText(/qwen-e2e · 3 次 · 2520 令牌/)).toBeVisible();
    await wang.page.keyboard.press("Escape");

    // translated both ways; what was written stays with the agents, and another number is refused
    const foreign = await house.visitor();
    await foreign.openChat();
    await foreign.say("The charging stopped 3 times today, please help");
    await wang.page.request.post(`/api/v1/conversations/${foreign.conversation}/take`);
    await wang.page.goto(`/app/inbox/mine/${foreign.conversation}`);
    await wang.page.getByRole("button", { name: "翻译", exact: true }).first().click();
    await expect(wang.log.getByText("今天充电中断了 3 次，请帮忙")).toBeVisible();
    await wang.field.fill("请周三 15:00 到店");
    await wang.page.getByRole("button", { name: "翻译后发送" }).click();
    const dialog = wang.page.getByRole("dialog", { name: "翻译后发送" });
    await dialog.getByRole("button", { name: "翻译", exact: true }).click();
    await expect(dialog.getByLabel("译文")).toHaveValue("Please come to the shop on Wednesday at 15:00.");
    expect(await faults(wang.page, "a translation to be looked at")).toEqual([]);
    await dialog.getByRole("button", { name: "发送译文" }).click();
    await foreign.hears("Please come to the shop on Wednesday at 15:00.");
    await expect(wang.log.getByText("原文：请周三 15:00 到店")).toBeVisible();
    await expect(foreign.log.getByText("请周三 15:00 到店")).toHaveCount(0);
    await foreign.say("Fine, I paid 200 yuan already");
    await wang.page.getByRole("button", { name: "翻译", exact: true }).last().click();
    await expect(wang.page.getByText(/没有译文：译文里没有 200/)).toBeVisible();
  } finally {
    const now = (await (await page.request.get("/api/v1/model")).json()) as { version: number };
    await page.request.put("/api/v1/model", {
      data: { enabled: false, base_url: "", model: "", models: {}, off: [], mask: true, day_tokens: 0, day_yuan: 0, price_in: 0, price_out: 0, version: now.version, key: "" },
    });
    stop();
  }
});

test("a server of look-ups is set up: what only reads may be allowed", async ({ house }) => {
  const shop = await fakeShop();
  const { page } = await house.agent("admin", { at: "/app/settings/model" });
  try {
    await page.getByRole("button", { name: "添加服务" }).click();
    const form = page.getByRole("dialog", { name: "添加服务" });
    await form.getByLabel("名称").fill("商城");
    await form.getByLabel("短名").fill("shop");
    await form.getByLabel("地址").fill("http://shop.example.com/mcp");
    await form.getByRole("button", { name: "读取工具列表" }).click();
    await expect(form.getByText("不加密只能用本单位内网的地址").first()).toBeVisible();
    await form.getByLabel("地址").fill(shop.at);
    await form.getByRole("button", { name: "读取工具列表" }).click();
    await form.getByRole("checkbox", { name: "order_status" }).click();
    await expect(form.getByRole("checkbox", { name: "cancel_order" })).toBeDisabled();
    await expect(form.getByText(/没有声明 cancel_order 只读/)).toBeVisible();
    expect(await faults(page, "a server of look-ups")).toEqual([]);
    await form.getByRole("button", { name: "保存" }).click();
    await expect(form).toBeHidden();
    await expect(page.getByText("1 个工具")).toBeVisible();
    await page.getByRole("button", { name: "编辑商城" }).click();
    await page.getByRole("dialog", { name: "商城" }).getByRole("button", { name: "删除服务" }).click();
    await expect(page.getByText("还没有外部查询服务")).toBeVisible();
  } finally {
    shop.stop();
  }
});
