import type { Page } from "@playwright/test";
import { faults } from "./faults";
import { expect, test } from "./house";
import { listening, mailbox } from "./mailbox";
import { deliver, encoded, header, provider, texts, word, write } from "./post.mjs";
import { picture } from "./program.mjs";

/** Opens the row of a conversation as it appears in a list. */
const row = (page: Page, name: string) => page.getByRole("list", { name: "会话列表" }).getByRole("link").filter({ hasText: name });

/** What the provider was given for one of its customers. */
const letters = (post: Awaited<ReturnType<typeof provider>>, to: string) => post.taken.filter((mail) => mail.to.includes(to));

test("a customer's mail is answered with a picture, and their answer comes back", async ({ house }) => {
  test.setTimeout(240_000);
  const post = await provider();
  const stamp = Date.now().toString(36);
  const support = `support-${stamp}@yuanxing.example`;
  const customer = `chen-${stamp}@mail.example`;
  const name = `陈思远${stamp}`;
  const admin = await house.agent("admin");
  await mailbox(admin.page.request, support, post.port);
  await (await house.agent("zhao")).presence("offline");
  const wang = await house.agent("wang");
  await wang.clearQueue();
  const lin = await house.agent("lin", { at: "/app/inbox/all" });
  await lin.makeRoom();
  await lin.presence("online");
  const { page } = lin;
  const found: string[] = [];
  const editor = page.getByRole("textbox", { name: "邮件正文" });

  await test.step("it is in the console within 2 s, in its own charset", async () => {
    await expect(page.getByRole("list", { name: "会话列表" })).toBeVisible();
    const raw = write({
      from: `${word(name)} <${customer}>`,
      to: support,
      subject: "=?gb2312?B?s+S158e5sM6yu8/CwLQ=?=",
      body: "Content-Type: text/plain; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\nxPq6w6OsvfHM7NTnyc+z5LXnx7mwzrK7z8LAtMHLo6zU9cO0sOyjvw0KDQrQu9C7DQqzwsu81LYNCg==",
    });
    await deliver(listening(page), customer, support, raw);
    await expect(row(page, name)).toBeVisible({ timeout: 2_000 });
    await expect(row(page, name)).toContainText("充电枪拔不下来");
  });

  await test.step("it is read as people meant it", async () => {
    await row(page, name).click();
    const card = page.getByRole("article").filter({ hasText: customer });
    await expect(card.getByText("充电枪拔不下来", { exact: true })).toBeVisible();
    await expect(card.getByText("今天早上充电枪拔不下来了")).toBeVisible();
    await expect(card.getByText(`收件：${support}`)).toBeVisible();
    await page.getByRole("region", { name, exact: true }).getByRole("button", { name: /^(接入|接管)$/ }).click();
    await expect(editor).toBeVisible();
  });

  await test.step("the original is there with its headers and its file", async () => {
    await page.getByRole("button", { name: "邮件操作" }).first().click();
    await page.getByRole("menuitem", { name: "查看原文" }).click();
    const dialog = page.getByRole("dialog", { name: "充电枪拔不下来" });
    await expect(dialog.getByText("谢谢")).toBeVisible();
    await dialog.getByRole("radio", { name: "信头" }).click();
    await expect(dialog.getByRole("cell", { name: "Message-ID" })).toBeVisible();
    found.push(...(await faults(page, "original")));
    const download = page.waitForEvent("download");
    await dialog.getByRole("link", { name: "下载 .eml" }).click();
    expect((await download).suggestedFilename()).toMatch(/\.eml$/);
    await page.keyboard.press("Escape");
  });

  await test.step("the answer is written with a picture in it", async () => {
    await editor.click();
    await page.keyboard.type("您好，请先长按充电口旁的按钮 ");
    await page.keyboard.press("Control+b");
    await page.keyboard.type("10 秒");
    await page.keyboard.press("Control+b");
    const b64 = picture.buffer.toString("base64");
    await editor.evaluate((el, { b64, file }) => {
      const bytes = Uint8Array.from(atob(b64), (c) => c.charCodeAt(0));
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([bytes], file, { type: "image/png" }));
      el.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, { b64, file: picture.name });
    await expect(editor.locator("img[data-attachment]")).toBeVisible();
    await page.getByRole("button", { name: "添加抄送" }).click();
    await page.getByRole("textbox", { name: "抄送" }).fill("没写完@");
    await page.getByRole("textbox", { name: "抄送" }).press("Enter");
    await expect(page.getByText("没写完@ 不是邮箱地址")).toBeVisible();
    await page.getByRole("button", { name: "移除 没写完@" }).click();
    found.push(...(await faults(page, "composer")));
  });

  await test.step("what is half written outlives a reload", async () => {
    await page.waitForFunction(() => Object.keys(localStorage).some((key) => key.includes("draft.") && localStorage.getItem(key)!.includes("长按充电口")));
    await page.reload();
    await expect(editor).toContainText("长按充电口旁的按钮");
    await expect(editor.locator("img[data-attachment]")).toBeVisible();
    await expect(editor.locator("strong")).toHaveText("10 秒");
  });

  await test.step("it can be taken back, and is whole again", async () => {
    await editor.click();
    await page.keyboard.press("Control+Enter");
    await page.getByRole("button", { name: "撤回" }).first().click();
    await expect(page.getByText("已撤回，没有发出").first()).toBeVisible();
    await expect(editor).toContainText("长按充电口旁的按钮");
    await expect(editor.locator("img[data-attachment]")).toBeVisible();
  });

  let ours = "";
  await test.step("it leaves once, threaded, with the picture inside and the signature", async () => {
    await editor.click();
    await page.keyboard.press("Control+Enter");
    await expect(editor).toBeEmpty();
    await expect(page.getByText("已发送", { exact: true })).toBeVisible({ timeout: 30_000 });
    const [mail, ...others] = letters(post, customer);
    expect(others).toEqual([]);
    const raw = mail!.raw;
    ours = header(raw, "Message-ID");
    expect(header(raw, "In-Reply-To")).toMatch(/@mail\.example>$/);
    expect(raw).toMatch(/Content-Type: multipart\/related/i);
    expect(raw).toMatch(/Content-ID: </i);
    const text = texts(raw);
    expect(text).toContain("长按充电口旁的按钮");
    expect(text).toMatch(/<strong>10 秒<\/strong>/);
    expect(text).toMatch(/src="cid:/);
    expect(text).toContain("400-820-0000");
    expect(header(raw, "Auto-Submitted")).toBe("");
  });

  await test.step("the customer's answer comes into the same conversation", async () => {
    const [mail] = letters(post, customer);
    const to = /<(.*?)>/.exec(header(mail!.raw, "Reply-To"))?.[1] ?? header(mail!.raw, "Reply-To") ?? support;
    await deliver(listening(page), customer, to || support, write({ from: `${customer}`, to: to || support, subject: "回复：充电枪拔不下来", text: "按了就好了，多谢！\r\n\r\n在 2026-11-30，远行汽车写道：\r\n> 您好，请先长按充电口旁的按钮 10 秒\r\n", answers: ours }));
    const card = page.getByRole("article").filter({ hasText: "按了就好了" });
    await expect(card).toBeVisible({ timeout: 2_000 });
    await card.getByRole("button", { name: "展开引用" }).click();
    await expect(card.getByText("远行汽车写道")).toBeVisible();
    await page.emulateMedia({ colorScheme: "light" });
    found.push(...(await faults(page, "thread")));
  });

  await test.step("formatted text stands in a frame where nothing runs, and others' pictures wait", async () => {
    const asked: string[] = [];
    page.on("request", (r) => asked.push(r.url()));
    const html = `<p onclick="alert(1)">请看 <b style="color:red">红字</b><script>document.title='harm'</script><img src="http://127.0.0.1:9/spy.gif"></p>`;
    await deliver(listening(page), customer, support, write({ from: customer, to: support, subject: "回复：充电枪拔不下来", answers: ours, body: encoded("text/html", html) }));
    await expect(page.getByRole("article").filter({ hasText: "红字" })).toBeVisible();
    const card = page.getByRole("article").last(); // its text goes into the frame
    await card.getByRole("button", { name: "排版视图" }).click();
    await expect(card.frameLocator("iframe").locator("b")).toHaveText("红字");
    await expect(card.getByText("有 1 张图片在别人的服务器上")).toBeVisible();
    expect(asked.filter((url) => url.includes("spy.gif"))).toEqual([]);
    await card.getByRole("button", { name: "显示远程图片" }).click();
    await expect.poll(() => asked.filter((url) => url.includes("spy.gif")).length).toBe(1);
    expect(await page.title()).not.toContain("harm");
  });

  expect(found).toEqual([]);
  post.stop();
});

test("complaint@ makes a complaint with its clocks", async ({ house }) => {
  test.setTimeout(120_000);
  const post = await provider();
  const stamp = Date.now().toString(36);
  const address = `complaint-${stamp}@yuanxing.example`;
  const { page } = await house.agent("admin");
  await mailbox(page.request, address, post.port, { kind: "complaint" });
  const subject = `维修两次没修好 ${stamp}`;
  await deliver(listening(page), `li-${stamp}@mail.example`, address, write({ from: `li-${stamp}@mail.example`, to: address, subject, text: "同一个毛病修了两次，我要投诉。" }));
  const wang = await house.agent("wang", { at: "/app/cases?view=all&kind=complaint" });
  await wang.page.getByRole("link", { name: new RegExp(subject) }).first().click();
  await expect(wang.page.getByText("投诉").first()).toBeVisible();
  const id = /cases\/([^?/]+)/.exec(wang.page.url())![1];
  const { clocks } = (await (await wang.page.request.get(`/api/v1/cases/${id}`)).json()) as { clocks: { metric: string }[] };
  expect(clocks.map((clock) => clock.metric)).toEqual(expect.arrayContaining(["complaint_acknowledge", "complaint_investigate", "complaint_feedback"]));
  post.stop();
});

test("a mail that cannot arrive says why, and what was put aside can be taken in", async ({ house }) => {
  test.setTimeout(180_000);
  const post = await provider();
  const stamp = Date.now().toString(36);
  const address = `sales-${stamp}@yuanxing.example`;
  const admin = await house.agent("admin");
  await mailbox(admin.page.request, address, post.port, { undo_seconds: 0 });
  const lin = await house.agent("lin", { at: "/app/inbox/mine" });
  await lin.makeRoom();
  const { page } = lin;
  const found: string[] = [];

  await test.step("a new mail to nobody comes back", async () => {
    await page.getByRole("button", { name: "写邮件" }).click();
    const drawer = page.getByRole("dialog", { name: "写邮件" });
    await drawer.getByRole("button", { name: "发件邮箱" }).or(drawer.getByRole("combobox", { name: "发件邮箱" })).click();
    await page.getByRole("option", { name: new RegExp(address) }).click();
    await drawer.getByRole("textbox", { name: "收件人" }).fill(`nobody@${stamp}.example`);
    await drawer.getByRole("textbox", { name: "收件人" }).press("Enter");
    await drawer.getByLabel("主题").fill("回访");
    await drawer.getByRole("textbox", { name: "邮件正文" }).click();
    await page.keyboard.type("您好，想了解一下您的用车情况。");
    found.push(...(await faults(page, "new mail")));
    await drawer.getByRole("button", { name: "发送", exact: true }).click();
    await expect(page.getByRole("article").getByText("想了解一下您的用车情况")).toBeVisible();
    await expect(page.getByText(/地址不存在或写错了/)).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(/user unknown/)).toBeVisible();
  });

  await test.step("spam is put aside, and comes in when it is wanted", async () => {
    const from = `fapiao-${stamp}@mail.example`;
    await deliver(listening(page), from, address, write({ from, to: address, subject: `低价代开发票 ${stamp}`, text: "联系我" }));
    await page.getByRole("link", { name: "垃圾邮件" }).click();
    const one = page.getByRole("list", { name: "被拦下的邮件" }).getByRole("button").filter({ hasText: stamp });
    await expect(one).toContainText("含有拦截词");
    await one.click();
    await expect(page.getByRole("region", { name: "预览" }).first()).toContainText("联系我");
    found.push(...(await faults(page, "spam")));
    await page.getByRole("button", { name: "收下" }).click();
    await expect(one).toHaveCount(0);
    await page.goto("/app/inbox/all");
    await expect(row(page, `低价代开发票 ${stamp}`)).toBeVisible();
  });
  expect(found).toEqual([]);
  post.stop();
});

