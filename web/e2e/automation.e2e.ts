import type { Page } from "@playwright/test";
import { faults } from "./faults";
import { expect, test } from "./house";

async function axe(page: Page, where: string) {
  expect(await faults(page, where)).toEqual([]);
}

test("a rule is built, tried, and acts on a case; the log says why", async ({ house }) => {
  test.setTimeout(240_000);
  const { page } = await house.agent("admin", { at: "/app/settings/automation" });
  const list = page.getByRole("list", { name: "规则" });
  await expect(list.getByRole("listitem")).toHaveCount(3);
  await axe(page, "rules");

  await page.getByRole("button", { name: "新建规则" }).click();
  const form = page.getByRole("dialog", { name: "新建规则" });
  await form.getByLabel(/规则名称/).fill("提到律师");
  await form.getByRole("button", { name: "添加条件", exact: true }).click();
  const condition = form.getByRole("group", { name: "工单编号" });
  await condition.getByRole("button", { name: "字段" }).click();
  await page.getByRole("combobox", { name: /搜索/ }).fill("内容");
  await page.getByRole("option", { name: "内容", exact: true }).click();
  const text = form.getByRole("group", { name: "内容", exact: true });
  await text.getByRole("combobox", { name: "比较" }).or(text.getByRole("button", { name: "比较" })).first().click();
  await page.getByRole("option", { name: "包含任一词" }).click();
  await text.getByLabel("值").fill("律师、起诉");
  await form.getByRole("button", { name: "添加条件组" }).click();
  await form.getByRole("button", { name: "移除这个条件组" }).click();

  // without an action the server says so, at its place
  await form.getByRole("button", { name: "保存" }).click();
  await expect(form.getByText("请选择要执行的动作")).toBeVisible();
  await form.getByRole("button", { name: "添加动作" }).click();
  await page.getByRole("menuitem", { name: "添加标签" }).click();
  await form.getByLabel(/^值 \*/).or(form.getByRole("textbox", { name: /^值/ })).last().fill("法务");
  await expect(form.getByText("请选择要执行的动作")).toHaveCount(0);
  await form.getByRole("button", { name: "试运行" }).click();
  await expect(form.getByRole("region", { name: "试运行" })).toContainText(/没有会执行|会执行/);
  await axe(page, "rule editor");
  await form.getByRole("button", { name: "保存" }).click();
  await expect(list.getByRole("listitem")).toHaveCount(4);

  const lin = await house.agent("lin");
  const answer = await lin.page.request.post("/api/v1/cases", {
    data: { client_id: `e2e-rule-${Date.now()}`, kind: "complaint", source: "phone", text: "再不处理我就找律师起诉", name: "周先生", phone: "13800009999" },
  });
  expect(answer.status()).toBe(201);
  const opened = (await answer.json()) as { id: string; number: string };

  const wang = await house.agent("wang", { at: "/app/settings/automation" });
  await wang.page.getByRole("radio", { name: "运行记录" }).click();
  const row = wang.page.getByRole("listitem").filter({ hasText: "提到律师" }).filter({ hasText: opened.number });
  await expect(async () => {
    await wang.page.getByRole("button", { name: "刷新" }).click();
    await expect(row).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await expect(row.getByText("已执行")).toBeVisible();
  await row.locator("summary").click();
  await expect(row.getByText("实际：再不处理我就找律师起诉")).toBeVisible();
  await expect(row.getByText("添加标签 · 法务")).toBeVisible();
  await axe(wang.page, "log");

  // the order by buttons, and off by the switch
  await page.getByRole("button", { name: "上移「提到律师」" }).click();
  await expect(list.getByRole("listitem").nth(2)).toContainText("提到律师");
  await page.getByRole("switch", { name: "启用规则「提到律师」" }).click();
  await expect(page.getByRole("switch", { name: "启用规则「提到律师」" })).not.toBeChecked();
});

test("a macro is seen before it is applied, and its text comes into the composer", async ({ house }) => {
  test.setTimeout(240_000);
  const { page } = await house.agent("wang", { at: "/app/settings/macros" });
  await expect(page.getByRole("row").filter({ hasText: "紧急会话" })).toBeVisible();
  await axe(page, "macros");

  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.say("充电桩在冒烟");
  const lin = await house.agent("lin");
  await lin.page.request.post(`/api/v1/conversations/${visitor.conversation}/take`);
  await lin.page.goto(`/app/inbox/mine/${visitor.conversation}`);
  await lin.page.getByRole("button", { name: "使用宏" }).click();
  await lin.page.getByRole("combobox", { name: "搜索宏" }).fill("jj");
  await lin.page.getByRole("combobox", { name: "搜索宏" }).press("Enter");
  const preview = lin.page.getByRole("dialog", { name: "使用「紧急会话」" });
  await expect(preview.getByText("添加标签 · 紧急")).toBeVisible();
  await axe(lin.page, "macro preview");
  await preview.getByRole("button", { name: "使用", exact: true }).click();
  await expect(lin.page.getByText("已使用「紧急会话」", { exact: true })).toBeVisible();
  await expect(lin.field).toHaveValue(/您的问题已标为紧急/);
  await expect(lin.page.getByRole("log").getByText("已标为紧急")).toBeVisible();
});
