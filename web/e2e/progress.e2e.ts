import { picture } from "./program.mjs";
import type { Page } from "@playwright/test";
import { customer, expect, password, test } from "./house";

/** The part of the agent: what they do to a case, by the interface. */
async function agentDoes(page: Page, id: string, act: Record<string, unknown>) {
  const answer = await page.request.post(`/api/v1/cases/${id}/acts`, { data: act });
  expect(answer.ok(), await answer.text()).toBe(true);
}

async function idOf(page: Page): Promise<string> {
  return ((await (await page.request.get("/api/v1/me")).json()) as { id: string }).id;
}

test("a customer files a complaint with evidence, follows it, rejects the result and confirms the next", async ({ house }) => {
  const page = await house.browser({ javaScriptEnabled: false });
  await page.goto("/user/feedback");
  await page.getByText("投诉", { exact: true }).click();
  await page.getByLabel("投诉类型").selectOption("complaint.dispute");
  await page.getByRole("button", { name: "显示需要准备的资料" }).click();
  await expect(page.getByText("准备好这些，处理会更快：")).toBeVisible();
  const text = "嘉定店保养后空调有异味，一直没有回复。";
  await page.getByLabel(/^详细描述/).fill(text);
  await page.getByLabel("已经试过的办法").fill("打过两次电话");
  await page.getByLabel("邮箱").fill(`chen-${Date.now()}@mail.example`);
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByRole("alert")).toContainText("已填写的内容都保留着");
  await expect(page.getByLabel("已经试过的办法")).toHaveValue("打过两次电话");
  await page.getByLabel("对方名称").fill("嘉定店");
  await expect(async () => {
    await page.getByLabel("附件和证据").setInputFiles(picture);
    await page.getByRole("button", { name: "提交" }).click();
    await expect(page.getByRole("heading", { name: "您的投诉已收到" })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  const [number = "", secret = ""] = (await page.locator(".slip .big").allInnerTexts()).map((t) => t.trim());
  expect(number).toMatch(/^TS\d{8}-\d{6}$/);
  expect(page.url()).not.toContain(secret);
  await expect(page.getByText(/^受理：最晚/)).toBeVisible();

  const guest = await house.browser({ javaScriptEnabled: false });
  await guest.goto("/progress");
  await guest.getByLabel("编号").fill(number);
  await guest.getByLabel("查询码").fill("00000000");
  await guest.getByRole("button", { name: "查看进度" }).click();
  await expect(guest.getByRole("alert")).toContainText("没有与该编号和查询码相符的工单");
  await expect(guest.getByLabel("编号")).toHaveValue(number);
  await guest.getByLabel("查询码").fill(secret.toLowerCase());
  await guest.getByRole("button", { name: "查看进度" }).click();
  await expect(guest.getByRole("heading", { level: 1 })).toHaveText(text);
  await expect(guest.getByRole("region", { name: "您提交的内容" })).toContainText(picture.name);
  await expect(guest.locator(".steps [aria-current=step]")).toContainText("已提交");

  const lin = (await house.agent("lin")).page;
  const wang = (await house.agent("wang")).page;
  const { id } = ((await (await wang.request.get(`/api/v1/cases?number=${number}`)).json()) as { items: [{ id: string }] }).items[0];
  const [linID, wangID] = await Promise.all([lin, wang].map(idOf));
  await agentDoes(wang, id, { act: "accept", category: "complaint.dispute", level: "complex", contacted: true });
  await agentDoes(wang, id, { act: "ask_customer", text: "请问保养是哪一天？" });
  await guest.reload();
  const asked = guest.getByRole("region", { name: "需要您补充" });
  await expect(asked).toContainText("请问保养是哪一天？");
  await asked.getByRole("button", { name: "发送" }).click();
  await expect(guest.getByRole("alert")).toContainText("请写几句话");
  await asked.getByLabel("您的补充").fill("上周三");
  await asked.getByRole("button", { name: "发送" }).click();
  await expect(guest.getByRole("status")).toContainText("已发送");

  await agentDoes(wang, id, { act: "investigate", agent_id: linID });
  await agentDoes(lin, id, { act: "propose", findings: "滤芯未更换", solution: "到店重新检查", outcome: "explanation" });
  await agentDoes(lin, id, { act: "give_feedback", text: "请到店重新检查。", solution: "到店重新检查", outcome: "explanation" });
  await guest.reload();
  const result = guest.getByRole("region", { name: "处理结果" });
  await expect(result).toContainText("到店重新检查");
  await result.getByText("对结果不满意").click();
  await result.getByLabel(/^哪里不满意/).fill("不想再跑一趟，希望上门处理。");
  await result.getByRole("button", { name: "提交，要求重新处理" }).click();
  await expect(guest.getByRole("status")).toContainText("我们会重新处理");
  await expect(guest.getByRole("region", { name: "其他解决途径" })).toContainText("12315");
  await expect(guest.getByRole("region", { name: "处理记录" })).toContainText("不想再跑一趟");

  await agentDoes(wang, id, { act: "reinvestigate", agent_id: wangID });
  await agentDoes(wang, id, { act: "give_feedback", text: "技师周六上门更换滤芯。", findings: "滤芯确未更换", solution: "上门更换滤芯", outcome: "explanation", ways_told: true });
  await guest.goto(`/progress/${number}`);
  await result.getByRole("button", { name: "认可，确认结果" }).click();
  await expect(guest.getByRole("status")).toContainText("谢谢您的确认");
  await expect(guest.locator(".steps [aria-current=step]")).toContainText("结果确认");
  const mailbox = await house.browser();
  await mailbox.goto("/demo/mail");
  const letters = mailbox.getByRole("article").filter({ hasText: number });
  await expect(letters.filter({ hasText: "技师周六上门更换滤芯" })).toHaveCount(1);
  expect(await letters.allInnerTexts()).not.toContainEqual(expect.stringContaining(secret));
  const link = /http\S+pass=\S+/.exec(await letters.first().innerText())![0];
  await mailbox.goto(new URL(link).pathname + new URL(link).search);
  await expect(mailbox.getByRole("heading", { level: 1 })).toHaveText(text);
  expect(mailbox.url()).not.toContain("pass");
});

test("who is signed in opens their cases without a secret, others do not", async ({ house }) => {
  const page = await house.browser({ javaScriptEnabled: false });
  await page.goto("/account/sign-in");
  await page.getByLabel("邮箱").fill(customer);
  await page.getByLabel("密码").fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  await page.getByRole("region", { name: "我的事项" }).getByRole("link", { name: "希望车机地图可以离线使用" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("希望车机地图可以离线使用");
  const stranger = await house.browser();
  await stranger.goto(page.url());
  await expect(stranger.getByRole("heading", { name: "进度查询" })).toBeVisible();
  await expect(stranger.getByText("希望车机地图")).toHaveCount(0);
});
