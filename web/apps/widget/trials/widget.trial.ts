import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";

/** Does something on the server's side; the answer says what it has seen so far. */
type Seen = { posts: { client_id: string; text: string; prechat?: object; choice?: string }[]; frames: { type: string; text?: string }[]; pages: { url: string }[] };

const test = base.extend<{ server: { state(change: object): Promise<Seen>; agent(act: object): Promise<Seen> } }>({
  server: async ({ request, page }, use) => {
    const post = async (path: string, data: object) => (await request.post(`/dev/${path}`, { data })).json();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (line) => line.text().includes("Content Security Policy") && problems.push(line.text()));
    await post("state", { fresh: true });
    await use({ state: (change) => post("state", change), agent: (act) => post("agent", act) });
    await post("state", { fresh: true });
    expect(problems).toEqual([]);
  },
});

const field = (page: Page) => page.getByPlaceholder("输入消息…");
/** A message by its whole text; the name of who says it stands before it, unseen. */
const said = (page: Page, text: string) => page.locator(".bubble").filter({ hasText: new RegExp(`：${text}$`) });
const launcher = (page: Page) => page.locator("yingda-chat > button, .launcher");
const bubbles = (page: Page) => page.locator(".row > .bubble").evaluateAll((all) => all.map((bubble) => bubble.lastChild!.textContent));

async function open(page: Page, path = "/") {
  await page.goto(path);
  await page.getByRole("button", { name: "打开在线客服" }).click();
  await expect(field(page)).toBeVisible();
}

async function write(page: Page, ...texts: string[]) {
  for (const text of texts) {
    await field(page).fill(text);
    await field(page).press("Enter");
  }
}

/** A conversation that a person answers. */
async function withAgent(page: Page, server: { agent(act: object): Promise<unknown> }) {
  await open(page);
  await write(page, "你好");
  await expect(page.getByText("首保在购车后")).toBeVisible();
  await page.getByRole("button", { name: "转人工" }).first().click();
  await expect(page.getByText("前面还有 2 位")).toBeVisible();
  await server.agent({ accept: "林晓" });
  await expect(page.getByText("林晓 正在为您服务")).toBeVisible();
}

for (const language of ["zh", "en"]) {
  test(`fetches up to the first answer what the budget counts, and no more: ${language}`, async ({ page, server }) => {
    const weight = JSON.parse(readFileSync(new URL("../../../dist/widget/weight.json", import.meta.url), "utf8"));
    const fetched: string[] = [];
    page.on("request", (request) => request.url().endsWith(".js") && fetched.push(new URL(request.url()).pathname.replace(/^\/(widget\/)?/, "")));
    await page.goto(`/?lang=${language}`);
    await launcher(page).waitFor();
    expect(fetched).toEqual(weight.before);
    await launcher(page).click();
    await page.getByRole("textbox").fill("你好");
    await page.keyboard.press("Enter");
    await expect(page.getByText("首保在购车后")).toBeVisible();
    expect(fetched.slice(1).sort()).toEqual(weight.first_conversation[language].sort());
    await server.state({});
  });
}

test("asks the assistant, chooses, and comes to a person who sees the typing", async ({ page, server }) => {
  await open(page);
  await write(page, "我想退款");
  await page.getByRole("button", { name: "退款多久到账？" }).click();
  await expect(page.getByText("原路退回")).toBeVisible();
  await expect(page.getByRole("button", { name: "如何取消订单？" })).toHaveCount(0);
  await expect(field(page)).toBeFocused();
  expect((await server.state({})).posts.at(-1)).toMatchObject({ text: "退款多久到账？", choice: "qn_1" });
  await page.getByRole("button", { name: "有帮助", exact: true }).click();
  await expect(page.getByText("感谢您的反馈")).toBeVisible();
  await page.getByRole("button", { name: "转人工" }).first().click();
  await expect(page.getByText("前面还有 2 位")).toBeVisible();
  await server.agent({ position: 1 });
  await expect(page.getByText("下一位就是您")).toBeVisible();
  await server.agent({ accept: "林晓" });
  await server.agent({ text: "马上查询", hidden: true });
  await field(page).pressSequentially("订单号是 88217");
  await expect.poll(async () => (await server.state({})).frames.filter((frame) => frame.type === "typing").at(-1)?.text).toBe("订单号是 88217");
  await field(page).press("Enter");
  await expect(page.locator(".waiting")).toHaveCount(0);
  await expect(page.getByText("订单号是 88217")).toBeVisible();
  await server.agent({ typing: true, read: true });
  await expect(page.getByText("· 已读")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "林晓 正在输入" })).toHaveCount(1);
  const { frames } = await server.state({});
  expect(frames.map((frame) => frame.type)).toEqual(expect.arrayContaining(["resume", "delivered", "read"]));
});

