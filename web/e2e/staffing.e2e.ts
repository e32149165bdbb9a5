/** How many people it takes: the plan, figures of one's own, the simulation; reports of waits; certificates. */
import type { Locator } from "@playwright/test";
import { faults } from "./faults";
import { expect, test } from "./house";

/** A day of the company, so many days from now. */
const day = (n: number) => new Date(Date.now() + 8 * 3_600_000 + n * 86_400_000).toISOString().slice(0, 10);
/** The next Tuesday that is a week away, so that nothing of today plays a part. */
const tuesday = [8, 9, 10, 11, 12, 13, 14].map(day).find((each) => new Date(`${each}T00:00:00Z`).getUTCDay() === 2)!;

/** Chooses a file of some text, as a person does. */
async function give(input: Locator, name: string, type: string, text: string) {
  await input.evaluate(
    (field: HTMLInputElement, file) => {
      const chosen = new DataTransfer();
      chosen.items.add(new File([file.text], file.name, { type: file.type }));
      field.files = chosen.files;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    },
    { name, type, text },
  );
}

test("a day is planned against the roster, typed over, and simulated", async ({ house }) => {
  test.setTimeout(240_000);
  const { page } = await house.agent("wang");
  await page.goto(`/app/roster/staffing?day=${tuesday}`);
  await expect(page.getByText(/在线聊天承诺 30 秒内首次响应/)).toBeVisible();
  await expect(page.getByText(/根据最近 8 周里 \d 个同类日（周二/)).toBeVisible();
  const table = page.getByRole("region", { name: "每半小时" });
  const row = (at: string) => table.getByRole("row").filter({ has: page.getByRole("rowheader", { name: new RegExp(`^${at}`) }) });
  await expect(row("10:30")).toContainText("%");
  await expect(page.getByRole("img", { name: /每半小时需要的人数与排班人数/ })).toBeVisible();
  await row("10:30").getByRole("button", { name: /看算法/ }).press("Enter");
  await expect(table.getByText(/Erlang/).first()).toBeVisible();
  expect(await faults(page, "a plan")).toEqual([]);

  const file = await page.request.get(`/api/v1/staffing.csv?from=${tuesday}&to=${tuesday}&channel=webchat`);
  expect(file.headers()["content-type"]).toContain("text/csv");
  expect((await file.text()).split("\n").length).toBeGreaterThan(48);

  await page.getByRole("button", { name: "填写预计数" }).first().click();
  const typed = page.getByRole("dialog", { name: /的预计数$/ });
  const lines = typed.getByLabel(/每行一个半小时/);
  await lines.fill("10:15,1,60");
  await expect(typed.getByText(/这些行看不懂：1/)).toBeVisible();
  expect(await faults(page, "figures with a mistake")).toEqual([]);
  await give(typed.locator("input[type=file]"), "d.csv", "text/csv", "时间,联系量,处理时长\n10:00,40,420\n10:30,40,420\n");
  await expect(lines).toHaveValue(/10:30,40,420/);
  await typed.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("由 王敏 填写")).toBeVisible();
  await expect(row("10:00")).toContainText("40");

  await page.getByRole("button", { name: "开始模拟" }).click();
  await expect(page.getByText(/全天按时率 \d+%（\d+%–\d+%）/)).toBeVisible({ timeout: 60_000 });
  expect(await faults(page, "a simulated day")).toEqual([]);
  await page.reload();
  await expect(page.getByText(/全天按时率/)).toBeVisible();

  await page.getByRole("button", { name: "填写预计数" }).first().click();
  await page.getByRole("button", { name: "恢复统计值" }).click();
  await expect(page.getByText(/根据最近 8 周里/)).toBeVisible();

  await page.getByRole("button", { name: "测算设置" }).click();
  const settings = page.getByRole("dialog", { name: "测算设置" });
  await settings.getByLabel("一人同时接待").fill("99");
  await settings.getByRole("button", { name: "保存" }).click();
  await expect(settings.getByText("一人同时接待数为 1 到 20")).toBeVisible();
  await settings.getByLabel("一人同时接待").fill("3");
  await page.keyboard.press("Escape");

  await page.goto(`/app/roster/staffing?day=${tuesday}`);
  await page.getByRole("radio", { name: "一周" }).click();
  await expect(page.getByRole("region", { name: "一周" }).getByRole("row")).toHaveCount(8);
  expect(await faults(page, "a planned week")).toEqual([]);

  const lin = (await house.agent("lin")).page;
  expect((await lin.request.get(`/api/v1/staffing?from=${tuesday}&to=${tuesday}`)).status()).toBe(403);
});

