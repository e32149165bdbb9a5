/** A look-up is set up, tried against a real system, used by a menu, and told what it answers when a call is tried. */
import { faults } from "./faults";
import { expect, test } from "./house";
import { fakeOrders } from "./program.mjs";

test("a menu asks another system", async ({ house }) => {
  test.setTimeout(150_000);
  const { at, asked, stop } = await fakeOrders();
  const { page } = await house.agent("admin", { at: "/app/settings/hotline" });
  const main = page.getByRole("main");
  const form = page.getByRole("dialog");

  await test.step("it is set up, and nothing wrong is kept", async () => {
    await main.getByRole("tab", { name: "外部查询" }).click();
    await expect(main.getByText("还没有外部查询")).toBeVisible();
    await main.getByRole("button", { name: "添加外部查询" }).click();
    await form.getByRole("textbox", { name: /^名称/ }).fill("orders");
    await form.getByRole("textbox", { name: "用途" }).fill("订单状态");
    await form.getByRole("textbox", { name: /^地址/ }).fill("http://erp.example.cn/orders");
    await form.getByRole("switch", { name: "来电号码（caller）" }).click();
    await form.getByRole("textbox", { name: "取回的值" }).fill("status = order.status");
    await form.getByRole("button", { name: "保存" }).click();
    await expect(form.getByText(/不加密时只能查询自己网络中的地址/)).toBeVisible();
    expect(await faults(page, "the form of a look-up")).toEqual([]);
    await form.getByRole("textbox", { name: /^地址/ }).fill(`${at}/orders`);
    await form.getByRole("button", { name: "保存" }).click();
    await expect(main.getByRole("row").filter({ hasText: "orders" })).toContainText("status");
  });

  await test.step("it is tried", async () => {
    await main.getByRole("button", { name: "试查 orders" }).click();
    await form.getByRole("button", { name: "查询", exact: true }).click();
    const result = form.getByRole("region", { name: "试查结果" });
    await expect(result).toContainText("查到了");
    await expect(result).toContainText("已发货");
    expect(asked).toEqual(['{"caller":"13800138000"}']);
    expect(await faults(page, "a look-up that is tried")).toEqual([]);
    await page.keyboard.press("Escape");
  });

  await test.step("a menu asks it, and a call that is tried is told what it answers", async () => {
    await page.goto(`${new URL(page.url()).origin}/app/settings/menus`);
    await page.getByRole("button", { name: "新建语音导航" }).click();
    await form.getByRole("textbox", { name: /名称/ }).first().fill("订单专线");
    await form.getByRole("textbox", { name: /名称/ }).last().fill("Orders line");
    await form.getByRole("button", { name: "开始编写" }).click();
    await expect(page).toHaveURL(/menus\/orders_line/);
    const picture = page.getByRole("group", { name: "语音导航图" });
    await picture.getByRole("button", { name: /welcome/ }).click();
    await page.getByRole("button", { name: "加一个环节" }).click();
    await page.getByRole("menuitem", { name: "查询" }).click();
    await page.getByRole("combobox", { name: "查什么" }).click();
    await page.getByRole("option", { name: "orders" }).click();
    await expect(page.getByRole("switch", { name: "status" })).toBeChecked();
    await expect(page.getByRole("combobox", { name: "caller" })).toContainText("caller");
    await page.getByRole("combobox", { name: "然后去" }).click();
    await page.getByRole("option", { name: /notice$/ }).click();
    await picture.getByRole("button", { name: /welcome/ }).click();
    await page.getByRole("combobox", { name: "然后去" }).click();
    await page.getByRole("option", { name: "lookup" }).click();
    await picture.getByRole("button", { name: /lookup/ }).click();
    expect(await faults(page, "a node that asks")).toEqual([]);

    await page.getByRole("tab", { name: "试拨" }).click();
    await page.getByRole("button", { name: "拨打", exact: true }).click();
    await page.getByRole("button", { name: "听完" }).click();
    await expect(page.getByRole("textbox", { name: "查到的 status" })).toBeVisible();
    expect(asked).toHaveLength(1); // nothing is really asked
    await page.getByRole("button", { name: "真的查询" }).click();
    await expect(page.getByRole("list", { name: "通话过程" })).toContainText("查到了");
    expect(asked).toHaveLength(2);
  });
  stop();
});