for (const [name, lines] of Object.entries({ socket: {}, events: { sockets: false }, asking: { sockets: false, events: false } })) {
  test(`after a cut both sides are complete, once and in order: ${name}`, async ({ page, server }) => {
    test.setTimeout(90_000);
    await withAgent(page, server);
    const before = (await bubbles(page)).length;
    const sent = (await server.state({})).posts.length;
    await server.state({ down: true });
    await expect(page.getByText("网络已断开")).toBeVisible();
    await write(page, "一", "二", "三");
    await expect(page.getByText("联网后自动发送")).toHaveCount(3);
    await server.agent({ text: ["甲", "乙"], hidden: true });
    await server.state({ down: false, ...lines });
    await expect(page.locator(".waiting")).toHaveCount(0, { timeout: 60_000 });
    await server.agent({ text: "丙" });
    await expect(said(page, "丙")).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("网络已断开")).toHaveCount(0);
    expect((await bubbles(page)).slice(before)).toEqual(["甲", "乙", "一", "二", "三", "丙"]);
    const ids = (await server.state({})).posts.slice(sent).map((post) => post.client_id);
    expect(new Set(ids).size).toBe(3);
  });
}

test("what was not sent is sent after a reload, and the draft is still there", async ({ page, server }) => {
  await withAgent(page, server);
  await server.state({ down: true });
  await write(page, "没网时写的一", "没网时写的二");
  await field(page).fill("还没写完");
  await expect(page.getByText("联网后自动发送")).toHaveCount(2);
  await server.state({ down: false, sockets: true });
  await page.route("**/widget/v1/messages", (route) => route.abort());
  await page.reload();
  await page.getByRole("button", { name: /打开在线客服/ }).click();
  await expect(page.getByText("没网时写的二")).toBeVisible();
  await page.unroute("**/widget/v1/messages");
  await expect(page.getByText("发送中")).toHaveCount(0, { timeout: 20_000 });
  expect((await bubbles(page)).slice(-2)).toEqual(["没网时写的一", "没网时写的二"]);
  await expect(field(page)).toHaveValue("还没写完");
});

test("a refused message says so, keeps its text, and can be sent again", async ({ page, server }) => {
  await withAgent(page, server);
  await server.state({ refuse: "词" });
  await write(page, "不好的词", "好的");
  const failed = page.getByRole("button", { name: "发送失败，点击重试 (内容含有不允许的词)" });
  await expect(failed).toBeVisible();
  await server.state({ refuse: "" });
  await failed.click();
  await expect(failed).toHaveCount(0);
  expect((await bubbles(page)).slice(-2)).toEqual(["好的", "不好的词"]);
});

test("while the window is closed answers are counted, on the next page too", async ({ page, server }) => {
  await withAgent(page, server);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "打开在线客服" })).toBeFocused();
  await server.agent({ text: ["一", "二"] });
  await expect(page.getByRole("button", { name: "打开在线客服，2 条未读消息" })).toBeVisible();
  await page.goto("/shop/service");
  await page.getByRole("button", { name: "打开在线客服，2 条未读消息" }).click();
  await expect(said(page, "二")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "打开在线客服", exact: true })).toBeVisible();
});

