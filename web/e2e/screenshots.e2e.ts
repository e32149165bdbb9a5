/** Takes the pictures of docs/use/screenshots: `npm run screenshots`. */
import type { Page } from "@playwright/test";
import { Agent, expect, test, type Visitor } from "./house";
import { listening, mailbox } from "./mailbox";
import { deliver, provider, word, write } from "./post.mjs";
import { caller, picture, pictures } from "./program.mjs";
import { desk, microphone, toneFile } from "./telephone";

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), ...microphone()] });
  },
});

const phone = { viewport: { width: 375, height: 812 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

async function shoot(page: Page, name: string) {
  await page.evaluate(() => document.fonts.ready);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `${pictures}${name}.png`, animations: "disabled", caret: "hide" });
}

/** A visitor who says who he is and comes from other pages. */
async function introduce(visitor: Visitor, name: string, phone: string) {
  await visitor.openChat();
  const headers = { Authorization: `Bearer ${visitor.token}` };
  for (const [path, title] of [["/service/maintenance", "保养与维修"], ["/service/booking", "预约服务"], ["/models/e7", "远行 E7"]]) {
    await visitor.page.request.post("/widget/v1/pages", { headers, data: { url: `https://www.yuanxing.example${path}`, title, referrer: "" } });
  }
  expect((await visitor.page.request.post("/widget/v1/contact", { headers, data: { name, phone } })).ok()).toBe(true);
  visitor.name = name;
}

async function dialogue(visitor: Visitor, agent: Agent) {
  await visitor.say("节假日打电话有人接吗");
  await visitor.hears("客服热线在工作日");
  await visitor.askForPerson("那我直接问吧，仪表上亮了一个黄色的灯，还能开吗？");
  await agent.accept(visitor);
  await agent.say("您好，我是小林。方便拍一张仪表的照片吗？");
  await visitor.hears("方便拍一张");
  await visitor.page.locator("input[type=file]").setInputFiles(picture);
  await visitor.say("拍好了，是这个");
  await agent.page.getByRole("radio", { name: "内部备注" }).click();
  await agent.page.getByLabel("备注内容").pressSequentially("@王");
  await agent.page.getByRole("option", { name: /王敏/ }).click();
  await agent.page.getByLabel("备注内容").pressSequentially("胎压报警，今天第 3 位，是降温引起的吗？");
  await agent.page.getByRole("button", { name: "添加备注" }).click();
  await agent.hears("今天第 3 位");
  await agent.page.getByRole("radio", { name: "回复", exact: true }).click();
  await agent.say("这是胎压提示灯。可以低速行驶，请在 50 公里内补气，标准胎压在驾驶侧门框的标签上。");
  await visitor.hears("标准胎压");
  await visitor.say("好的，附近哪里可以补气？");
}

test("the house with people in it", async ({ house }) => {
  test.setTimeout(300_000);
  await (await house.agent("zhao")).presence("offline");
  await (await house.agent("wang")).clearQueue();
  const lin = await house.agent("lin");
  await lin.presence("online");

  const chen = await house.visitor({ viewport: { width: 1280, height: 800 } });
  await introduce(chen, "陈思远", "13800005206");
  await shoot(chen.page, "widget-home");
  await dialogue(chen, lin);
  await chen.field.pressSequentially("我在嘉定");
  await expect(lin.log.getByText("我在嘉定")).toBeVisible();
  const dark = await house.agent("lin", { colorScheme: "dark", at: new URL(lin.page.url()).pathname });
  await expect(dark.log.getByText("标准胎压")).toBeVisible();

  const wu = await house.visitor({ ...phone });
  await introduce(wu, "吴婷", "13800007741");
  const wang = await house.agent("wang");
  await wang.clearQueue();
  await wu.askForPerson("预约了明天的保养，想改到下午可以吗？");
  await expect(lin.ringing.getByText("吴婷")).toBeVisible();
  await chen.field.pressSequentially("这边，很急");
  await expect(dark.ringing).toBeVisible();
  await shoot(lin.page, "console-light");
  await shoot(dark.page, "console-dark");
  await lin.accept(wu);
  await lin.say("您好吴女士，明天下午两点和四点还有位置，您看哪个方便？");
  await wu.hears("两点和四点");
  await wu.say("两点吧，谢谢");
  await lin.field.pressSequentially("好的");
  await expect(wu.page.getByRole("status").filter({ hasText: "正在输入" })).toBeAttached();
  await shoot(wu.page, "widget-phone");

  await lin.page.goto(dark.page.url());
  await lin.field.pressSequentially("嘉定的服务店在");
  await expect(chen.page.getByRole("status").filter({ hasText: "正在输入" })).toBeAttached();
  await shoot(chen.page, "widget-desktop");

  const row = await dark.page.request.get("/api/v1/conversations?view=mine");
  const [first] = ((await row.json()) as { items: { id: string }[] }).items;
  const small = await house.agent("lin", { ...phone, at: `/app/inbox/mine/${first!.id}` });
  await expect(small.field).toBeVisible();
  await shoot(small.page, "console-phone");

  await wang.page.evaluate(() => localStorage.setItem("yingda.prefs", JSON.stringify({ language: "en" })));
  const found = (await (await wang.page.request.get("/api/v1/search?q=Priya&kind=conversation")).json()) as { items: { conversation: { id: string } }[] };
  await wang.page.goto(`/app/inbox/all/${found.items[0]!.conversation.id}`);
  await expect(wang.page.getByRole("log")).toBeVisible();
  await expect(wang.page.getByRole("region", { name: "Contact details" })).toBeVisible();
  await shoot(wang.page, "inbox-english");
});

