import { expect, known, password, test } from "./house";

test("an agent works without a pointer", async ({ house }) => {
  await (await house.agent("wang")).clearQueue();
  await (await house.agent("zhao")).presence("offline");
  const page = await house.browser();
  const press = (...names: string[]) => names.reduce((before, name) => before.then(() => page.keyboard.press(name)), Promise.resolve());
  await page.goto("/app/");
  await expect(page.getByLabel("邮箱")).toBeFocused();
  await page.keyboard.type("lin@demo");
  await press("Tab");
  await page.keyboard.type(password);
  await press("Enter");
  await expect(page.getByRole("heading", { name: "我的会话", level: 1 })).toBeVisible();

  await test.step("the list", async () => {
    await press("Alt+6");
    await expect(page.getByRole("heading", { name: "全部会话", level: 1 })).toBeVisible();
    await expect(page.getByRole("list", { name: "会话列表" }).getByRole("link").first()).toBeVisible();
    await press("j", "Enter");
    const open = page.getByRole("list", { name: "会话列表" }).locator("[aria-current=page]");
    await expect(open).toHaveCount(1);
    const first = await open.getAttribute("href");
    await press("j");
    await expect(open).not.toHaveAttribute("href", first!);
    await press("k");
    await expect(open).toHaveAttribute("href", first!);
  });

  await test.step("the palette finds a command, and gives the focus back", async () => {
    await press("Control+k");
    const palette = page.getByRole("dialog", { name: "命令面板" });
    await expect(palette).toBeVisible();
    await page.keyboard.type("排队");
    await press("Enter");
    await expect(palette).toBeHidden();
    await expect(page.getByRole("heading", { name: "排队中", level: 1 })).toBeVisible();
    await press("Control+k");
    await expect(palette).toBeVisible();
    await press("Escape");
    await expect(palette).toBeHidden();
  });

  await test.step("accepting, answering, ending", async () => {
    expect((await page.request.put("/api/v1/me/presence", { data: { state: "online" } })).ok()).toBe(true);
    const visitor = await house.visitor();
    await visitor.openChat();
    await visitor.askForPerson("预约保养要提前几天");
    await page.goto(`/app/inbox/queue/${visitor.conversation}`);
    await expect(page.getByRole("button", { name: "接入", exact: true }).last()).toBeVisible();
    await press("a");
    await expect(page.getByLabel("回复内容")).toBeVisible();
    await press("r");
    await expect(page.getByLabel("回复内容")).toBeFocused();
    await page.keyboard.type("提前一天就可以。");
    await press("Enter");
    await visitor.hears("提前一天就可以。");
    await page.keyboard.type("/bye");
    await expect(page.getByRole("option").first()).toBeVisible();
    await press("Enter");
    await expect(page.getByLabel("回复内容")).toHaveValue(/感谢您联系远行汽车/);
    await press("Enter");
    await visitor.hears("感谢您联系远行汽车");
    await press("Control+Enter");
    const dialog = page.getByRole("dialog", { name: "结束会话" });
    await expect(dialog).toBeVisible();
    await press("Escape");
    await expect(dialog).toBeHidden();
  });
});

test("Enter that chooses a word of an input method sends nothing", async ({ house }) => {
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.say(known.question);
  await visitor.field.focus();
  const client = await visitor.page.context().newCDPSession(visitor.page);
  await client.send("Input.imeSetComposition", { text: "baoyang", selectionStart: 7, selectionEnd: 7 });
  await visitor.field.dispatchEvent("keydown", { key: "Enter", isComposing: true, keyCode: 229 });
  await client.send("Input.insertText", { text: "保养" });
  await expect(visitor.field).toHaveValue("保养");
  await expect(visitor.log.locator(".row.own")).toHaveCount(1);
  await visitor.field.press("Enter");
  await expect(visitor.log.locator(".row.own")).toHaveCount(2);
});
