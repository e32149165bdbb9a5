/** The people of the tests: visitors with the widget, agents with the console. */
import { expect, test as base, type BrowserContext, type BrowserContextOptions, type Page } from "@playwright/test";
import { demonstration } from "./program.mjs";

export { expect };

export type Login = "admin" | "cai" | "chen" | "lin" | "wang" | "zhao";
export const password = "yingda-demo";
/** Signs in on the public pages, with the same password. */
export const customer = "zhangwei@mail.example";

/** Asked in these words, the demonstration's knowledge base has the answer. */
export const known = { question: "节假日打电话有人接吗", answer: "客服热线在工作日" };

/** Somebody on a web page, with the widget. */
export class Visitor {
  readonly field;
  readonly log;
  readonly launcher;
  /** The name under which the agents see this visitor. */
  name = "";
  token = "";
  conversation = "";

  constructor(readonly page: Page) {
    this.field = page.getByPlaceholder(/输入消息|Write a message/);
    this.log = page.getByRole("log", { name: /对话内容|Conversation/ });
    this.launcher = page.getByRole("button", { name: /打开在线客服|Open chat/ });
    page.on("response", (response) => void this.#learn(response.url(), () => response.json()));
  }

  async #learn(url: string, body: () => Promise<unknown>) {
    if (!/\/widget\/v1\/(session|messages|human)$/.test(url)) return;
    const answer = (await body().catch(() => ({}))) as { token?: string; contact?: { name: string }; conversation?: { id: string } };
    if (answer.token) this.token = answer.token;
    if (answer.contact) this.name = answer.contact.name;
    if (answer.conversation) this.conversation = answer.conversation.id;
  }

  async openChat() {
    await this.launcher.click();
    await expect(this.field).toBeVisible();
    await expect.poll(() => this.name).not.toBe("");
  }

  async write(...texts: string[]) {
    for (const text of texts) {
      await this.field.fill(text);
      await this.field.press("Enter");
    }
  }

  /** Writes, and waits until the server has it and has said in which conversation. */
  async say(text: string) {
    await this.write(text);
    await expect(this.log.locator(".row.own").filter({ hasText: text })).toBeVisible();
    await expect(this.log.locator(".waiting")).toHaveCount(0);
    await expect.poll(() => this.conversation).not.toBe("");
  }

  hears(text: string) {
    return expect(this.log.locator(".bubble").filter({ hasText: text }).last()).toBeVisible();
  }

  /** Comes into the queue for a person, with a question of the visitor's own. */
  async askForPerson(question = "我的车今天早上打不着火了") {
    await this.say(question);
    await this.page.getByRole("button", { name: /^(转人工|Live agent)$/ }).first().click();
    await expect(this.log.getByText(/您请求了人工客服|You asked for a live agent/)).toBeVisible();
  }
}

/** An agent at the console. */
export class Agent {
  readonly log;
  readonly field;
  readonly ringing;

  constructor(readonly page: Page) {
    this.log = page.getByRole("log", { name: "消息记录" });
    this.field = page.getByLabel("回复内容");
    this.ringing = page.getByRole("region", { name: "新会话来了" });
  }

  /** Goes to a page of the console as its people do, by a link that leads there; by its address where none does. */
  async goTo(path: string) {
    const link = this.page.locator(`a[href="${path}"]`).filter({ visible: true }).first();
    if ((await link.count()) === 0) await this.page.goto(path);
    else {
      await link.click();
      await this.page.waitForURL((url) => url.pathname + url.search === path);
    }
  }

  /** Takes the visitor's conversation when it rings; what others want meanwhile is declined. */
  async accept(visitor: Visitor) {
    await expect(async () => {
      await expect(this.ringing).toBeVisible({ timeout: 5_000 });
      if ((await this.ringing.getByText(visitor.name, { exact: true }).count()) === 0) {
        await this.ringing.getByRole("button", { name: "拒绝" }).click({ timeout: 2_000 });
        throw new Error("somebody else's conversation rang");
      }
      await this.ringing.getByRole("button", { name: "接入" }).click({ timeout: 2_000 });
    }).toPass({ timeout: 90_000 });
    await expect(this.page).toHaveURL(new RegExp(visitor.conversation));
    await expect(this.field).toBeVisible();
  }

