import { faults } from "./faults";
import { expect, test } from "./house";

interface Paid {
  id: string;
  version: number;
  contact_id?: string;
  state: string;
  payments: { reference?: string; state: string }[];
}

test("a refund above the first limit is proposed, approved twice, accepted and paid", async ({ house }) => {
  test.setTimeout(240_000);
  const found: string[] = [];
  const reason = `多收工时费 ${Date.now()}`;

  const { page: lin } = await house.agent("lin", { at: "/app/cases" });
  const cases = (await (await lin.request.get("/api/v1/cases?view=all&kind=complaint")).json()) as { items: { id: string; number: string }[] };
  const { id: caseId, number } = cases.items[0]!;
  await lin.goto(`/app/cases/${caseId}`);
  await lin.getByRole("button", { name: "提出补偿" }).click();
  const form = lin.getByRole("dialog", { name: "提出补偿" });
  await form.getByRole("button", { name: "提交审批" }).click();
  await expect(form.getByText("请填写大于 0 的金额，最多两位小数")).toBeVisible();
  found.push(...(await faults(lin, "mistakes in the form")));
  await form.getByLabel("金额（元）").fill("688.50");
  await form.getByLabel("原因（给审批人看）").fill(reason);
  await form.getByLabel("说明（给客户看）").fill("超出公示价的部分全额退还");
  const proposed = lin.waitForResponse((r) => r.url().endsWith(`/cases/${caseId}/compensations`) && r.request().method() === "POST");
  await form.getByRole("button", { name: "提交审批" }).click();
  const { id } = (await (await proposed).json()) as Paid;
  const card = lin.getByRole("listitem").filter({ hasText: reason });
  await expect(card.getByText("待一级审批")).toBeVisible();
  await expect(card.getByText(/先由资深客服审批；¥688\.50 超过其额度/)).toBeVisible();
  await expect(card.getByRole("button", { name: "同意" })).toHaveCount(0);
  found.push(...(await faults(lin, "a case with compensation")));

  // the senior decides with the keyboard alone
  const { page: chen } = await house.agent("chen", { at: "/app/approvals" });
  const queue = chen.getByRole("list", { name: "审批列表" });
  await expect(queue.getByRole("button").first()).toBeVisible();
  found.push(...(await faults(chen, "approvals")));
  const wanted = chen.getByText(reason);
  for (let i = 0; i < 30 && !(await wanted.isVisible()); i++) await chen.keyboard.press("j");
  await expect(wanted).toBeVisible();
  await chen.keyboard.press("r");
  const returning = chen.getByRole("dialog", { name: "退回" });
  await expect(returning).toBeVisible();
  await returning.getByRole("button", { name: "退回" }).click();
  await expect(returning.getByText("请写明理由，让提出人知道该怎么办")).toBeVisible();
  found.push(...(await faults(chen, "returning without a note")));
  await chen.keyboard.press("Escape");
  await expect(returning).toBeHidden();
  await chen.keyboard.press("a");
  const approving = chen.getByRole("dialog", { name: "同意" });
  await approving.getByLabel("意见（可不填）").fill("票据核对无误");
  await approving.getByRole("button", { name: "同意" }).click();
  await expect(chen.getByText("已同意", { exact: true })).toBeVisible();
  await expect(wanted).toBeHidden();

  const { page: wang } = await house.agent("wang", { at: `/app/cases/${caseId}` });
  const mine = wang.getByRole("listitem").filter({ hasText: reason });
  await expect(mine.getByText("待二级审批")).toBeVisible();
  await expect(mine.getByText("票据核对无误")).toBeVisible();
  await mine.getByRole("button", { name: "同意" }).click();
  await wang.getByRole("dialog", { name: "同意" }).getByRole("button", { name: "同意" }).click();
  await expect(mine.getByText("待客户确认")).toBeVisible();

  const before = (await (await lin.request.get(`/api/v1/compensations/${id}`)).json()) as Paid;
  const refused = await lin.request.post(`/api/v1/compensations/${id}/acts`, { data: { act: "accept", version: before.version, note: "客户电话接受" } });
  expect(refused.status()).toBe(403); // nobody has verified the customer
  const headers: Record<string, string> = {};
  if (before.contact_id) {
    const begun = await wang.request.post(`/api/v1/contacts/${before.contact_id}/verifications`, { data: { action: "compensation.accept" } });
    const { verification } = (await begun.json()) as { verification: { id: string } };
    await wang.request.post(`/api/v1/verifications/${verification.id}/vouch`, { data: { reason: "核对了订单和收费单" } });
    headers["Verification"] = verification.id;
  }
  const answer = await wang.request.post(`/api/v1/compensations/${id}/acts`, { headers, data: { act: "accept", version: before.version, note: "客户电话接受" } });
  expect(answer.ok()).toBe(true);
  await expect
    .poll(async () => ((await (await lin.request.get(`/api/v1/compensations/${id}`)).json()) as Paid).state, { timeout: 60_000 })
    .toBe("paid");
  const after = (await (await lin.request.get(`/api/v1/compensations/${id}`)).json()) as Paid;
  expect(after.payments.filter((p) => p.state === "paid")).toHaveLength(1);
  await lin.goto(`/app/cases/${caseId}`);
  await expect(lin.getByRole("listitem").filter({ hasText: reason }).getByText("已支付")).toBeVisible();

  const { page: cai } = await house.agent("cai");
  await expect(cai).toHaveURL(/\/app\/approvals$/);
  await cai.goto("/app/ledger");
  await expect(cai.getByText("账目平衡")).toBeVisible();
  found.push(...(await faults(cai, "the ledger's accounts")));
  await cai.getByRole("tab", { name: "明细" }).click();
  await expect(cai.getByRole("cell", { name: "+¥688.50" }).first()).toBeVisible();
  found.push(...(await faults(cai, "the ledger's lines")));
  await cai.getByRole("tab", { name: "奖励" }).click();
  await cai.waitForLoadState("networkidle");
  found.push(...(await faults(cai, "rewards")));
  const csv = await cai.request.get("/api/v1/ledger/export");
  expect(await csv.text()).toContain("688.50");
  expect(number).not.toBe("");
  expect(found).toEqual([]);
});

