/** The roster: a supervisor makes it, agents see theirs and swap. */
import { faults } from "./faults";
import { expect, test } from "./house";

const day = (n: number) => new Date(Date.now() + 8 * 3_600_000 + n * 86_400_000).toISOString().slice(0, 10);
/** A week that nobody has planned yet, far enough to be all ahead. */
const later = day(70);
const monday = (() => {
  const date = new Date(`${later}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return date.toISOString().slice(0, 10);
})();

test("a supervisor makes the roster with the keyboard, and agents swap", async ({ house }) => {
  test.setTimeout(240_000);
  const wang = await house.agent("wang");
  const { page } = wang;
  await page.goto(`/app/roster/week?day=${monday}`);
  await expect(page.getByRole("heading", { level: 1, name: "排班" })).toBeVisible();
  const grid = page.getByRole("grid", { name: "排班" });
  await expect(grid.getByRole("rowheader", { name: "林晓" })).toBeVisible();
  expect(await faults(page, "an empty week")).toEqual([]);

  // Digits give shifts, arrows move, Delete clears.
  const cell = (name: string, n: number) => grid.getByRole("row").filter({ hasText: name }).getByRole("gridcell").or(grid.getByRole("row").filter({ hasText: name }).locator("td")).nth(n);
  await cell("林晓", 0).getByRole("button").focus();
  await page.keyboard.press("1");
  await expect(cell("林晓", 0)).toContainText("早班");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("3");
  await expect(cell("林晓", 1)).toContainText("晚班");
  await page.keyboard.press("Delete");
  await expect(cell("林晓", 1)).not.toContainText("晚班");

  // A late shift, then an early one: the roster says what is wrong with it.
  await cell("赵宇", 1).getByRole("button").click();
  await page.getByRole("menuitem", { name: /晚班/ }).click();
  await cell("赵宇", 2).getByRole("button").click();
  await page.getByRole("menuitem", { name: /早班/ }).click();
  await expect(cell("赵宇", 2)).toContainText("距上一班只有 10 小时");
  expect(await faults(page, "a week with shifts")).toEqual([]);

  await page.getByRole("button", { name: "批量排班" }).click();
  const fill = page.getByRole("dialog", { name: "批量排班" });
  expect(await faults(page, "filling")).toEqual([]);
  await fill.getByRole("button", { name: "批量排班" }).click();
  await expect(page.getByText(/已排 \d+ 个班次，保留 \d+ 个/).first()).toBeVisible();
  await page.getByRole("button", { name: "复制到下一周" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "复制到下一周" }).click();
  await expect(page.getByText(/已复制 \d+ 个班次/).first()).toBeVisible();

  // Lin asks Zhao to stand in, Zhao agrees, Wang approves.
  const lin = (await house.agent("lin")).page;
  await lin.goto(`/app/roster/mine?day=${monday}`);
  await expect(lin.getByText("早班").first()).toBeVisible();
  await page.goto(`/app/roster/week?day=${monday}`);
  await cell("赵宇", 0).getByRole("button").focus();
  await page.keyboard.press("Delete");
  await expect(cell("赵宇", 0)).not.toContainText("早班");
  await lin.getByRole("button", { name: /^申请换班/ }).first().click();
  const ask = lin.getByRole("dialog", { name: /^换出/ });
  await ask.getByLabel(/^同事/).click();
  await lin.getByRole("option", { name: "赵宇" }).click();
  await ask.getByLabel("说明").fill("那天要去看牙");
  expect(await faults(lin, "asking to swap")).toEqual([]);
  await ask.getByRole("button", { name: "申请换班" }).click();
  await expect(lin.getByText("申请已发给 赵宇").first()).toBeVisible();

  const zhao = (await house.agent("zhao")).page;
  await zhao.goto("/app/roster/swaps");
  await zhao.getByRole("row").filter({ hasText: "看牙" }).first().getByRole("button", { name: "同意", exact: true }).click();
  await zhao.getByRole("alertdialog").getByRole("button", { name: "同意" }).click();
  await expect(zhao.getByText("等主管批准").first()).toBeVisible();
  expect(await faults(zhao, "swaps")).toEqual([]);

  await page.goto("/app/roster/swaps");
  await page.getByRole("row").filter({ hasText: "看牙" }).first().getByRole("button", { name: "批准" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "批准" }).click();
  await page.goto(`/app/roster/week?day=${monday}`);
  await expect(cell("赵宇", 0)).toContainText("早班");
  await expect(cell("林晓", 0)).not.toContainText("早班");
});

test("kinds of shift are made, and bad hours are refused in words", async ({ house }) => {
  const { page } = await house.agent("wang");
  await page.goto("/app/roster/shifts");
  await expect(page.getByRole("region", { name: "班次" }).getByText("夜班")).toBeVisible();
  await page.getByRole("button", { name: "新建班次" }).click();
  const form = page.getByRole("dialog", { name: "新建班次" });
  await form.getByLabel("名称").fill("晨会班");
  await form.getByLabel("休息 1 开始").fill("20:00");
  await form.getByLabel("休息 1 结束").fill("20:30");
  await form.getByRole("button", { name: "保存" }).click();
  await expect(form.getByText(/应在班次 09:00–18:00 之内/)).toBeVisible();
  expect(await faults(page, "a shift with a mistake")).toEqual([]);
  await form.getByRole("button", { name: "删除休息" }).click();
  await form.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("region", { name: "班次" }).getByText("晨会班")).toBeVisible();
  const lin = (await house.agent("lin")).page;
  await lin.goto("/app/roster/shifts");
  await expect(lin.getByRole("tab", { name: "我的排班" })).toHaveAttribute("data-state", "active");
  await expect(lin.getByRole("tab", { name: "班次", exact: true })).toHaveCount(0);
});
