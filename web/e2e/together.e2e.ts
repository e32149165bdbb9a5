/** Working together: saved views, bulk work, several agents in one conversation. */
import { faults } from "./faults";
import { expect, test } from "./house";

test("a view is kept, counted, shared by its link and says what is gone", async ({ house }) => {
  test.setTimeout(240_000);
  const wang = await house.agent("wang");
  await wang.clearQueue();
  const { page } = wang;
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.say("我想看看保养的视图");
  const tag = async (id: string) => expect((await page.request.post(`/api/v1/conversations/${id}/tags`, { data: { add: ["保养专项"] } })).ok()).toBe(true);
  await tag(visitor.conversation);
  await page.goto("/app/inbox/all");

  await test.step("a filter becomes a view", async () => {
    await page.getByRole("button", { name: "筛选", exact: true }).click();
    await page.getByLabel("标签").fill("保养专项");
    await expect(page).toHaveURL(/tag=/);
    await page.getByRole("button", { name: "存为视图" }).click();
    const form = page.getByRole("dialog", { name: "新建视图" });
    await form.getByRole("textbox", { name: "名称" }).fill("问保养的");
    await form.getByRole("radio", { name: "星标" }).check({ force: true });
    await form.getByRole("radio", { name: "所有同事" }).click();
    expect(await faults(page, "the form of a view")).toEqual([]);
    await form.getByRole("button", { name: "保存" }).click();
    await expect(page).toHaveURL(/\/inbox\/vw_/);
    await expect(page.getByRole("heading", { name: "问保养的", level: 1 })).toBeAttached();
    await expect(page.getByRole("list", { name: "会话列表" }).getByRole("link")).toHaveCount(1);
    expect(await faults(page, "a saved view")).toEqual([]);
  });
  const link = page.getByRole("navigation", { name: "会话分组" }).getByRole("link", { name: /问保养的/ });

  await test.step("the count follows what is said", async () => {
    await page.goto("/app/inbox/mine");
    await expect(link).toContainText("1");
    const second = await house.visitor();
    await second.openChat();
    await second.say("保养的视图里还有我");
    await tag(second.conversation);
    await expect(link).toContainText("2");
  });

  await test.step("a colleague opens its link, and may not change it", async () => {
    const lin = await house.agent("lin", { at: (await link.getAttribute("href"))! });
    await expect(lin.page.getByRole("heading", { name: "问保养的", level: 1 })).toBeAttached();
    await lin.page.getByRole("link", { name: /问保养的/ }).hover();
    await lin.page.getByRole("button", { name: "“问保养的”的更多操作" }).click();
    await expect(lin.page.getByRole("menuitem", { name: "复制链接" })).toBeVisible();
    await expect(lin.page.getByRole("menuitem", { name: "删除" })).toHaveCount(0);
    const answer = await lin.page.request.delete(`/api/v1/views/${(await link.getAttribute("href"))!.split("/").pop()!}`);
    expect(answer.status()).toBe(403);
  });

  await test.step("what is gone is said", async () => {
    const admin = await house.agent("admin");
    const team = (await (await admin.page.request.post("/api/v1/teams", { data: { name: "临时组" } })).json()) as { id: string };
    const made = await page.request.post("/api/v1/views", { data: { subject: "conversation", name: "临时组的", filter: { list: "all", team_id: team.id } } });
    const view = (await made.json()) as { id: string };
    expect((await admin.page.request.delete(`/api/v1/teams/${team.id}`)).ok()).toBe(true);
    await page.goto(`/app/inbox/${view.id}`);
    await expect(page.getByText("这个视图的条件指向已删除的内容：团队")).toBeVisible();
    await page.goto("/app/inbox/vw_0000000000001");
    await expect(page.getByText("没有这个视图")).toBeVisible();
  });

  await test.step("cases have views too", async () => {
    await page.goto("/app/cases?view=open&kind=complaint");
    await page.getByRole("button", { name: "存为视图" }).click();
    const form = page.getByRole("dialog", { name: "新建视图" });
    await form.getByRole("textbox", { name: "名称" }).fill("打开的投诉");
    await form.getByRole("button", { name: "保存" }).click();
    await expect(page).toHaveURL(/saved=vw_/);
    const chip = page.getByRole("navigation", { name: "视图" }).getByRole("link", { name: /打开的投诉/ });
    await expect(chip).toHaveAttribute("aria-current", "page");
    await expect(chip).toContainText(/\d/);
    expect(await faults(page, "a saved view of cases")).toEqual([]);
  });
});

