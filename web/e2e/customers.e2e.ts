import { faults } from "./faults";
import { expect, test } from "./house";

/** Two guests who leave the same number are one person, until somebody says otherwise. */
test("two guests become one person, and two again; what was noted and tried stands with them", async ({ house }) => {
  test.setTimeout(240_000);
  const wang = await house.agent("wang");
  const tail = String(Date.now()).slice(-8);
  const phone = `139${tail}`;
  const people: { id: string; name: string; conversation: string }[] = [];
  for (const question of ["刹车异响怎么办", "保养多少钱"]) {
    const visitor = await house.visitor();
    await visitor.openChat();
    await visitor.say(question);
    const { contact } = (await (await wang.page.request.get(`/api/v1/conversations/${visitor.conversation}`)).json()) as { contact: { id: string } };
    const name = `顾${people.length}${tail}`;
    const answer = await wang.page.request.patch(`/api/v1/contacts/${contact.id}`, { data: { name, phone } });
    expect(answer.ok()).toBe(true);
    people.push({ id: contact.id, name, conversation: visitor.conversation });
  }
  const [one, other] = people as [(typeof people)[0], (typeof people)[0]];
  const page = wang.page;
  const talk = (person: typeof one) => page.locator(`a[href*="${person.conversation}"]`);

  await test.step("notes, steps and tags", async () => {
    await page.goto(`/app/contacts/${one.id}`);
    await page.getByRole("textbox", { name: "添加备注" }).fill("喜欢下午来电");
    await page.getByRole("button", { name: "添加备注" }).click();
    await expect(page.getByText("喜欢下午来电")).toBeVisible();
    await page.getByRole("button", { name: "添加标签" }).click();
    await page.getByRole("textbox", { name: "添加标签" }).fill("老车主");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("link", { name: "老车主" })).toBeVisible();
    expect(await faults(page, "a customer")).toEqual([]);
  });

  await test.step("the system suggests that they are one", async () => {
    const suggested = page.getByRole("region", { name: "可能是同一位客户" });
    await expect(suggested).toContainText(other.name);
    await suggested.getByRole("button", { name: "对比并合并" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByRole("radio", { name: new RegExp(other.name) })).toBeVisible();
    expect(await faults(page, "merge")).toEqual([]);
    await dialog.getByRole("button", { name: "合并", exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(suggested).toBeHidden();
    await expect(talk(one)).toBeVisible();
    await expect(talk(other)).toBeVisible();
  });

  await test.step("and it is taken back", async () => {
    await page.getByRole("button", { name: "撤销合并" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "撤销合并" }).click();
    await expect(talk(other)).toBeHidden();
    await expect(talk(one)).toBeVisible();
    await expect(page.getByText("喜欢下午来电")).toBeVisible();
  });

  await test.step("an address is blocked, with its reason, and let in again", async () => {
    await page.goto("/app/contacts/blocks");
    await page.getByRole("button", { name: "加入黑名单" }).click();
    const drawer = page.getByRole("dialog");
    await drawer.getByRole("radio", { name: "邮箱" }).click();
    await drawer.getByRole("textbox", { name: "邮箱" }).fill(`spam${tail}@mail.example`);
    await drawer.getByRole("textbox", { name: /原因/ }).fill(`群发广告${tail}`);
    await drawer.getByRole("button", { name: "保存" }).click();
    await expect(drawer).toBeHidden();
    const row = page.getByRole("row", { name: new RegExp(`群发广告${tail}`) });
    await expect(row).toContainText("sp***@mail.example");
    expect(await faults(page, "blocks")).toEqual([]);
    await row.getByRole("button").click();
    await page.getByRole("dialog").getByRole("textbox").fill("误封");
    await page.getByRole("dialog").getByRole("button", { name: /取消拉黑/ }).click();
    await expect(row).toBeHidden();
  });
});

test("a table of customers comes in, with what is wrong in it said by line", async ({ house }) => {
  const wang = await house.agent("wang");
  const page = wang.page;
  const tail = String(Date.now()).slice(-6);
  await page.goto("/app/contacts/import");
  const table = ["姓名,手机号,备注", `进一${tail},13800${tail},上月到店`, `进二${tail},不是电话,`, `进三${tail},13900${tail},"说了，两件事"`].join("\r\n");
  await page.locator("input[type=file]").evaluate((input: HTMLInputElement, text) => {
    const chosen = new DataTransfer();
    chosen.items.add(new File([text], "客户.csv", { type: "text/csv" }));
    input.files = chosen.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }, table);
  await expect(page.getByText("客户.csv").first()).toBeVisible();
  await page.getByRole("button", { name: "检查" }).click();
  await expect(page.getByRole("list", { name: "有问题的行" })).toContainText("不是电话");
  expect(await faults(page, "import")).toEqual([]);
  await page.getByRole("button", { name: /导入 2/ }).click();
  const row = page.getByRole("row", { name: /客户\.csv/ }).first();
  await expect(row).toContainText("完成");
  await page.goto(`/app/contacts?q=进三${tail}`);
  await expect(page.getByRole("link", { name: `进三${tail}` })).toBeVisible();
  expect(await faults(page, "customers")).toEqual([]);
});
