import { faults } from "./faults";
import { expect, test, type Agent } from "./house";

interface Registered {
  id: string;
  phone: string;
}

/** Somebody of the demonstration of whom phone, identity card, order and plate are registered. */
async function customer(agent: Agent, name: string): Promise<Registered> {
  const { items } = (await (await agent.page.request.get(`/api/v1/contacts?q=${encodeURIComponent(name)}`)).json()) as { items: Registered[] };
  return items[0]!;
}

test("who is not verified is refused, and the action is done after passing", async ({ house }) => {
  const found: string[] = [];
  const lin = await house.agent("lin", { at: "/app/contacts" });
  const page = lin.page;
  const { id } = await customer(lin, "王芳");
  await page.goto(`/app/contacts/${id}`);

  // what is typed for the action stays while the customer is verified
  await page.getByRole("button", { name: /显示完整手机/ }).click();
  const reveal = page.getByRole("dialog", { name: /显示完整手机/ });
  await reveal.getByLabel("原因").fill("客户要求回电");
  await reveal.getByRole("button", { name: "显示", exact: true }).click();
  const wizard = page.getByRole("dialog", { name: "身份核验" });
  await expect(wizard.getByText("还需核对 2 项")).toBeVisible();
  await expect(wizard.getByRole("timer")).toBeVisible();
  found.push(...(await faults(page, "the wizard over an action")));

  // another console sees the same one
  const zhao = await house.agent("zhao", { at: `/app/contacts/${id}` });
  await expect(zhao.page.getByText("正在核验")).toBeVisible();

  // a slip is no failure; with the keyboard alone from here on
  const answer = wizard.getByRole("textbox");
  await expect(answer).toBeFocused();
  await page.keyboard.type("138");
  await page.keyboard.press("Enter");
  await expect(wizard.getByText("这不是完整的手机号")).toBeVisible();
  await answer.fill("１３８-0000-1002");
  await page.keyboard.press("Enter");
  await expect(wizard.getByText("还需核对 1 项")).toBeVisible();
  await expect(wizard.getByText("登记手机号：已核对一致")).toBeVisible();

  // the wizard may be closed; what is done is not lost
  await page.keyboard.press("Escape");
  await expect(wizard).toBeHidden();
  await expect(reveal.getByLabel("原因")).toHaveValue("客户要求回电");
  await reveal.getByRole("button", { name: "显示", exact: true }).click();
  await expect(wizard.getByText("还需核对 1 项")).toBeVisible();
  await wizard.getByRole("radio", { name: "车架号末几位或车牌号" }).click();
  await wizard.getByRole("textbox").fill("浙ad12002");
  await page.keyboard.press("Enter");
  await expect(wizard).toBeHidden();
  await expect(reveal).toBeHidden();
  await expect(page.getByText("13800001002")).toBeVisible();
  await expect(page.getByText(/已通过核验 · 有效至/)).toBeVisible();
  await expect(zhao.page.getByText(/已通过核验 · 有效至/)).toBeVisible();
  found.push(...(await faults(page, "a verified customer")));

  // it holds for what else is done now: the number is changed without asking again
  await page.getByRole("button", { name: "更多" }).last().click();
  await page.getByRole("menuitem", { name: "编辑客户" }).click();
  const edit = page.getByRole("dialog", { name: "编辑客户" });
  await edit.getByLabel("手机").fill("13900001002");
  await edit.getByRole("button", { name: "保存" }).click();
  await expect(edit).toBeHidden();
  await expect(page.locator("dl").getByText("139****1002")).toBeVisible();
  expect(found).toEqual([]);
});

test("the third wrong answer locks, and everybody sees until when", async ({ house }) => {
  const found: string[] = [];
  const lin = await house.agent("lin", { at: "/app/contacts" });
  const page = lin.page;
  const { id } = await customer(lin, "刘洋");
  const zhao = await house.agent("zhao", { at: `/app/contacts/${id}` });
  await page.goto(`/app/contacts/${id}`);
  await expect(page.getByRole("button", { name: "核验身份" })).toBeVisible();
  await page.keyboard.press("v");
  await page.getByRole("button", { name: "开始核验" }).click();
  await page.getByRole("radio", { name: "身份证末几位" }).click();
  const answer = page.getByRole("textbox", { name: /客户说的身份证末几位/ });
  for (const [told, said] of [
    ["0000", /还可以答错 2 次/],
    ["0001", /再答错 1 次就会锁定/],
  ] as const) {
    await page.getByRole("radio", { name: "身份证末几位" }).click();
    await answer.fill(told);
    await answer.press("Enter");
    await expect(page.getByText(said)).toBeVisible();
    await expect(page.getByText(/请先在 App 的个人中心重置资料/)).toBeVisible();
  }
  found.push(...(await faults(page, "a wrong answer")));
  await page.getByRole("radio", { name: "身份证末几位" }).click();
  await answer.fill("0002");
  await answer.press("Enter");
  await expect(page.getByText(/锁定至 \d/)).toBeVisible();
  await expect(zhao.page.getByText("敏感操作已锁定")).toBeVisible();
  found.push(...(await faults(page, "a locked customer")));

  // the action says so too, also at the other console
  const refused = await zhao.page.request.post(`/api/v1/contacts/${id}/reveal`, { data: { field: "phone", reason: "客户要求回电" } });
  expect(refused.status()).toBe(403);
  expect(((await refused.json()) as { code: string }).code).toBe("verification.locked");
  expect(found).toEqual([]);
});

test("an administrator changes the policy, and a supervisor reads how fast it goes", async ({ house }) => {
  const found: string[] = [];
  const { page: admin } = await house.agent("admin", { at: "/app/settings/verification" });
  const lock = admin.getByLabel("首次锁定（分钟）");
  await lock.fill("2");
  await admin.getByRole("button", { name: "保存" }).click();
  await expect(admin.getByText("锁定时间为 5 到 1440 分钟").first()).toBeVisible();
  await lock.fill("20");
  await admin.getByRole("button", { name: "保存" }).click();
  await expect(admin.getByText("核验策略已保存", { exact: true })).toBeVisible();
  await expect(admin.getByText(/版本 \d+ · .* 保存/).first()).toBeVisible();
  found.push(...(await faults(admin, "the policy")));

  const { page: wang } = await house.agent("wang", { at: "/app/reports?part=verification&span=last_90" });
  const section = wang.getByRole("region", { name: "身份核验" });
  await expect(section.getByText("60 秒内").first()).toBeVisible();
  await expect(section.getByRole("table", { name: "按客服" })).toBeVisible();
  found.push(...(await faults(wang, "the report")));
  expect(found).toEqual([]);
});
