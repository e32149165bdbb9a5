import { faults } from "./faults";
import { expect, test } from "./house";

test.describe.configure({ mode: "serial" });

/** A question that the demonstration cannot answer, told apart from what other tests ask. */
const asked = "官方周边的钥匙扣在哪里可以买到";

test("what nobody could answer comes back as a gap, and a click makes it a phrasing", async ({ house }) => {
  test.setTimeout(150_000);
  const wang = await house.agent("wang", { at: "/app/knowledge/gaps" });
  await wang.presence("online");
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.say(`${asked}，电话13800001111`);
  await expect(visitor.log.locator(".row:not(.own)").last()).toBeVisible();
  await visitor.page.getByRole("button", { name: /^转人工$/ }).first().click();
  await expect(visitor.log.getByText(/您请求了人工客服/)).toBeVisible();
  const taken = await wang.page.request.post(`/api/v1/conversations/${visitor.conversation}/take`);
  expect(taken.ok()).toBe(true);
  const said = await wang.page.request.post(`/api/v1/conversations/${visitor.conversation}/messages`, { data: { kind: "text", text: "钥匙扣在官方商城的“周边好物”里购买，三天内发货。", client_id: `gaps-reply-${Date.now()}` } });
  expect(said.ok()).toBe(true);
  await wang.presence("offline");

  const page = wang.page;
  const board = page.getByRole("region", { name: "知识缺口" });
  const row = board.getByRole("link", { name: new RegExp(asked) });
  await expect(async () => {
    await board.getByRole("button", { name: "更新" }).click();
    await expect(row).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await expect(page.getByRole("navigation", { name: "知识库" }).getByText(/\d+ 条知识缺口待处理/)).toBeAttached();
  await row.click();
  const detail = page.getByRole("main");
  await expect(detail.getByRole("heading", { name: /钥匙扣/ })).toBeVisible();
  await expect(detail.getByText("13800001111")).toHaveCount(0);
  await expect(detail.getByText("钥匙扣在官方商城的“周边好物”里购买，三天内发货。")).toBeVisible();
  expect(await faults(page, "a gap")).toEqual([]);

  const nearest = detail.getByRole("listitem").filter({ has: page.getByRole("button", { name: "加为相似问" }) }).first();
  await nearest.getByRole("button", { name: "加为相似问" }).click();
  await expect(page.getByText(/已加为「.*」的相似问/).first()).toBeVisible();
  await page.getByRole("button", { name: "撤销", exact: true }).click();
  await expect(page.getByText("已撤销，回到待处理").first()).toBeVisible();
  await expect(detail.getByRole("button", { name: "新建问答" })).toBeVisible();

  await detail.getByRole("button", { name: "新建问答" }).click();
  const dialog = page.getByRole("dialog", { name: "新建问答" });
  await expect(dialog.getByLabel(/^答案/)).toHaveValue(/钥匙扣在官方商城/);
  expect(await faults(page, "a question for a gap")).toEqual([]);
  await dialog.getByLabel(/标准问题/).fill("钥匙扣在哪里买？");
  await dialog.getByRole("button", { name: "保存草稿" }).click();
  await expect(page).toHaveURL(/\/knowledge\/questions\/qu_/);
  await expect(page.getByText("草稿", { exact: true }).first()).toBeVisible();

  await page.goto("/app/knowledge/gaps");
  await expect(board.getByRole("link").first().or(board.getByText("没有待处理的知识缺口"))).toBeVisible();
  await expect(row).toHaveCount(0);
  await board.getByRole("radio", { name: "已处理" }).click();
  await expect(row).toBeVisible();
});

test("a gap is ignored for a reason, and who may not edit sees no board", async ({ house }) => {
  test.setTimeout(120_000);
  const text = "你们公司楼下的面馆几点关门呢";
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.say(text);
  const wang = await house.agent("wang", { at: "/app/knowledge/gaps" });
  const page = wang.page;
  const board = page.getByRole("region", { name: "知识缺口" });
  const row = board.getByRole("link", { name: new RegExp(text) });
  await expect(async () => {
    await board.getByRole("button", { name: "更新" }).click();
    await expect(row).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await row.click();
  await page.getByRole("main").getByRole("button", { name: "忽略" }).click();
  const dialog = page.getByRole("dialog", { name: /忽略这条知识缺口/ });
  await expect(dialog.getByRole("button", { name: "忽略" })).toBeDisabled();
  await dialog.getByLabel(/理由/).fill("与业务无关");
  await dialog.getByRole("button", { name: "忽略" }).click();
  await expect(row).toHaveCount(0);
  await expect(page.getByRole("main").getByText(/与业务无关/)).toBeVisible();

  const lin = await house.agent("lin", { at: "/app/knowledge/gaps" });
  await expect(lin.page.getByRole("link", { name: "知识缺口" })).toHaveCount(0);
  expect((await lin.page.request.get("/api/v1/gaps")).status()).toBe(403);
});

test("versions are compared and restored, and what collides is shown", async ({ house }) => {
  test.setTimeout(120_000);
  const wang = await house.agent("wang", { at: "/app/knowledge/questions/new" });
  const page = wang.page;
  await page.getByLabel(/标准问题/).fill("拖车钩放在哪里？");
  await page.getByLabel(/^答案/).fill("在后备箱工具盒里。");
  await page.getByLabel(/有效期|到哪天为止/).fill("2099-12-31");
  await page.getByRole("button", { name: "发布", exact: true }).click();
  await expect(page.getByText("已发布").first()).toBeVisible();
  await expect(page).toHaveURL(/qu_/);
  await page.getByLabel(/^答案/).fill("在前备箱工具盒里。");
  await page.getByRole("button", { name: "保存并更新" }).click();
  await expect(page.getByText("已保存").first()).toBeVisible();
  await page.getByRole("button", { name: "历史版本" }).click();
  const drawer = page.getByRole("dialog", { name: "历史版本" });
  await drawer.getByRole("button", { name: "看改动" }).first().click();
  await expect(drawer.locator("del")).toHaveText("后");
  await expect(drawer.locator("ins")).toHaveText("前");
  expect(await faults(page, "versions")).toEqual([]);
  await drawer.getByRole("button", { name: "恢复" }).click();
  await expect(page.getByText("已恢复这个版本").first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByLabel(/^答案/)).toHaveValue("在后备箱工具盒里。");

  await page.goto("/app/knowledge/gaps/tend");
  await expect(page.getByRole("heading", { name: "待整理的问题" })).toBeVisible();
  await expect(page.getByRole("heading", { name: /问法太少/ })).toBeVisible();
  expect(await faults(page, "questions to tend")).toEqual([]);
});

test("a table of questions is looked through, then kept as drafts", async ({ house }) => {
  const wang = await house.agent("wang", { at: "/app/knowledge/questions" });
  const page = wang.page;
  await page.getByRole("button", { name: "导入" }).click();
  const dialog = page.getByRole("dialog", { name: "导入问题" });
  await dialog.getByLabel(/文件/).setInputFiles("e2e/questions.csv");
  await expect(dialog.getByText("1 个可以导入")).toBeVisible();
  await expect(dialog.getByText("第 3 行")).toBeVisible();
  await expect(dialog.getByText("答案至少 1 个字")).toBeVisible();
  await expect(dialog.getByText("3 种问法")).toBeVisible();
  expect(await faults(page, "an import")).toEqual([]);
  await dialog.getByRole("button", { name: "存为 1 个草稿" }).click();
  await expect(dialog).toBeHidden();
  const row = page.getByRole("region", { name: "常见问题" }).getByRole("link", { name: /车顶行李架能载多重/ });
  await expect(row).toContainText("草稿");
});
