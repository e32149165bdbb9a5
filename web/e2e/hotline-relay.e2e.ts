/** A console that can reach nothing but the relay, by TCP: a call goes both ways all the same. */
import { Agent, expect, test } from "./house";
import { caller } from "./program.mjs";
import { desk, figures, microphone, secondsOf, toneFile, toneHeard, tones } from "./telephone";

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), ...microphone(toneFile("agent"))] });
  },
});

test("a call by the relay over TCP is heard on both sides", async ({ house }) => {
  const wang = await house.agent("wang");
  await wang.clearQueue(); // nothing else rings
  await wang.presence("offline");
  await (await house.agent("zhao")).presence("offline");
  const lin = await desk(house, "lin", { relayed: true });
  const agent = new Agent(lin);
  await agent.makeRoom();
  await agent.presence("online");
  const customer = caller(lin.url(), { number: "13800001003", keys: ",0", seconds: 60, says: toneFile("customer") });
  await expect(agent.ringing.getByText("紧急", { exact: true })).toBeVisible({ timeout: 60_000 });
  await agent.ringing.getByRole("button", { name: "接听" }).click();
  const bar = lin.getByRole("region", { name: "当前通话" });
  await expect(bar.getByText("通话中")).toBeVisible({ timeout: 20_000 });
  await expect.poll(async () => Math.abs((await toneHeard(lin)) - tones.customer)).toBeLessThan(12);
  const line = await figures(lin);
  console.log(`the line of the browser: ${JSON.stringify(line)}`);
  expect(line).toMatchObject({ sent: "audio/PCMA", got: "audio/PCMA", local: { candidateType: "relay", relayProtocol: "tcp" } });
  await bar.getByRole("button", { name: "挂断" }).click();
  await expect(bar).toBeHidden();
  customer.hangUp();
  const { heard } = await customer.ended;
  const told = secondsOf(heard, 0, tones.agent);
  console.log(`the customer heard ${told} s of ${tones.agent} Hz`);
  expect(told).toBeGreaterThan(0.5);
});
