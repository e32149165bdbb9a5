import { faults } from "./faults";
import { customer, expect, known, password, test } from "./house";

const settings = ["profile", "sessions", "alerts", "canned", "automation", "macros", "company", "summary", "filter", "model", "agents", "teams", "roles", "channels", "promises", "calendars", "holidays", "handling", "compensation", "keys", "jobs", "audit"];

test("what is wrong is found, in the light and in the dark", async ({ house }) => {
  const page = await house.browser();
  await page.goto("/faq");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.locator("main").evaluate((main) => main.setAttribute("data-look", "new")); // a place that nobody has looked at
  const dressed = (css: string) =>
    page.evaluate(async (text) => {
      document.adoptedStyleSheets = [await new CSSStyleSheet().replace(text)];
    }, css);
  for (const [scheme, pale] of [["light", "#c9c9cf"], ["dark", "#33343a"]] as const) {
    await dressed(`@media (prefers-color-scheme: ${scheme}) { main a { color: ${pale} !important } }`);
    for (const time of ["first", "second"]) expect((await faults(page, `${time} time`)).filter((line) => line.startsWith(`${time} time, ${scheme}: color-contrast`))).not.toEqual([]);
  }
  await dressed("main { background: #888 !important }"); // what stands behind, and not the text itself
  expect((await faults(page, "on grey")).join("\n")).toContain("color-contrast");
  await dressed("");
  expect(await faults(page, "as it is")).toEqual([]);
  await page.evaluate(() => document.querySelector("main")?.append(document.createElement("button")));
  expect((await faults(page, "without a name")).join("\n")).toContain("without a name: button-name");
});

test("signing in and working with conversations", async ({ house }) => {
  test.setTimeout(240_000);
  const found: string[] = [];
  const look = async (where: string) => found.push(...(await faults(page, where)));
  const door = await house.browser();
  await door.goto("/app/sign-in");
  await expect(door.getByLabel("邮箱")).toBeVisible();
  found.push(...(await faults(door, "sign-in")));
  await door.goto("/app/setup/nothing");
  await expect(door.getByRole("heading", { name: "这个链接不能用了" })).toBeVisible();
  found.push(...(await faults(door, "setup")));

  const wang = await house.agent("wang");
  const { page } = wang;
  const rows = page.getByRole("list", { name: "会话列表" }).getByRole("link");
  for (const view of ["mine", "queue", "unassigned", "bot", "mentions", "all", "closed"]) {
    await wang.goTo(`/app/inbox/${view}`);
    await expect(rows.first().or(page.getByText(/^(还没有会话|没有人在排队|没有未分配的会话|机器人现在没有接待访客|没有人提到你)$/))).toBeVisible();
    await look(`inbox ${view}`);
  }
  await rows.first().click();
  await expect(page.getByRole("log")).toBeVisible();
  await expect(page.getByRole("region", { name: "客户信息" })).toBeVisible();
  await look("a closed conversation");
  await page.goto("/app/nowhere");
  await expect(page.getByText("找不到这个页面")).toBeVisible();
  await look("no such page");
  expect(found).toEqual([]);
});

