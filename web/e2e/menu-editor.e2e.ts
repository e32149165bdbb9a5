import { faults } from "./faults";
import { expect, test } from "./house";

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"] }); // a microphone that beeps
  },
});

test("a menu is copied, changed, mended, tried, published and taken back", async ({ house }) => {
  test.setTimeout(180_000);
  const { page } = await house.agent("admin", { at: "/app/settings/menus" });
  await expect(page.getByRole("heading", { name: "语音导航", level: 1 })).toBeVisible();
  expect(await faults(page, "the menus")).toEqual([]);
  await page.getByRole("button", { name: "新建语音导航" }).click();
  const dialog = page.getByRole("dialog", { name: "新建语音导航" });
  await dialog.getByRole("textbox", { name: /名称/ }).first().fill("浦东店");
  await dialog.getByRole("textbox", { name: /名称/ }).last().fill("Pudong shop");
  await expect(dialog.getByRole("textbox", { name: /编号/ })).toHaveValue("pudong_shop");
  await dialog.getByRole("button", { name: "开始编写" }).click();
  await expect(page).toHaveURL(/menus\/pudong_shop/);

  const picture = page.getByRole("group", { name: "语音导航图" });
  await test.step("nodes are walked with the arrows", async () => {
    await picture.getByRole("button", { name: /welcome/ }).focus();
    await page.keyboard.press("ArrowDown");
    await expect(picture.locator(":focus")).toContainText("notice");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("textbox", { name: "编号" })).toHaveValue("notice");
  });

  await test.step("a fault stands at its node, is led to, and mended", async () => {
    await picture.getByRole("button", { name: /按键菜单 main / }).click();
    await page.getByRole("button", { name: "删除按键 1" }).click();
    await page.getByRole("button", { name: "保存草稿" }).click();
    await expect(page.getByText(/还有 1 处问题/)).toBeVisible();
    await expect(page.getByRole("button", { name: "发布" })).toBeDisabled();
    await page.getByRole("button", { name: /没有任何路径通向节点 use/ }).click();
    await expect(page.getByRole("list", { name: "这个环节的问题" })).toContainText("没有任何路径通向节点 use");
    await expect(picture.getByRole("button", { name: /排队 use/ }).getByLabel("这一步有问题")).toBeVisible();
    expect(await faults(page, "a menu with a fault")).toEqual([]);
    await picture.getByRole("button", { name: /按键菜单 main / }).click();
    await page.getByRole("combobox", { name: "按 2 去" }).click();
    await page.getByRole("option", { name: /· use$/ }).click();
    await page.getByRole("combobox", { name: "加一个按键" }).click();
    await page.getByRole("option", { name: "1", exact: true }).click();
    await page.getByRole("combobox", { name: "按 1 去" }).click();
    await page.getByRole("option", { name: /· business$/ }).click();
    await page.keyboard.press("Control+s");
    await expect(page.getByText(/还有 \d+ 处问题/)).toHaveCount(0);
  });

  await test.step("a call is tried: a key, the queue, an agent, the survey", async () => {
    await page.getByRole("tab", { name: "试拨" }).click();
    await page.getByRole("button", { name: "拨打", exact: true }).click();
    const log = page.getByRole("list", { name: "通话过程" });
    await expect(log).toContainText("欢迎致电");
    for (const heard of ["本次通话将被录音", "For English", "系统使用请按1"]) {
      await page.getByRole("button", { name: "听完" }).click();
      await expect(log).toContainText(heard);
    }
    const keypad = page.getByRole("group", { name: "拨号键盘" });
    await keypad.getByRole("button", { name: "2", exact: true }).click();
    await expect(log).toContainText("进入队列 use");
    await expect(picture.locator('[aria-current="step"]')).toContainText("use");
    await page.getByRole("button", { name: "客服接听" }).click();
    await page.getByRole("button", { name: "客服挂断" }).click();
    await expect(log).toContainText("开始满意度");
    await keypad.getByRole("button", { name: "5", exact: true }).click();
    await expect(log).toContainText("评分 attitude · 5");
    expect(await faults(page, "a call that is tried")).toEqual([]);
  });

  await test.step("published, compared, and taken back", async () => {
    await page.getByRole("button", { name: "发布" }).click();
    await page.getByRole("dialog").getByRole("textbox").fill("两个键换了");
    await page.getByRole("dialog").getByRole("button", { name: "发布" }).click();
    await expect(page.getByText("第 1 版").first()).toBeVisible();
    await picture.getByRole("button", { name: /按键菜单 main / }).click();
    await page.getByRole("button", { name: "删除按键 0" }).click();
    await page.getByRole("tab", { name: "版本" }).click();
    await expect(page.getByRole("list", { name: "不同之处" })).toContainText("emergency");
    expect(await faults(page, "versions of a menu")).toEqual([]);
    await page.getByRole("button", { name: "用这一版重新改起" }).click();
    await expect(page.getByText("和正在看的内容一样。")).toBeVisible();
    await expect(page.getByRole("button", { name: "保存草稿" })).toBeDisabled();
  });
});

test("a prompt is recorded by the microphone, heard, and taken back", async ({ house }) => {
  const { page } = await house.agent("admin", { at: "/app/settings/prompts", permissions: ["microphone"] });
  await expect(page.getByRole("heading", { name: "提示音", level: 1 })).toBeVisible();
  await page.getByRole("textbox", { name: "搜索编号或内容" }).fill("欢迎致电");
  await page.getByRole("button", { name: /^welcome/ }).click();
  const clip = page.getByRole("group", { name: "welcome zh" });
  expect(await faults(page, "the prompts")).toEqual([]);

  await clip.getByRole("button", { name: "录制 welcome zh" }).click();
  await expect(clip.getByRole("button", { name: "录好 welcome zh" })).toBeVisible();
  await expect(clip.getByText("2 s", { exact: true })).toBeVisible();
  await clip.getByRole("button", { name: "录好 welcome zh" }).click();
  await expect(clip.getByText("自己的录音")).toBeVisible();
  await expect(clip).toContainText(/· [12]\.\d s/);

  // what is answered is a sound that the browser plays
  const length = await page.evaluate(async () => {
    const sound = new Audio("/api/v1/prompts/zh/welcome");
    await new Promise((loaded, failed) => {
      sound.onloadedmetadata = loaded;
      sound.onerror = () => failed(new Error(sound.error?.message));
    });
    return sound.duration;
  });
  expect(length).toBeGreaterThan(0.5);
  await clip.getByRole("button", { name: "播放 welcome zh" }).click();

  await page.getByLabel("上传 welcome zh", { exact: true }).first().setInputFiles("e2e/questions.csv");
  await expect(page.getByText("这不是 WAV 文件").first()).toBeVisible();
  await clip.getByRole("button", { name: "恢复 welcome zh" }).click();
  await expect(clip.getByText("自己的录音")).toHaveCount(0);
});
