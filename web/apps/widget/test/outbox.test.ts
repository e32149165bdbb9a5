import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Fault } from "../src/fault";
import { openOutbox, type Outbox, type Outgoing } from "../src/outbox";
import { openShelf } from "../src/shelf";
import { MemoryStorage } from "./memory";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A server that keeps what it acknowledged, each client id once, and fails as told. */
function server() {
  const kept: string[] = [];
  const asked: string[] = [];
  let trouble: (message: Outgoing) => Error | undefined = () => undefined;
  const send = async (message: Outgoing) => {
    asked.push(message.client_id);
    const reason = trouble(message);
    if (reason) throw reason;
    if (!kept.includes(message.client_id)) kept.push(message.client_id);
  };
  return { kept, asked, send, fail: (how: typeof trouble) => (trouble = how) };
}

const open = (storage: Storage, send: (message: Outgoing) => Promise<void>) => openOutbox(openShelf("demo", () => storage), send, () => {});
const ids = (box: Outbox) => box.list().map((message) => message.client_id);
const unreachable = () => new Fault(0);

test("messages arrive in the order of writing, though written in the same moment", async () => {
  const { kept, send } = server();
  const box = open(new MemoryStorage(), send);
  for (const id of ["c", "a", "b"]) box.add({ client_id: id, text: id });
  await vi.runAllTimersAsync();
  expect(kept).toEqual(["c", "a", "b"]);
  expect(ids(box)).toEqual([]);
});

test.each([0, 408, 429, 500, 503])("after failure %i it goes on trying with the same id until the server has it", async (status) => {
  const { kept, asked, send, fail } = server();
  fail(() => new Fault(status));
  const box = open(new MemoryStorage(), send);
  box.add({ client_id: "a", text: "" });
  box.add({ client_id: "b", text: "" });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked.length).toBeGreaterThan(2);
  expect(new Set(asked)).toEqual(new Set(["a"])); // b does not overtake a
  fail(() => undefined);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(kept).toEqual(["a", "b"]);
});

test("what was not sent before a reload is sent after it, in order and under the same ids", async () => {
  const storage = new MemoryStorage();
  const first = server();
  first.fail(unreachable);
  const before = open(storage, first.send);
  before.add({ client_id: "a", text: "一" });
  before.add({ client_id: "b", text: "二", choice: "qn_1" });
  await vi.advanceTimersByTimeAsync(100);
  vi.clearAllTimers();

  const { kept, send } = server();
  const after = open(storage, send);
  expect(after.list().map(({ text, choice }) => [text, choice])).toEqual([["一", undefined], ["二", "qn_1"]]);
  await after.flush();
  expect(kept).toEqual(["a", "b"]);
  expect(storage.length).toBe(0);
});

test("a refused message stays with the server's words, lets later ones pass, and is sent again only on demand", async () => {
  const { kept, asked, send, fail } = server();
  fail((message) => (message.client_id === "a" ? new Fault(422, "内容含有不允许的词") : undefined));
  const box = open(new MemoryStorage(), send);
  box.add({ client_id: "a", text: "" });
  box.add({ client_id: "b", text: "" });
  await vi.runAllTimersAsync();
  expect(kept).toEqual(["b"]);
  expect(box.list()).toMatchObject([{ client_id: "a", refused: "内容含有不允许的词" }]);
  await box.flush();
  expect(asked).toEqual(["a", "b"]);
  fail(() => undefined);
  box.retry("a");
  await vi.runAllTimersAsync();
  expect(kept).toEqual(["b", "a"]);
});

test("an answer that got lost is asked for again without a second message", async () => {
  const { kept, send } = server();
  let lost = true;
  const box = open(new MemoryStorage(), async (message) => {
    await send(message);
    if (lost) throw unreachable();
  });
  box.add({ client_id: "a", text: "" });
  await vi.advanceTimersByTimeAsync(5_000);
  lost = false;
  await vi.advanceTimersByTimeAsync(31_000);
  expect(kept).toEqual(["a"]);
  expect(ids(box)).toEqual([]);
});

test("where the host page's storage is blocked, the memory of the page is used", async () => {
  const blocked = () => {
    throw new DOMException("denied", "SecurityError");
  };
  const { kept, send } = server();
  const box = openOutbox(openShelf("demo", blocked), send, () => {});
  box.add({ client_id: "a", text: "" });
  await vi.runAllTimersAsync();
  expect(kept).toEqual(["a"]);
});

test("two inboxes on one host keep apart", () => {
  const storage = new MemoryStorage();
  openShelf("one", () => storage).set("out:x", { client_id: "x" });
  expect(openShelf("two", () => storage).names("out:")).toEqual([]);
});
