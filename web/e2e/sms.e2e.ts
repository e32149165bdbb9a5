/** Text messages are set up and tried out; a caller who hung up gets one, and it stands where it belongs. */
import { faults } from "./faults";
import { expect, test } from "./house";

test("an administrator sets text messages up and tries them with the simulator", async ({ house }) => {
  test.setTimeout(120_000);
  const { page } = await house.agent("admin", { at: "/app/settings/sms" });
  const main = page.getByRole("main");
  const found: string[] = [];

  await test.step("a template is changed and seen as it will be read", async () => {
    const rating = main.getByRole("group", { name: "邀请评价" });
    await expect(rating.getByText(/【远行汽车】感谢您致电/)).toBeVisible();
    found.push(...(await faults(page, "text messages")));
    await rating.getByRole("textbox", { name: "内容" }).fill("请打分");
    await main.getByRole("button", { name: "保存", exact: true }).click();
    await expect(rating.getByText(/要有 \{link\}/)).toBeVisible();
    await rating.getByRole("textbox", { name: "内容" }).fill("{company}请您评分：{link}");
    await expect(rating.getByText(/请您评分：http/)).toBeVisible();
    await main.getByRole("button", { name: "保存", exact: true }).click();
    await expect(page.getByText("已保存").first()).toBeVisible();
  });

  await test.step("a trial is kept, a landline refused", async () => {
    const trial = main.locator("form");
    await trial.getByRole("textbox", { name: "手机号" }).fill("021-62345678");
    await trial.getByRole("button", { name: "发送到这个号码" }).click();
    await expect(main.getByText(/只发往中国大陆手机号/).first()).toBeVisible();
    await trial.getByRole("textbox", { name: "手机号" }).fill("13800138000");
    await trial.getByRole("button", { name: "发送到这个号码" }).click();
    await expect(main.getByText("服务商已接收")).toBeVisible();
    const row = main.getByRole("row").filter({ hasText: "138****8000" });
    await expect(row).toContainText("请您评分");
    await expect(row).toContainText("已发送");
    found.push(...(await faults(page, "what was sent")));
  });

  await test.step("a secret is never shown again", async () => {
    const { version } = (await (await page.request.get("/api/v1/sms/settings")).json()) as { version: number };
    const saved = await page.request.patch("/api/v1/sms/settings", { data: { secret: "of-the-provider", version } });
    expect(saved.status()).toBe(200);
    expect(await (await page.request.get("/api/v1/sms/settings")).text()).not.toContain("of-the-provider");
  });
  expect(found).toEqual([]);
});
