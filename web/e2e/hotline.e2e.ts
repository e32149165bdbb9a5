/** A whole call: a customer calls by SIP, an agent answers in the browser, and the record says what was. */
import type { Page } from "@playwright/test";
import { faults } from "./faults";
import { Agent, expect, password, test, type House } from "./house";
import { caller } from "./program.mjs";

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection"] });
  },
});

/** Somebody at the console, with the telephone connected. */
async function desk(house: House, login: string): Promise<Page> {
  const page = await house.browser({ permissions: ["microphone"] });
  const answer = await page.request.post("/api/v1/session", { data: { email: `${login}@demo`, password } });
  expect(answer.ok()).toBe(true);
  await page.goto("/app/");
  const telephone = page.getByRole("navigation", { name: "主导航" }).getByRole("button", { name: /^电话/ });
  await telephone.click();
  await page.getByRole("button", { name: "连接电话" }).click();
  await expect(telephone).toHaveAccessibleName("电话 已连接，可以接听");
  await page.keyboard.press("Escape");
  return page;
}

/** How loud one side of a recording is, second by second: how far its codes of A-law are from silence. */
function loudness(codes: Uint8Array, side: 0 | 1): number[] {
  const rate = 8000;
  return Array.from({ length: Math.floor(codes.length / 2 / rate) }, (_, second) => {
    let sum = 0;
    for (let i = 0; i < rate; i++) sum += (codes[(second * rate + i) * 2 + side]! ^ 0x55) & 0x7f;
    return sum / rate;
  });
}

test("a customer calls and is answered in the browser; what was said is heard, recorded and asked about", async ({ house }) => {
  test.setTimeout(240_000);
  const lin = await desk(house, "lin");
  await (await house.agent("wang")).clearQueue(); // nothing else rings
  const agent = new Agent(lin);
  await agent.makeRoom();
  await agent.presence("online");

  const customer = caller(lin.url(), { number: "13987654321", keys: ",0", seconds: 150 });
  const { ringing } = agent;
  await expect(ringing.getByText(/紧急/).first()).toBeVisible({ timeout: 60_000 });
  await expect(ringing).toContainText("4321");
  expect(await faults(lin, "a call rings")).toEqual([]);
  await ringing.getByRole("button", { name: /接听/ }).click();

  const bar = lin.getByRole("region", { name: "当前通话" });
  await expect(bar.getByText("通话中")).toBeVisible({ timeout: 20_000 });
  await expect(lin).toHaveURL(/\/inbox\//); // the customer is on the screen
  expect(await faults(lin, "a call")).toEqual([]);
  await bar.getByRole("button", { name: "保持" }).click();
  await expect(bar.getByText(/保持/).first()).toBeVisible();
  await bar.getByRole("button", { name: "恢复" }).click();
  await expect(bar.getByText("通话中")).toBeVisible();

  await test.step("a supervisor listens", async () => {
    const wang = await desk(house, "wang");
    await wang.goto(lin.url().replace("/mine/", "/all/"));
    await wang.getByRole("button", { name: "监听" }).click();
    await expect(wang.getByRole("region", { name: "当前通话" }).first()).toContainText("监听");
    await wang.getByRole("button", { name: "耳语" }).first().click();
    await expect(bar).toContainText(/王/);
    await wang.keyboard.press("Alt+x");
    await expect(bar).not.toContainText(/王/);
    await wang.close();
  });

  await bar.getByRole("button", { name: "挂断" }).click();
  await expect(bar).toBeHidden();
  customer.hangUp();
  const { heard } = await customer.ended;
  const [said, told] = [loudness(heard, 0), loudness(heard, 1)];
  // The recording of the simulator has what it heard on the left, and what it said on the right: silence.
  expect(Math.max(...said)).toBeGreaterThan(20);
  expect(Math.max(...told)).toBeLessThan(Math.max(...said));

  await test.step("the record says what was", async () => {
    const conversation = /\/(cv_[a-z0-9]+)/.exec(lin.url())![1]!;
    const record = async () => (await (await lin.request.get(`/api/v1/conversations/${conversation}/call`)).json()) as { state: string; emergency: boolean; recorded: boolean; record: { result: string }; times: { talk: number } };
    await expect.poll(async () => (await record()).state).toBe("wrap_up");
    const call = await record();
    expect(call).toMatchObject({ emergency: true, recorded: true, record: { result: "completed" } });
    expect(call.times.talk).toBeGreaterThan(1);
  });
});
