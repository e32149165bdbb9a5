import type { Page } from "@playwright/test";
import { faults } from "./faults";
import { expect, test } from "./house";

test("an angry customer is seen, and a troubleshooting tree is gone through by digits", async ({ house }) => {
  test.setTimeout(240_000);
  const found: string[] = [];
  await (await house.agent("wang")).clearQueue();
  await (await house.agent("zhao")).presence("offline");
  const lin = await house.agent("lin");
  const { page } = lin;
  await lin.makeRoom();
  await lin.presence("online");
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.askForPerson("充电不开始，你们这是什么服务！太差劲了！");
  await lin.accept(visitor);

  await expect(page.getByRole("listitem").filter({ hasText: visitor.name }).getByRole("img", { name: "生气" }).first()).toBeVisible();
  await page.getByRole("button", { name: "客户情绪: 生气" }).click();
  await expect(page.getByText(/听起来在生气/).first()).toBeVisible();
  found.push(...(await faults(page, "the mood")));
  await page.keyboard.press("Escape");

  await lin.log.click();
  await page.keyboard.press("d");
  const guide = page.getByRole("region", { name: "引导排查" });
  await expect(guide.getByRole("button").filter({ hasText: "充电不开始" })).toContainText("和客户说的相近");
  found.push(...(await faults(page, "choosing a tree")));
  await page.keyboard.press("1");
  await expect(guide.getByText("在用哪一种充电？")).toBeVisible();
  await page.keyboard.press("1");
  await expect(guide.getByText("插枪后充电口的灯是什么颜色？")).toBeVisible();
  await page.keyboard.press("2");
  await expect(guide.getByText("红灯表示充电故障", { exact: false })).toBeVisible();
  await page.keyboard.press("Backspace");
  await expect(guide.getByText("插枪后充电口的灯是什么颜色？")).toBeVisible();
  await page.keyboard.press("1");
  await expect(guide.getByText("家里配电箱的充电桩空开跳闸了吗？")).toBeVisible();
  await page.keyboard.press("1");
  await expect(guide.getByText("合上空开后再插", { exact: false })).toBeVisible();
  found.push(...(await faults(page, "the outcome of a tree")));
  await guide.getByRole("button", { name: "记为内部备注" }).click();
  await expect(lin.log.locator("[data-seq]").filter({ hasText: "引导排查：充电不开始" })).toContainText("结论：");
  await guide.getByRole("button", { name: "把要做的告诉客户" }).click();
  await expect(lin.field).toHaveValue(/合上空开后再插/);
  await lin.field.press("Enter");
  await visitor.hears("合上空开后再插");
  await guide.getByRole("button", { name: "收起引导排查" }).click();

  // without a model the button says what to set up, and where
  await lin.field.fill("请您周三来店里");
  await page.getByRole("button", { name: "翻译后发送" }).click();
  const dialog = page.getByRole("dialog", { name: "翻译后发送" });
  await expect(dialog.getByText("请管理员在“设置 · 大模型”里接入。", { exact: false })).toBeVisible();
  found.push(...(await faults(page, "translating without a model")));
  await page.keyboard.press("Escape");
  await lin.field.fill("");
  expect(found).toEqual([]);
});

test("the assistant leads a customer through a tree for both", async ({ house }) => {
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.say("充电排查");
  await visitor.hears("在用哪一种充电？");
  await visitor.page.getByRole("button", { name: "公共快充" }).last().click();
  await visitor.hears("插枪后充电口的灯是什么颜色？");
  await visitor.page.getByRole("button", { name: "绿色" }).last().click();
  await visitor.hears("绿灯表示已充到设定上限");
});

/** Closes conversations with a category by the wire: what the program learns from. */
async function closes(page: Page, inbox: string, n: number, category: string, texts: string[]) {
  await page.evaluate(
    async ({ inbox, n, category, texts }) => {
      const send = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
        const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });
        if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
        return answer.json();
      };
      for (let i = 0; i < n; i++) {
        const { token } = await send("/widget/v1/session", { inbox, language: "zh" });
        const said = await send("/widget/v1/messages", { client_id: `learn-${category}-${i}-${Date.now()}`, text: `${texts[i % texts.length]}，${texts[(i * 3 + 1) % texts.length]}` }, { Authorization: `Bearer ${token}` });
        await send(`/api/v1/conversations/${said.conversation.id}/take`, {});
        await send(`/api/v1/conversations/${said.conversation.id}/close`, { category, result: "solved" });
      }
    },
    { inbox, n, category, texts },
  );
}

interface Leaf {
  id: string;
  children?: Leaf[];
}

const leavesOf = ({ id, children }: Leaf): string[] => (children?.length ? children.flatMap(leavesOf) : [id]);

test("closed conversations teach a category, with its accuracy, and what was taken is counted", async ({ house }) => {
  test.setTimeout(240_000);
  const found: string[] = [];
  const { page } = await house.agent("admin", { at: "/app/settings/learning" });
  await expect(page.getByRole("listitem").filter({ hasText: "工单类型" }).getByText(/至少要有 2 种结果/)).toBeVisible();
  found.push(...(await faults(page, "learning, before")));
  const inboxes = (await (await page.request.get("/api/v1/inboxes")).json()) as { items: { key: string }[] };
  const settings = (await (await page.request.get("/api/v1/settings")).json()) as { categories: Leaf[] };
  const ids = settings.categories.flatMap(leavesOf);
  const wang = await house.agent("wang", { at: "/app/inbox/mine" });
  await closes(wang.page, inboxes.items[0]!.key, 21, ids[0]!, ["刹车有异响", "底盘咯吱咯吱响", "过减速带有响声", "转弯的时候响"]);
  await closes(wang.page, inboxes.items[0]!.key, 21, ids[1]!, ["发票抬头开错了", "账单多收了钱", "付款失败了", "发票没有收到"]);
  await page.getByRole("button", { name: "现在学习" }).click();
  const topic = page.getByRole("listitem").filter({ hasText: "会话小结分类" });
  await expect(async () => {
    await page.reload();
    await expect(topic.getByText(/学自 \d+ 条办结记录，对没学过的正确率 \d+%/)).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 60_000 });
  found.push(...(await faults(page, "learning, after")));

  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.say("我的车一转弯底盘就咯吱响");
  await wang.page.request.post(`/api/v1/conversations/${visitor.conversation}/take`);
  await wang.page.goto(`/app/inbox/mine/${visitor.conversation}`);
  await wang.page.getByRole("button", { name: "结束会话", exact: true }).click();
  const dialog = wang.page.getByRole("dialog", { name: "结束会话" });
  await expect(dialog.getByText(/对没学过的正确率 \d+%/)).toBeVisible();
  found.push(...(await faults(wang.page, "closing with what was learnt")));
  await dialog.getByRole("group").filter({ hasText: "对没学过的正确率" }).getByRole("button").first().click();
  await dialog.getByRole("radio").first().click();
  await dialog.getByRole("button", { name: "结束会话" }).click();
  await expect(dialog).toBeHidden();
  await page.reload();
  await expect(topic.getByText(/看到建议的 \d+ 次里采用 [1-9]\d* 次/)).toBeVisible();
  expect(found).toEqual([]);
});
