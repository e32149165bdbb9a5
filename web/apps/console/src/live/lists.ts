// Keeps the conversation lists true while frames come in, without moving rows under the reader's pointer:
// rows that are there are patched where they stand, new ones wait among the arrivals until they are let in.

import type { Conversation, ConversationFilter, ID, Page } from "@yingda/api";
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { partOf } from "../conversation/rights";
import { keys } from "../query";

export type List = InfiniteData<Page<Conversation>, string | undefined>;

/** Whether a filter lets a conversation through; the server says the same. */
function fits(filter: ConversationFilter, c: Conversation): boolean {
  if (filter.state && c.state !== filter.state) return false;
  if (filter.tag && !c.tags?.includes(filter.tag)) return false;
  if (filter.language && c.language !== filter.language) return false;
  if (filter.unread && (c.unread === 0 || c.state === "closed")) return false;
  if (filter.waiting && (!c.waiting_since || Date.now() - Date.parse(c.waiting_since) < filter.waiting * 60_000)) return false;
  return !filter.q || `${c.contact_name} ${c.last_text}`.toLowerCase().includes(filter.q.toLowerCase());
}

/** Whether a list would contain the conversation; undefined when only the server knows. */
export function belongs(filter: ConversationFilter, c: Conversation, me: ID): boolean | undefined {
  if (!fits(filter, c)) return false;
  if (filter.team_id && c.team_id !== filter.team_id) return false;
  if (filter.agent_id && c.agent_id !== filter.agent_id) return false;
  if (filter.inbox_id && c.inbox_id !== filter.inbox_id) return false;
  if (filter.priority !== undefined && c.priority !== filter.priority) return false;
  switch (filter.view) {
    case "mine":
      return (c.agent_id === me || partOf(c, me)?.state === "joined") && (c.state === "active" || c.state === "wrap_up");
    case "queue":
      return c.state === "queued";
    case "unassigned":
      return c.state === "bot" || c.state === "queued";
    case "bot":
      return c.state === "bot";
    case "closed":
      return c.state === "closed";
    case "all":
      return true;
    case "mentions":
      return undefined;
  }
}

/** The order in which the server gives a list: the queue as it is served, all others by the newest activity. */
export function inOrder(filter: ConversationFilter, rows: Conversation[]): Conversation[] {
  const at = (c: Conversation) => Date.parse(filter.view === "queue" ? (c.rank_at ?? c.last_at) : c.last_at);
  const sign = filter.view === "queue" ? 1 : -1;
  return rows.toSorted((a, b) => sign * (at(a) - at(b)) || (a.id < b.id ? -1 : 1));
}

/** Replaces a conversation where it stands; `keep` false takes it out. The same object when nothing changed. */
export function replaced(list: List, c: Conversation, keep: boolean): List {
  let changed = false;
  const pages = list.pages.map((page) => {
    const i = page.items.findIndex((row) => row.id === c.id);
    if (i < 0) return page;
    if (keep && page.items[i]!.version > c.version) return page;
    changed = true;
    const items = keep ? page.items.with(i, c) : page.items.toSpliced(i, 1);
    return { ...page, items };
  });
  return changed ? { ...list, pages } : list;
}

export function holds(list: List, id: ID): boolean {
  return list.pages.some((page) => page.items.some((row) => row.id === id));
}

/** Lets arrivals in and puts everything that is loaded in order; the cursors stay as they are. */
export function merged(list: List, arrivals: Conversation[], filter: ConversationFilter): List {
  const byId = new Map(list.pages.flatMap((page) => page.items).map((row) => [row.id, row]));
  for (const c of arrivals) byId.set(c.id, c);
  const sorted = inOrder(filter, [...byId.values()]);
  return { ...list, pages: list.pages.map((page, i) => ({ ...page, items: i === 0 ? sorted : [] })) };
}

export function isOrdered(list: List, filter: ConversationFilter): boolean {
  const rows = list.pages.flatMap((page) => page.items);
  return inOrder(filter, rows).every((row, i) => row === rows[i]);
}

/** Works one conversation into every list that is held. `now` puts it in at once, for what the reader did himself. */
export function patchLists(client: QueryClient, c: Conversation, me: ID, now = false): void {
  for (const query of client.getQueryCache().findAll({ queryKey: keys.lists })) {
    const filter = query.queryKey[1] as ConversationFilter;
    const list = query.state.data as List | undefined;
    if (!list?.pages) continue;
    const wanted = belongs(filter, c, me);
    if (holds(list, c.id)) {
      const next = replaced(list, c, wanted !== false);
      if (next !== list) client.setQueryData(query.queryKey, next);
    } else if (wanted && now) {
      client.setQueryData(query.queryKey, merged(list, [c], filter));
    } else if (wanted !== undefined) {
      arrive(client, filter, c, wanted);
    }
  }
}

function arrive(client: QueryClient, filter: ConversationFilter, c: Conversation, wanted: boolean): void {
  const key = keys.arrivals(filter);
  const held = client.getQueryData<Conversation[]>(key) ?? [];
  const others = held.filter((row) => row.id !== c.id);
  if (!wanted && others.length === held.length) return;
  client.setQueryData<Conversation[]>(key, wanted ? [...others, c] : others);
}

export function dropFromLists(client: QueryClient, id: ID): void {
  for (const query of client.getQueryCache().findAll({ queryKey: keys.lists })) {
    const list = query.state.data as List | undefined;
    if (!list?.pages || !holds(list, id)) continue;
    client.setQueryData(query.queryKey, { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.filter((row) => row.id !== id) })) });
  }
}
