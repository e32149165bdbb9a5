import type { Locator } from "@playwright/test";
import { expect, test, type Agent, type Visitor } from "./house";

/** The marked lines of a log, in the order in which they stand. */
const lines = async (log: Locator) => (await log.innerText()).match(/[甲乙]-\d/g) ?? [];

async function together(house: { visitor(): Promise<Visitor>; agent(login: "lin" | "wang" | "zhao"): Promise<Agent> }): Promise<[Visitor, Agent]> {
  await (await house.agent("wang")).clearQueue();
  await (await house.agent("zhao")).presence("offline");
  const agent = await house.agent("lin");
  await agent.presence("online");
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.askForPerson();
  await agent.accept(visitor);
  await agent.say("您好，请讲");
  await visitor.hears("您好，请讲");
  return [visitor, agent];
}

test("a cut line loses nothing and doubles nothing, on either side", async ({ house }) => {
  const [visitor, agent] = await together(house);

  await visitor.page.context().setOffline(true);
  await expect(visitor.page.getByText("网络已断开，正在重新连接")).toBeVisible();
  await visitor.write("甲-1", "甲-2", "甲-3");
  await expect(visitor.log.getByText("联网后自动发送")).toHaveCount(3);
  await agent.say("乙-1");
  await agent.say("乙-2");
  await visitor.page.context().setOffline(false);
  await expect(visitor.log.locator(".waiting")).toHaveCount(0, { timeout: 45_000 });
  const first = ["乙-1", "乙-2", "甲-1", "甲-2", "甲-3"];
  await expect.poll(() => lines(visitor.log)).toEqual(first);
  await expect.poll(() => lines(agent.log)).toEqual(first);

  await agent.page.context().setOffline(true);
  await expect(agent.page.getByText("网络已断开。你写的内容会保存")).toBeVisible();
  for (const text of ["乙-3", "乙-4"]) {
    await agent.field.fill(text);
    await agent.field.press("Enter");
  }
  await expect(agent.log.getByText("等待网络")).toHaveCount(2);
  await visitor.say("甲-4");
  await agent.page.context().setOffline(false);
  const all = [...first, "甲-4", "乙-3", "乙-4"];
  await expect.poll(() => lines(agent.log), { timeout: 45_000 }).toEqual(all);
  await expect.poll(() => lines(visitor.log)).toEqual(all);

  await visitor.page.reload();
  await visitor.launcher.click();
  await expect.poll(() => lines(visitor.log)).toEqual(all);
  await agent.page.reload();
  await expect.poll(() => lines(agent.log)).toEqual(all);
});

test("a reload keeps what is half written, at the console and in the widget", async ({ house }) => {
  const [visitor, agent] = await together(house);
  await visitor.field.fill("我还没有写完");
  await visitor.page.reload();
  await visitor.launcher.click();
  await expect(visitor.field).toHaveValue("我还没有写完");
  await visitor.hears("您好，请讲");

  await agent.field.fill("我查一下");
  await agent.page.getByRole("radio", { name: "内部备注" }).click();
  await agent.page.getByLabel("备注内容").fill("等配件部回话");
  await agent.page.reload();
  await expect(agent.page.getByLabel("备注内容")).toHaveValue("等配件部回话");
  await agent.page.getByRole("radio", { name: "回复", exact: true }).click();
  await expect(agent.field).toHaveValue("我查一下");
  await expect(agent.log.getByText("我查一下")).toHaveCount(0);
});