test("several conversations at once, by mouse and by keys", async ({ house }) => {
  test.setTimeout(240_000);
  const wang = await house.agent("wang");
  await wang.clearQueue();
  const { page } = wang;
  const ids: string[] = [];
  for (const text of ["批量一", "批量二", "批量三"]) {
    const visitor = await house.visitor();
    await visitor.openChat();
    await visitor.say(text);
    ids.push(visitor.conversation);
    expect((await page.request.post(`/api/v1/conversations/${visitor.conversation}/tags`, { data: { add: ["批量"] } })).ok()).toBe(true);
  }
  expect((await page.request.post(`/api/v1/conversations/${ids[0]!}/take`)).ok()).toBe(true);
  await page.goto(`/app/inbox/all?tag=${encodeURIComponent("批量")}`);
  const boxes = page.getByRole("list", { name: "会话列表" }).getByRole("checkbox");
  await expect(boxes).toHaveCount(3);
  const bar = page.getByRole("toolbar");

  await test.step("a range, tagged and taken back", async () => {
    await boxes.nth(0).check({ force: true });
    await boxes.nth(2).click({ modifiers: ["Shift"], force: true });
    await expect(bar).toContainText("已选 3 个");
    expect(await faults(page, "chosen conversations")).toEqual([]);
    await bar.getByRole("button", { name: "标签" }).click();
    const dialog = page.getByRole("dialog", { name: "给 3 个会话加标签" });
    await dialog.getByLabel("加上的标签").fill("回访，夜班");
    expect(await faults(page, "bulk tags")).toEqual([]);
    await dialog.getByRole("button", { name: "执行" }).click();
    await expect(page.getByText("3 个会话已完成", { exact: true })).toBeVisible();
    const tags = async () => ((await (await page.request.get(`/api/v1/conversations/${ids[1]!}`)).json()) as { conversation: { tags: string[] } }).conversation.tags;
    expect(await tags()).toContain("回访");
    await page.getByRole("button", { name: "撤销" }).click();
    await expect(page.getByText("已撤销 3 个", { exact: true })).toBeVisible();
    expect(await tags()).toEqual(["批量"]);
  });

  await test.step("by keys; what cannot be done says why", async () => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await expect(bar).toContainText("已选 1 个");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("Shift+X");
    await expect(bar).toContainText("已选 3 个");
    await bar.getByRole("button", { name: "结束" }).click();
    const dialog = page.getByRole("dialog", { name: "结束 3 个会话" });
    await dialog.getByRole("button", { name: /分类/ }).click();
    await page.getByRole("option").first().click();
    await dialog.getByRole("radio").first().click();
    await dialog.getByRole("button", { name: "执行" }).click();
    await expect(dialog.getByText("1 个会话已完成")).toBeVisible();
    await expect(dialog.getByText("2 个没有完成：")).toBeVisible();
    await expect(dialog.getByText("当前状态").or(dialog.getByText(/机器人|会话/)).first()).toBeVisible();
    expect(await faults(page, "what bulk work could not do")).toEqual([]);
  });
});

test("a colleague is invited, answers too, and takes over", async ({ house }) => {
  test.setTimeout(240_000);
  const wang = await house.agent("wang");
  await wang.clearQueue();
  await wang.presence("offline");
  const zhao = await house.agent("zhao");
  await zhao.presence("offline");
  const lin = await house.agent("lin");
  await lin.presence("online");
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.askForPerson("我的充电口打不开");
  await lin.accept(visitor);
  await zhao.presence("online");

  await test.step("inviting rings at the colleague, who joins", async () => {
    await lin.page.keyboard.press("Escape");
    await lin.page.locator("body").click({ position: { x: 700, y: 300 } });
    await lin.page.keyboard.press("i");
    const dialog = lin.page.getByRole("dialog", { name: "邀请同事加入会话" });
    await dialog.getByRole("button", { name: /选择客服/ }).click();
    await lin.page.getByRole("option", { name: /赵/ }).click();
    await dialog.getByLabel("交接说明").fill("充电口的事请一起看看");
    await dialog.getByRole("button", { name: "邀请", exact: true }).click();
    const ringing = zhao.page.getByRole("region", { name: "同事邀请你" });
    await expect(async () => {
      if (await zhao.ringing.isVisible()) await zhao.ringing.getByRole("button", { name: "拒绝" }).click({ timeout: 2_000 });
      await expect(ringing).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 25_000 });
    await ringing.getByRole("button", { name: "加入" }).click();
    await expect(visitor.log.getByText(/赵.*已加入/)).toBeVisible();
    await expect(lin.page.getByRole("list", { name: "参与人" })).toContainText("赵");
    await zhao.hears("充电口的事请一起看看");
  });

  await test.step("both write to the customer", async () => {
    await zhao.say("我是充电专家，请问是什么车型");
    await visitor.hears("我是充电专家");
    await lin.hears("我是充电专家");
    await lin.say("我也还在");
    await visitor.hears("我也还在");
    expect(await faults(zhao.page, "taking part")).toEqual([]);
  });

  await test.step("the colleague answers for it from now on, and the first one leaves", async () => {
    const choose = async (of: typeof lin, name: RegExp) => {
      await of.page.getByRole("region", { name: visitor.name }).getByRole("button", { name: "更多操作" }).first().click();
      await of.page.getByRole("menuitem", { name }).click();
    };
    await choose(lin, /交给 .*赵.* 负责/);

    await choose(lin, /离开会话/);
    await expect(visitor.log.getByText(/已离开/)).toBeVisible();
    await expect(lin.field).toBeHidden();
    await zhao.say("之后由我处理");
    await visitor.hears("之后由我处理");
  });
});
