import { api, type Conversation, type ConversationFilter } from "@yingda/api";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { isOrdered, merged, type List } from "../live/lists";
import { keys } from "../query";

const pageSize = 50;
/** How many short pages are turned before the reader is asked. */
const turnedAlone = 12;
const noRows: Conversation[] = [];

export type Conversations = ReturnType<typeof useConversations>;

/** One list, page by page, and what arrived since and was not let in yet. */
export function useConversations(filter: ConversationFilter) {
  const client = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: keys.list(filter),
    queryFn: ({ pageParam, signal }) => api.conversations.list(filter, pageParam, pageSize, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next,
  });
  const { hasNextPage, isFetching, fetchNextPage, isFetchNextPageError: failed } = query;
  const arrivals = useQuery<Conversation[]>({ queryKey: keys.arrivals(filter), queryFn: () => noRows, enabled: false, initialData: noRows, staleTime: Infinity }).data;
  const rows = useMemo(() => unique(query.data?.pages.flatMap((page) => page.items) ?? noRows), [query.data]);

  // A page can be short: it looks at so many conversations, whatever of them fits. Some pages are turned by themselves.
  const pages = query.data?.pages.length ?? 0;
  const [further, setFurther] = useState(0);
  const short = hasNextPage && rows.length < pageSize / 2;
  const most = turnedAlone * (further + 1);
  useEffect(() => setFurther(0), [filter]);
  useEffect(() => {
    if (short && !isFetching && !failed && pages < most) void fetchNextPage();
  }, [short, isFetching, failed, pages, most, fetchNextPage]);

  // a fresh answer already has what arrived before it
  useEffect(() => {
    const held = client.getQueryData<Conversation[]>(keys.arrivals(filter));
    if (held?.length) client.setQueryData(keys.arrivals(filter), held.filter((c) => !rows.some((row) => row.id === c.id)));
  }, [client, filter, query.dataUpdatedAt, rows]);

  /** Lets arrivals in and puts the rows in order. */
  const settle = useCallback(() => {
    const list = client.getQueryData<List>(keys.list(filter));
    const waiting = client.getQueryData<Conversation[]>(keys.arrivals(filter)) ?? noRows;
    if (!list || (waiting.length === 0 && isOrdered(list, filter))) return;
    client.setQueryData(keys.list(filter), merged(list, waiting, filter));
    client.setQueryData(keys.arrivals(filter), noRows);
  }, [client, filter]);

  return { ...query, rows, arrivals, settle, paused: short && pages >= most, lookFurther: () => setFurther(Math.ceil(pages / turnedAlone)) };
}

function unique(rows: Conversation[]): Conversation[] {
  const seen = new Set<string>();
  return rows.filter((row) => !seen.has(row.id) && seen.add(row.id));
}
