import { faults } from "./faults";
import { expect, test } from "./house";

test("the place counts down, the offer moves on, and why is told; when all leave, who waits is told", async ({ house }) => {
  test.setTimeout(240_000);
  const wang = await house.agent("wang");
  await wang.clearQueue();
  const lin = await house.agent("lin");
  const zhao = await house.agent("zhao");
  await lin.makeRoom();
  await zhao.makeRoom();
  const busy = (agent: typeof lin) => agent.page.request.put("/api/v1/me/presence", { data: { state: "busy" } });
  await busy(zhao);
  await lin.presence("online");

  const first = await house.visitor();
  await first.openChat();
  await first.askForPerson();
  await expect(first.page.locator(".queue")).toContainText(/下一位就是您，约 \d+–\d+ 分钟/);
  await busy(lin);
  const second = await house.visitor();
  await second.openChat();
  await second.askForPerson();
  const place = second.page.locator(".queue");
  await expect(place).toContainText("前面还有 1 位");

  await test.step("the place counts down", async () => {
    await lin.page.goto(`/app/inbox/queue/${first.conversation}`);
    await lin.page.getByRole("button", { name: "接入" }).first().click();
    await lin.say("您好");
    await expect(place).toContainText("下一位就是您");
  });

  await test.step("the offer moves on to whoever is there, with the reason", async () => {
    await zhao.presence("online");
    await expect(zhao.ringing).toBeVisible();
    await lin.presence("online");
    await zhao.ringing.getByRole("button", { name: "拒绝" }).click();
    await lin.accept(second);
    await lin.page.getByRole("button", { name: "为什么派给我" }).click();
    await expect(lin.page.getByText("唯一空闲且符合条件的客服").first()).toBeVisible();
    await expect(lin.page.getByText("已拒绝")).toBeVisible();
    expect(await faults(lin.page, "why")).toEqual([]);
    await lin.page.keyboard.press("Escape");
  });

  await test.step("a supervisor moves the queue, and sees why it waits", async () => {
    await busy(lin);
    await busy(zhao);
    const third = await house.visitor();
    await third.openChat();
    await third.askForPerson();
    const fourth = await house.visitor();
    await fourth.openChat();
    await fourth.askForPerson();
    const before = fourth.page.locator(".queue");
    await expect(before).toContainText("前面还有 1 位");
    const moved = await wang.page.request.post(`/api/v1/conversations/${fourth.conversation}/place`, { data: { top: true } });
    expect(moved.ok()).toBe(true);
    await expect(before).toContainText("下一位就是您");
    await wang.page.goto(`/app/inbox/queue/${third.conversation}`);
    await wang.page.getByRole("button", { name: "为什么还在等" }).click();
    await expect(wang.page.getByText(/继续排队/).first()).toBeVisible();
    await wang.page.keyboard.press("Escape");

    await lin.presence("offline");
    await zhao.presence("offline");
    await expect(third.log.getByText("现在没有客服在线")).toBeVisible();
    await wang.clearQueue();
  });
});