test("answering, and every dialog", async ({ house }) => {
  test.setTimeout(240_000);
  const found: string[] = [];
  await (await house.agent("wang")).clearQueue();
  await (await house.agent("zhao")).presence("offline");
  const lin = await house.agent("lin");
  const { page } = lin;
  const look = async (where: string) => found.push(...(await faults(page, where)));
  await lin.presence("online");
  const visitor = await house.visitor();
  await visitor.openChat();
  found.push(...(await faults(visitor.page, "widget home")));
  await visitor.say(known.question);
  await visitor.hears(known.answer);
  found.push(...(await faults(visitor.page, "widget with the assistant")));
  await visitor.askForPerson();
  await expect(lin.ringing).toBeVisible();
  await look("a ring");
  await lin.accept(visitor);
  await lin.say("您好");
  await lin.field.pressSequentially("请稍等");
  await visitor.hears("您好");
  found.push(...(await faults(visitor.page, "widget with a person")));
  await visitor.page.getByRole("button", { name: "更多" }).click();
  await expect(visitor.page.getByRole("switch", { name: "消息提示音" })).toBeVisible();
  found.push(...(await faults(visitor.page, "widget menu")));
  await visitor.page.getByRole("button", { name: "留言", exact: true }).click();
  await expect(visitor.page.getByLabel("问题描述")).toBeVisible();
  found.push(...(await faults(visitor.page, "widget form")));

  await look("an active conversation");
  await page.getByRole("radio", { name: "内部备注" }).click();
  await page.getByLabel("备注内容").pressSequentially("@");
  await expect(page.getByRole("option").first()).toBeVisible();
  await look("writing a note");
  await page.keyboard.press("Escape");
  await page.getByRole("radio", { name: "回复", exact: true }).click();
  await lin.field.fill("");
  await lin.field.pressSequentially("/");
  await expect(page.getByRole("option").first()).toBeVisible();
  await look("canned replies");
  await page.keyboard.press("Escape");
  for (const [button, dialog] of [["转接", "转接会话"], ["结束会话", "结束会话"]] as const) {
    await page.getByRole("button", { name: button, exact: true }).click();
    const shown = page.getByRole("dialog", { name: dialog });
    await expect(shown).toBeVisible();
    await shown.getByRole("button", { name: button, exact: true }).click();
    await look(dialog);
    await shown.getByRole("button", { name: /选择客服|分类/ }).first().click();
    await expect(page.getByRole("option").first()).toBeVisible();
    await look(`${dialog}, choosing`);
    await expect(async () => {
      await page.keyboard.press("Escape"); // a toast that came meanwhile takes one for itself
      await expect(shown).toBeHidden({ timeout: 500 });
    }).toPass();
  }
  await lin.log.focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "键盘快捷键" })).toBeVisible();
  await look("shortcuts");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "命令面板" })).toBeVisible();
  await look("palette");
  await page.keyboard.press("Escape");
  for (const name of ["通知", "我的账号"]) {
    await page.getByRole("button", { name }).first().click();
    await look(name);
    await page.keyboard.press("Escape");
  }
  await page.getByRole("button", { name: /在线接待|小休/ }).click(); // who let what rang meanwhile pass is set to a break
  await expect(page.getByRole("menuitem").first()).toBeVisible();
  await look("presence");
  expect(found).toEqual([]);
});

test("customers, cases, knowledge and search", async ({ house }) => {
  test.setTimeout(240_000);
  const found: string[] = [];
  const { page } = await house.agent("wang");
  const main = page.getByRole("main");
  const look = async (where: string) => found.push(...(await faults(page, where)));
  for (const [path, inside] of [["contacts", "/contacts/"], ["cases", "/cases/"], ["knowledge/questions", "/knowledge/questions/"], ["knowledge/articles", "/knowledge/articles/"]] as const) {
    await page.goto(`/app/${path}`);
    const first = page.locator(`main a[href*="/app${inside}"]:not([href$="/new"])`).first();
    await expect(first).toBeVisible();
    await look(path);
    await first.click();
    await expect(main.getByRole("heading").first()).toBeVisible();
    await look(`${path}, one of them`);
  }
  await page.goto("/app/knowledge/questions/new");
  await expect(page.getByLabel(/标准问题/)).toBeVisible();
  await look("a new question");
  await page.goto("/app/knowledge/try");
  await page.getByLabel("客户说").fill("怎么退款");
  await page.getByRole("button", { name: "看看结果" }).click();
  await expect(main.getByRole("listitem").first()).toBeVisible();
  await look("trying the assistant");
  for (const kind of ["message", "conversation", "contact"]) {
    await page.goto(`/app/search?q=${encodeURIComponent(kind === "message" ? "退款" : "刘洋")}&kind=${kind}`);
    await expect(main.locator("mark").first()).toBeVisible();
    await look(`search for a ${kind}`);
  }
  expect(found).toEqual([]);
});

