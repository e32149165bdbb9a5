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

export interface Outbox {
  /** Everything that is not acknowledged, oldest first. */
  list(): Outgoing[];
  /** Stores a message, then sends it in its turn. */
  add(message: Omit<Outgoing, "at">): void;
  /** Sends a refused message again, under the same id. */
  retry(clientID: string): void;
  drop(clientID: string): void;
  /** Sends what waits, one after the other, so that the server sees the order of writing. */
  flush(): Promise<void>;
}

const prefix = "out:";

/** 128 random bits; `crypto.randomUUID` is missing on pages without TLS. */
export const randomID = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** `send` resolves when the server has the message and throws a refusal or anything else for "try again". */
export function openOutbox(shelf: Shelf, send: (message: Outgoing) => Promise<void>, changed: () => void): Outbox {
  let sending = false;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let last = 0;

  const list = () =>
    shelf
      .names(prefix)
      .map((name) => shelf.get<Outgoing>(name)!)
      .filter(Boolean)
      .sort((a, b) => a.at - b.at);

  function put(message: Outgoing): void {
    shelf.set(prefix + message.client_id, message);
    changed();
  }

  function drop(clientID: string): void {
    shelf.set(prefix + clientID, undefined);
    changed();
  }

  async function deliver(message: Outgoing): Promise<void> {
    try {
      await send(message);
      drop(message.client_id);
    } catch (reason) {
      if (!isRefusal(reason)) throw reason;
      put({ ...message, refused: reason.message });
    }
  }

  async function flush(): Promise<void> {
    if (sending) return;
    sending = true;
    clearTimeout(waiting);
    try {
      for (let next; (next = list().find((message) => message.refused === undefined)); failures = 0) await deliver(next);
    } catch {
      const pause = Math.min(30_000, 1_000 * 2 ** failures++);
      waiting = setTimeout(flush, pause * (0.5 + Math.random() / 2));
    }
    sending = false;
  }

  return {
    list,
    drop,
    flush,
    add(message) {
      last = Math.max(Date.now(), last + 1);
      put({ ...message, at: last });
      void flush();
    },
    retry(clientID) {
      const message = shelf.get<Outgoing>(prefix + clientID);
      if (message) put({ ...message, refused: undefined });
      void flush();
    },
  };
}
