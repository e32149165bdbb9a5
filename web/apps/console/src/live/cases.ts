// Keeps the lists of cases true while frames come in. Rows are patched where they stand;
// what would come in, go or move waits until the reader asks for it.

import { api, type Case, type ID, type Page, type ServerFrame } from "@yingda/api";
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { external } from "../external";
import { keys } from "../query";

type CaseList = InfiniteData<Page<Case>, string | undefined>;

/** Cases that changed since the lists were read, and do not stand in them as they are now. */
export const freshCases = external<ReadonlySet<ID>>(new Set());

const waiting = new Map<ID, string>();
let timer: ReturnType<typeof setTimeout> | undefined;

export function caseChanged(client: QueryClient, frame: Extract<ServerFrame, { type: "case" }>): void {
  const held = client.getQueryData<{ case: Case }>(keys.case(frame.id));
  if (!held || (held.case.version ?? 0) < frame.version || frame.what === "clocks" || frame.what.startsWith("review_")) void client.invalidateQueries({ queryKey: keys.case(frame.id) });
  if (frame.what.startsWith("review_")) void client.invalidateQueries({ queryKey: keys.reviews(frame.id) });
  waiting.set(frame.id, frame.number);
  timer ??= setTimeout(() => {
    timer = undefined;
    const numbers = [...waiting];
    waiting.clear();
    for (const [id, number] of numbers) void reread(client, id, number);
    for (const queryKey of [keys.caseCounts, keys.board, ["cases-of"]]) void client.invalidateQueries({ queryKey });
  }, 600);
}

async function reread(client: QueryClient, id: ID, number: string): Promise<void> {
  const lists = client.getQueryCache().findAll({ queryKey: keys.caseLists, type: "active" });
  if (lists.length === 0) return;
  if (!lists.some((query) => holds(query.state.data as CaseList | undefined, id))) {
    freshCases.set((now) => (now.has(id) ? now : new Set([...now, id])));
    return;
  }
  const found = await api.cases.list({ number, view: "all" }).catch(() => undefined);
  const row = found?.items[0];
  if (row) patchCase(client, row);
}

function holds(list: CaseList | undefined, id: ID): boolean {
  return list?.pages?.some((page) => page.items.some((row) => row.id === id)) ?? false;
}

/** Puts a case as it is now into the rows that show it. */
export function patchCase(client: QueryClient, c: Case): void {
  client.setQueriesData<CaseList>({ queryKey: keys.caseLists }, (list) => {
    if (!list?.pages || !holds(list, c.id)) return list;
    return { ...list, pages: list.pages.map((page) => ({ ...page, items: page.items.map((row) => (row.id === c.id && (row.version ?? 0) <= (c.version ?? 0) ? c : row)) })) };
  });
}

/** Reads the lists again, in their order. */
export function showFreshCases(client: QueryClient): void {
  freshCases.set(new Set());
  void client.invalidateQueries({ queryKey: keys.caseLists });
}