test("the rooms of the console", async ({ house }) => {
  test.setTimeout(120_000);
  const wang = await house.agent("wang", { at: "/app/knowledge/questions" });
  await wang.page.getByLabel("搜索问题和答案").fill("质保");
  await wang.page.getByRole("main").getByRole("link", { name: /整车质保期是多长/ }).click();
  await expect(wang.page.getByLabel(/标准问题/)).toBeVisible();
  await wang.page.getByRole("button", { name: "试一试" }).click();
  await wang.page.getByLabel("客户说").fill("车子保修多久");
  await wang.page.getByRole("button", { name: "看看结果" }).click();
  await expect(wang.page.getByRole("dialog").getByRole("listitem").first()).toBeVisible();
  await shoot(wang.page, "knowledge");
  await wang.page.goto("/app/contacts");
  await wang.page.getByLabel("按名字、手机、邮箱或外部编号查找").fill("刘洋");
  await expect(wang.page.getByRole("main").getByRole("link")).toHaveCount(1);
  await wang.page.getByRole("main").getByRole("link", { name: "刘洋" }).click();
  await expect(wang.page.getByRole("heading", { level: 1, name: "刘洋" })).toBeVisible();
  await wang.page.waitForLoadState("networkidle");
  await shoot(wang.page, "customer");
  const admin = await house.agent("admin", { at: "/app/settings/channels" });
  await admin.page.getByRole("main").getByRole("listitem").getByRole("button").first().click();
  await expect(admin.page.getByRole("tab", { name: "外观" })).toBeVisible();
  await admin.page.waitForLoadState("networkidle");
  await shoot(admin.page, "channel");
});

test("the public pages", async ({ house }) => {
  test.setTimeout(120_000);
  for (const [suffix, options] of Object.entries({ "": { viewport: { width: 1280, height: 800 } }, "-phone": phone })) {
    const page = await house.browser(options);
    for (const [path, name] of [["/", "contact"], ["/faq", "faq"], ["/user/feedback", "feedback"], ["/aftersale/ai", "assistant"]]) {
      await page.goto(path!);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await page.waitForLoadState("networkidle");
      await shoot(page, `${name}${suffix}`);
    }
  }
});

test("the roster and how many people it takes", async ({ house }) => {
  const { page } = await house.agent("wang");
  const day = (n: number) => new Date(Date.now() + 8 * 3_600_000 + n * 86_400_000).toISOString().slice(0, 10);
  const monday = [1, 2, 3, 4, 5, 6, 7].map(day).find((each) => new Date(`${each}T00:00:00Z`).getUTCDay() === 1);
  await page.goto(`/app/roster/staffing?day=${monday}`);
  await expect(page.getByRole("img", { name: /每半小时需要的人数/ })).toBeVisible();
  await shoot(page, "staffing");
  await page.goto(`/app/roster/week?day=${monday}`);
  await expect(page.getByRole("grid", { name: "排班" })).toBeVisible();
  await shoot(page, "roster");
});