test("files by button and by pasting are checked, sent, shown and enlarged", async ({ page, server }) => {
  await withAgent(page, server);
  const picture = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");
  await page.locator("input[type=file]").setInputFiles([
    { name: "故障.png", mimeType: "image/png", buffer: picture },
    { name: "说明.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4") },
    { name: "录像.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(6 * 1024 * 1024) },
  ]);
  await expect(page.getByRole("alert")).toHaveText("“录像.bin”超过 5 MB，无法上传");
  await expect(page.locator(".tray li")).toHaveCount(2);
  await page.getByRole("button", { name: "移除 说明.pdf" }).click();
  await field(page).evaluate((area) => {
    const data = new DataTransfer();
    data.items.add(new File(["x"], "粘贴.txt", { type: "text/plain" }));
    area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(page.locator(".tray")).toContainText("粘贴.txt");
  await page.getByRole("button", { name: "发送" }).click();
  await expect(page.getByRole("link", { name: /粘贴.txt/ })).toBeVisible();
  await expect(page.locator(".tray")).toHaveCount(0);
  await page.getByRole("button", { name: "查看大图 故障.png" }).click();
  await expect(page.getByRole("dialog", { name: "故障.png" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "故障.png" })).toHaveCount(0);
  await expect(field(page)).toBeVisible();
});

test("an upload that fails can be tried again", async ({ page, server }) => {
  await withAgent(page, server);
  await page.route("**/widget/v1/attachments", (route) => route.abort());
  await page.locator("input[type=file]").setInputFiles({ name: "说明.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4") });
  await page.getByRole("button", { name: "重试 说明.pdf" }).waitFor();
  await page.unroute("**/widget/v1/attachments");
  await page.getByRole("button", { name: "重试 说明.pdf" }).click();
  await expect(page.getByRole("button", { name: "重试 说明.pdf" })).toHaveCount(0);
  await page.getByRole("button", { name: "发送" }).click();
  await expect(page.getByRole("link", { name: /说明.pdf/ })).toBeVisible();
});

test("the form before the first message asks once and goes with the message", async ({ page, server }) => {
  await server.state({ prechat: true });
  await open(page);
  await page.getByRole("button", { name: "退款多久到账？" }).click();
  await page.getByLabel("姓名").fill("王先生");
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByText("原路退回")).toBeVisible();
  expect((await server.state({})).posts.at(-1)).toMatchObject({ text: "退款多久到账？", prechat: { name: "王先生" } });
  await write(page, "还有一个问题");
  await expect.poll(async () => (await server.state({})).posts.at(-1)?.text).toBe("还有一个问题");
  expect((await server.state({})).posts.at(-1)?.prechat).toBeUndefined();
});

test("out of hours the form becomes a case with a number", async ({ page, server }) => {
  await server.state({ open: false, assistant: false });
  await page.goto("/");
  await page.getByRole("button", { name: "打开在线客服" }).click();
  await expect(page.getByText("现在是非工作时间")).toBeVisible();
  await page.getByLabel("问题描述").fill("需要发票");
  await page.getByLabel("姓名").fill("王先生");
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByRole("alert")).toHaveText("请至少填写手机号或邮箱中的一项。");
  await page.getByLabel("手机号").fill("13800000000");
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByText(/L2026\d+/)).toBeVisible();
});

test("nobody there when a person is asked for: the form", async ({ page, server }) => {
  await server.state({ open: false });
  await open(page);
  await page.getByRole("button", { name: "转人工" }).click();
  await expect(page.getByLabel("问题描述")).toBeVisible();
});

test("an ended conversation stays readable, and the next begins with an empty sheet", async ({ page, server }) => {
  await withAgent(page, server);
  await page.getByRole("button", { name: "更多" }).click();
  await page.getByRole("button", { name: "结束对话" }).click();
  await page.getByRole("button", { name: "结束对话" }).click();
  await expect(page.getByText("本次对话已结束")).toBeVisible();
  await page.getByRole("button", { name: "开始新对话" }).click();
  await expect(page.getByRole("button", { name: "查看上次对话" })).toBeVisible();
  await write(page, "新的问题");
  await expect(page.getByText("首保在购车后")).toBeVisible();
  expect((await bubbles(page))[0]).toBe("新的问题");
});