test("cases and promises", async ({ house }) => {
  test.setTimeout(300_000);
  const found: string[] = [];
  const { page } = await house.agent("wang", { at: "/app/cases?view=all" });
  const look = async (where: string) => found.push(...(await faults(page, where)));
  const rows = page.getByRole("row");
  await expect(rows.nth(1)).toBeVisible();
  await rows.nth(1).getByRole("checkbox").click();
  await look("cases, one chosen");
  await page.getByRole("button", { name: "升级", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "升级", exact: true }).click();
  await look("escalating several");
  await page.keyboard.press("Escape");
  for (const text of ["提车三周", "来信：交车延期", "I changed my phone"]) {
    await page.goto("/app/cases?view=all");
    await page.getByRole("link", { name: text }).first().click();
    await expect(page.getByRole("heading", { name: "历史" })).toBeVisible();
    for (const more of await page.getByText(/^已结束的时限/).all()) await more.click();
    for (const more of await page.getByText("为什么是这个时间").all()) await more.click();
    await look(`the case ${text}`);
    const acts = page.getByRole("group", { name: "操作", exact: true }).getByRole("button");
    const macros = 1; // the last button; automation.e2e.ts looks at what it opens
    for (let i = 0; text === "提车三周" && i < (await acts.count()) - macros; i++) {
      await acts.nth(i).click();
      const form = page.getByRole("dialog").getByRole("button");
      if ((await form.count()) > 0) await form.last().click(); // 更多操作 is a menu
      await look(`the case ${text}, act ${i + 1}`);
      await page.keyboard.press("Escape");
    }
  }
  await page.goto("/app/cases/new");
  await page.getByRole("radio", { name: "故障" }).click();
  await page.getByRole("button", { name: /^分类/ }).click();
  await page.getByRole("option").first().click();
  await page.getByRole("button", { name: "登记", exact: true }).click();
  await look("taking in a case");
  await page.goto("/app/promises");
  await expect(page.getByRole("region", { name: "已超时" })).toBeVisible();
  await look("the promise board");
  await page.setViewportSize({ width: 375, height: 812 });
  await look("the promise board on a phone");
  expect(found).toEqual([]);
});

test("the report of complaints", async ({ house }) => {
  const found: string[] = [];
  const { page } = await house.agent("wang", { at: "/app/reports?span=last_90" });
  await expect(page.getByRole("heading", { name: "各阶段用时" })).toBeVisible();
  found.push(...(await faults(page, "the report of complaints")));
  await page.goto("/app/reports?span=own");
  await expect(page.getByText("选择开始和结束的日期")).toBeVisible();
  found.push(...(await faults(page, "the report, choosing days")));
  expect(found).toEqual([]);
});