test("the wallboard of a supervisor", async ({ house }) => {
  test.setTimeout(240_000);
  const wang = await house.agent("wang");
  await wang.clearQueue();
  const lin = await house.agent("lin");
  const zhao = await house.agent("zhao");
  await zhao.presence("offline");
  await lin.presence("online");
  const talking = await house.visitor();
  await introduce(talking, "陈思远", "13800005206");
  await talking.askForPerson("刹车有异响，还能开吗？");
  await lin.accept(talking);
  await lin.say("您好，请问异响在什么时候出现？");
  await zhao.page.request.put("/api/v1/me/presence", { data: { state: "break", reason: "meal" } });
  for (const [name, question] of [["吴婷", "预约了明天的保养，想改到下午可以吗？"], ["刘洋", "充电桩一直连不上"]] as const) {
    const visitor = await house.visitor();
    await introduce(visitor, name, "13800007741");
    await visitor.askForPerson(question);
  }
  await wang.page.setViewportSize({ width: 1440, height: 1100 });
  await wang.page.goto("/app/wallboard");
  await expect(wang.page.getByText("刘洋").first()).toBeVisible();
  await shoot(wang.page, "wallboard-light");
  const dark = await house.agent("wang", { colorScheme: "dark", at: "/app/wallboard", viewport: { width: 1440, height: 1100 } });
  await expect(dark.page.getByText("刘洋").first()).toBeVisible();
  await shoot(dark.page, "wallboard-dark");
  const wall = await house.agent("wang", { colorScheme: "dark", at: "/app/wall", viewport: { width: 1920, height: 1080 } });
  await expect(wall.page.getByText("实时")).toBeVisible();
  await shoot(wall.page, "wall");
  const english = await house.agent("wang", { at: "/app/wall", viewport: { width: 1920, height: 1080 } });
  await expect(english.page.getByText("实时")).toBeVisible();
  await english.page.evaluate(() => localStorage.setItem("yingda.prefs", JSON.stringify({ language: "en" })));
  await english.page.reload();
  await expect(english.page.getByText("Live", { exact: true })).toBeVisible();
  await shoot(english.page, "wall-english");

  await wang.page.goto(`/app/inbox/all/${talking.conversation}`);
  await wang.page.getByRole("radio", { name: "密语" }).click();
  await wang.page.getByLabel("密语内容").fill("先问里程，再安排检查刹车片");
  await wang.page.getByRole("button", { name: "发送密语" }).click();
  await wang.hears("先问里程");
  await shoot(wang.page, "monitor");
});

test("the assistant's flows, and why it said what it said", async ({ house }) => {
  test.setTimeout(120_000);
  const wang = await house.agent("wang", { at: "/app/knowledge/flows/complaint" });
  await wang.presence("online");
  const { page } = wang;
  await page.getByRole("group", { name: "流程图" }).getByRole("button", { name: /确认/ }).first().click();
  await shoot(page, "flow-editor");
  await page.getByRole("tab", { name: "试聊" }).click();
  const says = page.getByRole("textbox", { name: "客户说……" });
  for (const [said, heard] of [["我要投诉，取车时车门被划了一道，没人认", "哪"], ["服务态度", "希望"]] as const) {
    await says.fill(said);
    await says.press("Enter");
    await expect(page.getByRole("tabpanel").getByText(heard).last()).toBeVisible();
  }
  await shoot(page, "flow-rehearsal");

  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.say("节假日打电话有人接吗");
  await visitor.hears("客服热线在工作日");
  await visitor.say("我要投诉");
  await visitor.hears("经过");
  await visitor.say("取车时发现车门被划了，没有人承认");
  await visitor.hears("哪");
  await visitor.page.getByRole("button", { name: /^转人工$/ }).first().click();
  await expect(visitor.log.getByText(/您请求了人工客服/)).toBeVisible();
  expect((await page.request.post(`/api/v1/conversations/${visitor.conversation}/take`)).ok()).toBe(true);
  await page.goto(`/app/inbox/mine/${visitor.conversation}`);
  await expect(page.getByRole("region", { name: "智能助手转交：投诉" })).toBeVisible();
  await shoot(page, "handover-card");
  await page.getByRole("button", { name: "为什么这么说" }).first().click();
  await expect(page.getByRole("dialog", { name: "为什么这么说" })).toContainText("直接回答");
  await shoot(page, "why-said");
});

