/** A caller who passes through several hands: a colleague gets the call, is asked, speaks along; a supervisor listens. */
import { faults } from "./faults";
import { Agent, expect, test } from "./house";
import { caller } from "./program.mjs";
import { desk, microphone, secondsOf, sidesHeard, toneFile, toneHeard, tones } from "./telephone";

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), ...microphone(toneFile("agent"))] });
  },
});

test("a call is handed to a colleague who answers in the browser, asks back and speaks along; a supervisor listens", async ({ house }) => {
  test.setTimeout(300_000);
  const [lin, zhao, boss] = await Promise.all([desk(house, "lin"), desk(house, "zhao"), desk(house, "wang")]);
  const [first, second, wang] = [new Agent(lin), new Agent(zhao), new Agent(boss)];
  await wang.clearQueue(); // nothing else rings
  await wang.presence("offline");
  for (const each of [first, second]) await each.makeRoom();
  await second.presence("offline");
  await first.presence("online");

  const customer = caller(lin.url(), { number: "13800001002", keys: ",0", seconds: 250, says: toneFile("customer") });
  await expect(first.ringing.getByText("紧急", { exact: true })).toBeVisible({ timeout: 60_000 });
  await first.ringing.getByRole("button", { name: "接听" }).click();
  const [linBar, zhaoBar] = [lin, zhao].map((page) => page.getByRole("region", { name: "当前通话" })) as [ReturnType<typeof lin.getByRole>, ReturnType<typeof lin.getByRole>];
  await expect(linBar.getByText("通话中")).toBeVisible({ timeout: 20_000 });
  await second.presence("online");

  await test.step("transferred to a colleague, with a word about it", async () => {
    await linBar.getByRole("button", { name: "转接" }).click();
    const how = lin.getByRole("dialog", { name: "转接电话" });
    expect(await faults(lin, "a transfer")).toEqual([]);
    await how.getByRole("button", { name: "选择客服或团队" }).click();
    const to = lin.getByRole("dialog", { name: "转接会话" });
    await to.getByRole("button", { name: /选择客服/ }).click();
    await lin.getByRole("option", { name: /赵/ }).click();
    await to.getByLabel(/说明/).fill("客户在高速服务区，想问拖车");
    await to.getByRole("button", { name: "转接", exact: true }).click();
    await expect(second.ringing).toContainText("1002", { timeout: 30_000 });
    await second.ringing.getByRole("button", { name: "接听" }).click();
    await expect(zhaoBar.getByText("通话中")).toBeVisible({ timeout: 20_000 });
    await expect(linBar).toBeHidden();
    await expect(second.log.getByText("客户在高速服务区，想问拖车")).toBeVisible();
    await expect.poll(async () => Math.abs((await toneHeard(zhao)) - tones.customer)).toBeLessThan(12);
  });

  await test.step("the colleague asks back, and takes the customer back", async () => {
    const ask = async () => {
      await zhaoBar.getByRole("button", { name: "咨询" }).click();
      const whom = zhao.getByRole("dialog", { name: "咨询" });
      await whom.getByRole("button", { name: /选择同事/ }).click();
      await zhao.getByRole("option", { name: /林/ }).click();
      await whom.getByRole("button", { name: "呼叫" }).click();
      await expect(linBar).toContainText("同事请你协助");
      await linBar.getByRole("button", { name: "接听" }).click();
      await expect(linBar).toContainText("正在协助同事");
    };
    await ask();
    await expect(zhaoBar).toContainText("正在咨询");
    expect(await faults(zhao, "a consultation")).toEqual([]);
    await zhaoBar.getByRole("button", { name: "回到客户" }).click();
    await expect(zhaoBar.getByText("通话中")).toBeVisible();
    await expect(linBar).toBeHidden();
    await ask();
    await zhaoBar.getByRole("button", { name: "三方通话" }).click();
    await expect(zhaoBar.getByText("三方通话").first()).toBeVisible();
    await expect.poll(() => sidesHeard(lin)).toEqual(["customer", "agent"]);
  });

  await test.step("a supervisor listens, and whispers", async () => {
    await boss.goto(zhao.url().replace("/mine/", "/all/"));
    await boss.getByRole("button", { name: "监听" }).click();
    const bar = boss.getByRole("region", { name: "当前通话" }).first();
    await expect(bar).toContainText("正在监听");
    await expect.poll(() => sidesHeard(boss)).toEqual(["customer", "agent"]);
    expect(await faults(boss, "a supervisor listens")).toEqual([]);
    await bar.getByRole("button", { name: "耳语" }).click();
    await expect(zhaoBar).toContainText(/王.*正在旁听/);
    await boss.keyboard.press("Alt+x");
    await expect(zhaoBar).not.toContainText("正在旁听");
  });

  await test.step("handed over to the one who was asked, who ends it", async () => {
    await zhaoBar.getByRole("button", { name: "转给对方" }).click();
    await expect(zhaoBar).toBeHidden();
    await expect(linBar.getByText("通话中")).toBeVisible();
    await linBar.getByRole("button", { name: "挂断" }).click();
    await expect(linBar).toBeHidden();
  });

  customer.hangUp();
  const { heard } = await customer.ended;
  const told = secondsOf(heard, 0, tones.agent);
  console.log(`the customer heard ${told} s of the agents' ${tones.agent} Hz`);
  expect(told).toBeGreaterThan(0.5);
});
