import { faults } from "./faults";
import { expect, known, test } from "./house";

test("questions are suggested while a visitor types, but not while an input method composes", async ({ house }) => {
  const visitor = await house.visitor();
  const { page, field } = visitor;
  const asked: string[] = [];
  page.on("request", (request) => request.url().includes("/widget/v1/suggestions") && asked.push(new URL(request.url()).searchParams.get("q")!));
  await visitor.openChat();
  const list = page.getByRole("listbox", { name: "您可能想问" });

  await field.focus();
  const keyboard = await page.context().newCDPSession(page);
  await keyboard.send("Input.imeSetComposition", { text: "怎样kaifapiao", selectionStart: 11, selectionEnd: 11 });
  await field.dispatchEvent("keydown", { key: "Enter", isComposing: true }); // chooses a word of the input method
  await keyboard.send("Input.insertText", { text: "怎样开" });
  await expect(list.getByRole("option").first()).toContainText("怎样开");
  expect(asked).toEqual(["怎样开"]);
  await expect(field).toHaveValue("怎样开");

  await field.press("ArrowDown");
  await field.press("ArrowUp");
  await expect(list.getByRole("option").last()).toHaveAttribute("aria-selected", "true");
  await field.press("Escape");
  await expect(list).toBeHidden();
  await expect(field).toHaveValue("怎样开");

  await field.pressSequentially("具发", { delay: 20 });
  const wanted = list.getByRole("option", { name: "怎样开具发票" });
  await expect(wanted).toBeVisible();
  expect(asked).toEqual(["怎样开", "怎样开具发"]); // not one for each key
  expect(await faults(page, "suggestions")).toEqual([]);
  await field.press("ArrowDown");
  await expect(field).toHaveAttribute("aria-activedescendant", (await wanted.getAttribute("id"))!);
  await field.press("Enter");
  await visitor.hears("电子发票会在 1 个工作日内");
  await expect(field).toHaveValue("");
  await expect(list).toBeHidden();
});

test("an article answers with its own words, and whether that helped reaches the editors", async ({ house }) => {
  const visitor = await house.visitor();
  const { page, log } = visitor;
  await visitor.openChat();
  await visitor.say("代客模式怎么退出");
  await visitor.hears("车速不超过 60 公里/小时");
  await visitor.hears("——出自《哨兵、代客和宠物模式》");
  await expect(log.getByRole("link", { name: "哨兵、代客和宠物模式" })).toHaveAttribute("href", /\/help\//);
  await page.getByRole("button", { name: "没帮助" }).click();
  await page.getByRole("button", { name: "不够完整" }).click();
  await expect(log.getByText("感谢您的反馈")).toBeVisible();
  expect(await faults(page, "an article in the widget")).toEqual([]);

  const wang = await house.agent("wang", { at: `/app/inbox/bot/${visitor.conversation}` });
  await wang.page.getByRole("button", { name: "为什么这么说" }).last().click();
  await expect(wang.page.getByText("文章《哨兵、代客和宠物模式》里有一段说的就是这件事")).toBeVisible();
  const found = (await (await wang.page.request.get("/api/v1/articles?q=代客和宠物")).json()) as { items: { id: string; helpful: number; unhelpful: number }[] };
  expect(found.items.map(({ helpful, unhelpful }) => [helpful, unhelpful])).toEqual([[0, 1]]);
  await wang.page.goto(`/app/knowledge/articles/${found.items[0]!.id}`);
  await expect(wang.page.getByText("有帮助 0 · 没帮助 1")).toBeVisible();

  await page.goto((await log.getByRole("link", { name: "哨兵、代客和宠物模式" }).getAttribute("href"))!);
  await page.getByRole("button", { name: "有帮助", exact: true }).click();
  await expect(page.getByText("谢谢您的评价")).toBeVisible();
  await page.goto(page.url().replace(/\?.*/, ""));
  await page.getByRole("button", { name: "没有帮助" }).click(); // thinks better of it
  await expect(page.getByText("谢谢您告诉我们")).toBeVisible();
  const now = (await (await wang.page.request.get("/api/v1/articles?q=代客和宠物")).json()) as typeof found;
  expect(now.items.map(({ helpful, unhelpful }) => [helpful, unhelpful])).toEqual([[0, 2]]);
});

test("the search of the public pages suggests questions, and their pages", async ({ house }) => {
  const page = await house.browser();
  await page.goto("/faq");
  const field = page.getByRole("combobox", { name: "搜索常见问题" });
  await field.pressSequentially("怎样开具", { delay: 20 });
  const list = page.getByRole("listbox", { name: "您可能想问" });
  await expect(list.getByRole("option", { name: "怎样开具发票" })).toBeVisible();
  expect(await faults(page, "suggestions of the search")).toEqual([]);
  await field.press("Escape");
  await expect(list).toBeHidden();
  await field.press("a");
  await field.press("Backspace");
  await expect(list).toBeVisible();
  await field.press("ArrowDown");
  await field.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "怎样开具发票" })).toBeVisible();
});

test("the assistant is asked without scripts, in both languages", async ({ house }) => {
  const page = await house.browser({ javaScriptEnabled: false });
  await page.goto("/ask");
  const ask = async (text: string) => {
    await page.getByLabel("您的问题").fill(text);
    await page.getByRole("button", { name: "发送" }).click();
  };
  await ask(known.question);
  await expect(page.getByRole("status")).toContainText(known.answer);
  await ask("保养");
  await page.getByRole("button", { name: "多久保养一次" }).click();
  await expect(page.getByRole("status")).toContainText("每 6 个月或 7500 公里");
  await ask("代客模式怎么退出");
  await expect(page.getByRole("status").locator("blockquote")).toContainText("车速不超过 60 公里/小时");
  await expect(page.getByRole("link", { name: "阅读全文" })).toHaveAttribute("href", /\/help\//);
  await ask("车子起火了");
  await expect(page.getByRole("status")).toContainText("起火请拨打 119");
  await ask("我要找人工");
  await expect(page.getByRole("main").getByRole("link", { name: /提交|表单|投诉/ }).first()).toBeVisible();
  await page.getByRole("link", { name: "English" }).click();
  await page.getByLabel("Your question").fill("Are you open on public holidays?");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("status")).toContainText("Assistant");

  const seen = await house.browser();
  await seen.goto("/ask");
  expect(await faults(seen, "the page to ask")).toEqual([]);
  await expect(seen.locator("script[data-inbox]")).toHaveCount(0);
});
