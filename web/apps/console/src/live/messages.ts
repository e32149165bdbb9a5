// The messages of one conversation as the cache holds them: in order of seq, without gaps at the newer end.

import { api, type ID, type Message, type MessagePage } from "@yingda/api";
import type { QueryClient } from "@tanstack/react-query";
import { keys } from "../query";

const pageSize = 50;

/** Adds what is new and replaces what is there, in order of seq. */
export function joined(held: Message[], more: Message[]): Message[] {
  if (more.length === 0) return held;
  const bySeq = new Map(held.map((m) => [m.seq, m]));
  for (const m of more) bySeq.set(m.seq, m);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** What is held, completed: the newest page at first, afterwards only what came since. */
export async function fetchMessages(client: QueryClient, id: ID): Promise<MessagePage> {
  const held = client.getQueryData<MessagePage>(keys.messages(id));
  if (!held || held.items.length === 0) return api.conversations.messages(id, { limit: pageSize });
  let items = held.items;
  for (;;) {
    const page = await api.conversations.messages(id, { after: items.at(-1)!.seq, limit: 200 });
    items = joined(items, page.items);
    if (!page.more || page.items.length === 0) break;
  }
  // frames may have come in between
  const now = client.getQueryData<MessagePage>(keys.messages(id));
  return { items: joined(now?.items ?? [], items), more: now?.more ?? held.more };
}

/** Puts the page before the oldest held message in front. */
export async function fetchOlder(client: QueryClient, id: ID, limit = pageSize): Promise<void> {
  const first = client.getQueryData<MessagePage>(keys.messages(id))?.items[0];
  if (!first) return;
  const page = await api.conversations.messages(id, { before: first.seq, limit });
  client.setQueryData<MessagePage>(keys.messages(id), (now) => now && { items: joined(now.items, page.items), more: page.more });
}

/** Works in what a call answered with: what came by the feed meanwhile is newer. */
export function addAnswer(client: QueryClient, m: Message): void {
  const held = client.getQueryData<MessagePage>(keys.messages(m.conversation_id));
  if (!held?.items.some((each) => each.id === m.id)) addMessage(client, m);
}

/** Works a message in that just came; asks for the missing ones when it does not follow the last. */
export function addMessage(client: QueryClient, m: Message): void {
  const key = keys.messages(m.conversation_id);
  const held = client.getQueryData<MessagePage>(key);
  if (!held) return;
  const last = held.items.at(-1)?.seq ?? 0;
  if (m.seq > last + 1) {
    void client.invalidateQueries({ queryKey: key });
    return;
  }
  client.setQueryData<MessagePage>(key, { ...held, items: joined(held.items, [m]) });
}