test("a mail is answered to all, sent on, split off, and its conversation sent as a transcript", async ({ house }) => {
  test.setTimeout(180_000);
  const post = await provider();
  const stamp = Date.now().toString(36);
  const address = `help-${stamp}@yuanxing.example`;
  const customer = `sun-${stamp}@mail.example`;
  const name = `孙丽${stamp}`;
  const [wife, dealer, boss] = [`wife-${stamp}@mail.example`, `dealer-${stamp}@shop.example`, `boss-${stamp}@mail.example`];
  const admin = await house.agent("admin");
  await mailbox(admin.page.request, address, post.port, { undo_seconds: 0 });
  await (await house.agent("zhao")).presence("offline");
  await (await house.agent("wang")).clearQueue();
  const lin = await house.agent("lin");
  await lin.makeRoom();
  const { page } = lin;
  const found: string[] = [];
  const editor = page.getByRole("textbox", { name: "邮件正文" });
  const card = (text: string) => page.getByRole("article").filter({ hasText: text });
  const act = async (text: string, what: string) => {
    await card(text).getByRole("button", { name: "邮件操作" }).click();
    await page.getByRole("menuitem", { name: what }).click();
  };
  const first = write({ from: `${word(name)} <${customer}>`, to: `${address}, ${wife}`, headers: [`Cc: ${word("爱人的同事")} <${boss}>, ${address}`], subject: "钥匙丢了", text: "钥匙丢了一把，怎么补？" });
  await deliver(listening(page), customer, address, first);

  await test.step("the answer goes to everybody who got the mail, unless they are taken out", async () => {
    const waiting = async () => ((await (await page.request.get("/api/v1/conversations?view=all&limit=100")).json()) as { items: { id: string; contact_name: string }[] }).items.find((c) => c.contact_name === name)?.id;
    await expect.poll(waiting).toBeTruthy();
    const id = await waiting();
    const taken = await page.request.post(`/api/v1/conversations/${id}/take`);
    expect(taken.ok(), await taken.text()).toBe(true);
    await page.goto(`/app/inbox/mine/${id}`);
    const copies = page.getByRole("list", { name: "抄送" });
    await expect(copies.getByRole("listitem")).toHaveCount(3); // two people, and the line to type in
    await expect(copies).toContainText(wife);
    await copies.getByRole("button", { name: "移除 爱人的同事" }).click();
    await editor.click();
    await page.keyboard.type("请带身份证到门店补办。");
    await page.keyboard.press("Control+Enter");
    await expect.poll(() => letters(post, customer).length).toBe(1);
    const [mail] = letters(post, customer);
    expect(mail!.to.sort()).toEqual([customer, wife].sort());
    expect(header(mail!.raw, "Cc")).toContain(wife);
    await expect(copies).toContainText("爱人的同事"); // the next answer begins anew
  });

  await test.step("a third party gets it with a word of ours, and their answer is a note", async () => {
    await act("钥匙丢了一把", "转发给第三方");
    const dialog = page.getByRole("dialog", { name: "转发给第三方" });
    await dialog.getByRole("textbox", { name: "收件人" }).fill(dealer);
    await page.keyboard.press("Enter");
    await dialog.getByRole("textbox", { name: "邮件正文" }).click();
    await page.keyboard.type("请准备一把备用钥匙。");
    found.push(...(await faults(page, "forwarding")));
    await dialog.getByRole("button", { name: "转发" }).click();
    await expect(page.getByText(`已转发给 ${dealer}`).first()).toBeVisible();
    await expect(card("请准备一把备用钥匙")).toContainText("转发给第三方，客户看不到");
    await expect.poll(() => letters(post, dealer).length).toBe(1);
    await expect(card("请准备一把备用钥匙").getByRole("status")).toContainText("已发送");
    const [mail] = letters(post, dealer);
    expect(mail!.to).toEqual([dealer]);
    expect(texts(mail!.raw)).toContain("请准备一把备用钥匙。");
    expect(texts(mail!.raw)).toContain("钥匙丢了一把，怎么补？");
    await deliver(listening(page), dealer, address, write({ from: dealer, to: address, subject: "Re", text: "周三可以取。", answers: header(mail!.raw, "Message-ID") }));
    await expect(card("周三可以取")).toContainText("第三方来信，客户看不到");
    await expect(page.getByRole("list", { name: "收件人" })).toContainText(name); // the answer is still to the customer
    await expect(page.getByRole("list", { name: "收件人" })).not.toContainText(dealer);
  });

  await test.step("what is about something else gets a conversation and a case of its own", async () => {
    await deliver(listening(page), customer, address, write({ from: customer, to: address, subject: "发票抬头", text: "另外想改一下发票抬头。", answers: header(first, "Message-ID") }));
    await expect(card("另外想改一下发票抬头")).toBeVisible();
    const was = page.url();
    await act("另外想改一下发票抬头", "拆分为新会话");
    await page.getByRole("alertdialog", { name: "拆分为新会话" }).getByRole("button", { name: "拆分" }).click();
    await expect.poll(() => page.url()).not.toBe(was);
    await expect(card("另外想改一下发票抬头")).toBeVisible();
    await expect(card("钥匙丢了一把")).toHaveCount(0);
    await page.goto(was);
    await expect(page.getByText("林晓 把一封邮件拆分成了新会话")).toBeVisible();
  });

  await test.step("the transcript leaves with what the customer knows", async () => {
    await page.getByRole("button", { name: "更多操作" }).click();
    await page.getByRole("menuitem", { name: "发送会话记录" }).click();
    const dialog = page.getByRole("dialog", { name: "发送会话记录" });
    await dialog.getByRole("textbox", { name: "收件地址" }).fill("没写完@");
    await dialog.getByRole("button", { name: "发送" }).click();
    await expect(dialog.getByText("没写完@ 不是邮箱地址")).toBeVisible();
    await dialog.getByRole("textbox", { name: "收件地址" }).fill(boss);
    await dialog.getByRole("button", { name: "发送" }).click();
    await expect(page.getByText(`会话记录已发送到 ${boss}`).first()).toBeVisible();
    await expect(page.getByText(/林晓 把会话记录发到了/)).toBeVisible();
    await expect.poll(() => letters(post, boss).length).toBe(1);
    const text = texts(letters(post, boss)[0]!.raw);
    expect(text).toContain("请带身份证到门店补办。");
    expect(text).not.toContain("请准备一把备用钥匙");
  });
  expect(found).toEqual([]);
  post.stop();
});
