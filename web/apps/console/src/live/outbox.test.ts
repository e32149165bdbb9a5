import { afterEach, beforeEach, expect, it, vi } from "vitest";

type Box = typeof import("./outbox");

const stored = new Map<string, string>();
let sent: { client_id: string; text: string }[];
let answer: (body: { text: string }) => Response | Promise<Response>;

/** The module as a page that was just loaded has it. */
async function freshPage(): Promise<Box> {
  vi.resetModules();
  const box = await import("./outbox");
  box.openOutbox("ag_1");
  return box;
}

const held = () => JSON.parse(stored.get("yingda.outbox.ag_1") ?? "[]") as { client_id: string; text: string; state: string }[];
const write = (text: string) => ({ conversation_id: "cv_1", kind: "text" as const, text, attachments: [], mentions: [] });
const settle = () => vi.advanceTimersByTimeAsync(0);
const ok = (body: { text: string }) => Response.json({ id: "ms_1", conversation_id: "cv_1", seq: 1, text: body.text });
const refused = (status: number) => Response.json({ status, code: "x", detail: "不行" }, { status });

beforeEach(() => {
  vi.useFakeTimers();
  stored.clear();
  sent = [];
  answer = ok;
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("localStorage", { getItem: (k: string) => stored.get(k) ?? null, setItem: (k: string, v: string) => void stored.set(k, v), removeItem: (k: string) => void stored.delete(k) });
  vi.stubGlobal("fetch", async (_: string, init: { body: string }) => {
    const body = JSON.parse(init.body) as { client_id: string; text: string };
    sent.push(body);
    return answer(body);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("forgets a message once the server has it", async () => {
  const box = await freshPage();
  box.send(write("一"));
  expect(held()).toHaveLength(1);
  await settle();
  expect(held()).toEqual([]);
});

it("sends what was left after a reload, under the same id", async () => {
  answer = () => Promise.reject(new TypeError("no network"));
  const before = await freshPage();
  before.send(write("一"));
  await settle();
  const first = sent[0]!.client_id;
  expect(held()[0]!.state).toBe("waiting");

  answer = ok;
  await freshPage();
  await settle();
  expect(sent.at(-1)!.client_id).toBe(first);
  expect(held()).toEqual([]);
});

it("keeps the order: nothing overtakes a message that waits", async () => {
  answer = () => refused(503);
  const box = await freshPage();
  box.send(write("一"));
  box.send(write("二"));
  await settle();
  expect(sent.map((m) => m.text)).toEqual(["一"]);
  answer = ok;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(sent.map((m) => m.text)).toEqual(["一", "一", "二"]);
});

it("keeps a refused message for its writer and goes on with the next", async () => {
  answer = (body) => (body.text === "一" ? refused(422) : ok(body));
  const box = await freshPage();
  box.send(write("一"));
  box.send(write("二"));
  await settle();
  expect(held().map((m) => [m.text, m.state])).toEqual([["一", "failed"]]);
});
