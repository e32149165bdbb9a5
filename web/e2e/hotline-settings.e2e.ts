/** The hotline is set up: a number, a carrier, a telephone; and its calls are looked at and listened to. */
import { faults } from "./faults";
import { expect, test } from "./house";

test("an administrator adds a number, a carrier and a telephone", async ({ house }) => {
  test.setTimeout(120_000);
  const { page } = await house.agent("admin", { at: "/app/settings/hotline" });
  const main = page.getByRole("main");
  const found: string[] = [];
  const form = page.getByRole("dialog");

  await test.step("an entry for a number of its own", async () => {
    await main.getByRole("button", { name: "添加呼入线路" }).click();
    await form.getByRole("textbox", { name: "名称" }).fill("投诉专线");
    await form.getByRole("textbox", { name: "号码" }).fill("not a number");
    await form.getByRole("button", { name: "保存" }).click();
    await expect(form.getByText(/不是号码/)).toBeVisible();
    await form.getByRole("textbox", { name: "号码" }).fill("400-820-0009");
    found.push(...(await faults(page, "entry form")));
    await form.getByRole("button", { name: "保存" }).click();
    await expect(main.getByRole("row").filter({ hasText: "投诉专线" })).toContainText("4008200009");
    found.push(...(await faults(page, "entries")));
  });

  await test.step("a line to a carrier, whose password is never shown", async () => {
    await main.getByRole("tab", { name: "中继线路" }).click();
    await main.getByRole("button", { name: "添加中继线路" }).click();
    await form.getByRole("textbox", { name: "名称" }).fill("电信");
    await form.getByRole("textbox", { name: "服务器" }).fill("192.0.2.10");
    await form.getByRole("textbox", { name: "来电地址" }).fill("192.0.2.10\n192.0.2.16/28");
    await form.getByRole("textbox", { name: "用户名" }).fill("8008");
    await form.getByLabel("密码").fill("of-the-carrier");
    found.push(...(await faults(page, "trunk form")));
    await form.getByRole("button", { name: "保存" }).click();
    const row = main.getByRole("row").filter({ hasText: "电信" });
    await expect(row).toContainText("192.0.2.10");
    await row.getByRole("button", { name: /编辑/ }).click();
    await expect(form.getByLabel("密码")).toHaveValue("");
    await expect(form.getByText("已设置，留空则不变")).toBeVisible();
    await page.keyboard.press("Escape");
    expect(await (await page.request.get("/api/v1/trunks")).text()).not.toContain("of-the-carrier");
    found.push(...(await faults(page, "trunks")));
  });

  await test.step("a telephone, whose password is shown once", async () => {
    await main.getByRole("tab", { name: "话机" }).click();
    await main.getByRole("button", { name: "添加话机" }).click();
    await form.getByRole("textbox", { name: "号码" }).fill("8009");
    await form.getByRole("textbox", { name: "名称" }).fill("前台");
    await form.getByRole("radio", { name: "另行指定" }).click();
    await form.getByRole("checkbox", { name: "国际" }).click();
    found.push(...(await faults(page, "phone form")));
    await form.getByRole("button", { name: "保存" }).click();
    const once = page.getByRole("dialog", { name: "话机 8009 的密码" });
    await expect(once.locator("code")).toHaveText(/^[a-z0-9]{24}$/);
    await once.getByRole("button").last().click();
    await expect(main.getByRole("row").filter({ hasText: "8009" })).toContainText("前台");
    const phone = ((await (await page.request.get("/api/v1/phones")).json()) as { items: { user: string; may?: string[] }[] }).items.find((each) => each.user === "8009");
    expect(phone?.may).toContain("international");
    found.push(...(await faults(page, "phones")));
  });

  await test.step("the dial plan and how long recordings are kept", async () => {
    await main.getByRole("tab", { name: "拨号方案" }).click();
    await main.getByRole("button", { name: "添加目标" }).click();
    const line = main.getByRole("group", { name: "第 1 行" });
    await line.getByRole("textbox", { name: "名称" }).fill("救援");
    await line.getByRole("textbox", { name: "号码" }).fill("400-820-0001");
    found.push(...(await faults(page, "dial plan")));
    await page.getByRole("button", { name: "保存" }).click();
    await expect(page.getByText("拨号方案已保存").first()).toBeVisible();
    await main.getByRole("tab", { name: "录音保存" }).click();
    await expect(main.getByRole("textbox", { name: "保存天数" })).toHaveValue("180");
    found.push(...(await faults(page, "recordings")));
  });
  expect(found).toEqual([]);
});

test("a supervisor looks at calls, listens to one and keeps it", async ({ house }) => {
  const { page } = await house.agent("wang", { at: "/app/calls" });
  const main = page.getByRole("main");
  const found: string[] = [];
  const over = main.getByRole("region", { name: "已结束" }).first();
  await expect(over.getByRole("row")).not.toHaveCount(0);
  found.push(...(await faults(page, "calls")));
  await expect(over).not.toContainText(/\b1[3-9]\d{9}\b/); // numbers are masked

  await main.getByRole("checkbox", { name: "只看有录音的" }).click();
  await expect(over.getByRole("row")).toHaveCount(3); // with the head
  await over.getByRole("row").nth(1).getByRole("button").first().click();
  const call = page.getByRole("dialog");
  await expect(call.getByText("结束原因")).toBeVisible();
  await expect(call.getByRole("img", { name: /波形/ })).toBeVisible();
  found.push(...(await faults(page, "call")));

  const heard = page.waitForResponse((response) => response.url().endsWith("/recording"));
  await call.getByRole("button", { name: "播放" }).click();
  expect([200, 206]).toContain((await heard).status());
  await expect(call.getByRole("button", { name: "暂停" })).toBeVisible();

  await call.getByRole("button", { name: "延长保存" }).click();
  const keep = page.getByRole("dialog", { name: "延长录音的保存" });
  await keep.getByRole("textbox").fill("2026 民初 18 号");
  await keep.getByRole("button", { name: "保存" }).click();
  await expect(call.getByText("延长保存：2026 民初 18 号")).toBeVisible();
  await call.getByRole("button", { name: "解除延长保存" }).click();
  await expect(call.getByRole("button", { name: "延长保存" })).toBeVisible();
  expect(found).toEqual([]);
});
