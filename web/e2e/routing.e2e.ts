/** Who gets the work: rules and skills in the settings, why something rings, the hand of a supervisor. */
import type { Page } from "@playwright/test";
import { faults } from "./faults";
import { expect, test } from "./house";

/** Axe finds nothing, dark and light. */
async function clean(page: Page, name?: string) {
  expect(await faults(page, name ?? page.url())).toEqual([]);
}

type Rules = { version: number; lanes: { high: number }; ageing: number; rings: { after_seconds: number }[]; strategy: string };
const rules = async (page: Page) => (await (await page.request.get("/api/v1/routing")).json()) as Rules;

test("an administrator changes how work is given out", async ({ house }) => {
  const { page } = await house.agent("admin", { at: "/app/settings/routing" });
  const before = await rules(page);
  const main = page.getByRole("main");
  await expect(main.getByRole("heading", { level: 1, name: "派发规则" })).toBeVisible();
  await expect(main.getByText("普通客户最多在 VIP 后面多等 10 分钟。")).toBeVisible();
  await clean(page, "routing");

  await main.getByRole("radio", { name: "轮流" }).click();
  await main.getByRole("spinbutton", { name: "高（VIP）的分数" }).fill("15");
  await expect(main.getByText("普通客户最多在 VIP 后面多等 15 分钟。")).toBeVisible();
  await main.getByRole("button", { name: "添加一级" }).click();
  const last = main.getByRole("group", { name: "第 3 级" });
  await last.getByRole("spinbutton").fill("10");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(main.getByRole("alert")).toContainText("每一级放宽要晚于上一级");
  await clean(page, "a mistake");
  await last.getByRole("spinbutton").fill("120");
  await last.getByRole("checkbox", { name: "所有团队" }).click();

  // Somebody else changes the rules meanwhile.
  await page.request.put("/api/v1/routing", { data: { ...before } });
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("别人刚刚改过派发规则")).toBeVisible();
  await expect(async () => {
    await page.getByRole("button", { name: "保存" }).click({ timeout: 2_000 });
    await expect(page.getByRole("button", { name: "保存" })).toBeHidden({ timeout: 2_000 });
  }).toPass();
  const after = await rules(page);
  expect(after).toMatchObject({ strategy: "round_robin", lanes: { high: 15 } });
  expect(after.rings.map(({ after_seconds }) => after_seconds)).toEqual([30, 60, 120]);

  const lin = await house.agent("lin", { at: "/app/settings/routing" });
  await expect(lin.page.getByText("没有权限").first()).toBeVisible();
  expect((await lin.page.request.put("/api/v1/routing", { data: after })).status()).toBe(403);
  const answer = await page.request.put("/api/v1/routing", { data: { ...before, version: after.version } });
  expect(answer.ok(), await answer.text()).toBe(true);
});

test("a skill is made, given, needed, and missed before a customer waits", async ({ house }) => {
  const { page } = await house.agent("admin", { at: "/app/settings/skills" });
  const main = page.getByRole("main");
  await main.getByRole("button", { name: "添加技能" }).first().click();
  const form = page.getByRole("dialog", { name: "添加技能" });
  await form.getByLabel("名称").fill("高压电");
  await clean(page, "the form of a skill");
  await form.getByRole("button", { name: "保存" }).click();
  const row = main.getByRole("row", { name: /高压电/ });
  await expect(row).toContainText("还没有人会");

  await page.goto("/app/settings/agents");
  await page.getByRole("button", { name: /林晓.*操作|操作.*林晓/ }).click();
  await page.getByRole("menuitem", { name: "编辑" }).click();
  const agent = page.getByRole("dialog", { name: /林晓/ });
  await agent.getByRole("button", { name: "添加一项" }).click();
  await agent.getByRole("combobox", { name: "高压电：证书" }).or(agent.getByRole("button", { name: "高压电：证书" })).click();
  await page.getByRole("option", { name: /低压电工证（至 / }).click();
  await clean(page, "the skills of an agent");
  await agent.getByRole("button", { name: "保存" }).click();
  await expect(agent).toBeHidden();

  await page.goto("/app/settings/channels?tab=service");
  await main.getByRole("region", { name: "所需技能" }).or(main.locator("section").filter({ hasText: "所需技能" })).getByRole("button", { name: "添加一项" }).click();
  await main.getByRole("group", { name: "高压电" }).getByRole("button", { name: "高压电：最低等级" }).or(main.getByRole("combobox", { name: "高压电：最低等级" })).click();
  await page.getByRole("option", { name: "至少 5 级" }).click();
  await page.getByRole("button", { name: "保存" }).click();
  await expect(main.getByText(/需要“高压电”5 级，现在没有客服能接/)).toBeVisible();
  await clean(page, "a channel that needs what nobody has");
  await expect.poll(async () => ((await (await page.request.get("/api/v1/me/notices")).json()) as { items: { kind: string; text: string }[] }).items.filter(({ kind, text }) => kind === "skill.missing" && text === "高压电 5").length).toBe(1);

  await page.goto("/app/settings/skills");
  await expect(main.getByText(/需要“高压电”5 级/)).toBeVisible();
  await expect(row).toContainText("林晓");
  await clean(page, "skills");
  await row.getByRole("button", { name: "删除「高压电」" }).or(row.getByRole("button", { name: /删除.*高压电/ })).click();
  await page.getByRole("alertdialog").or(page.getByRole("dialog")).getByRole("button", { name: "删除" }).click();
  await expect(page.getByText("有渠道或正在排队的客户需要这项技能").first()).toBeVisible();

  // As it was.
  const inboxes = (await (await page.request.get("/api/v1/inboxes")).json()) as { items: { id: string; version: number; settings: { skills: unknown[] } }[] };
  for (const { id, version, settings } of inboxes.items.filter((inbox) => inbox.settings.skills.length > 0)) {
    expect((await page.request.patch(`/api/v1/inboxes/${id}`, { data: { version, settings: { ...settings, skills: [] } } })).ok()).toBe(true);
  }
  const skills = (await (await page.request.get("/api/v1/skills")).json()) as { items: { id: string }[] };
  for (const { id } of skills.items) expect((await page.request.delete(`/api/v1/skills/${id}`)).ok()).toBe(true);
});
