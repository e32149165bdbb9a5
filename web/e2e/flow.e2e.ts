import { faults } from "./faults";
import { expect, known, test } from "./house";
import { picture } from "./program.mjs";

test("a fault is reported over several turns, with a picture and a question in between", async ({ house }) => {
  test.setTimeout(180_000);
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.say("我要报故障");
  await visitor.hears("请描述");
  await visitor.say("仪表盘上有个黄灯一直亮着");
  await visitor.hears("行驶");

  await test.step("a question in between is answered, and the flow goes on", async () => {
    await visitor.say(known.question);
    await visitor.hears(known.answer);
    await expect(visitor.log.getByRole("button", { name: "是", exact: true })).toBeVisible();
  });

  await test.step("what can be pressed saves typing", async () => {
    await visitor.log.getByRole("button", { name: "是", exact: true }).click();
    await visitor.hears("车架号");
  });

  await visitor.page.locator('input[type="file"]').setInputFiles(picture);
  await expect(visitor.page.getByRole("button", { name: `移除 ${picture.name}` }).or(visitor.page.getByText(picture.name)).first()).toBeVisible();
  await visitor.field.press("Enter");
  await visitor.hears("收到您的文件");

  await visitor.say("LSVAA4182E2184848");
  await visitor.hears("车架号");
  await visitor.say("LSVAA4182E2184847");
  await visitor.hears("时候");
  await visitor.say("昨天下午三点");
  await visitor.hears("电话");
  await visitor.say("13800138000");
  await visitor.hears("138****8000");
  expect(await faults(visitor.page, "a flow in the chat")).toEqual([]);
  await visitor.log.getByRole("button", { name: "确认", exact: true }).click();
  await visitor.hears("已受理，工单号");

  await test.step("the case has what was told, and the picture", async () => {
    const agent = await house.agent("wang");
    const cases = (await (await agent.page.request.get("/api/v1/cases?view=all&limit=5")).json()) as { items: { id: string; text: string }[] };
    const reported = cases.items.find(({ text }) => text.includes("仪表盘上有个黄灯"))!;
    expect(reported.text).toContain("LSVAA4182E2184847");
    await agent.page.goto(`/app/cases/${reported.id}`);
    await expect(agent.page.getByText(picture.name).first()).toBeVisible();
  });
});

test("who asks for a person in a flow says nothing twice, and why the assistant spoke can be asked", async ({ house }) => {
  test.setTimeout(120_000);
  const wang = await house.agent("wang");
  await wang.clearQueue();
  await wang.presence("online");
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.say(known.question);
  await visitor.hears(known.answer);
  await visitor.say("我要投诉");
  await visitor.hears("经过");
  await visitor.say("取车时发现车门被划了，没有人承认");
  await visitor.hears("哪");
  await visitor.page.getByRole("button", { name: /^转人工$/ }).first().click();
  await expect(visitor.log.getByText(/您请求了人工客服/)).toBeVisible();
  const taken = await wang.page.request.post(`/api/v1/conversations/${visitor.conversation}/take`);
  expect(taken.ok(), await taken.text()).toBe(true);
  await wang.page.goto(`/app/inbox/mine/${visitor.conversation}`);

  const card = wang.page.getByRole("region", { name: "智能助手转交：投诉" });
  await expect(card).toContainText("取车时发现车门被划了，没有人承认");
  await expect(visitor.log.getByText("智能助手转交")).toHaveCount(0);

  await wang.log.getByRole("button", { name: "为什么这么说" }).first().click();
  const why = wang.page.getByRole("dialog", { name: "为什么这么说" });
  await expect(why).toContainText("直接回答");
  await expect(why).toContainText("客服热线的服务时间");
  expect(await faults(wang.page, "why it was said")).toEqual([]);
  await wang.page.keyboard.press("Escape");
  await wang.log.getByRole("button", { name: "为什么这么说" }).last().click();
  await expect(why).toContainText("流程里的每一步");
  await wang.presence("offline");
});

test("an agent is offered the answer to what was asked, and sends it", async ({ house }) => {
  test.setTimeout(120_000);
  const wang = await house.agent("wang");
  await wang.clearQueue();
  await wang.presence("online");
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.askForPerson("请问节假日打电话有人接吗");
  const taken = await wang.page.request.post(`/api/v1/conversations/${visitor.conversation}/take`);
  expect(taken.ok(), await taken.text()).toBe(true);
  await wang.page.goto(`/app/inbox/mine/${visitor.conversation}`);
  const offered = wang.page.getByRole("region", { name: "建议回复" });
  await expect(offered.getByRole("button").first()).toHaveText("客服热线的服务时间是什么时候？");
  expect(await faults(wang.page, "suggested replies")).toEqual([]);
  await wang.page.keyboard.press("Alt+s");
  await expect(wang.field).toHaveValue(/客服热线在工作日/);
  await expect(offered).toBeHidden();
  await wang.field.press("Enter");
  await visitor.hears("客服热线在工作日");
  await expect(offered).toBeHidden();
  await wang.presence("offline");
});
