/** The line to the server: a WebSocket, after three failures server-sent events, after three more a question
 *  every five seconds. Whatever carries it, a new connection names the last message held and gets what it missed. */
import type { ClientFrame, ID, ServerFrame } from "./wire";

export interface Listener {
  frame(frame: ServerFrame): void;
  /** Where to go on: the conversation on the screen and the last number received in order. */
  position(): { conversation?: ID; after?: number };
  /** Asks once for what is new; called every five seconds while nothing better works. */
  poll(): void;
  /** Called when the line comes up (everything missed was delivered) or cannot be held. */
  up(up: boolean): void;
}

/** One connection of either kind. */
export interface Wire {
  send?(frame: ClientFrame): void;
  close(): void;
}

/** Opens a connection; the wire that it returns says what it hears, and when it breaks. */
export type Opening = (address: (path: string) => string, token: string, position: Listener["position"], hear: (text: string) => void, broken: () => void) => Wire;

export interface Live {
  readonly isUp: boolean;
  /** Connects now, whatever pause was planned; on a living line it only asks whether the other side is there. */
  start(): void;
  /** Connects anew, for instance after the token has changed. */
  restart(): void;
  /** Sends a passing frame, and tells whether the line could take it. */
  send(frame: ClientFrame): boolean;
  /** The line is known to be dead, for instance because the browser says that it is offline. */
  lost(): void;
}

const tries = 3;
const patience = 10_000;
const pingEvery = 25_000;
const pollEvery = 5_000;

/** `address` makes a full address of a path; `token` is asked at every connection; `detour` fetches the way to
 *  connect where WebSockets do not pass. */
export function openLive(address: (path: string) => string, token: () => string, listener: Listener, detour: () => Promise<Opening>): Live {
  let isUp = false;
  let wire: Wire | undefined;
  let openEvents: Opening | undefined;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let ping: ReturnType<typeof setInterval> | undefined;
  let polling: ReturnType<typeof setInterval> | undefined;

  function connect(): void {
    const byEvents = openEvents && Math.floor(failures / tries) % 2 === 1;
    const opened: Wire = (byEvents ? openEvents! : openSocket)(
      address,
      token(),
      listener.position,
      (text) => wire === opened && take(text, byEvents ? tries : 0),
      () => wire === opened && fail(),
    );
    wire = opened;
    expectWord();
  }

  /** `base` is what the count of failures falls back to: what worked once is tried first the next time. */
  function take(text: string, base: number): void {
    clearTimeout(silence);
    const frame: ServerFrame = JSON.parse(text);
    const heard = wire;
    listener.frame(frame);
    if (frame.type !== "hello" || wire !== heard) return;
    failures = base;
    clearInterval(polling);
    polling = undefined;
    if (wire!.send) ping = setInterval(check, pingEvery);
    isUp = true;
    listener.up(true);
  }

  function check(): void {
    if (send({ type: "ping" })) expectWord();
  }

  function expectWord(): void {
    clearTimeout(silence);
    silence = setTimeout(fail, patience);
  }

  function fail(): void {
    drop();
    failures++;
    if (!polling) listener.up(false);
    if (failures >= tries && !openEvents) detour().then((opening) => (openEvents = opening), () => {});
    if (failures >= 2 * tries) polling ??= setInterval(listener.poll, pollEvery);
    const pause = Math.min(30_000, 1_000 * 2 ** ((failures - 1) % tries + Math.floor(failures / (2 * tries)) * 2));
    retry = setTimeout(connect, pause * (0.5 + Math.random() / 2));
  }

  function drop(): void {
    const dropped = wire;
    wire = undefined;
    isUp = false;
    clearTimeout(retry);
    clearTimeout(silence);
    clearInterval(ping);
    dropped?.close();
  }

  function restart(): void {
    drop();
    connect();
  }

  function send(frame: ClientFrame): boolean {
    if (!isUp || !wire?.send) return false;
    wire.send(frame);
    return true;
  }

  return {
    get isUp() {
      return isUp;
    },
    start: () => (isUp ? check() : restart()),
    restart,
    send,
    lost: () => wire && fail(),
  };
}

const openSocket: Opening = (address, token, position, hear, broken) => {
  const socket = new WebSocket(`${address("/widget/v1/live").replace(/^http/, "ws")}?token=${encodeURIComponent(token)}`);
  const send = (frame: ClientFrame) => socket.send(JSON.stringify(frame));
  socket.onopen = () => send({ type: "resume", ...position() });
  socket.onmessage = (event) => hear(event.data);
  socket.onclose = socket.onerror = broken;
  return { send, close: () => socket.close() };
};
