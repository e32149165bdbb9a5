import { expect, test } from "./house";
import { picture } from "./program.mjs";

test("who is second is told who was first", async ({ house }) => {
  await (await house.agent("wang")).clearQueue();
  const zhao = await house.agent("zhao", { at: "/app/inbox/queue" });
  await zhao.presence("offline");
  const lin = await house.agent("lin");
  await lin.presence("online");
  const visitor = await house.visitor();
  await visitor.openChat();
  await visitor.askForPerson("想问一下保养预约");

  await zhao.page.goto(`/app/inbox/queue/${visitor.conversation}`);
  const take = zhao.page.getByRole("button", { name: "接入", exact: true });
  await expect(take).toBeVisible();
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await zhao.page.route("**/take", async (route) => {
    await held;
    await route.continue();
  });
  await take.click();
  await lin.accept(visitor);
  const answered = zhao.page.waitForResponse("**/take");
  release();
  const answer = await answered;
  expect(answer.status()).toBe(409);
  expect(await answer.json()).toMatchObject({ code: "conversation.taken", detail: "小林 已接入这个会话" });
  await expect(zhao.page.getByText("小林 已接入这个会话", { exact: true })).toBeVisible();
});

test("a conversation and its files are for those in it", async ({ house }) => {
  const one = await house.visitor();
  await one.openChat();
  await one.page.locator("input[type=file]").setInputFiles(picture);
  await one.say("车牌号是沪 A12345");
  const shown = one.page.getByRole("button", { name: "查看大图 故障灯.png" }).locator("img");
  await expect(shown).toBeVisible();
  const address = new URL((await shown.getAttribute("src"))!);

  const other = await house.visitor();
  await other.openChat();
  await other.say("你好");
  expect(other.conversation).not.toBe(one.conversation);
  const ask = (token: string) => other.page.request.get(`/widget/v1/messages?conversation=${one.conversation}&after=0`, { headers: token ? { Authorization: `Bearer ${token}` } : {} });
  expect((await ask(one.token)).status()).toBe(200);
  expect((await ask(other.token)).status()).toBe(404);
  expect((await ask(`${one.token.slice(0, -2)}xx`)).status()).toBe(401);
  expect((await ask("")).status()).toBe(401);

  expect((await other.page.request.get(address.href)).status()).toBe(200);
  expect((await other.page.request.get(address.origin + address.pathname)).ok()).toBe(false);
  expect((await other.page.request.get(`/api/v1/conversations/${one.conversation}/messages`)).status()).toBe(401);
});
