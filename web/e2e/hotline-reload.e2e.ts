/** An agent's console is opened anew in the middle of a call, or a second one is opened: the call goes on. */
import { faults } from "./faults";
import { Agent, expect, test } from "./house";
import { caller } from "./program.mjs";
import { desk, microphone, toneFile, toneHeard, tones } from "./telephone";

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), ...microphone(toneFile("agent"))] });
  },
});

test("a console that is opened anew while a call rings, is spoken, held and wrapped up goes on where it was; so does a second window", async ({ house }) => {
  test.setTimeout(300_000);
  const wang = await house.agent("wang");
  await wang.clearQueue(); // nothing else rings
  await wang.presence("offline");
  await (await house.agent("zhao")).presence("offline");
  let lin = await desk(house, "lin");
  let agent = new Agent(lin);
  await agent.makeRoom();
  await agent.presence("online");
  const bar = () => lin.getByRole("region", { name: "当前通话" });
  const hearsTheCustomer = () => expect.poll(async () => Math.abs((await toneHeard(lin)) - tones.customer), { timeout: 30_000 }).toBeLessThan(12);

  const unreachable = lin.getByRole("region", { name: "电话未连接" });
  await test.step("before the telephone is connected", async () => {
    await lin.getByRole("navigation", { name: "主导航" }).getByRole("button", { name: /^电话/ }).click();
    await lin.getByRole("button", { name: "断开电话" }).click();
    await lin.keyboard.press("Escape");
    await expect(unreachable).toContainText("来电不会派给你");
    expect(await faults(lin, "the telephone is not connected")).toEqual([]);
    await wang.page.goto("/app/wallboard");
    await expect(wang.page.getByRole("row", { name: /林悦|林/ }).getByText("电话未连接")).toBeVisible();
  });
  const customer = caller(lin.url(), { number: "13800001003", keys: ",0", seconds: 280, says: toneFile("customer") });
  await test.step("it rings as soon as it is", async () => {
    const waits = async () => {
      const { items } = (await (await wang.page.request.get("/api/v1/conversations?view=queue")).json()) as { items: { id: string; channel: string; offer?: unknown }[] };
      const call = items.find(({ channel, offer }) => channel === "phone" && !offer);
      return call ? await (await wang.page.request.get(`/api/v1/conversations/${call.id}/offers`)).text() : "";
    };
    await expect.poll(waits, { timeout: 60_000 }).toContain("电话未连接");
    await expect(agent.ringing).toBeHidden();
    await unreachable.getByRole("button", { name: "现在连接" }).click();
    await expect(agent.ringing).toBeVisible({ timeout: 12_000 });
    await expect(unreachable).toBeHidden();
  });
  await test.step("while it rings", async () => {
    await expect(agent.ringing.getByText("紧急", { exact: true })).toBeVisible({ timeout: 60_000 });
    await lin.reload();
    await expect(agent.ringing).toContainText("1003", { timeout: 20_000 });
    await agent.ringing.getByRole("button", { name: "接听" }).click();
    await expect(bar().getByText("通话中")).toBeVisible({ timeout: 20_000 });
    await hearsTheCustomer();
  });
  await test.step("while both speak", async () => {
    await lin.reload();
    await expect(bar().getByText("通话中")).toBeVisible({ timeout: 20_000 });
    await hearsTheCustomer();
  });
  await test.step("while the customer is held", async () => {
    await lin.keyboard.press("Alt+h");
    await expect(bar().getByText("客户保持中")).toBeVisible();
    await lin.reload();
    await expect(bar().getByText("客户保持中")).toBeVisible({ timeout: 20_000 });
    await lin.keyboard.press("Alt+h");
    await expect(bar().getByText("通话中")).toBeVisible();
    await hearsTheCustomer();
  });
  await test.step("in a second window, at twice the size", async () => {
    const first = lin;
    lin = await first.context().newPage();
    await lin.setViewportSize({ width: 720, height: 450 });
    await lin.goto(first.url());
    await expect(bar().getByText("通话中")).toBeVisible({ timeout: 20_000 });
    await hearsTheCustomer();
    await expect(bar().getByRole("button", { name: "挂断" })).toBeInViewport();
    expect(await lin.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(await faults(lin, "a call at twice the size")).toEqual([]);
    await first.close();
    await hearsTheCustomer();
    agent = new Agent(lin);
  });
  await test.step("after it", async () => {
    await lin.setViewportSize({ width: 1440, height: 900 });
    await lin.keyboard.press("Alt+x");
    await expect(bar()).toBeHidden();
    await lin.reload();
    const after = lin.getByRole("region", { name: "话后处理" });
    await expect(after).toBeVisible({ timeout: 20_000 });
    await after.getByRole("button", { name: "填写小结" }).click();
    await agent.summarize(/故障|质量|维修/, "已解决");
    await expect(after).toBeHidden();
  });
  customer.hangUp();
  await customer.ended;
});
