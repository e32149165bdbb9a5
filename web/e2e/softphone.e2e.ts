/** The telephone in the console: the real server on the other side, a microphone that beeps. */
import type { Page } from "@playwright/test";
import { faults } from "./faults";
import { expect, password, test, type House } from "./house";

interface Phone {
  connected: boolean;
  id?: string;
  path?: string;
}

const phoneOf = async (page: Page) => (await (await page.request.get("/api/v1/phone")).json()) as Phone;
const button = (page: Page) => page.getByRole("navigation", { name: "主导航" }).getByRole("button", { name: /^电话/ });

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection"] });
  },
});

/** Somebody at the console, in a session of their own that the test may end. */
async function desk(house: House, login: string): Promise<Page> {
  const page = await house.browser({ permissions: ["microphone"] });
  const answer = await page.request.post("/api/v1/session", { data: { email: `${login}@demo`, password } });
  expect(answer.ok()).toBe(true);
  await page.goto("/app/");
  return page;
}

test("an agent connects the telephone, which survives a reload, and ends with the session", async ({ house }) => {
  const page = await desk(house, "lin");
  await button(page).click();
  await expect(page.getByText("连接后可以直接在浏览器里接听")).toBeVisible();
  expect((await phoneOf(page)).connected).toBe(false);
  await page.getByRole("button", { name: "连接电话" }).click();
  await expect(button(page)).toHaveAccessibleName("电话 已连接，可以接听");
  await expect(page.getByText("已连接，可以接听")).toBeVisible();
  const first = await phoneOf(page);
  expect(first).toMatchObject({ connected: true, path: "udp" });

  // The microphone beeps, and the meter shows it; the devices can be chosen.
  await expect.poll(async () => Number(await page.getByRole("meter", { name: "麦克风音量" }).getAttribute("aria-valuenow")), { intervals: [70] }).toBeGreaterThan(3); // it is silent most of each second
  await page.getByLabel("麦克风", { exact: true }).click();
  await page.getByRole("option", { name: /Fake Audio Input 2|Fake.*2/ }).click();
  await expect(page.getByLabel("麦克风", { exact: true })).toContainText("2");
  await expect(page.getByText("线路良好")).toBeVisible();
  expect(await faults(page, "telephone")).toEqual([]);
  await page.keyboard.press("Escape");

  // It connects again by itself, and the devices are as they were.
  await page.reload();
  await expect(button(page)).toHaveAccessibleName("电话 已连接，可以接听");
  await expect.poll(async () => (await phoneOf(page)).id).not.toBe(first.id);
  expect((await phoneOf(page)).connected).toBe(true);
  await button(page).click();
  await expect(page.getByLabel("麦克风", { exact: true })).toContainText("2");

  // Another window takes the line; the first says so and does not fight for it.
  const other = await page.context().newPage();
  await other.goto("/app/");
  await expect(button(other)).toHaveAccessibleName("电话 已连接，可以接听");
  await expect(page.getByText("电话已在另一个窗口连接")).toBeVisible();
  await other.close();
  await page.getByRole("button", { name: "在这里连接" }).click();
  await expect(button(page)).toHaveAccessibleName("电话 已连接，可以接听");

  await page.getByRole("button", { name: "断开电话" }).click();
  await expect(page.getByRole("button", { name: "连接电话" })).toBeVisible();
  expect((await phoneOf(page)).connected).toBe(false);
  await page.reload();
  await expect(button(page)).toHaveAccessibleName("电话 未连接");
});

test("a telephone ends with the session in which it was connected", async ({ house }) => {
  const page = await desk(house, "zhao");
  await button(page).click();
  await page.getByRole("button", { name: "连接电话" }).click();
  await expect(page.getByText("已连接，可以接听")).toBeVisible();
  const again = await desk(house, "zhao"); // somewhere else, to look
  expect((await phoneOf(again)).connected).toBe(true);
  await page.request.delete("/api/v1/session");
  await expect.poll(async () => (await phoneOf(again)).connected).toBe(false);
});

test("who may not use the microphone is told what to do", async ({ house }) => {
  const { page } = await house.agent("wang"); // at whom nothing rings
  await page.evaluate(() => Object.defineProperty(navigator.mediaDevices, "getUserMedia", { value: () => Promise.reject(new DOMException("no", "NotAllowedError")) }));
  await button(page).click();
  await page.getByRole("button", { name: "连接电话" }).click();
  await expect(page.getByRole("alert")).toContainText("允许麦克风");
  expect(await faults(page, "no microphone")).toEqual([]);
});
