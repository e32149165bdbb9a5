/** A supervisor looks on, whispers, takes over and sends an agent on a break; the customer hears none of the first two. */
import type { Page } from "@playwright/test";
import { faults } from "./faults";
import { expect, test } from "./house";

async function accessible(page: Page) {
  expect(await faults(page, page.url())).toEqual([]);
}

test("whispers, takes over, and sends an agent on a break", async ({ house }) => {
  await (await house.agent("zhao")).presence("offline");
  const wang = await house.agent("wang");
  await wang.presence("offline");
  await wang.clearQueue();
  const lin = await house.agent("lin");
  await lin.presence("online");
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.askForPerson("刹车有异响，还能开吗？");
  await lin.accept(visitor);
  await lin.say("您好，请问异响在什么时候出现？");
  await visitor.hears("请问异响");

  // the supervisor finds the conversation on the wallboard and looks on
  await wang.page.goto("/app/wallboard");
  const row = wang.page.getByRole("row", { name: /林晓/ });
  const chip = row.getByRole("link", { name: new RegExp(visitor.name) });
  await expect(chip).toBeVisible();
  await accessible(wang.page);
  await chip.click();
  await expect(wang.page.getByText(/旁观中：.*正在接待，客户看不到你/)).toBeVisible();
  await visitor.say("刹车的时候，吱吱响");
  await wang.hears("吱吱响");

  // a whisper reaches the agent and never the customer
  await wang.page.getByRole("radio", { name: "密语" }).click();
  await wang.page.getByLabel("密语内容").fill("先问里程，再安排检查刹车片");
  await accessible(wang.page);
  await wang.page.getByRole("button", { name: "发送密语" }).click();
  await wang.hears("先问里程");
  await lin.hears("先问里程");
  await expect(lin.page.getByText("密语 · 仅内部可见").first()).toBeVisible();
  await lin.page.getByRole("radio", { name: "密语" }).click();
  await lin.page.getByLabel("密语内容").fill("好的，马上问");
  await lin.page.getByLabel("密语内容").press("Enter");
  await wang.hears("好的，马上问");
  await lin.page.getByRole("radio", { name: "回复", exact: true }).click();
  await lin.say("请问现在的里程是多少？");
  await visitor.hears("请问现在的里程");
  const told = await visitor.page.request.get(`/widget/v1/messages?conversation=${visitor.conversation}`, { headers: { Authorization: `Bearer ${visitor.token}` } });
  const words = await told.text();
  expect(words).not.toContain("先问里程");
  expect(words).not.toContain("马上问");
  await expect(visitor.page.getByText("先问里程")).toHaveCount(0);
  await visitor.page.reload();
  await visitor.openChat();
  await visitor.hears("请问现在的里程");
  await expect(visitor.page.getByText("先问里程")).toHaveCount(0);

  // taking over asks once more, and the agent is told
  await wang.page.getByRole("button", { name: "接管" }).click();
  const ask = wang.page.getByRole("alertdialog", { name: "接管这个会话？" });
  await ask.getByRole("button", { name: "接管" }).click();
  await expect(wang.field).toBeVisible();
  await expect(lin.page.getByText(/王.*接管了你的会话/).first()).toBeVisible();
  await expect(wang.log.getByText(/从 .*手中接管/)).toBeVisible();
  await wang.say("您好，我是主管，这边为您安排检查。");
  await visitor.hears("我是主管");
  await expect(visitor.page.getByText("手中接管")).toHaveCount(0);

  // the supervisor's word against a decision of the agent stays beside it
  await lin.page.getByRole("region", { name: "客户信息" }).getByRole("button", { name: "申请复核" }).click();
  const review = lin.page.getByRole("dialog", { name: "申请上级复核" });
  await review.getByLabel(/原决定/).fill("不在三包期内，不予免费检查");
  await review.getByLabel(/为什么要复核/).fill("购车发票日期有误");
  await review.getByRole("button", { name: "提交申请" }).click();
  await expect(review).toBeHidden();
  await expect(lin.page.getByText("等待主管复核")).toBeVisible();

  // the agent is sent on a break, with a word why
  await wang.page.goto("/app/wallboard");
  await wang.page.getByRole("button", { name: /林晓 的操作/ }).click();
  await wang.page.getByRole("menuitem", { name: "设置状态" }).click();
  const dialog = wang.page.getByRole("dialog", { name: /设置 林晓 的状态/ });
  await dialog.getByRole("button", { name: "设置状态" }).click();
  await expect(dialog.getByText("请写明原因")).toBeVisible();
  await dialog.getByRole("textbox", { name: /原因/ }).fill("请先休息十分钟");
  await dialog.getByRole("button", { name: "设置状态" }).click();
  await expect(dialog).toBeHidden();
  await expect(lin.page.getByText(/王.*把你设为小休/).first()).toBeVisible();
  await expect(lin.page.getByText("请先休息十分钟").first()).toBeVisible();
  await expect(row.getByText(/王.*设置：请先休息十分钟/)).toBeVisible();
  await lin.presence("online");
  await expect(row.getByText(/设置：/)).toHaveCount(0);
  await wang.page.getByRole("button", { name: /林晓 的操作/ }).click();
  await wang.page.getByRole("menuitem", { name: "状态记录" }).click();
  await expect(wang.page.getByRole("dialog", { name: /状态记录/ }).getByText(/请先休息十分钟/)).toBeVisible();
});

test("the wall follows by itself, also after a break, and never scrolls", async ({ house }) => {
  const wang = await house.agent("wang", { at: "/app/wall", viewport: { width: 1920, height: 1080 } });
  const page = wang.page;
  await expect(page.getByText("实时")).toBeVisible();
  const waiting = page.locator("section", { has: page.getByRole("heading", { name: "排队" }) });
  await wang.clearQueue();
  await expect(waiting).toContainText("0");
  await page.context().setOffline(true);
  await expect(page.getByText("重新连接中")).toBeVisible({ timeout: 60_000 });
  await page.context().setOffline(false);
  await expect(page.getByText("实时")).toBeVisible({ timeout: 60_000 });
  const lin = await house.agent("lin"); // is there, and takes nothing new
  expect((await lin.page.request.put("/api/v1/me/presence", { data: { state: "busy" } })).ok()).toBe(true);
  await expect(lin.page.getByRole("button", { name: /^忙碌/ })).toBeVisible(); // the console is connected: somebody is there
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.askForPerson();
  await expect(waiting).toContainText(/[1-9]/);
  for (const size of [{ width: 1920, height: 1080 }, { width: 1280, height: 720 }, { width: 1080, height: 1920 }]) {
    await page.setViewportSize(size);
    const over = () => page.evaluate(() => [document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]);
    await expect.poll(over).toEqual([0, 0]);
  }
  await accessible(page);
  await wang.clearQueue();
});

test("an agent finds no wallboard", async ({ house }) => {
  const lin = await house.agent("lin", { at: "/app/wallboard" });
  await expect(lin.page.getByRole("heading", { level: 1 })).toHaveText(/没有权限|无权/);
  await expect(lin.page.getByRole("link", { name: "现场" })).toHaveCount(0);
  expect((await lin.page.request.get("/api/v1/wallboard")).status()).toBe(403);
});
