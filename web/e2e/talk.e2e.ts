import { faults } from "./faults";
import { Agent, expect, test } from "./house";

/** Changes settings of the demonstration's chat, and says what they were. */
async function settle(admin: Agent, change: Record<string, unknown>): Promise<Record<string, unknown>> {
  const [inbox] = ((await (await admin.page.request.get("/api/v1/inboxes")).json()) as { items: { id: string; settings: Record<string, unknown> }[] }).items;
  const answer = await admin.page.request.patch(`/api/v1/inboxes/${inbox!.id}`, { data: { settings: { ...inbox!.settings, ...change } } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return inbox!.settings;
}

/** A visitor whom lin answers. */
async function talking(house: Parameters<Parameters<typeof test>[2]>[0]["house"]) {
  await (await house.agent("wang")).clearQueue();
  await (await house.agent("zhao")).presence("offline");
  const lin = await house.agent("lin");
  await lin.presence("online");
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.askForPerson();
  const taken = await lin.page.request.post(`/api/v1/conversations/${visitor.conversation}/take`);
  expect(taken.ok(), await taken.text()).toBe(true);
  await lin.page.goto(`/app/inbox/mine/${visitor.conversation}`);
  await expect(lin.field).toBeVisible();
  return { lin, visitor };
}

test("a customer who falls silent is reminded, held by the agent, and let go", async ({ house }) => {
  test.setTimeout(240_000);
  const admin = await house.agent("admin");
  const warning = { zh: "您还在吗？没有新消息会话将结束。", en: "Are you still there?" };
  const was = await settle(admin, { silence: { warn_seconds: 8, close_seconds: 8, warning, remind_seconds: 0, alarm_seconds: 0 } });
  try {
    const { lin, visitor } = await talking(house);
    await lin.say("请问车架号是多少？");
    const bar = lin.page.getByRole("group", { name: "客户静默" });
    await expect(bar).toContainText("提醒客户");
    await bar.getByRole("button", { name: "等待客户" }).click();
    await expect(bar).toContainText("正在等待客户");
    expect(await faults(lin.page, "waiting for the customer")).toEqual([]);
    await bar.getByRole("button", { name: "不再等待" }).click();

    await expect(visitor.log.getByText(warning.zh)).toBeVisible();
    await visitor.say("在的，稍等");
    await expect(bar).toBeHidden();
    await lin.say("好的，不着急。");
    await visitor.page.getByRole("button", { name: "收起" }).first().click();
    await expect(visitor.page.getByRole("button", { name: /1 条未读消息|2 条未读消息/ })).toBeVisible();
    await expect(lin.log.getByText("已提醒会话将结束").nth(1)).toBeVisible();
    await expect(bar).toContainText("自动结束");
    await expect(lin.log.getByText("会话已结束")).toBeVisible();
    await lin.page.getByRole("button", { name: "结束会话" }).first().click();
    const dialog = lin.page.getByRole("dialog", { name: "结束会话" });
    await expect(dialog.getByRole("radio", { name: "客户未回应" })).toBeChecked();
    await dialog.getByRole("button", { name: "用这段" }).click();
    await expect(dialog.getByRole("textbox", { name: /备注|说明|补充/ })).toHaveValue(/^客户问：/);
    await lin.summarize(/功能介绍/, "客户未回应");
  } finally {
    await settle(admin, was);
  }
});

test("what was said is taken back, by the agent and by the customer", async ({ house }) => {
  test.setTimeout(180_000);
  const admin = await house.agent("admin");
  const was = await settle(admin, { recall: { seconds: 120, contact: true } });
  try {
    const { lin, visitor } = await talking(house);
    await lin.say("您的密码是 770123");
    await visitor.hears("770123");
    await lin.log.getByRole("button", { name: "撤回" }).last().click();
    await lin.page.getByRole("alertdialog").or(lin.page.getByRole("dialog")).getByRole("button", { name: "撤回" }).click();
    await expect(visitor.log.getByText("小林撤回了一条消息")).toBeVisible();
    await expect(visitor.page.getByText("770123")).toHaveCount(0);
    await expect(lin.log.getByText("小林 撤回了一条消息")).toBeVisible();
    await expect(lin.page.getByText("770123")).toHaveCount(0);
    await expect(lin.log.getByRole("button", { name: "查看原文" })).toHaveCount(0);

    await visitor.say("我的身份证号是 110101");
    await lin.hears("110101");
    await visitor.log.getByRole("button", { name: "撤回" }).last().click();
    await expect(visitor.log.getByText("您撤回了一条消息")).toBeVisible();
    await expect(lin.log.getByText("客户撤回了一条消息")).toBeVisible();
    await expect(lin.page.getByText("110101")).toHaveCount(0);
    expect(await faults(visitor.page, "a message that was taken back, widget")).toEqual([]);
    expect(await faults(lin.page, "a message that was taken back, console")).toEqual([]);

    await visitor.page.reload();
    await visitor.openChat();
    await expect(visitor.log.getByText("小林撤回了一条消息")).toBeVisible();

    const wang = await house.agent("wang", { at: `/app/inbox/all/${visitor.conversation}` });
    await wang.log.getByRole("button", { name: "查看原文" }).first().click();
    await expect(wang.log.getByText("770123")).toBeVisible();
    await lin.page.request.post(`/api/v1/conversations/${visitor.conversation}/close`, { data: { category: "other", result: "solved" } });
  } finally {
    await settle(admin, was);
  }
});

test("a canned reply is found by pinyin, filled in, and not sent half filled", async ({ house }) => {
  test.setTimeout(180_000);
  const wang = await house.agent("wang");
  for (const draft of [
    { shortcut: "tkjd", title: "退款进度", text: "您的工单 {{case.number}} 正在处理。", language: "zh" },
    { shortcut: "hello9", title: "问候语", folder: "开场", text: "您好，我是{{agent.name}}。", language: "zh" },
    { shortcut: "hello9", title: "Greeting", folder: "开场", text: "Hello, this is {{agent.name}}.", language: "en" },
  ]) {
    const answer = await wang.page.request.post("/api/v1/canned", { data: { ...draft, shared: true } });
    expect([200, 201, 409]).toContain(answer.status());
  }
  const { lin, visitor } = await talking(house);
  await lin.field.pressSequentially("/why");
  await expect(lin.page.getByRole("option", { name: /问候语/ })).toBeVisible();
  await expect(lin.page.getByRole("option", { name: /Greeting/ })).toHaveCount(0);
  expect(await faults(lin.page, "choosing a canned reply")).toEqual([]);
  await lin.field.press("Enter");
  await expect(lin.field).toHaveValue("您好，我是小林。");
  await lin.field.press("Enter");
  await visitor.hears("您好，我是小林。");

  await lin.field.pressSequentially("/tkjd");
  await expect(lin.page.getByRole("option", { name: /退款进度/ })).toBeVisible();
  await lin.field.press("Enter");
  await expect(lin.page.getByRole("alert").filter({ hasText: "工单编号" })).toBeVisible();
  await expect(lin.page.getByRole("button", { name: "发送", exact: true })).toBeDisabled();
  await lin.field.press("Enter");
  expect(await faults(lin.page, "a reply that is not filled in")).toEqual([]);
  await lin.field.fill("您的工单 TS1 正在处理。");
  await lin.field.press("Enter");
  await visitor.hears("您的工单 TS1 正在处理。");
  await expect(visitor.page.getByText("case.number")).toHaveCount(0);
  await lin.page.request.post(`/api/v1/conversations/${visitor.conversation}/close`, { data: { category: "other", result: "solved" } });
});

test("agents read what is typed only where the channel says so, and visitors are told", async ({ house }) => {
  const admin = await house.agent("admin");
  const lin = await house.agent("lin");
  const was = await settle(admin, { typing_preview: true });
  try {
    await (await house.agent("wang")).clearQueue();
    await lin.presence("online");
    const visitor = await house.visitor();
    await visitor.openChat();
    await expect(visitor.page.getByText("客服可以看到您正在输入的内容")).toBeVisible();
    await visitor.askForPerson();
    await lin.accept(visitor);
    await visitor.field.pressSequentially("我还没想好要不要说");
    await expect(lin.log.getByText("我还没想好要不要说")).toBeVisible();
  } finally {
    await settle(admin, { typing_preview: was["typing_preview"] });
  }
});

test("a result of the summary tells whoever came to the wrong place where to go", async ({ house }) => {
  const lin = await house.agent("lin");
  await (await house.agent("wang")).clearQueue();
  await lin.presence("online");
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.askForPerson("我想买一辆新车");
  await lin.accept(visitor);
  await lin.say("您好");
  await lin.page.getByRole("button", { name: "结束" }).first().click();
  const dialog = lin.page.getByRole("dialog", { name: "结束会话" });
  await dialog.getByRole("radio", { name: "打错或销售咨询" }).click();
  await expect(dialog.getByText(/客户会看到：/)).toBeVisible();
  await dialog.getByRole("checkbox", { name: /已确认客户听懂了/ }).click();
  expect(await faults(lin.page, "closing")).toEqual([]);
  await lin.summarize("其他", "打错或销售咨询");
  await expect(visitor.log.getByText(/请联系销售热线/)).toBeVisible();
});

test("a page invites who looks at it for a while, once", async ({ house }) => {
  const admin = await house.agent("admin");
  const was = await settle(admin, { proactive: [{ page: "/demo", after_seconds: 1, text: { zh: "看车遇到问题了吗？我们在线。", en: "Any questions? We are here." } }] });
  try {
    const visitor = await house.visitor();
    const invitation = visitor.page.getByRole("status").filter({ hasText: "看车遇到问题了吗？" });
    await expect(invitation).toBeVisible();
    expect(await faults(visitor.page, "invited")).toEqual([]);
    await invitation.getByRole("button", { name: "现在咨询" }).click();
    await expect(visitor.field).toBeVisible();
    await expect(invitation).toBeHidden();
    await visitor.page.reload();
    await visitor.page.waitForTimeout(2_500);
    await expect(invitation).toBeHidden();
    const other = await house.visitor({ locale: "en-US" });
    await other.page.getByRole("button", { name: "No, thank you" }).click();
    await expect(other.page.getByText("Any questions?")).toBeHidden();
  } finally {
    await settle(admin, { proactive: was["proactive"] ?? [] });
  }
});
