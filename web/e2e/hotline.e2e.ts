/** A whole call: a customer calls by SIP, an agent answers in the browser, and the record says what was. */
import type { Page } from "@playwright/test";
import { faults } from "./faults";
import { Agent, expect, test } from "./house";
import { caller } from "./program.mjs";
import { clockUntil, desk, figures, microphone, secondsOf, toneFile, toneHeard, tones } from "./telephone";

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), ...microphone(toneFile("agent"))] });
  },
});

interface Call {
  state: string;
  emergency: boolean;
  recorded: boolean;
  record: { result: string; ratings?: Record<string, number>; disposition?: string };
  times: { talk: number; wrap_up: number };
}

const called = (page: Page, conversation: string) => page.request.get(`/api/v1/conversations/${conversation}/call`).then((answer) => answer.json() as Promise<Call>);

/** How many marks a question has, of these by keys and by the link, and how they spread, as a supervisor reads it. */
async function satisfied(page: Page, question: string) {
  await page.goto("/app/reports?part=satisfaction&span=last_90");
  const rows = page.getByRole("table", { name: "各项评分" }).getByRole("row");
  await expect(rows.filter({ hasText: question })).toBeVisible();
  const at = (await rows.allTextContents()).findIndex((text) => text.startsWith(question));
  const [all, keys, link] = (await Promise.all([at, at + 1, at + 2].map((n) => rows.nth(n).getByRole("cell").nth(1).textContent()))).map(Number);
  const spread = (await rows.nth(at).getByRole("img").getAttribute("aria-label"))!;
  const ways = page.getByRole("table", { name: "按评分方式" }).getByRole("row", { name: /通话后按键/ });
  return { all: all!, keys: keys!, link: link!, calls: Number(await ways.getByRole("link").innerText()), spread: [...spread.matchAll(/分：(\d+)/g)].map(([, n]) => Number(n)) };
}

