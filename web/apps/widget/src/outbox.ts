/** Keeps what the visitor wrote until the server has it: over lost connections, reloads and several tabs. */
import type { Shelf } from "./shelf";
import { isRefusal } from "./fault";
import type { Attachment, ID, PrechatField } from "./wire";

export interface Outgoing {
  client_id: string;
  text: string;
  /** When it was written, in milliseconds; later ones of the same moment get a higher number. */
  at: number;
  attachments?: Attachment[];
  choice?: ID;
  prechat?: Partial<Record<PrechatField, string>>;
  /** The server refused it, with this reason for people. It waits for `retry` or `drop`. */
  refused?: string;
}

const prefix = "out:";

/** 128 random bits; `crypto.randomUUID` is missing on pages without TLS. */
export const randomID = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export class Outbox {
  #shelf: Shelf;
  #send: (message: Outgoing) => Promise<void>;
  #changed: () => void;
  #sending = false;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #last = 0;

  /** `send` resolves when the server has the message and throws a refusal or anything else for "try again". */
  constructor(
    shelf: Shelf,
    send: (message: Outgoing) => Promise<void>,
    changed: () => void,
  ) {
    this.#shelf = shelf;
    this.#send = send;
    this.#changed = changed;
  }

  /** Everything that is not acknowledged, oldest first. */
  list(): Outgoing[] {
    return this.#shelf
      .names(prefix)
      .map((name) => this.#shelf.get<Outgoing>(name))
      .filter((message) => message !== undefined)
      .sort((a, b) => a.at - b.at);
  }

  /** Stores a message, then sends it in its turn. */
  add(message: Omit<Outgoing, "at">): void {
    this.#last = Math.max(Date.now(), this.#last + 1);
    this.#put({ ...message, at: this.#last });
    void this.flush();
  }

  /** Sends a refused message again, under the same id. */
  retry(clientID: string): void {
    const message = this.#shelf.get<Outgoing>(prefix + clientID);
    if (!message) return;
    this.#put({ ...message, refused: undefined });
    void this.flush();
  }

  drop(clientID: string): void {
    this.#shelf.set(prefix + clientID, undefined);
    this.#changed();
  }

  /** Sends what waits, one after the other, so that the server sees the order of writing. */
  async flush(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    clearTimeout(this.#waiting);
    try {
      for (let next = this.#next(); next; next = this.#next()) {
        await this.#deliver(next);
        this.#failures = 0;
      }
    } catch {
      const pause = Math.min(30_000, 1_000 * 2 ** this.#failures++);
      this.#waiting = setTimeout(() => void this.flush(), pause * (0.5 + Math.random() / 2));
    } finally {
      this.#sending = false;
    }
  }

  /** Ends the timer; what is stored stays for the next page. */
  close(): void {
    clearTimeout(this.#waiting);
  }

  #next(): Outgoing | undefined {
    return this.list().find((message) => message.refused === undefined);
  }

  async #deliver(message: Outgoing): Promise<void> {
    try {
      await this.#send(message);
      this.drop(message.client_id);
    } catch (reason) {
      if (!isRefusal(reason)) throw reason;
      this.#put({ ...message, refused: reason.message });
    }
  }

  #put(message: Outgoing): void {
    this.#shelf.set(prefix + message.client_id, message);
    this.#changed();
  }
}
