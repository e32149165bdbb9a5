import type { Locator, Page } from "@playwright/test";
import { faults } from "./faults";
import { expect, test } from "./house";
import { picture } from "./program.mjs";

/** Chooses in a picker of the kit. */
async function pick(page: Page, box: Locator, option: string | RegExp) {
  await box.click();
  await page.getByRole("option", { name: option }).first().click();
}

/** Opens the form of an act. */
async function act(page: Page, name: string): Promise<Locator> {
  const bar = page.getByRole("group", { name: "操作", exact: true });
  const button = bar.getByRole("button", { name, exact: true });
  await expect(bar).toBeVisible();
  if ((await button.count()) > 0) await button.click();
  else {
    await bar.getByRole("button", { name: "更多操作" }).click();
    await page.getByRole("menuitem", { name }).click();
  }
  const form = page.getByRole("dialog", { name });
  await expect(form).toBeVisible();
  return form;
}

test("a complaint by phone is taken in, looked into by somebody else, and answered", async ({ house }) => {
  test.setTimeout(180_000);
  const { page } = await house.agent("lin", { at: "/app/cases" });
  const complaint = `前台让我等了两小时（${Date.now()}）`;

  await test.step("takes it in, with the scan of a receipt", async () => {
    await page.getByRole("link", { name: "登记工单" }).click();
    await page.getByRole("radio", { name: "投诉" }).click();
    await pick(page, page.getByRole("button", { name: /^分类/ }), "投诉 / 服务投诉 / 响应或处理慢");
    await expect(page.getByText("截图、照片或录音等证据")).toBeVisible();
    await page.getByRole("button", { name: "登记", exact: true }).click();
    await expect(page.getByText("请填写这一项")).toBeVisible();
    await page.getByLabel(/^内容/).fill(complaint);
    await page.getByRole("button", { name: "登记", exact: true }).click();
    await expect(page.getByText("请留下电话或邮箱，方便我们回复您")).toBeVisible();
    await page.reload();
    await expect(page.getByText("已恢复上次没有提交的内容")).toBeVisible();
    await expect(page.getByLabel(/^内容/)).toHaveValue(complaint);
    await page.getByLabel(/^手机/).fill("13800001234");
    await page.locator('input[type="file"]').setInputFiles(picture);
    await expect(page.getByRole("button", { name: `移除 ${picture.name}` }).or(page.getByText(picture.name)).first()).toBeVisible();
    await page.getByRole("button", { name: "登记", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: complaint })).toBeVisible();
  });
  const address = page.url();

  await test.step("the evidence is sealed, and looking at it is written down", async () => {
    await expect(page.getByText("证据链完整")).toBeVisible();
    await page.getByText(/^保管记录 1 条$/).click();
    const picturePage = page.waitForEvent("popup");
    await page.getByRole("button", { name: "查看", exact: true }).click();
    await (await picturePage).close();
    await expect(page.getByText(/^保管记录 2 条$/)).toBeVisible();
  });

  await test.step("says why it is due then", async () => {
    const clocks = page.getByRole("heading", { name: "时限" }).locator("xpath=ancestor::section");
    await expect(clocks.getByText("投诉受理")).toBeVisible();
    await clocks.getByText("为什么是这个时间").first().click();
    await expect(clocks.getByRole("listitem").getByRole("listitem").first()).toBeVisible();
  });

  await test.step("accepts it; what was written survives", async () => {
    let form = await act(page, "受理");
    await form.getByRole("button", { name: "受理" }).click();
    await expect(form.getByText("请填写这一项").first()).toBeVisible();
    await form.getByLabel("已与客户取得联系").click();
    await page.keyboard.press("Escape");
    form = await act(page, "受理");
    await expect(form.getByLabel("已与客户取得联系")).toBeChecked();
    await pick(page, form.getByRole("combobox", { name: /问题等级/ }), "复杂问题");
    await form.getByRole("button", { name: "受理" }).click();
    await expect(form).toBeHidden();
    await expect(page.locator('[aria-current="step"]')).toContainText("已受理");
  });

  await test.step("gives it to another to look into", async () => {
    const form = await act(page, "开始调查");
    await pick(page, form.getByRole("button", { name: /调查人/ }), /赵宇/);
    await form.getByRole("button", { name: "开始调查" }).click();
    await expect(form).toBeHidden();
    await expect(page.locator('[aria-current="step"]')).toContainText("调查核实");
  });

  const zhao = await house.agent("zhao", { at: new URL(address).pathname });
  await test.step("who sees the number in part, and the whole for a reason", async () => {
    await expect(zhao.page.getByText("138****1234")).toBeVisible();
    await zhao.page.getByRole("button", { name: "显示完整手机" }).click();
    const reveal = zhao.page.getByRole("dialog", { name: "显示完整手机" });
    await reveal.getByLabel("原因").fill("回电核实当天的情况");
    await reveal.getByRole("button", { name: "显示", exact: true }).click();
    await expect(zhao.page.getByText("13800001234")).toBeVisible();
    expect(await faults(zhao.page, "a case with its number shown")).toEqual([]);
  });
  await test.step("who proposes, while the first one's page keeps up", async () => {
    const form = await act(zhao.page, "提出方案");
    await form.getByLabel(/^调查结果/).fill("当日两名接待请假，没有安排替班。");
    await form.getByLabel(/^解决方案/).fill("致歉，并为下次保养预留专人。");
    await pick(zhao.page, form.getByRole("combobox", { name: /处理结果/ }), "道歉");
    await form.getByRole("button", { name: "提出方案" }).click();
    await expect(form).toBeHidden();
    await expect(page.getByText("当日两名接待请假，没有安排替班。").first()).toBeVisible();
  });

  await test.step("an act that came too late says what is possible now", async () => {
    const late = await act(page, "反馈结果");
    await late.getByLabel(/^写给客户的话/).fill("我们核实后向您致歉。");
    const form = await act(zhao.page, "反馈结果");
    await form.getByLabel(/^写给客户的话/).fill("经核实安排不周，向您致歉，下次保养为您预留专人。");
    await form.getByRole("button", { name: "反馈结果" }).click();
    await expect(form).toBeHidden();
    await expect(late.getByRole("alert")).toContainText("现在不能做这一步了");
    await expect(late.getByLabel(/^写给客户的话/)).toHaveValue("我们核实后向您致歉。");
    await page.keyboard.press("Escape");
    await expect(page.locator('[aria-current="step"]')).toContainText("处理反馈");
    await expect(page.getByText("经核实安排不周，向您致歉，下次保养为您预留专人。").first()).toBeVisible();
  });
});

