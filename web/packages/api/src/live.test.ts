import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { backoff, createLive, pingEvery, pongWithin, type Link, type LinkEvents, type LiveStatus } from "./live";
import type { ClientFrame, ServerFrame } from "./types";

class FakeLink implements Link {
  sent: ClientFrame[] = [];
  closed = false;
  readonly events: LinkEvents;
  readonly after: number;
  constructor(after: number, events: LinkEvents) {
    this.after = after;
    this.events = events;
  }
  send(frame: ClientFrame) {
    this.sent.push(frame);
  }
  close() {
    this.closed = true;
  }
}

function setup(after?: number) {
  const sockets: FakeLink[] = [];
  const streams: FakeLink[] = [];
  const frames: ServerFrame[] = [];
  const states: LiveStatus[] = [];
  const live = createLive({
    after,
    onFrame: (f) => frames.push(f),
    onStatus: (s) => states.push(s),
    openSocket: (at, events) => (sockets.push(new FakeLink(at, events)), sockets.at(-1)!),
    openEvents: (at, events) => (streams.push(new FakeLink(at, events)), streams.at(-1)!),
    random: () => 1,
  });
  return { live, sockets, streams, frames, states };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("live", () => {
  it("resumes from the highest sequence number it worked through", () => {
    const { live, sockets } = setup(7);
    live.start();
    sockets[0]!.events.open();
    expect(sockets[0]!.sent).toEqual([{ type: "resume", after: 7 }]);
    sockets[0]!.events.frame({ type: "knowledge", seq: 9 });
    sockets[0]!.events.frame({ type: "at", seq: 12 });
    sockets[0]!.events.frame({ type: "hello", seq: 12 });
    expect(live.status().state).toBe("live");
    sockets[0]!.events.close(1006);
    expect(live.status().state).toBe("waiting");
    vi.advanceTimersByTime(500);
    sockets[1]!.events.open();
    expect(sockets[1]!.sent[0]).toEqual({ type: "resume", after: 12 });
  });

  it("hands on frames in order and keeps pong to itself", () => {
    const { live, sockets, frames } = setup();
    live.start();
    sockets[0]!.events.open();
    sockets[0]!.events.frame({ type: "settings", seq: 1 });
    sockets[0]!.events.frame({ type: "pong" });
    sockets[0]!.events.frame({ type: "hello", seq: 1 });
    expect(frames.map((f) => f.type)).toEqual(["settings", "hello"]);
  });

  it("takes the sequence number of a reset even when it is lower", () => {
    const { live, sockets } = setup(500);
    live.start();
    sockets[0]!.events.open();
    sockets[0]!.events.frame({ type: "reset", seq: 40 });
    expect(live.seq()).toBe(40);
  });

  it("turns to the event stream after three sockets that did not open", () => {
    const { live, sockets, streams } = setup(3);
    live.start();
    for (const n of [0, 1, 2]) {
      sockets[n]!.events.close(1006);
      vi.advanceTimersByTime(backoff(n, 1));
    }
    expect(sockets).toHaveLength(3);
    expect(streams).toHaveLength(1);
    expect(streams[0]!.after).toBe(3);
    streams[0]!.events.open();
    streams[0]!.events.frame({ type: "hello", seq: 3 });
    expect(live.status()).toEqual({ state: "live", transport: "events" });
    expect(streams[0]!.sent).toEqual([]);
  });

  it("stays with the socket when it opens and is lost later", () => {
    const { live, sockets, streams } = setup();
    live.start();
    for (let n = 0; n < 5; n++) {
      sockets[n]!.events.open();
      sockets[n]!.events.close(1006);
      vi.advanceTimersByTime(30_000);
    }
    expect(streams).toHaveLength(0);
  });

  it("pings, and gives a silent connection up", () => {
    const { live, sockets } = setup();
    live.start();
    sockets[0]!.events.open();
    sockets[0]!.events.frame({ type: "hello", seq: 1 });
    vi.advanceTimersByTime(pingEvery);
    expect(sockets[0]!.sent.at(-1)).toEqual({ type: "ping" });
    sockets[0]!.events.frame({ type: "pong" });
    vi.advanceTimersByTime(pingEvery + pongWithin - 1);
    expect(sockets[0]!.closed).toBe(false);
    vi.advanceTimersByTime(1);
    expect(sockets[0]!.closed).toBe(true);
    expect(live.status().state).toBe("waiting");
  });

  it("does not come back when the session is over", () => {
    const { live, sockets } = setup();
    live.start();
    sockets[0]!.events.open();
    sockets[0]!.events.close(4001);
    vi.advanceTimersByTime(120_000);
    expect(live.status().state).toBe("signed_out");
    expect(sockets).toHaveLength(1);
  });

  it("ignores what a given-up connection still says", () => {
    const { live, sockets, frames } = setup();
    live.start();
    live.stop();
    sockets[0]!.events.open();
    sockets[0]!.events.frame({ type: "settings", seq: 1 });
    sockets[0]!.events.close(1006);
    vi.advanceTimersByTime(60_000);
    expect(frames).toEqual([]);
    expect(sockets).toHaveLength(1);
  });

  it("spreads its tries and never waits longer than 30 s", () => {
    expect(backoff(0, 0)).toBe(250);
    expect(backoff(0, 1)).toBe(500);
    expect(backoff(3, 1)).toBe(4000);
    expect(backoff(40, 1)).toBe(30_000);
    expect(backoff(40, 0)).toBe(15_000);
  });
});
