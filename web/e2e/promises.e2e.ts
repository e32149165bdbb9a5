/** Administrators set what is promised: presets, calendars, notices of holidays, the handling of cases. */
import type { Page } from "@playwright/test";
import { faults } from "./faults";
import { expect, test } from "./house";

/** Axe finds nothing, dark and light. */
async function clean(page: Page, name?: string) {
  expect(await faults(page, name ?? page.url())).toEqual([]);
}

const heading = (page: Page, name: string) => expect(page.getByRole("main").getByRole("heading", { level: 1, name })).toBeVisible();

async function terms(page: Page) {
  return (await (await page.request.get("/api/v1/promises")).json()) as { version: number; preset: { code: string; policies: { targets: { metric: string; limit: number }[] }[] }; missing: number[] };
}

/** Puts the shipped standard preset into force, whatever other tests left. */
async function standard(page: Page) {
  const presets = (await (await page.request.get("/api/v1/promises/presets")).json()) as { items: { code: string }[] };
  const { version } = await terms(page);
  const answer = await page.request.put("/api/v1/promises/preset", { data: { version, preset: presets.items[0] } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

test("another preset is looked at, put into force, and edited", async ({ house }) => {
  const { page } = await house.agent("admin");
  await standard(page);
  await page.goto("/app/settings/promises");
  await heading(page, "服务承诺");
  await expect(page.getByRole("region", { name: "现行方案的承诺" }).getByText("7–10 个工作日").first()).toBeVisible();
  await expect(page.getByRole("region", { name: "法定底线的时限" })).toContainText("360 小时");
  await clean(page, "promises");

  await page.getByRole("button", { name: "预览「快速方案」" }).click();
  const dialog = page.getByRole("dialog", { name: /启用「快速方案」会改变什么/ });
  await expect(dialog.getByRole("listitem").filter({ hasText: "电话接听" })).toContainText("60 秒");
  await clean(page, "preview");
  await dialog.getByLabel("未结的工单也按新方案重新计算").click();

  // Somebody else changes the promises meanwhile.
  const before = await terms(page);
  await page.request.put("/api/v1/promises/preset", { data: { version: before.version, preset: (await (await page.request.get("/api/v1/promises")).json()).preset } });
  await dialog.getByRole("button", { name: "启用" }).click();
  await expect(dialog.getByRole("alert")).toContainText("别人刚刚改过服务承诺");
  await expect(async () => {
    await dialog.getByRole("button", { name: "启用" }).click({ timeout: 2_000 });
    await expect(dialog).toBeHidden({ timeout: 2_000 });
  }).toPass();
  expect((await terms(page)).preset.code).toBe("express_001");
  await expect(page.getByRole("main").getByRole("heading", { name: /快速方案\s*现行/ })).toBeVisible();
  await expect(page.getByRole("region", { name: "变更记录" })).toContainText("启用或修改方案");

  await page.getByRole("button", { name: "编辑方案" }).click();
  await heading(page, "编辑「快速方案」");
  const first = page.getByRole("list", { name: "规则" }).getByRole("listitem").first();
  const limit = first.getByRole("spinbutton", { name: /^时限/ }).first();
  await limit.fill("0");
  await page.getByRole("button", { name: "预览更改" }).click();
  await expect(first.getByText(/时限应在|between|之间/).first()).toBeVisible();
  await expect(limit).toHaveAttribute("aria-invalid", "true");
  await first.getByRole("button", { name: "暂停、起算和预警" }).first().click();
  await clean(page, "editor");
  await limit.fill("45");
  await page.getByRole("button", { name: "预览更改" }).click();
  const changes = page.getByRole("dialog");
  await expect(changes.getByRole("listitem")).toHaveCount(1);
  await expect(changes).toContainText("45 秒");
  await changes.getByRole("button", { name: "启用" }).click();
  await expect(changes).toBeHidden();
  await expect(page.getByRole("main").getByText("已修改", { exact: true })).toBeVisible();
  await standard(page);
});

test("a calendar is edited, looked at day by day, and tried out", async ({ house }) => {
  const { page } = await house.agent("admin");
  await standard(page);
  await page.goto("/app/settings/calendars");
  await heading(page, "工作日历");
  const year = page.getByRole("main").getByRole("heading", { name: /工作日 · \d+ 年/ });
  await expect(year).toBeVisible();
  while (!(await year.innerText()).includes("2026")) await page.getByRole("button", { name: "上一年" }).click();
  await expect(page.locator('[data-date="2026-09-20"]')).toHaveAttribute("data-look", "makeup");
  await expect(page.locator('[data-date="2026-10-01"]')).toHaveAttribute("data-look", "holiday");
  await expect(page.locator('[data-date="2026-09-19"]')).toHaveAttribute("data-look", "closed");
  await page.getByLabel("收到时间（北京时间）").fill("2026-09-18T10:00");
  await page.getByRole("button", { name: "试算" }).click();
  await expect(page.getByTestId("due")).toHaveText("2026-10-09 18:00");
  await expect(page.getByRole("main").getByText(/2026-09-20 是调休上班的星期日/)).toBeVisible();
  await clean(page, "calendars");

  await page.getByRole("button", { name: "编辑「工作日」" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByRole("button", { name: "添加例外日期" }).click();
  await drawer.getByLabel("日期", { exact: true }).last().fill("2026-09-21");
  await drawer.getByLabel(/原因/).last().fill("公司年会");
  await drawer.getByLabel("周五第 1 段结束时间").fill("8");
  await drawer.getByLabel("周五第 1 段结束时间").blur();
  await expect(drawer.getByText("到次日")).toBeVisible();
  await drawer.getByLabel("周五第 1 段结束时间").fill("18:00");
  await clean(page, "calendar-editor");
  await drawer.getByRole("button", { name: "保存" }).click();
  await expect(drawer).toBeHidden();
  await expect(page.locator('[data-date="2026-09-21"]')).toHaveAttribute("data-look", "special");
  await page.getByRole("button", { name: "试算" }).click();
  await expect(page.getByTestId("due")).toHaveText("2026-10-10 18:00");
});

test("a notice that contradicts itself is refused, a good one is taken", async ({ house }) => {
  const { page } = await house.agent("admin");
  await page.goto("/app/settings/holidays");
  await heading(page, "放假通知");
  const was = await terms(page);
  const year = Math.max(2027, ...was.missing);
  await page.getByRole("button", { name: "导入放假通知" }).click();
  const drawer = page.getByRole("dialog");
  const days = Array.from({ length: 13 }, (_, i) => ({ name: "国庆节", date: `${year}-10-${String(i + 1).padStart(2, "0")}`, isOffDay: true }));
  const field = drawer.getByLabel("通知内容（JSON）");
  await field.fill(JSON.stringify({ year, papers: [], days: [...days, { name: "国庆节", date: `${year}-10-03`, isOffDay: false }] }));
  await drawer.getByRole("button", { name: "检查" }).click();
  await expect(drawer.getByText(/既放假又上班/)).toBeVisible();
  await expect(field).toHaveAttribute("aria-invalid", "true");
  expect((await terms(page)).version).toBe(was.version);
  await field.fill(JSON.stringify({ year, papers: ["https://www.gov.cn/"], days }));
  await drawer.getByRole("button", { name: "检查" }).click();
  await expect(drawer.getByText(`${year} 年：放假 13 天，调休上班 0 天`)).toBeVisible();
  await clean(page, "notice-import");
  await drawer.getByRole("button", { name: `导入 ${year} 年` }).click();
  await expect(drawer).toBeHidden();
  await expect(page.getByRole("region", { name: "年份" }).getByRole("row").filter({ hasText: String(year) })).toContainText("完整");
  expect((await terms(page)).missing).not.toContain(year);
  await clean(page, "holidays");
});

test("categories and the handling of cases", async ({ house }) => {
  const { page } = await house.agent("admin");
  await page.goto("/app/settings/handling");
  await heading(page, "工单分类与处理");
  await page.getByRole("button", { name: "展开「订单与费用」" }).click();
  await clean(page, "handling");
  await page.getByRole("button", { name: "在「订单与费用」下添加" }).click();
  const drawer = page.getByRole("dialog");
  const code = `order.late${Date.now() % 100000}`;
  await drawer.getByRole("textbox", { name: "名称" }).first().fill("延迟交付");
  await drawer.getByRole("textbox", { name: "名称" }).last().fill("Late delivery");
  await drawer.getByRole("textbox", { name: "代码", exact: true }).fill(code);
  await drawer.getByRole("region", { name: "自定义字段" }).getByRole("checkbox").click();
  await drawer.getByRole("button", { name: "添加字段" }).click();
  await clean(page, "category");
  await drawer.getByRole("button", { name: "确定" }).click();
  await expect(drawer).toBeHidden();
  await page.getByRole("button", { name: "保存" }).click();
  const row = page.getByRole("group", { name: "延迟交付", exact: true });
  await expect(row.getByRole("alert")).toBeVisible(); // the field has no code yet
  await row.getByRole("button", { name: "编辑「延迟交付」" }).click();
  await drawer.getByPlaceholder("vin").fill("promised_on");
  await drawer.getByRole("group", { name: "promised_on" }).getByPlaceholder("中文").fill("约定交付日");
  await drawer.getByRole("button", { name: "确定" }).click();
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已保存").first()).toBeVisible();
  const saved = (await (await page.request.get("/api/v1/case-handling")).json()) as { version: number; categories: { id: string; children?: { id: string }[] }[] };
  expect(saved.categories.find(({ id }) => id === "order")?.children?.map(({ id }) => id)).toContain(code);

  await page.getByRole("spinbutton", { name: /提醒次数/ }).fill("99");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "提醒 1 到 10 次" }).first()).toBeVisible();
  await page.getByRole("button", { name: /放弃/ }).click();
});

test("what somebody else saved while a form was open is not overwritten unseen", async ({ house }) => {
  const { page } = await house.agent("admin");
  let tell = (_frame: object) => {};
  await page.routeWebSocket(/\/api\/v1\/live/, (socket) => {
    socket.connectToServer();
    tell = (frame) => socket.send(JSON.stringify(frame));
  });
  const read = async () => (await (await page.request.get("/api/v1/case-handling")).json()) as { version: number; reminders: number; confirm_hours: number };
  await page.goto("/app/settings/handling");
  await heading(page, "工单分类与处理");
  const reminders = page.getByRole("spinbutton", { name: /提醒次数/ });
  await reminders.fill("4");
  const before = await read();
  expect((await page.request.put("/api/v1/case-handling", { data: { ...before, confirm_hours: before.confirm_hours + 24 } })).ok()).toBe(true);
  const again = page.waitForResponse(/\/api\/v1\/case-handling$/);
  tell({ type: "reset", seq: 0 }); // everything is read again, as after a long time away
  await again;
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText(/别人刚刚改过/)).toBeVisible();
  expect(await read()).toMatchObject({ confirm_hours: before.confirm_hours + 24, reminders: before.reminders });
  await expect(reminders).toHaveValue("4");
  await page.getByRole("button", { name: "保存" }).click(); // having been told
  await expect(page.getByText("已保存").first()).toBeVisible();
  const now = await read();
  expect(now).toMatchObject({ confirm_hours: before.confirm_hours, reminders: 4 });
  await page.request.put("/api/v1/case-handling", { data: { ...before, version: now.version } });
});

test("on a phone", async ({ house }) => {
  const { page } = await house.agent("admin", { viewport: { width: 375, height: 812 } });
  for (const section of ["promises", "calendars", "holidays", "handling"]) {
    await page.goto(`/app/settings/${section}`);
    await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
    await page.waitForLoadState("networkidle");
    await clean(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  }
});
