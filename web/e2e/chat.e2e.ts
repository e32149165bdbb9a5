import { Agent, expect, known, password, test } from "./house";
import { picture } from "./program.mjs";

test("a visitor asks, is answered by the assistant, and then by people, to the end", async ({ house }) => {
  test.setTimeout(180_000);
  const zhao = await house.agent("zhao");
  await zhao.presence("offline");
  await (await house.agent("wang")).clearQueue();
  const page = await house.browser();
  await page.goto("/app/");
  await page.getByLabel("邮箱").fill("lin@demo");
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("heading", { name: "我的会话", level: 1 })).toBeVisible();

  const lin = new Agent(page);
  await lin.presence("online");

  const visitor = await house.visitor();
  await test.step("opens the widget by keyboard", async () => {
    for (let i = 0; i < 40 && !(await visitor.launcher.evaluate((el) => el === (el.getRootNode() as ShadowRoot).activeElement)); i++) await visitor.page.keyboard.press("Tab");
    await visitor.page.keyboard.press("Enter");
    await expect(visitor.field).toBeFocused();
  });

  await test.step("the assistant answers from the knowledge base and says so", async () => {
    await visitor.page.keyboard.type(known.question);
    await visitor.page.keyboard.press("Enter");
    const answer = visitor.log.locator(".row.bot").filter({ hasText: known.answer });
    await expect(answer).toBeVisible();
    await expect(answer.getByText("智能助手", { exact: true }).first()).toBeVisible();
    await expect(answer.getByRole("link")).toHaveText("客服热线的服务时间是什么时候？");
  });

  await test.step("asks for a person, and rings at one", async () => {
    await visitor.page.getByRole("button", { name: "转人工" }).first().click();
    await expect(visitor.log.getByText("您请求了人工客服")).toBeVisible();
    await lin.accept(visitor);
    await expect(visitor.log.getByText("已接入人工客服 小林")).toBeVisible();
    await lin.hears(known.answer);
  });

  await test.step("both see each other write and read", async () => {
    await lin.field.pressSequentially("您好，");
    await expect(visitor.page.getByRole("status").filter({ hasText: "小林 正在输入" })).toBeAttached();
    await lin.field.pressSequentially("我是小林");
    await lin.field.press("Enter");
    await visitor.hears("您好，我是小林");
    await expect(lin.log.locator("[data-seq]").filter({ hasText: "您好，我是小林" })).toContainText("已读");
    await visitor.field.pressSequentially("仪表上亮了一个灯");
    await expect(lin.log.getByText("正在输入")).toBeVisible();
    await expect(lin.log.getByText("仪表上亮了一个灯")).toHaveCount(0); // what is typed is theirs until it is sent
    await visitor.field.press("Enter");
    await lin.hears("仪表上亮了一个灯");
    await expect(visitor.log.locator(".row.own").last()).toContainText("已读");
  });

  await test.step("a picture arrives", async () => {
    await lin.page.locator("input[type=file]").setInputFiles(picture);
    await expect(lin.page.getByRole("button", { name: "移除 故障灯.png" })).toBeVisible();
    await lin.say("是这个灯吗？");
    await visitor.hears("是这个灯吗？");
    const shown = visitor.page.getByRole("button", { name: "查看大图 故障灯.png" });
    await expect(shown).toBeVisible();
    await expect.poll(() => shown.locator("img").evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    await shown.click();
    await expect(visitor.page.getByRole("dialog", { name: "故障灯.png" })).toBeVisible();
    await visitor.page.keyboard.press("Escape");
  });

  await test.step("a note stays among colleagues", async () => {
    await lin.page.getByRole("radio", { name: "内部备注" }).click();
    await lin.page.getByLabel("备注内容").fill("客户有点着急，先安抚");
    await lin.page.getByRole("button", { name: "添加备注" }).click();
    await lin.hears("客户有点着急，先安抚");
    await lin.page.getByRole("radio", { name: "回复", exact: true }).click();
    await lin.say("我请同事帮您看看。");
    await visitor.hears("我请同事帮您看看。");
    await expect(visitor.page.getByText("先安抚")).toHaveCount(0);
    const held = await visitor.page.request.get(`/widget/v1/messages?conversation=${visitor.conversation}&after=0`, { headers: { Authorization: `Bearer ${visitor.token}` } });
    expect(held.ok()).toBe(true);
    expect(await held.text()).not.toContain("先安抚");
  });

  await test.step("handing over needs a word about it", async () => {
    await zhao.presence("online");
    await lin.page.getByRole("button", { name: "转接" }).click();
    const dialog = lin.page.getByRole("dialog", { name: "转接会话" });
    await dialog.getByRole("button", { name: "转接", exact: true }).click();
    await expect(dialog.getByText("请选择转给谁")).toBeVisible();
    await expect(dialog.getByText("请写清楚客户的问题和已经做过的事")).toBeVisible();
    await dialog.getByRole("button", { name: /选择客服/ }).click();
    await lin.page.getByRole("option", { name: /赵宇/ }).click();
    await dialog.getByLabel(/交接说明/).fill("机油灯亮，已请客户停车");
    await dialog.getByRole("button", { name: "转接", exact: true }).click();
    await expect(dialog).toBeHidden();
    await zhao.accept(visitor);
    await zhao.hears("客户有点着急，先安抚");
    await zhao.say("您好，我是小赵，请先不要再启动发动机。");
    await visitor.hears("请先不要再启动发动机");
    await expect(visitor.page.getByText("已请客户停车")).toHaveCount(0);
  });

  await test.step("ending needs a summary", async () => {
    await zhao.page.getByRole("button", { name: "结束会话" }).click();
    const dialog = zhao.page.getByRole("dialog", { name: "结束会话" });
    await dialog.getByRole("button", { name: "结束会话" }).click();
    await expect(dialog.getByText("请选择分类")).toBeVisible();
    await expect(dialog.getByText("请选择处理结果")).toBeVisible();
    await zhao.summarize(/./, "已解决");
    await expect(visitor.page.getByText("本次对话已结束")).toBeVisible();
  });

  await test.step("the visitor can begin anew", async () => {
    const ended = visitor.conversation;
    await visitor.page.getByRole("button", { name: "开始新对话" }).click();
    await visitor.say(known.question);
    await visitor.hears(known.answer);
    await expect.poll(() => visitor.conversation).not.toBe(ended);
    await expect(visitor.log.getByText("先不要再启动")).toHaveCount(0);
  });
});
