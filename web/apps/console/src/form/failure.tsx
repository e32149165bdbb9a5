import { useMutation, useQueryClient, type QueryKey, type UseQueryResult } from "@tanstack/react-query";
import { ApiError } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { ErrorState, NoPermission, SkeletonRows, useToast } from "@yingda/ui";
import type { ReactNode } from "react";
import { problem } from "../problem";

/** The server's words about single fields, by field path. */
export function fieldErrors(error: unknown): Record<string, string> {
  return error instanceof ApiError ? error.fields : {};
}

/** Goes to the first input that is wrong, once it is shown as such. */
export function focusMistake(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}

export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.status === 409;
}

/** The place of something that could not be read: why, and a way to try again. */
export function Failure({ error, onRetry, retrying }: { error: unknown; onRetry?: () => void; retrying?: boolean }) {
  const { t } = useTranslation();
  if (error instanceof ApiError && error.status === 403) {
    return <NoPermission title={t("common.error.forbidden")} detail={error.detail || t("common.error.forbidden_hint")} />;
  }
  const { text, requestId } = problem(error);
  return (
    <ErrorState
      title={t("common.error.title")}
      detail={text}
      requestId={requestId}
      onRetry={onRetry}
      retrying={retrying}
    />
  );
}

/** Shows what a query found; until then its skeleton, and its failure with a way to try again. */
export function Loaded<T>({ query, skeleton, children }: { query: UseQueryResult<T>; skeleton?: ReactNode; children: (found: T) => ReactNode }) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />;
  return skeleton ?? <SkeletonRows className="py-2" />;
}

interface ChangeOptions<V, R> {
  /** Said in a toast when it is done. */
  done?: string;
  /** What to read again afterwards. */
  stale?: QueryKey[];
  onDone?: (result: R, value: V) => void;
  onFail?: (error: unknown) => void;
  /** Failures are shown by the caller, not in a toast. */
  quiet?: boolean;
}

/** A write: reads again what it changed, says that it is done, or what failed. */
export function useChange<V = void, R = unknown>(run: (value: V) => Promise<R>, { done, stale = [], onDone, onFail, quiet }: ChangeOptions<V, R> = {}) {
  const queries = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: run,
    onSuccess: (result, value) => {
      for (const queryKey of stale) void queries.invalidateQueries({ queryKey });
      if (done) toast({ text: done, tone: "ok" });
      onDone?.(result, value);
    },
    onError: (error) => {
      onFail?.(error);
      if (!quiet) toast({ text: problem(error).text, tone: "bad" });
    },
  });
}
