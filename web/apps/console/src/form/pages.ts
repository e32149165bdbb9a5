import { useInfiniteQuery, type QueryKey } from "@tanstack/react-query";
import type { Page } from "@yingda/api";

/** A list that is read page by page; `rows` are those of all pages read so far. */
export function usePages<T>(queryKey: QueryKey, read: (cursor?: string) => Promise<Page<T>>) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
  const rows = query.data?.pages.flatMap((page) => page.items);
  return { query, rows };
}
