import { LoadMore, SkeletonRows } from "@yingda/ui";
import type { ReactNode } from "react";
import { Failure } from "./failure";
import type { usePages } from "./pages";

/** Shows a list read page by page, with its skeleton, its failure, its empty state and its way to more. */
export function PagedList<T>({ list, empty, skeleton, children }: { list: ReturnType<typeof usePages<T>>; empty: ReactNode; skeleton?: ReactNode; children: (rows: T[]) => ReactNode }) {
  const { query, rows } = list;
  if (!rows) {
    if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />;
    return skeleton ?? <SkeletonRows className="py-2" />;
  }
  if (rows.length === 0) return empty;
  return (
    <>
      {children(rows)}
      <LoadMore more={query.hasNextPage} loading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
    </>
  );
}