test("a customer calls and is answered in the browser: who it is stands there at once, both are heard, a case is made, the customer rates, the agent wraps up", async ({ house }) => {
  test.setTimeout(240_000);
  const wang = await house.agent("wang");
  await wang.clearQueue(); // nothing else rings
  await wang.presence("offline");
  const before = await satisfied(wang.page, "服务态度");
  await (await house.agent("zhao")).presence("offline");
  const admin = await house.agent("admin");
  const rules = (await (await admin.page.request.get("/api/v1/routing")).json()) as Record<string, unknown>;
  expect((await admin.page.request.put("/api/v1/routing", { data: { ...rules, wrap_up_seconds: 60 } })).ok()).toBe(true);

  const lin = await desk(house, "lin");
  const agent = new Agent(lin);
  await agent.makeRoom();
  const found = (await (await lin.request.get(`/api/v1/contacts?q=${encodeURIComponent("张伟")}`)).json()) as { items: { id: string; name: string; attributes: Record<string, string> }[] };
  const zhang = found.items.find(({ name }) => name === "张伟")!;
  const opened = await lin.request.post("/api/v1/cases", { data: { client_id: `call-${Date.now()}`, kind: "order", source: "phone", contact_id: zhang.id, phone: "13800001001", order: "YX20261120-0031", subject: "充电桩还没有送到", text: "付款一周了，充电桩还没有送到。" } });
  expect(opened.ok(), await opened.text()).toBe(true);
  await agent.presence("online");

  const customer = caller(lin.url(), { number: "13800001001", keys: ",0", seconds: 200, says: toneFile("customer") });
  const { ringing } = agent;
  await expect(ringing.getByText("紧急", { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(ringing).toContainText("1001");
  await expect(ringing).toContainText("紧急专线");
  expect(await faults(lin, "a call rings")).toEqual([]);
  const panel = lin.getByRole("region", { name: "客户信息" });
  const shown = await clockUntil(lin, ["张伟", zhang.attributes["车牌"]!, zhang.attributes["车型"]!, "充电桩还没有送到", "YX20261120-0031"]);
  await ringing.getByRole("button", { name: "接听" }).click();
  const taken = await shown();
  console.log(`from the click to customer, vehicle, order and case on the screen: ${Math.round(taken)} ms`);
  await expect(panel).toContainText("充电桩还没有送到");

  const bar = lin.getByRole("region", { name: "当前通话" });
  await expect(bar.getByText("通话中")).toBeVisible({ timeout: 20_000 });
  expect(await faults(lin, "a call")).toEqual([]);
  await test.step("the customer is heard in the browser, and both speak G.711", async () => {
    await expect.poll(async () => Math.abs((await toneHeard(lin)) - tones.customer)).toBeLessThan(12);
    expect(await figures(lin)).toMatchObject({ sent: "audio/PCMA", got: "audio/PCMA", local: { candidateType: "host" } });
  });

  await test.step("held, and taken back", async () => {
    await bar.getByRole("button", { name: "保持" }).click();
    await expect(bar.getByText("客户保持中")).toBeVisible();
    await bar.getByRole("button", { name: "恢复通话" }).click();
    await expect(bar.getByText("通话中")).toBeVisible();
  });

  const conversation = /\/(cv_[a-z0-9]+)/.exec(lin.url())![1]!;
  await test.step("a case is made from the call, and the call goes on", async () => {
    await panel.getByRole("link", { name: "建工单" }).click();
    await lin.getByRole("radio", { name: "故障" }).click();
    await expect(lin.getByRole("radio", { name: "电话" })).toBeChecked();
    await lin.getByLabel(/^内容/).fill("行驶中动力突然受限");
    await lin.getByLabel(/^手机/).fill("13800001001");
    await expect(bar.getByText("通话中")).toBeVisible();
    await lin.getByRole("button", { name: "登记", exact: true }).click();
    await expect(lin.getByRole("heading", { level: 1, name: /动力突然受限/ })).toBeVisible();
    await bar.getByRole("link", { name: "张伟" }).click();
    await expect(panel).toContainText("行驶中动力突然受限");
  });

  await bar.getByRole("button", { name: "挂断" }).click();
  await expect(bar).toBeHidden();
  await test.step("the customer is asked, and presses marks", async () => {
    const after = lin.getByRole("region", { name: "话后处理" });
    await expect(after).toContainText("60 秒内完成小结");
    await expect.poll(async () => (await called(lin, conversation)).state).toBe("survey");
    expect(await faults(lin, "a call is over")).toEqual([]);
    customer.press("5");
    await expect.poll(async () => Object.keys((await called(lin, conversation)).record.ratings ?? {}).length).toBe(1);
    customer.press("4");
    await expect.poll(async () => (await called(lin, conversation)).state, { timeout: 30_000 }).toBe("wrap_up");
    await after.getByRole("button", { name: "填写小结" }).click();
    await agent.summarize(/故障|质量|维修/, "已解决");
    await expect(after).toBeHidden();
  });

  const { heard } = await customer.ended;
  const [told, said] = [secondsOf(heard, 0, tones.agent), secondsOf(heard, 1, tones.customer)];
  console.log(`the customer said ${said} s of ${tones.customer} Hz, and heard ${told} s of ${tones.agent} Hz`);
  expect(said).toBeGreaterThan(3);
  expect(told).toBeGreaterThan(0.5);

  await test.step("the record says what was", async () => {
    const call = await called(lin, conversation);
    expect(call).toMatchObject({ state: "ended", emergency: true, recorded: true, record: { result: "completed" } });
    expect(Object.values(call.record.ratings!).toSorted()).toEqual([4, 5]);
    expect(call.record.disposition).toBeTruthy();
    expect(call.times.talk).toBeGreaterThan(1);
    expect(call.times.wrap_up).toBeGreaterThan(0);
    await lin.goto("/app/calls");
    await lin.getByRole("table", { name: "已结束" }).getByRole("button", { name: "张伟" }).first().click();
    const record = lin.getByRole("dialog");
    await expect(record).toContainText("紧急专线");
    await expect(record).toContainText("4");
    await expect(record).toContainText("按键评分");
    expect(await faults(lin, "the record of a call")).toEqual([]);
  });

  await test.step("the report counts the marks, and leads to the call", async () => {
    const { page } = wang;
    const after = await satisfied(page, "服务态度");
    const { ratings } = (await called(lin, conversation)).record;
    const given = before.spread.map((n, i) => n + Number(ratings!["attitude"] === i + 1));
    expect(after).toEqual({ all: before.all + 1, keys: before.keys + 1, link: before.link, calls: before.calls + 1, spread: given });
    expect(await faults(page, "the report of satisfaction")).toEqual([]);
    await page.getByRole("table", { name: "按评分方式" }).getByRole("row", { name: /通话后按键/ }).getByRole("link").click();
    await expect(page).toHaveURL(/rated=keys/);
    await page.getByRole("table", { name: "已结束" }).getByRole("button", { name: "张伟" }).first().click();
    await expect(page.getByRole("dialog")).toContainText(`态度 ${ratings!["attitude"]}`);
  });
});