  /** Writes, and waits until the server has it. */
  async say(text: string) {
    await this.field.fill(text);
    await this.field.press("Enter");
    await expect(this.log.locator("[data-seq]").filter({ hasText: text })).toBeVisible();
  }

  hears(text: string) {
    return expect(this.log.locator("[data-seq]").filter({ hasText: text })).toBeVisible();
  }

  async summarize(category: string | RegExp, result: string) {
    const dialog = this.page.getByRole("dialog", { name: "结束会话" });
    await dialog.getByRole("button", { name: /分类/ }).click();
    await this.page.getByRole("option", { name: category }).first().click();
    await dialog.getByRole("radio", { name: result }).click();
    await dialog.getByRole("button", { name: "结束会话" }).click();
    await expect(dialog).toBeHidden();
  }

  /** A supervisor takes what waits, so that nothing else rings. */
  async clearQueue() {
    const waiting = await this.page.request.get("/api/v1/conversations?view=queue&limit=100");
    for (const { id } of ((await waiting.json()) as { items: { id: string }[] }).items) await this.page.request.post(`/api/v1/conversations/${id}/take`);
  }

  /** Closes what other tests left with the agent, so that there is room for more. */
  async makeRoom() {
    const mine = await this.page.request.get("/api/v1/conversations?view=mine&limit=100");
    for (const { id } of ((await mine.json()) as { items: { id: string }[] }).items) await this.page.request.post(`/api/v1/conversations/${id}/close`, { data: { category: "other", result: "solved" } });
  }

  async presence(state: "online" | "offline") {
    const answer = await this.page.request.put("/api/v1/me/presence", { data: { state } });
    expect(answer.ok()).toBe(true);
  }
}

export interface House {
  /** A visitor on a page of their own, /demo unless told otherwise. */
  visitor(options?: BrowserContextOptions & { at?: string }): Promise<Visitor>;
  /** An agent, signed in and at a page of the console. */
  agent(login: Login, options?: BrowserContextOptions & { at?: string }): Promise<Agent>;
  /** An empty browser. */
  browser(options?: BrowserContextOptions): Promise<Page>;
}

/** Who signed in once stays so for the other tests. */
const sessions = new Map<Login, Awaited<ReturnType<BrowserContext["storageState"]>>>();

export const test = base.extend<{ house: House }, { program: { url: string } }>({
  program: [
    // oxlint-disable-next-line no-empty-pattern -- the names in it are what is wanted, and nothing is
    async ({}, use, { parallelIndex }) => {
      const program = await demonstration(parallelIndex);
      await use(program);
      await program.stop();
    },
    { scope: "worker", timeout: 150_000 },
  ],
  baseURL: async ({ program }, use) => use(program.url),
  house: async ({ browser, contextOptions, locale, timezoneId, viewport, baseURL }, use) => {
    const problems: string[] = [];
    const contexts: BrowserContext[] = [];
    const open = async (options: BrowserContextOptions = {}) => {
      const context = await browser.newContext({ ...contextOptions, locale, timezoneId, viewport, baseURL, ...options });
      contexts.push(context);
      const page = await context.newPage();
      page.on("pageerror", (error) => problems.push(`${page.url()}: ${error.message}`));
      page.on("console", (line) => line.text().includes("Content Security Policy") && problems.push(`${page.url()}: ${line.text()}`));
      return page;
    };
    await use({
      browser: open,
      async visitor({ at = "/demo", ...options } = {}) {
        const visitor = new Visitor(await open(options));
        await visitor.page.goto(at);
        return visitor;
      },
      async agent(login, { at = "/app/", ...options } = {}) {
        const page = await open({ ...options, storageState: sessions.get(login) });
        if (!sessions.has(login)) {
          const answer = await page.request.post("/api/v1/session", { data: { email: `${login}@demo`, password } });
          expect(answer.ok()).toBe(true);
          sessions.set(login, await page.context().storageState());
        }
        await page.goto(at);
        return new Agent(page);
      },
    });
    for (const context of contexts) await context.close();
    expect(problems).toEqual([]);
  },
});
