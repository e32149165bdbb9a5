import { expect, test } from "./house";

test("a question that is written and published is found by visitors and by the assistant", async ({ house }) => {
  const wang = await house.agent("wang", { at: "/app/knowledge/questions" });
  const page = wang.page;
  await page.getByRole("link", { name: "新建问题" }).click();
  await page.getByLabel(/标准问题/).fill("儿童座椅安装在哪个位置？");
  await page.getByLabel(/^答案/).fill("请安装在第二排右侧座位，并使用 ISOFIX 接口固定。");
  await page.getByLabel(/其他问法/).fill("宝宝座椅装哪里\nISOFIX 接口在哪\n安全座椅怎么装");
  await page.getByRole("button", { name: "保存草稿" }).click();
  await expect(page.getByText("已保存").first()).toBeVisible();

  const visitor = await house.browser();
  await visitor.goto("/faq");
  await visitor.getByRole("combobox", { name: "搜索常见问题" }).fill("儿童座椅");
  await visitor.getByRole("combobox", { name: "搜索常见问题" }).press("Enter");
  await expect(visitor.getByRole("main")).not.toContainText("儿童座椅安装在哪个位置");

  await page.getByRole("button", { name: "发布", exact: true }).click();
  await expect(page.getByText("已发布").first()).toBeVisible();
  await expect(async () => {
    await visitor.reload();
    await expect(visitor.getByRole("link", { name: /儿童座椅安装在哪个位置/ })).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await visitor.getByRole("link", { name: /儿童座椅安装在哪个位置/ }).click();
  await expect(visitor.getByText("使用 ISOFIX 接口固定")).toBeVisible();

  await page.getByRole("button", { name: "试一试" }).click();
  const trial = page.getByRole("dialog", { name: "试一试" });
  await trial.getByLabel("客户说").fill("宝宝的座椅装在哪里呀");
  await trial.getByRole("button", { name: "看看结果" }).click();
  await expect(trial.getByText("直接回答")).toBeVisible();
  await expect(trial.getByText(/理由： (除语气词外|答对的概率为)/)).toBeVisible();
  await expect(trial.getByRole("listitem").first()).toContainText("儿童座椅安装在哪个位置？");
  await expect(trial.getByRole("listitem").first()).toContainText("正在编辑");
});
