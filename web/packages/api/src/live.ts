// The agents' live feed: one socket that comes back by itself and misses nothing.

import type { ClientFrame, ServerFrame } from "./types";

/**
 * connecting: trying for the first time, or catching up · live: complete and listening ·
 * waiting: the connection was lost, next try at `retryAt` · offline: the machine has no network ·
 * signed_out: the session is over, no more tries · stopped: before start and after stop.
 */
export type LiveState = "stopped" | "connecting" | "live" | "waiting" | "offline" | "signed_out";

export interface LiveStatus {
  state: LiveState;
  transport: "socket" | "events";
  /** When the next try comes, in milliseconds of Date.now(); only in state waiting. */
  retryAt?: number;
}

/** What a WebSocket or an EventSource looks like to the feed. */
export interface Link {
  send(frame: ClientFrame): void;
  close(): void;
}

export interface LinkEvents {
  open(): void;
  frame(frame: ServerFrame): void;
  /** `code` is the socket's close code, 0 for an event stream. */
  close(code: number): void;
}

export interface LiveOptions {
  /** Every frame but pong, in order. */
  onFrame(frame: ServerFrame): void;
  onStatus?(status: LiveStatus): void;
  /** Where to resume; absent: from now. */
  after?: number;
  openSocket?(after: number, events: LinkEvents): Link;
  openEvents?(after: number, events: LinkEvents): Link;
  /** 0 to 1, for the jitter. */
  random?(): number;
}

export interface Live {
  start(): void;
  stop(): void;
  /** Sends a passing frame now, or drops it when there is no connection. */
  send(frame: ClientFrame): void;
  /** Tries now instead of at `retryAt`. */
  retry(): void;
  status(): LiveStatus;
  /** Highest sequence number worked through. */
  seq(): number;
}

export const pingEvery = 25_000;
export const pongWithin = 10_000;
export const socketFailuresBeforeEvents = 3;
const firstDelay = 500;
const longestDelay = 30_000;
const closedSignedOut = 4001;

/** The wait before try n (from 0): it doubles to 30 s, and is spread over its upper half so that a restart is not met by everyone at once. */
export function backoff(n: number, random: number): number {
  const full = Math.min(longestDelay, firstDelay * 2 ** Math.min(n, 10));
  return Math.round(full / 2 + (full / 2) * random);
}

export function createLive(options: LiveOptions): Live {
  const openSocket = options.openSocket ?? webSocket;
  const openEvents = options.openEvents ?? eventStream;
  const random = options.random ?? Math.random;

  let link: Link | undefined;
  let turn = 0; // a link that was given up still calls back; its turn is over
  let seq = options.after ?? 0;
  let failures = 0; // tries in a row that did not reach hello
  let socketFailures = 0; // sockets in a row that did not even open
  let status: LiveStatus = { state: "stopped", transport: "socket" };
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let pingTimer: ReturnType<typeof setTimeout> | undefined;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;

  function tell(next: LiveStatus): void {
    status = next;
    options.onStatus?.(next);
  }

  function quiet(): void {
    clearTimeout(retryTimer);
    clearTimeout(pingTimer);
    clearTimeout(pongTimer);
  }

  function connect(): void {
    quiet();
    const mine = ++turn;
    const transport = socketFailures >= socketFailuresBeforeEvents ? "events" : "socket";
    let opened = false;
    tell({ state: "connecting", transport });
    const open = transport === "socket" ? openSocket : openEvents;
    link = open(seq, {
      open() {
        if (mine !== turn) return;
        opened = true;
        if (transport === "socket") {
          socketFailures = 0;
          link?.send({ type: "resume", after: seq });
        }
        schedulePing();
      },
      frame(frame) {
        if (mine === turn) receive(frame, transport);
      },
      close(code) {
        if (mine !== turn) return;
        if (transport === "socket" && !opened) socketFailures++;
        if (transport === "events") socketFailures = 0; // give the socket another chance next time
        lost(code);
      },
    });
  }

  function receive(frame: ServerFrame, transport: LiveStatus["transport"]): void {
    clearTimeout(pongTimer);
    if (frame.type === "pong") return;
    options.onFrame(frame);
    if ("seq" in frame) seq = frame.type === "reset" ? frame.seq : Math.max(seq, frame.seq);
    if (frame.type === "hello") {
      failures = 0;
      tell({ state: "live", transport });
    }
  }

  function lost(code: number): void {
    quiet();
    link = undefined;
    if (code === closedSignedOut) return tell({ state: "signed_out", transport: status.transport });
    if (isOffline()) return tell({ state: "offline", transport: status.transport });
    const wait = backoff(failures++, random());
    tell({ state: "waiting", transport: status.transport, retryAt: Date.now() + wait });
    retryTimer = setTimeout(connect, wait);
  }

  function drop(): void {
    turn++;
    const old = link;
    link = undefined;
    old?.close();
  }

  function schedulePing(): void {
    clearTimeout(pingTimer);
    pingTimer = setTimeout(() => {
      link?.send({ type: "ping" });
      clearTimeout(pongTimer);
      pongTimer = setTimeout(() => {
        drop();
        lost(0);
      }, pongWithin);
      schedulePing();
    }, pingEvery);
  }

  function networkBack(): void {
    if (status.state === "offline" || status.state === "waiting") connect();
  }

  function networkGone(): void {
    if (status.state === "stopped" || status.state === "signed_out") return;
    quiet();
    drop();
    tell({ state: "offline", transport: status.transport });
  }

  return {
    start() {
      if (status.state !== "stopped") return;
      globalThis.addEventListener?.("online", networkBack);
      globalThis.addEventListener?.("offline", networkGone);
      if (isOffline()) return tell({ state: "offline", transport: "socket" });
      connect();
    },
    stop() {
      globalThis.removeEventListener?.("online", networkBack);
      globalThis.removeEventListener?.("offline", networkGone);
      quiet();
      drop();
      tell({ state: "stopped", transport: status.transport });
    },
    send(frame) {
      if (status.state === "live" || status.state === "connecting") link?.send(frame);
    },
    retry: networkBack,
    status: () => status,
    seq: () => seq,
  };
}

function isOffline(): boolean {
  return typeof navigator !== "undefined" && navigator.onLine === false;
}

function parse(text: string): ServerFrame | undefined {
  try {
    return JSON.parse(text) as ServerFrame;
  } catch {
    return undefined;
  }
}

function webSocket(_after: number, events: LinkEvents): Link {
  const url = new URL("/api/v1/live", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  socket.onopen = () => events.open();
  socket.onmessage = (e) => {
    const frame = parse(String(e.data));
    if (frame) events.frame(frame);
  };
  socket.onclose = (e) => events.close(e.code);
  return {
    send: (frame) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame)),
    close: () => socket.close(1000),
  };
}

function eventStream(after: number, events: LinkEvents): Link {
  const stream = new EventSource(`/api/v1/live/events?after=${after}`);
  stream.onopen = () => events.open();
  stream.onmessage = (e) => {
    const frame = parse(String(e.data));
    if (frame) events.frame(frame);
  };
  stream.onerror = () => {
    stream.close();
    events.close(0);
  };
  return {
    send(frame) {
      void fetch("/api/v1/live/frames", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(frame),
        credentials: "same-origin",
        keepalive: true,
      })
        .then((res) => {
          if (res.ok && frame.type === "ping") events.frame({ type: "pong" });
        })
        .catch(() => {});
    },
    close: () => stream.close(),
  };
}