test("settings", async ({ house }) => {
  test.setTimeout(360_000);
  const found: string[] = [];
  const admin = await house.agent("admin");
  const { page } = admin;
  const look = async (where: string) => found.push(...(await faults(page, where)));
  for (const section of settings) {
    const title = page.getByRole("main").getByRole("heading", { level: 1 });
    const last = await title.textContent({ timeout: 100 }).catch(() => "");
    await admin.goTo(`/app/settings/${section}`);
    if (last) await expect(title).not.toHaveText(last);
    await expect(title).toBeVisible();
    await page.waitForLoadState("networkidle");
    await look(section);
  }
  await page.goto("/app/settings/channels");
  await page.getByRole("main").getByRole("listitem").getByRole("button").first().click();
  for (const tab of ["外观", "接待", "服务时间", "嵌入网页"]) {
    await page.getByRole("tab", { name: tab }).click();
    await look(`channel: ${tab}`);
  }
  await page.goto("/app/settings/agents");
  await page.getByRole("button", { name: "邀请客服" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await look("inviting an agent");
  expect(found).toEqual([]);
});

test("the public pages", async ({ house }) => {
  test.setTimeout(180_000);
  const found: string[] = [];
  for (const [size, viewport] of Object.entries({ desktop: { width: 1440, height: 900 }, phone: { width: 375, height: 812 } })) {
    const page = await house.browser({ viewport });
    for (const path of ["/", "/faq", "/faq?q=退款", "/aftersale/ai", "/user/feedback", "/suggestions", "/demo", "/demo/mail", "/account/sign-in", "/account/sign-up", "/account/reset", "/account/code", "/nothing-here", "/?lang=en"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      found.push(...(await faults(page, `${path} on a ${size}`)));
    }
    await page.goto("/faq?lang=zh");
    await page.locator("main .shelf a, main .folds a").first().click();
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    found.push(...(await faults(page, `an entry on a ${size}`)));
    await page.goto("/user/feedback");
    await page.getByRole("button", { name: "提交" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    found.push(...(await faults(page, `mistakes on a ${size}`)));
  }
  expect(found).toEqual([]);
});

test("handing in and following a case", async ({ house }) => {
  test.setTimeout(240_000);
  const found: string[] = [];
  for (const [size, viewport] of Object.entries({ desktop: { width: 1440, height: 900 }, phone: { width: 375, height: 812 } })) {
    const page = await house.browser({ viewport });
    for (const path of ["/user/feedback?kind=complaint&category=complaint.dispute", "/prepare?type=order.return"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      found.push(...(await faults(page, `${path} on a ${size}`)));
    }
    await page.goto("/progress");
    await page.getByRole("button", { name: "查看进度" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    found.push(...(await faults(page, `mistakes in looking up on a ${size}`)));
    await page.goto("/user/feedback?kind=suggestion");
    await page.getByLabel(/^详细描述/).fill("建议增加夜间客服。");
    await page.getByLabel("邮箱").fill("axe@mail.example");
    await expect(async () => {
      await page.getByRole("button", { name: "提交" }).click();
      await expect(page.getByRole("heading", { name: "您的建议已收到" })).toBeVisible({ timeout: 1_000 });
    }).toPass();
    found.push(...(await faults(page, `a receipt on a ${size}`)));
    await page.getByRole("main").getByRole("link", { name: "查看进度" }).click();
    await expect(page.getByRole("heading", { name: "处理记录" })).toBeVisible();
    for (const fold of await page.locator("summary").all()) await fold.click();
    await page.evaluate(() => scrollTo(0, 0)); // nothing stands half behind the head of the page
    found.push(...(await faults(page, `progress on a ${size}`)));
    await page.getByRole("button", { name: "发送" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    found.push(...(await faults(page, `mistakes in a message on a ${size}`)));
  }
  expect(found).toEqual([]);
});

test("the customer's account", async ({ house }) => {
  test.setTimeout(180_000);
  const found: string[] = [];
  for (const [size, viewport] of Object.entries({ desktop: { width: 1440, height: 900 }, phone: { width: 375, height: 812 } })) {
    const page = await house.browser({ viewport });
    const look = async (where: string) => found.push(...(await faults(page, `${where} on a ${size}`)));
    await page.goto("/account/sign-up");
    await page.getByRole("button", { name: "发送验证码" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await look("mistakes in signing up");
    await page.goto("/account/sign-in");
    await page.getByLabel("邮箱").fill(customer);
    await page.getByLabel("密码").fill("wrong");
    await page.getByRole("button", { name: "登录", exact: true }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await look("a wrong password");
    await page.getByLabel("密码").fill(password);
    await page.getByRole("button", { name: "登录", exact: true }).click();
    await expect(page.getByRole("heading", { name: "我的事项" })).toBeVisible();
    await look("the personal centre");
    await page.goto("/account/profile?done=profile");
    await expect(page.getByRole("status")).toBeVisible();
    await look("the profile");
    await page.goto("/?lang=zh");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await look("signed in, /");
  }
  const page = await house.browser();
  await page.goto("/account/reset");
  await page.getByLabel("邮箱").fill(`nobody-${Date.now()}@mail.example`);
  await page.getByRole("button", { name: "发送验证码" }).click();
  await expect(page.getByRole("heading", { name: "输入验证码" })).toBeVisible();
  found.push(...(await faults(page, "entering a code")));
  expect(found).toEqual([]);
});