test("waits at peak times, how true the told ones were, two times beside each other, and adherence", async ({ house }) => {
  const { page } = await house.agent("wang");
  await page.goto("/app/reports?part=waits&span=last_90");
  await expect(page.getByText("高峰平均等待", { exact: true })).toBeVisible();
  await expect(page.getByRole("region", { name: "各半小时" }).getByText("高峰").first()).toBeVisible();
  expect(await faults(page, "waits")).toEqual([]);
  await page.getByRole("radio", { name: "预计等待" }).click();
  await expect(page.getByRole("region", { name: "按估算方法" }).getByRole("row").filter({ hasText: "有人空闲" })).toContainText("%");
  await expect(page.getByRole("region", { name: "按聊天渠道" }).getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("link", { name: "下载 CSV" })).toHaveAttribute("href", /forecasts\.csv/);
  expect(await faults(page, "expected waits")).toEqual([]);
  await page.getByRole("radio", { name: "前后对比" }).click();
  await expect(page.getByRole("region", { name: "对比" }).getByText("改善").first()).toBeVisible();
  expect(await faults(page, "a comparison")).toEqual([]);
  await page.goto(`/app/roster/adherence?day=${day(-7)}`);
  await expect(page.getByRole("region", { name: "出勤对照" }).getByText("林晓")).toBeVisible();
  expect(await faults(page, "adherence")).toEqual([]);
});

test("a certificate is entered with its file, and its owner sees it", async ({ house }) => {
  const { page } = await house.agent("wang");
  await page.goto("/app/roster/certificates");
  await expect(page.getByRole("region", { name: "30 天内到期" }).getByText("低压电工证")).toBeVisible();
  expect(await faults(page, "certificates")).toEqual([]);
  await page.getByLabel("客服", { exact: true }).click();
  await page.getByRole("option", { name: "赵宇" }).click();
  await page.getByRole("button", { name: "登记" }).click();
  const form = page.getByRole("dialog", { name: "登记" });
  await form.getByLabel("名称").fill("急救员证");
  await form.getByLabel("有效期至").fill("2020-01-01");
  await give(form.locator("input[type=file]"), "急救员证.txt", "text/plain", "急救员证");
  await expect(form.getByText("急救员证.txt")).toBeVisible();
  await form.getByRole("button", { name: "保存" }).click();
  await expect(form.getByText("有效期不能早于发证日期")).toBeVisible();
  expect(await faults(page, "a certificate with a mistake")).toEqual([]);
  await form.getByLabel("有效期至").fill(day(20));
  await form.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("region", { name: "30 天内到期" }).getByText("急救员证")).toBeVisible();
  const zhao = (await house.agent("zhao")).page;
  await zhao.goto("/app/roster/certificates");
  const own = zhao.getByRole("row").filter({ hasText: "急救员证" });
  await expect(own).toContainText("30 天内到期");
  const answer = await zhao.request.get((await own.getByRole("link", { name: "查看附件" }).getAttribute("href"))!);
  expect(await answer.text()).toBe("急救员证");
  expect((await (await house.agent("lin")).page.request.get(answer.url())).status()).toBe(404);
});