test("a long conversation is read upwards page by page, and the place is kept", async ({ page, server }) => {
  await withAgent(page, server);
  await server.agent({ text: Array.from({ length: 120 }, (_, place) => `第 ${place + 1} 条`) });
  await expect(page.getByText("第 120 条")).toBeVisible();
  await page.reload();
  await page.getByRole("button", { name: /打开在线客服/ }).click();
  await expect(page.getByText("第 120 条")).toBeInViewport();
  await page.getByRole("log").evaluate((log) => (log.scrollTop = 0));
  await page.getByRole("button", { name: "查看更早的消息" }).click();
  await expect(said(page, "第 30 条")).toBeAttached();
  await expect(said(page, "第 71 条")).toBeInViewport();
  await server.agent({ text: "最新一条" });
  await page.getByRole("button", { name: "有新消息" }).click();
  await expect(page.getByText("最新一条")).toBeInViewport();
});

test("Enter that chooses a word of an input method sends nothing", async ({ page, server }) => {
  await open(page);
  await field(page).fill("nihao");
  await field(page).evaluate((area) => area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true })));
  await field(page).press("Shift+Enter");
  await expect(field(page)).toHaveValue("nihao\n");
  expect((await server.state({})).posts.filter((post) => post.text.startsWith("nihao"))).toEqual([]);
});

test("obeys the host page: open, close, language, page", async ({ page, server }) => {
  await page.goto("/");
  const call = (...args: unknown[]) => page.evaluate((args) => (window as never as { Yingda(...args: unknown[]): void }).Yingda(...args), args);
  await launcher(page).waitFor();
  await call("language", "en");
  await call("open");
  await expect(page.getByRole("dialog", { name: "Yuanxing Care" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Live agent" })).toBeVisible();
  await page.evaluate(() => history.pushState({}, "", "/shop/models"));
  await expect.poll(async () => (await server.state({})).pages.at(-1)?.url).toContain("/shop/models");
  await call("page", { url: "https://shop.example.cn/cart", title: "购物车" });
  await expect.poll(async () => (await server.state({})).pages.at(-1)?.url).toBe("https://shop.example.cn/cart");
  await call("close");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("on a host of another origin, under its strict policy", async ({ page, server }) => {
  await page.goto("http://localhost:5183/?host=http://127.0.0.1:5183");
  await page.getByRole("button", { name: "打开在线客服" }).click();
  await write(page, "你好");
  await expect(page.getByText("首保在购车后")).toBeVisible();
  await expect(page.locator(".panel")).toHaveCSS("border-radius", "18px");
  expect((await server.state({})).frames.some((frame) => frame.type === "resume")).toBe(true);
});

test("a server that is away when the window opens: says so and comes back", async ({ page, server }) => {
  await page.goto("/");
  await page.route("**/widget/v1/**", (route) => route.abort());
  await launcher(page).click();
  await expect(page.getByText("暂时连不上客服")).toBeVisible();
  await page.unroute("**/widget/v1/**");
  await page.getByRole("button", { name: "重试" }).click();
  await expect(field(page)).toBeVisible();
  await server.state({});
});

test("inside a page: no launcher, no dialog, there at once", async ({ page, server }) => {
  await page.goto("/inline");
  await expect(page.getByRole("region", { name: "远行汽车客服" })).toBeVisible();
  await expect(page.getByRole("button", { name: "收起" })).toHaveCount(0);
  await write(page, "你好");
  await expect(page.getByText("首保在购车后")).toBeVisible();
  await expect(page.locator(".bar")).toHaveText("智能助手为您服务转人工");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await server.state({});
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1280, 375]) {
    test(`axe finds nothing: ${colorScheme}, ${width} px`, async ({ page, server }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 812 });
      const look = async () => expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      await open(page);
      await look();
      await write(page, "我想退款");
      await page.getByRole("button", { name: "退款多久到账？" }).waitFor();
      await look();
      await page.getByRole("button", { name: "转人工" }).first().click();
      await page.getByText("前面还有").waitFor();
      await look();
      await server.agent({ accept: "林晓" });
      await server.agent({ text: "您好 https://example.com", typing: true });
      await page.getByRole("button", { name: "更多" }).click();
      await page.getByRole("switch").waitFor();
      await look();
      await page.getByRole("button", { name: "留言" }).click();
      await page.getByLabel("问题描述").waitFor();
      await look();
      if (width === 375) {
        const sizes = await page.locator(".panel").evaluate((panel) => [panel.clientWidth, panel.clientHeight, document.documentElement.scrollWidth]);
        expect(sizes).toEqual([375, 812, 375]);
      }
    });
  }
}