test("a supervisor sees what is late, and escalates", async ({ house }) => {
  test.setTimeout(120_000);
  const { page } = await house.agent("wang", { at: "/app/promises" });
  const late = page.getByRole("region", { name: "已超时" });
  await expect(late.getByText(/^超时/).first()).toBeVisible();
  await expect(page.getByText(/按时$/).first()).toBeVisible();
  await expect(page.getByRole("region", { name: "之后到期" })).toBeVisible();

  await page.goto("/app/cases?view=unassigned");
  const row = page.getByRole("row").filter({ hasText: "上门取送车服务在杭州有吗" });
  await row.getByRole("checkbox").click();
  await page.getByRole("button", { name: "升级", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "升级 1 个工单" });
  await dialog.getByRole("button", { name: "升级", exact: true }).click();
  await expect(dialog.getByText("请填写这一项").first()).toBeVisible();
  await dialog.getByRole("radio", { name: "主管" }).click();
  await dialog.getByLabel(/^客户同意的下一步/).fill("今天内由主管回电");
  await dialog.getByLabel(/^原因/).fill("客户连续来电");
  await dialog.getByRole("button", { name: "升级", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("1 个工单已处理", { exact: true })).toBeVisible();
  await expect(row.getByLabel("已升级：主管")).toBeVisible();

  const number = (await row.getByText(/^ZX\d{8}-\d+$/).textContent())!;
  await page.getByLabel("按编号查找").fill(number.toLowerCase());
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("link", { name: /上门取送车服务/ }).click();
  await expect(page.getByText("今天内由主管回电")).toBeVisible();
});

test("an assigned case rings at whoever gets it", async ({ house }) => {
  const wang = await house.agent("wang", { at: "/app/cases?view=unassigned" });
  const lin = await house.agent("lin", { at: "/app/contacts" });
  await expect(lin.page.getByRole("heading", { level: 1 })).toBeVisible();
  const row = wang.page.getByRole("row").filter({ hasText: "请提供你们保存的我的个人信息副本" });
  await row.getByRole("checkbox").click();
  await wang.page.getByRole("button", { name: "分配", exact: true }).click();
  const dialog = wang.page.getByRole("dialog", { name: "分配 1 个工单" });
  await pick(wang.page, dialog.getByRole("button", { name: /选择客服/ }), /林晓/);
  await dialog.getByRole("button", { name: "分配", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(lin.page.getByText("分给你一个工单").first()).toBeVisible();
  await lin.page.getByRole("button", { name: "打开工单" }).click();
  await expect(lin.page.getByRole("heading", { level: 1, name: "请提供你们保存的我的个人信息副本" })).toBeVisible();
});

test("a case that is not there says so", async ({ house }) => {
  const { page } = await house.agent("lin", { at: "/app/cases/cs_06bq3f0k2m9ty" });
  await expect(page.getByText("找不到这个页面")).toBeVisible();
  await page.goto("/app/cases?number=TS20200101-000001");
  await expect(page.getByText("没有编号为 TS20200101-000001 的工单")).toBeVisible();
});