test("what was not answered, and the model", async ({ house }) => {
  test.setTimeout(120_000);
  const asked = "官方周边的钥匙扣在哪里可以买到";
  const wang = await house.agent("wang", { at: "/app/knowledge/gaps" });
  const page = wang.page;
  await wang.presence("online");
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.say(asked);
  await expect(visitor.log.locator(".row:not(.own)").last()).toBeVisible();
  await visitor.page.getByRole("button", { name: /^转人工$/ }).first().click();
  await expect(visitor.log.getByText(/您请求了人工客服/)).toBeVisible();
  expect((await page.request.post(`/api/v1/conversations/${visitor.conversation}/take`)).ok()).toBe(true);
  const reply = { kind: "text", text: "钥匙扣在官方商城的“周边好物”里购买，三天内发货。", client_id: `shot-${Date.now()}` };
  expect((await page.request.post(`/api/v1/conversations/${visitor.conversation}/messages`, { data: reply })).ok()).toBe(true);
  await wang.presence("offline");
  const board = page.getByRole("region", { name: "知识缺口" });
  const row = board.getByRole("link", { name: new RegExp(asked) });
  await expect(async () => {
    await board.getByRole("button", { name: "更新" }).click();
    await expect(row).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await row.click();
  await expect(page.getByRole("main").getByText("钥匙扣在官方商城的“周边好物”里购买，三天内发货。")).toBeVisible();
  await shoot(page, "gap-board");

  const admin = await house.agent("admin", { at: "/app/settings/model" });
  await expect(admin.page.getByRole("heading", { name: /大模型/ }).first()).toBeVisible();
  await shoot(admin.page, "model-settings");
});

test("a conversation by mail", async ({ house }) => {
  test.setTimeout(180_000);
  const post = await provider();
  const address = "support@yuanxing.example";
  const admin = await house.agent("admin");
  await mailbox(admin.page.request, address, post.port);
  await (await house.agent("zhao")).presence("offline");
  await (await house.agent("wang")).clearQueue();
  const lin = await house.agent("lin", { at: "/app/inbox/all" });
  await lin.makeRoom();
  await lin.presence("offline"); // nothing else rings
  const { page } = lin;
  await deliver(listening(page), "su@mail.example", address, write({ from: `${word("苏文静")} <su@mail.example>`, to: address, subject: "充电枪拔不下来", text: "您好：\r\n\r\n今天早上在小区充电后，充电枪拔不下来，按了解锁也没有反应。请问怎么办？\r\n\r\n苏文静" }));
  await page.getByRole("list", { name: "会话列表" }).getByRole("link").filter({ hasText: "苏文静" }).click();
  await page.getByRole("region", { name: "苏文静" }).getByRole("button", { name: /^(接入|接管)$/ }).click();
  const editor = page.getByRole("textbox", { name: "邮件正文" });
  await editor.click();
  await page.keyboard.type("您好，请长按充电口旁的按钮 10 秒，听到咔哒声后再拔。");
  await shoot(page, "mail-composer");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("已发送", { exact: true })).toBeVisible({ timeout: 30_000 });
  await shoot(page, "mail-thread");
  post.stop();
});

test("the hotline: a call that rings, that is answered, that is over; its record; a menu", async ({ house }) => {
  test.setTimeout(240_000);
  await (await house.agent("zhao")).presence("offline");
  const wang = await house.agent("wang");
  await wang.clearQueue();
  await wang.presence("offline");
  const lin = await desk(house, "lin");
  const agent = new Agent(lin);
  await agent.makeRoom();
  await agent.presence("online");
  const customer = caller(lin.url(), { number: "13800001001", keys: ",0", seconds: 160, says: toneFile("customer") });
  await expect(async () => {
    await wang.clearQueue(); // of visitors; a call stays where it is
    await expect(agent.ringing.getByText("紧急", { exact: true })).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 90_000 });
  await shoot(lin, "call-rings");
  await agent.ringing.getByRole("button", { name: "接听" }).click();
  const bar = lin.getByRole("region", { name: "当前通话" });
  await expect(bar.getByText("通话中")).toBeVisible({ timeout: 20_000 });
  await lin.getByRole("navigation", { name: "主导航" }).getByRole("button", { name: /^电话/ }).click();
  await expect(lin.getByText(/线路/).first()).toBeVisible();
  for (const colorScheme of ["light", "dark"] as const) {
    await lin.emulateMedia({ colorScheme });
    await shoot(lin, `softphone-${colorScheme}`);
  }
  await lin.emulateMedia({ colorScheme: "light" });
  await lin.keyboard.press("Escape");
  await bar.getByRole("button", { name: "挂断" }).click();
  await expect(lin.getByRole("region", { name: "话后处理" })).toBeVisible();
  await shoot(lin, "call-over");
  customer.hangUp();
  await customer.ended;
  const conversation = /\/(cv_[a-z0-9]+)/.exec(lin.url())![1]!;
  const closed = () => lin.request.post(`/api/v1/conversations/${conversation}/close`, { data: { category: "other", result: "solved" } });
  await expect.poll(async () => (await closed()).ok()).toBe(true);

  const call = (await (await lin.request.get(`/api/v1/conversations/${conversation}/call`)).json()) as { id: string };
  for (const colorScheme of ["light", "dark"] as const) {
    const boss = await house.agent("wang", { colorScheme, at: `/app/calls?id=${call.id}` });
    await expect(boss.page.getByRole("img", { name: /波形/ })).toBeVisible();
    for (const close of await boss.page.getByRole("status").getByRole("button", { name: "关闭" }).all()) await close.click(); // what others want meanwhile
    await shoot(boss.page, `call-${colorScheme}`);
    const admin = await house.agent("admin", { colorScheme, at: "/app/menus/hotline" });
    await admin.page.getByRole("group", { name: "语音导航图" }).getByRole("button", { name: /按键菜单 main / }).click();
    await shoot(admin.page, `menu-editor-${colorScheme}`);
  }
});
