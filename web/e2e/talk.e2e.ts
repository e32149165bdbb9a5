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
  await lin.accept(visitor);
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
    await visitor.page.getByRole("button", { name: "收起" }).click();
    await expect(visitor.page.getByRole("button", { name: /1 条未读消息|2 条未读消息/ })).toBeVisible();
    await expect(lin.log.getByText("已提醒会话将结束").nth(1)).toBeVisible();
    await expect(bar).toContainText("自动结束");
    await expect(lin.page.getByText("待小结").first()).toBeVisible();
    await lin.page.getByRole("button", { name: "结束会话" }).first().click();
    const dialog = lin.page.getByRole("dialog", { name: "结束会话" });
    await expect(dialog.getByRole("radio", { name: "客户未回应" })).toBeChecked();
    await lin.summarize(/功能介绍/, "客户未回应");
  } finally {
    await settle(admin, was);
  }
});