test("finance funds a budget, an administrator sets limits and policies", async ({ house }) => {
  test.setTimeout(180_000);
  const found: string[] = [];
  const { page: cai } = await house.agent("cai", { at: "/app/ledger" });
  await cai.getByRole("button", { name: "拨款" }).click();
  const funding = cai.getByRole("dialog", { name: "向预算拨款" });
  await funding.getByLabel("预算名称").fill("测试预算");
  await funding.getByLabel("金额（元）").fill("1,000");
  found.push(...(await faults(cai, "funding")));
  await funding.getByRole("button", { name: "拨款" }).click();
  await expect(cai.getByRole("row", { name: /测试预算.*¥/ })).toBeVisible();

  const { page: admin } = await house.agent("admin", { at: "/app/settings/compensation" });
  await expect(admin.getByLabel("资深客服可批（元）")).toHaveValue("200");
  found.push(...(await faults(admin, "limits and policies")));
  await admin.getByRole("button", { name: "编辑 多收费用退还" }).click();
  const policy = admin.getByRole("dialog", { name: "多收费用退还" });
  await expect(policy.getByText(/第 1 版/).first()).toBeVisible();
  found.push(...(await faults(admin, "a policy")));
  await policy.getByRole("textbox", { name: "条款" }).first().fill("经核实后五个工作日内全额退还差额。");
  await policy.getByRole("button", { name: "保存" }).click();
  await expect(admin.getByRole("row", { name: /多收费用退还/ }).getByText(/第 \d+ 版/)).toBeVisible();
  expect(found).toEqual([]);
});
