/** A mailbox from its address to its end, in the settings, at a server that knows its password. */
import { faults } from "./faults";
import { expect, test } from "./house";
import { postbox } from "./post.mjs";

test("an administrator sets a mailbox up, sees how it does, changes it and removes it", async ({ house }) => {
  test.setTimeout(120_000);
  const box = await postbox("right-code-1234");
  const address = `kefu-${Date.now().toString(36)}@yuanxing.example`;
  const { page } = await house.agent("admin", { at: "/app/settings/mailboxes" });
  const main = page.getByRole("main");
  const found: string[] = [];
  const row = main.getByRole("button").filter({ hasText: address });

  await test.step("the wizard says what the server says to a wrong password", async () => {
    await main.getByRole("button", { name: "添加邮箱" }).click();
    await main.getByRole("textbox", { name: "邮箱地址" }).fill(address);
    await page.keyboard.press("Enter");
    await expect(main.getByRole("heading", { name: "第 2 步，共 5 步：登录" })).toBeFocused();
    for (const [server, port] of [["收信服务器（IMAP）", box.imap], ["发信服务器（SMTP）", box.smtp]] as const) {
      const part = main.getByRole("group", { name: server });
      await part.getByRole("textbox", { name: "服务器" }).fill("127.0.0.1");
      await part.getByRole("combobox", { name: "加密" }).or(part.getByRole("button", { name: "加密" })).click();
      await page.getByRole("option", { name: "不加密" }).click();
      await part.getByRole("spinbutton", { name: "端口" }).fill(String(port));
    }
    const send = main.getByRole("group", { name: "发信服务器（SMTP）" });
    await send.getByRole("combobox", { name: "登录方式" }).or(send.getByRole("button", { name: "登录方式" })).click();
    await page.getByRole("option", { name: "不登录" }).click();
    await main.getByLabel("密码").fill("wrong");
    await main.getByRole("button", { name: "下一步" }).click();
    await main.getByRole("button", { name: "开始试连" }).click();
    await expect(main.getByText("有一步没有通过，请按提示修改后再试")).toBeVisible();
    const login = main.getByRole("listitem").filter({ hasText: "登录收信服务器" });
    await expect(login).toContainText("不接受用户名和密码；请重新填写");
    await expect(login).toContainText("wrong user or password");
    await expect(main.getByRole("listitem").filter({ hasText: "打开文件夹" })).toContainText("未试");
    found.push(...(await faults(page, "a wrong password")));
  });

  await test.step("with the right one each step passes, down to a mail that arrives", async () => {
    await main.getByRole("button", { name: "上一步" }).click();
    await main.getByLabel("密码").fill("right-code-1234");
    await main.getByRole("button", { name: "下一步" }).click();
    await main.getByRole("button", { name: "开始试连" }).click();
    await expect(main.getByText("全部通过")).toBeVisible();
    await expect(main.getByRole("listitem").filter({ hasText: "测试邮件收到" })).toContainText("通过");
    expect(box.held()).toBe(0); // it is taken away again
    await main.getByRole("button", { name: "下一步" }).click();
    await main.getByRole("button", { name: "添加邮箱" }).click();
    await expect(main.getByText(`${address} 已添加`)).toBeVisible();
    await main.getByRole("button", { name: "回到邮箱列表" }).click();
  });

  await test.step("the list says that it works", async () => {
    await expect(row).toBeVisible();
    const works = async () => ((await (await page.request.get("/api/v1/mailboxes")).json()) as { items: { address: string; fetch_health: { state: string } }[] }).items.find((each) => each.address === address)?.fetch_health.state;
    await expect.poll(works, { timeout: 45_000 }).toBe("ok");
    await page.reload();
    await expect(row).toContainText("正常");
    await expect(row).toContainText("最近成功");
  });

  await test.step("it is changed; its password is never shown", async () => {
    await row.click();
    await expect(main.getByText(/设置，末四位 1234/)).toBeVisible();
    await expect(main.getByLabel("密码")).toHaveValue("");
    await main.getByRole("textbox", { name: "内部名称" }).fill("售后邮箱");
    await page.getByRole("button", { name: "保存" }).click();
    await expect(page.getByRole("button", { name: "保存" })).toBeHidden();
    found.push(...(await faults(page, "mailbox")));
    await main.getByRole("button", { name: "返回邮箱列表" }).click();
    await expect(row).toContainText("售后邮箱");
  });

  await test.step("no mail came to it: it goes", async () => {
    await row.click();
    await main.getByRole("button", { name: "删除邮箱" }).click();
    await page.getByRole("alertdialog", { name: `删除 ${address}？` }).getByRole("button", { name: "删除邮箱" }).click();
    await expect(page.getByText(`${address} 已删除`).first()).toBeVisible();
    await expect(row).toHaveCount(0);
  });
  expect(found).toEqual([]);
  box.stop();
});
