/** A recorded call is written down: it is set up, asked for, read beside the recording, searched and played from. */
import { faults } from "./faults";
import { expect, test } from "./house";
import { fakeScribe, written } from "./program.mjs";

const prompt = [{ start: 0, end: 4, text: "为保证服务质量，本次通话将被录音。" }];
const customer = [
  { start: 0.1, end: 1, text: "您好，我的车这两天总是充不满电。" },
  { start: 3.7, end: 4.5, text: "沪A·D12345，我的电话是13800001001。" },
  { start: 7.3, end: 8.1, text: "大概到百分之八十就停了。" },
  { start: 10.9, end: 11.7, text: "好的，明天上午可以吗？" },
];
const agent = [
  { start: 0.1, end: 1, text: "您好，请说一下车牌号，我帮您看一下。" },
  { start: 3.7, end: 4.5, text: "请问充到多少会停？" },
  { start: 7.3, end: 8.1, text: "可能是充电上限的设置，我给您约一次检查。" },
  { start: 10.9, end: 11.7, text: "可以，已经给您登记了。" },
];

test("a recorded call is written down, read, searched, played from and taken along", async ({ house }) => {
  test.setTimeout(180_000);
  const { at, asked, stop } = await fakeScribe([prompt, customer, agent]);
  try {
    const { page } = await house.agent("admin", { at: "/app/settings/hotline" });
    const main = page.getByRole("main");
    await test.step("who writes is tried, then kept", async () => {
      await main.getByRole("tab", { name: "通话转写" }).click();
      await main.getByRole("switch", { name: "通话结束后自动转写" }).click();
      await main.getByLabel("地址", { exact: true }).fill("http://api.example.com/v1");
      await main.getByLabel("模型").fill("whisper-1");
      await main.getByLabel("密钥", { exact: true }).fill("sk-e2e");
      await page.getByRole("button", { name: "保存" }).click();
      await expect(page.getByText("不加密只能用本单位内网的地址").first()).toBeVisible();
      await main.getByLabel("地址", { exact: true }).fill(at);
      await main.getByRole("button", { name: "试一试" }).click();
      await expect(main.getByText(/能用：\d+\.\d 秒的声音用时 \d+ 毫秒，写出“为保证服务质量/)).toBeVisible();
      await page.getByRole("button", { name: "保存" }).click();
      await expect(page.getByText("已保存，不会显示；填写新的会替换")).toBeVisible();
      expect(await faults(page, "who writes")).toEqual([]);
    });

    const wang = await house.agent("wang", { at: "/app/calls" });
    const ended = wang.page.getByRole("table", { name: "已结束" });
    const calls = (await (await wang.page.request.get("/api/v1/calls?state=ended&recorded=true")).json()) as { items: { contact_name: string }[] };
    await ended.getByRole("button", { name: calls.items[0]!.contact_name }).first().click();
    const record = wang.page.getByRole("dialog");
    const said = record.getByRole("region", { name: "通话文字" });
    await expect(said).toContainText("还没有转写成文字");
    await said.getByRole("button", { name: "转写成文字" }).click();
    const lines = said.getByRole("listitem");
    await expect(lines).toHaveCount(8, { timeout: 30_000 });
    await expect(said).toContainText("由 whisper-1 转写");
    await expect(lines.nth(0)).toContainText("客户");
    await expect(lines.nth(0)).toContainText("充不满电");
    await expect(lines.nth(1)).toContainText("请说一下车牌号");
    await expect(lines.nth(1)).not.toContainText("客户");
    await expect(lines.nth(2)).toContainText("〔…〕，我的电话是〔…〕。");
    expect(asked().map(({ key }) => key)).toEqual(["Bearer sk-e2e", "Bearer sk-e2e", "Bearer sk-e2e"]);
    expect(asked()[1]!.form).toContain("RIFF");

    await test.step("a line plays from where it was said, and is marked", async () => {
      await lines.nth(4).getByRole("button").click();
      await expect(record.getByRole("slider", { name: "播放位置" })).not.toHaveValue("0");
      await expect(said.locator("[aria-current=true]")).toHaveCount(1);
      await expect(record.getByRole("button", { name: "暂停" })).toBeVisible();
      await record.getByRole("button", { name: "暂停" }).click();
    });
    await said.scrollIntoViewIfNeeded();
    expect(await faults(wang.page, "what was said")).toEqual([]);

    await test.step("it is searched", async () => {
      await said.getByRole("searchbox").fill("充电");
      await expect(said).toContainText("找到 1 处");
      await expect(lines).toHaveCount(1);
      await expect(lines.locator("mark")).toHaveText("充电");
      await said.getByRole("searchbox").fill("");
    });
    await test.step("it is taken along, masked", async () => {
      const [file] = await Promise.all([wang.page.waitForEvent("download"), said.getByRole("link", { name: "下载文字" }).click()]);
      const text = written(await file.path());
      expect(text).toContain("[00:00] 客户: 您好，我的车这两天总是充不满电。");
      expect(text).not.toContain("13800001001");
    });
    await test.step("who may sees all of it, with a reason", async () => {
      await said.getByRole("button", { name: "显示完整内容" }).click();
      const ask = wang.page.getByRole("dialog", { name: "显示完整内容" });
      await ask.getByLabel(/^理由/).fill("核对车牌");
      await ask.getByRole("button", { name: "保存" }).click();
      await expect(said).toContainText("13800001001");
    });
  } finally {
    stop();
  }
});
