import { faults } from "./faults";
import { expect, test } from "./house";

test("a flow is changed, tried, published, and carries who comes after", async ({ house }) => {
  test.setTimeout(180_000);
  const wang = await house.agent("wang");
  const page = wang.page;
  await page.goto("/app/knowledge/flows");
  await expect(page.getByRole("heading", { name: "流程", level: 1 }).last()).toBeVisible();
  expect(await faults(page, "the flows")).toEqual([]);
  await page.getByRole("link", { name: /意见建议/ }).click();
  const picture = page.getByRole("group", { name: "流程图" });
  await expect(picture.getByRole("button", { name: /确认.*check/ })).toBeVisible();

  await test.step("steps are walked with the arrows", async () => {
    await picture.getByRole("button").first().focus();
    await page.keyboard.press("ArrowDown");
    await expect(picture.locator(":focus")).toContainText("wanted");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("textbox", { name: "编号" }).first()).toHaveValue("wanted");
  });

  await test.step("a question is worded otherwise, and tried before it is saved", async () => {
    await page.getByRole("tab", { name: "要问的" }).click();
    await page.getByRole("group", { name: "怎么问", exact: true }).getByRole("textbox").first().fill("想对我们说点什么？");
    await expect(page.getByText("有改动没有保存")).toBeVisible();
    await page.getByRole("tab", { name: "试聊" }).click();
    const says = page.getByRole("textbox", { name: "客户说……" });
    for (const [said, heard] of [["我有个建议", "想对我们说点什么？"], ["休息区多放几把椅子吧", "需要我们把处理结果告诉您吗"], ["不用", "确认提交吗"], ["确认", "已收到，编号 GD-1001"]] as const) {
      await says.fill(said);
      await says.press("Enter");
      await expect(page.getByText(heard).last()).toBeVisible();
    }
    await expect(page.getByText("会写入 case.create")).toBeVisible();
    expect(await faults(page, "a rehearsal")).toEqual([]);
    await page.getByRole("button", { name: "存为脚本" }).click();
    await expect(page.getByRole("tabpanel").locator("summary").last()).toContainText("我有个建议");
  });

  await test.step("what is wrong keeps it from being published, and is led to", async () => {
    await picture.getByRole("button", { name: /确认.*check/ }).click();
    const text = page.getByRole("group", { name: "文字", exact: true }).getByRole("textbox").first();
    const was = await text.inputValue();
    await text.fill("您的建议：{ideal}。确认提交吗？");
    await page.getByRole("button", { name: "保存草稿" }).click();
    await expect(page.getByText("草稿已保存", { exact: true })).toBeVisible();
    await expect(page.getByText(/还有 \d+ 处问题/)).toBeVisible();
    await expect(page.getByRole("button", { name: "发布" })).toBeDisabled();
    await page.getByRole("button", { name: /ideal 既不是要问的内容/ }).first().click();
    await text.fill(was);
    await page.keyboard.press("Control+s");
    await expect(page.getByText(/还有 \d+ 处问题/)).toHaveCount(0);
  });

  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.say("我有个建议");
  await visitor.hears("请写下您的建议");

  await test.step("published, it carries who begins from now on", async () => {
    await page.getByRole("button", { name: "发布" }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("口气更随和");
    await page.getByRole("dialog").getByRole("button", { name: "发布" }).click();
    await expect(page.getByText("第 1 版").first()).toBeVisible();
    const next = await house.visitor();
    await next.openChat();
    await next.say("我有个建议");
    await next.hears("想对我们说点什么？");
    await visitor.say("希望休息区增加儿童座椅");
    await visitor.hears("需要我们把处理结果告诉您吗"); // in the version in which they began
  });

  await test.step("versions are compared, and one is taken again", async () => {
    await page.getByRole("tab", { name: "版本" }).click();
    await page.getByRole("combobox", { name: "和哪一版比" }).click();
    await page.getByRole("option", { name: "内置 1" }).click();
    const differences = page.getByRole("list", { name: "不同之处" });
    await expect(differences).toContainText("谢谢！请写下您的建议。");
    await expect(differences).toContainText("想对我们说点什么？");
    expect(await faults(page, "versions of a flow")).toEqual([]);
    await page.getByRole("button", { name: "用这一版重新改起" }).click();
    await page.getByRole("button", { name: "保存草稿" }).click();
    await expect(page.getByRole("button", { name: "发布" })).toBeEnabled();
    await page.getByRole("button", { name: "发布" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "发布" }).click();
    await expect(page.getByText("第 2 版").first()).toBeVisible();
  });
});

test("a flow of one's own is begun, and thrown away", async ({ house }) => {
  const { page } = await house.agent("wang");
  await page.goto("/app/knowledge/flows");
  await page.getByRole("button", { name: "新建流程" }).click();
  const dialog = page.getByRole("dialog", { name: "新建流程" });
  await dialog.getByRole("textbox", { name: /名称/ }).first().fill("预约试驾");
  await dialog.getByRole("textbox", { name: /名称/ }).last().fill("Test drive");
  await expect(dialog.getByRole("textbox", { name: /编号/ })).toHaveValue("test_drive");
  await dialog.getByRole("button", { name: "开始编写" }).click();
  await expect(page).toHaveURL(/flows\/test_drive/);
  await expect(page.getByText(/还有 \d+ 处问题/)).toBeVisible();
  await page.getByRole("button", { name: "加一步" }).click();
  await page.getByRole("menuitem", { name: "提问" }).click();
  await expect(page.getByRole("group", { name: "流程图" }).getByRole("button", { name: /提问.*ask/ })).toBeVisible();
  await page.getByRole("button", { name: "保存草稿" }).click();
  await expect(page.getByText("草稿已保存", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "丢弃草稿" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "丢弃草稿" }).click();
  await expect(page).toHaveURL(/knowledge\/flows$/);
  await expect(page.getByRole("link", { name: /预约试驾/ })).toHaveCount(0);
});
