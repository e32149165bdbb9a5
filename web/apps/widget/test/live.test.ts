import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openEvents } from "../src/detour";
import { openLive, type Live } from "../src/live";
import type { ServerFrame } from "../src/wire";

/** Stands for both kinds of connection; the test plays the server. */
class Line {
  static all: Line[] = [];
  static get last() {
    return Line.all.at(-1)!;
  }
  sent: { type: string; after?: number; conversation?: string }[] = [];
  closed = false;
  onopen = () => {};
  onmessage: (event: { data: string }) => void = () => {};
  onclose = () => {};
  onerror = () => {};

  constructor(readonly url: string) {
    Line.all.push(this);
  }
  get kind() {
    return this.url.startsWith("ws") ? "socket" : "events";
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  say(frame: ServerFrame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }
  hello() {
    this.onopen();
    this.say({ type: "hello" });
  }
}

let position = { conversation: "cv_1", after: 3 };
const heard: ServerFrame[] = [];
const ups: boolean[] = [];
const poll = vi.fn();
const detour = vi.fn(async () => openEvents);

function open(): Live {
  const listener = { frame: (frame: ServerFrame) => heard.push(frame), position: () => position, poll, up: (up: boolean) => ups.push(up) };
  const live = openLive((path) => `https://help.example.cn${path}`, () => "vt_1", listener, detour);
  live.start();
  return live;
}

/** Breaks the last line and waits for the next; the answer is how long that took, in milliseconds. */
async function breakLine(): Promise<number> {
  const lines = Line.all.length;
  const start = Date.now();
  Line.last.onerror();
  while (Line.all.length === lines) await vi.advanceTimersByTimeAsync(50);
  return Date.now() - start;
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Line);
  vi.stubGlobal("EventSource", Line);
  Line.all.length = heard.length = ups.length = 0;
  position = { conversation: "cv_1", after: 3 };
  poll.mockClear();
  detour.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("names its place first, and is up only when everything missed has come", () => {
  const live = open();
  Line.last.onopen();
  expect(Line.last.url).toBe("wss://help.example.cn/widget/v1/live?token=vt_1");
  expect(Line.last.sent).toEqual([{ type: "resume", conversation: "cv_1", after: 3 }]);
  expect(live.isUp).toBe(false);
  Line.last.say({ type: "hello" });
  expect([live.isUp, ups]).toEqual([true, [true]]);
});

test("after a loss it comes back by itself and names the place it has reached since", async () => {
  open();
  Line.last.hello();
  position = { conversation: "cv_1", after: 8 };
  Line.last.onclose();
  expect(ups).toEqual([true, false]);
  await vi.advanceTimersByTimeAsync(1_000);
  Line.last.hello();
  expect(Line.all.length).toBe(2);
  expect(Line.last.sent[0]).toEqual({ type: "resume", conversation: "cv_1", after: 8 });
  expect(ups).toEqual([true, false, true]);
});

test("what a given-up connection still says is not heard", async () => {
  open();
  const old = Line.last;
  old.hello();
  old.onclose();
  heard.length = 0;
  old.say({ type: "pong" });
  old.onerror();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(heard).toEqual([]);
  expect(Line.all.length).toBe(2);
});

test("three failures of the socket lead to events, three of those to asking every five seconds", async () => {
  open();
  const kinds: string[] = [];
  for (let failure = 0; failure < 6; failure++) {
    kinds.push(Line.last.kind);
    expect(poll).not.toHaveBeenCalled();
    await breakLine();
  }
  expect(kinds).toEqual(["socket", "socket", "socket", "events", "events", "events"]);
  const asked = poll.mock.calls.length;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(poll.mock.calls.length).toBe(asked + 2);
});

test("events carry the place in the address, and end the asking when they work", async () => {
  open();
  for (let failure = 0; failure < 9; failure++) await breakLine();
  expect(Line.last.kind).toBe("events");
  expect(Line.last.url).toBe("https://help.example.cn/widget/v1/live/events?token=vt_1&conversation=cv_1&after=3");
  Line.last.hello();
  poll.mockClear();
  detour.mockClear();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(poll).not.toHaveBeenCalled();
});

test("the pauses grow, with jitter, and never exceed half a minute", async () => {
  open();
  const pauses: number[] = [];
  for (let failure = 0; failure < 30; failure++) pauses.push(await breakLine());
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(500);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(30_050);
  expect(Math.min(...pauses.slice(-6))).toBeGreaterThan(10_000);
  expect(new Set(pauses.slice(-6)).size).toBeGreaterThan(1);
});

test("a line that no longer answers a ping is given up", async () => {
  const live = open();
  Line.last.hello();
  await vi.advanceTimersByTimeAsync(25_000);
  expect(Line.last.sent.at(-1)).toEqual({ type: "ping" });
  Line.last.say({ type: "pong" });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(live.isUp).toBe(true);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(live.isUp).toBe(false);
});

test("passing frames are refused, not kept, while the line is down", () => {
  const live = open();
  expect(live.send({ type: "typing", on: true })).toBe(false);
  Line.last.hello();
  expect(live.send({ type: "typing", on: true })).toBe(true);
});

test("the way around is fetched after three failures, and asked for again when it could not be had", async () => {
  detour.mockRejectedValueOnce(new TypeError("no network"));
  open();
  await breakLine();
  await breakLine();
  expect(detour).not.toHaveBeenCalled();
  await breakLine();
  expect(Line.last.kind).toBe("socket");
  await breakLine();
  expect(Line.last.kind).toBe("events");
  expect(detour).toHaveBeenCalledTimes(2);
});
