// Messages on their way out. They are kept on this computer until the server has them, in the order
// they were written, and go out under the id they got here: a repeat never makes a second message.

import { ApiError, api, type Attachment, type ID, type Message, type MessagePage } from "@yingda/api";
import { external, useExternal } from "../external";
import { problem } from "../problem";
import { keys, queryClient } from "../query";
import { load, save } from "../storage";
import { addMessage } from "./messages";

export interface Outgoing {
  client_id: string;
  conversation_id: ID;
  kind: "text" | "note" | "whisper";
  text: string;
  attachments: Attachment[];
  mentions: ID[];
  /** What was written before it was translated. */
  original?: string;
  at: string;
  /** waiting: no connection now · failed: the server refused it, see `why`. */
  state: "sending" | "waiting" | "failed";
  why?: string;
  /** The filter asks whether it is meant; sure: it is. */
  asks?: boolean;
  sure?: boolean;
}

const outbox = external<Outgoing[]>([]);
let owner = "";
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let tries = 0;

const entry = () => `outbox.${owner}`;

/** Takes up what this agent had not sent when the page was left. */
export function openOutbox(agent: ID): void {
  owner = agent;
  outbox.set((load<Outgoing[]>(entry()) ?? []).map((m) => (m.state === "sending" ? { ...m, state: "waiting" } : m)));
  settleOutbox();
}

function change(next: (now: Outgoing[]) => Outgoing[]): void {
  outbox.set(next);
  save(entry(), outbox.get().length > 0 ? outbox.get() : undefined);
}

function update(id: string, fields: Partial<Outgoing>): void {
  change((now) => now.map((m) => (m.client_id === id ? { ...m, ...fields } : m)));
}

export function send(message: Pick<Outgoing, "conversation_id" | "kind" | "text" | "attachments" | "mentions" | "original">): void {
  change((now) => [...now, { ...message, client_id: newClientId(), at: new Date().toISOString(), state: "sending" }]);
  void flush(message.conversation_id);
}

/** An id of our own for what is sent, so that sending again does no harm. */
export function newClientId(): string {
  return crypto.randomUUID?.() ?? randomId();
}

// crypto.randomUUID exists only on secure pages
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

export function retryOutgoing(m: Outgoing): void {
  update(m.client_id, { state: "sending", why: undefined, sure: m.asks || m.sure, asks: undefined });
  void flush(m.conversation_id);
}

/** Takes an unsent message back; the caller may put its text into the composer again. */
export function discardOutgoing(m: Outgoing): void {
  change((now) => now.filter((each) => each.client_id !== m.client_id));
}

/** Tries everything that waits; called when the connection is back. */
export function settleOutbox(): void {
  clearTimeout(retryTimer);
  retryTimer = undefined;
  for (const id of new Set(outbox.get().filter((m) => m.state !== "failed").map((m) => m.conversation_id))) void flush(id);
}

addEventListener("online", settleOutbox);

const flushing = new Set<ID>();

async function flush(conversation: ID): Promise<void> {
  if (flushing.has(conversation)) return;
  flushing.add(conversation);
  try {
    for (;;) {
      const next = outbox.get().find((m) => m.conversation_id === conversation && m.state !== "failed");
      if (!next || !(await deliver(next))) return;
    }
  } finally {
    flushing.delete(conversation);
  }
}

/** False when there is no sense in trying the next one now. */
async function deliver(m: Outgoing): Promise<boolean> {
  if (m.state !== "sending") update(m.client_id, { state: "sending" });
  try {
    const sent = await api.conversations.send(m.conversation_id, {
      client_id: m.client_id,
      kind: m.kind,
      text: m.text,
      attachments: m.attachments.length > 0 ? m.attachments.map((a) => a.id) : undefined,
      mentions: m.mentions.length > 0 ? m.mentions : undefined,
      sure: m.sure,
      original: m.original,
    });
    tries = 0;
    arrived(sent, m.client_id);
    return true;
  } catch (err) {
    if (err instanceof ApiError && (err.passing || err.status === 401)) {
      change((now) => now.map((each) => (each.conversation_id === m.conversation_id && each.state === "sending" ? { ...each, state: "waiting" } : each)));
      if (err.status !== 401) later(err.retryAfter);
      return false;
    }
    update(m.client_id, { state: "failed", why: problem(err).text, asks: err instanceof ApiError && err.code === "filter.warned" });
    return true;
  }
}

function later(seconds?: number): void {
  const wait = seconds ? seconds * 1000 : Math.min(30_000, 1_000 * 2 ** tries++);
  retryTimer ??= setTimeout(settleOutbox, wait);
}

function arrived(sent: Message, clientId: string): void {
  addMessage(queryClient, sent);
  const held = queryClient.getQueryData<MessagePage>(keys.messages(sent.conversation_id));
  if (held && !held.items.some((m) => m.seq === sent.seq)) void queryClient.invalidateQueries({ queryKey: keys.messages(sent.conversation_id) });
  change((now) => now.filter((m) => m.client_id !== clientId));
}

const noMessages: Outgoing[] = [];
let byConversation: { from: Outgoing[]; map: Map<ID, Outgoing[]> } = { from: noMessages, map: new Map() };

function grouped(all: Outgoing[]): Map<ID, Outgoing[]> {
  if (byConversation.from === all) return byConversation.map;
  const map = new Map<ID, Outgoing[]>();
  for (const m of all) map.set(m.conversation_id, [...(map.get(m.conversation_id) ?? []), m]);
  byConversation = { from: all, map };
  return map;
}

export function useOutgoing(conversation: ID): Outgoing[] {
  return useExternal(outbox, (all) => grouped(all).get(conversation) ?? noMessages);
}

/** How many messages wait, and how many were refused, in all conversations. */
export function useOutboxCount(): number {
  return useExternal(outbox, (all) => all.filter((m) => m.state === "waiting").length);
}
