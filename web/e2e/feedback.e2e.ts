import { expect, test } from "./house";

test("the feedback form works without JavaScript, and keeps what was typed", async ({ house }) => {
  const page = await house.browser({ javaScriptEnabled: false });
  await page.goto("/user/feedback");
  const text = "提车三周，中控屏黑屏四次。";
  await page.getByText("投诉", { exact: true }).click();
  await page.getByLabel(/^详细描述/).fill(text);
  await page.getByLabel("用户名或账号").fill("刘洋");
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByRole("alert")).toContainText("已填写的内容都保留着");
  await expect(page.locator("#text")).toHaveValue(text);
  await expect(page.locator("#name")).toHaveValue("刘洋");
  await expect(page.locator("#kind-complaint")).toBeChecked();

  await page.locator("#phone").fill("13800001021");
  // nobody writes a complaint within three seconds; the form asks to hand it in again
  await expect(async () => {
    await page.getByRole("button", { name: "提交" }).click();
    await expect(page.getByRole("heading", { name: "您的投诉已收到" })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  const number = (await page.locator(".slip .num").first().innerText()).trim();
  expect(number).toMatch(/\d{4,}/);

  const wang = await house.agent("wang", { at: "/app/cases" });
  await wang.page.getByRole("link", { name: number }).click();
  await expect(wang.page.getByRole("main")).toContainText(number);
  await expect(wang.page.getByText(text).first()).toBeVisible();
});
