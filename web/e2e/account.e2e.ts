import type { Page } from "@playwright/test";
import { expect, test } from "./house";

/** The code that came last to the demo's mailbox for an address. */
async function code(page: Page, address: string): Promise<string> {
  const mailbox = await page.context().newPage();
  const letter = mailbox.getByRole("article").filter({ hasText: address }).first();
  await expect(async () => {
    await mailbox.goto("/demo/mail");
    await expect(letter).toBeVisible({ timeout: 1_000 });
  }).toPass();
  const digits = /\b\d{6}\b/.exec(await letter.locator(".letter-text").innerText());
  await mailbox.close();
  expect(digits).not.toBeNull();
  return digits![0];
}

test("a customer signs up with a code, sees what they handed in, and signs out", async ({ house }) => {
  const page = await house.browser({ javaScriptEnabled: false });
  const address = `qian-${Date.now()}@mail.example`;
  await page.goto("/");
  await page.getByRole("link", { name: "登录" }).click();
  await page.getByRole("link", { name: "注册账号" }).click();
  await page.getByLabel(/^怎么称呼您/).fill("钱多多");
  await page.getByLabel(/^邮箱/).fill(address);
  await page.getByRole("button", { name: "发送验证码" }).click();
  await expect(page.getByRole("heading", { name: "输入验证码" })).toBeVisible();
  await page.getByRole("textbox", { name: "验证码" }).fill("12345");
  await page.getByRole("button", { name: "完成注册" }).click();
  await expect(page.getByRole("alert")).toContainText("验证码不正确");
  await page.getByRole("textbox", { name: "验证码" }).fill(await code(page, address));
  await page.getByRole("button", { name: "完成注册" }).click();

  await expect(page.getByRole("heading", { name: "您好，钱多多" })).toBeVisible();
  await page.getByRole("region", { name: "我的事项" }).getByRole("link", { name: "提交投诉与建议" }).click();
  await expect(page.locator("#name")).toHaveValue("钱多多");
  await expect(page.locator("#email")).toHaveValue(address);
  await page.getByText("建议", { exact: true }).click();
  await page.getByLabel(/^详细描述/).fill("希望车机地图可以离线使用。");
  await expect(async () => {
    await page.getByRole("button", { name: "提交" }).click();
    await expect(page.getByRole("heading", { name: "您的建议已收到" })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.getByRole("link", { name: "钱多多" }).click();
  await expect(page.getByRole("region", { name: "我的事项" })).toContainText("希望车机地图可以离线使用");

  await page.getByRole("button", { name: "退出登录" }).click();
  await expect(page.getByRole("status")).toContainText("您已退出登录");
  await page.goto("/account");
  await expect(page.getByRole("heading", { name: "登录" })).toBeVisible();
});
