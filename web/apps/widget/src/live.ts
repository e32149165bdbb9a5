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
interface Wire {
  send?(frame: ClientFrame): void;
  close(): void;
}

const tries = 3;
const patience = 10_000;
const pingEvery = 25_000;
const pollEvery = 5_000;

export class Live {
  #address: (path: string) => string;
  #token: () => string;
  #listener: Listener;
  isUp = false;
  #wire: Wire | undefined;
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #ping: ReturnType<typeof setInterval> | undefined;
  #polling: ReturnType<typeof setInterval> | undefined;

  /** `address` makes a full address of a path; `token` is asked at every connection. */
  constructor(
    address: (path: string) => string,
    token: () => string,
    listener: Listener,
  ) {
    this.#address = address;
    this.#token = token;
    this.#listener = listener;
  }

  /** Connects now, whatever pause was planned; on a living line it only asks whether the other side is there. */
  start(): void {
    if (this.isUp) return this.#check();
    this.#drop();
    this.#connect();
  }

  /** Connects anew, for instance after the token has changed. */
  restart(): void {
    this.#drop();
    this.#connect();
  }

  stop(): void {
    this.#drop();
    clearInterval(this.#polling);
    this.#polling = undefined;
  }

  /** Sends a passing frame, and tells whether the line could take it. */
  send(frame: ClientFrame): boolean {
    if (!this.isUp || !this.#wire?.send) return false;
    this.#wire.send(frame);
    return true;
  }

  /** The line is known to be dead, for instance because the browser says that it is offline. */
  lost(): void {
    if (this.#wire) this.#fail(this.#wire);
  }

  #connect(): void {
    const round = Math.floor(this.#failures / tries);
    const byEvents = round % 2 === 1;
    this.#wire = byEvents ? this.#openEvents() : this.#openSocket();
    this.#expectWord(this.#wire);
  }

  #openSocket(): Wire {
    const socket = new WebSocket(`${this.#address("/widget/v1/live").replace(/^http/, "ws")}?token=${encodeURIComponent(this.#token())}`);
    const wire: Wire = {
      send: (frame) => socket.send(JSON.stringify(frame)),
      close: () => socket.close(),
    };
    socket.onopen = () => wire.send!({ type: "resume", ...this.#listener.position() });
    socket.onmessage = (event) => this.#take(wire, event.data, 0);
    socket.onclose = socket.onerror = () => this.#fail(wire);
    return wire;
  }

  #openEvents(): Wire {
    const { conversation, after } = this.#listener.position();
    const query = new URLSearchParams({ token: this.#token() });
    if (conversation) query.set("conversation", conversation);
    if (after) query.set("after", String(after));
    const events = new EventSource(this.#address(`/widget/v1/live/events?${query}`));
    const wire: Wire = { close: () => events.close() };
    events.onmessage = (event) => this.#take(wire, event.data, tries);
    events.onerror = () => this.#fail(wire);
    return wire;
  }

  /** `failures` is what the count falls back to: what worked once is tried first the next time. */
  #take(wire: Wire, text: string, failures: number): void {
    if (wire !== this.#wire) return;
    clearTimeout(this.#silence);
    const frame: ServerFrame = JSON.parse(text);
    this.#listener.frame(frame);
    if (frame.type !== "hello" || wire !== this.#wire) return;
    this.#failures = failures;
    clearInterval(this.#polling);
    this.#polling = undefined;
    if (wire.send) this.#ping = setInterval(() => this.#check(), pingEvery);
    this.isUp = true;
    this.#listener.up(true);
  }

  #check(): void {
    if (!this.#wire || !this.send({ type: "ping" })) return;
    this.#expectWord(this.#wire);
  }

  #expectWord(wire: Wire): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#fail(wire), patience);
  }

  #fail(wire: Wire): void {
    if (wire !== this.#wire) return;
    this.#drop();
    this.#failures++;
    if (!this.#polling) this.#listener.up(false);
    if (this.#failures >= 2 * tries) this.#polling ??= setInterval(() => this.#listener.poll(), pollEvery);
    const pause = Math.min(30_000, 1_000 * 2 ** ((this.#failures - 1) % tries + Math.floor(this.#failures / (2 * tries)) * 2));
    this.#retry = setTimeout(() => this.#connect(), pause * (0.5 + Math.random() / 2));
  }

  #drop(): void {
    const wire = this.#wire;
    this.#wire = undefined;
    this.isUp = false;
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    clearInterval(this.#ping);
    wire?.close();
  }
}
