import { CloudAlert, Lock } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { CopyButton } from "./copy";
import { useKitWords } from "./words";

/** A grey shape where something is about to stand. It appears after 150 ms, so quick answers do not flicker. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span aria-hidden="true" className="block animate-late">
      <span className={cn("block h-4 animate-pulse rounded-md bg-line", className)} />
    </span>
  );
}

/** Rows of skeletons with the word for "loading" said once. */
export function SkeletonRows({ rows = 6, className, children }: { rows?: number; className?: string; children?: ReactNode }) {
  const words = useKitWords();
  return (
    <div role="status" className={cn("flex flex-col gap-3", className)}>
      <span className="sr-only">{words.loading}</span>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i}>
          {children ?? (
            <div className="flex items-center gap-3">
              <Skeleton className="size-8 rounded-full" />
              <div className="flex-1 space-y-1.5">
                <Skeleton className="w-2/5" />
                <Skeleton className="h-3 w-3/5" />
              </div>
            </div>
          )}
        </div>
      ))}
    </div>
  );
}

interface StateProps {
  icon: ReactNode;
  title: ReactNode;
  detail?: ReactNode;
  action?: ReactNode;
  className?: string;
}

/** Says that there is nothing here, and what one can do about it. */
export function EmptyState({ icon, title, detail, action, className }: StateProps) {
  return (
    <div className={cn("mx-auto flex max-w-sm flex-col items-center justify-center gap-1 px-6 py-12 text-center", className)}>
      <span aria-hidden="true" className="mb-2 grid size-11 place-items-center rounded-xl bg-line2 text-faint">
        {icon}
      </span>
      <div className="font-medium">{title}</div>
      {detail && <p className="text-xs text-balance text-mut">{detail}</p>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

export interface ErrorStateProps {
  title: ReactNode;
  /** What happened and what to do, as the server said it. */
  detail?: ReactNode;
  /** What support needs to find the failure in the log. */
  requestId?: string;
  onRetry?: () => void;
  retrying?: boolean;
  className?: string;
}

/** Says what failed and offers to try again. */
export function ErrorState({ title, detail, requestId, onRetry, retrying, className }: ErrorStateProps) {
  const words = useKitWords();
  return (
    <div role="alert" className={cn("mx-auto flex max-w-sm flex-col items-center justify-center gap-1 px-6 py-12 text-center", className)}>
      <span aria-hidden="true" className="mb-2 grid size-11 place-items-center rounded-xl bg-bad-soft text-bad">
        <CloudAlert size={20} />
      </span>
      <div className="font-medium">{title}</div>
      {detail && <p className="text-xs text-mut">{detail}</p>}
      {requestId && (
        <p className="flex items-center gap-1 text-2xs text-faint">
          {words.requestId} <code className="font-mono">{requestId}</code>
          <CopyButton text={requestId} iconOnly />
        </p>
      )}
      {onRetry && (
        <Button className="mt-3" loading={retrying} onClick={onRetry}>
          {words.retry}
        </Button>
      )}
    </div>
  );
}

/** Says that the reader's role does not reach here. */
export function NoPermission({ title, detail, className }: { title: ReactNode; detail?: ReactNode; className?: string }) {
  return <EmptyState icon={<Lock size={20} />} title={title} detail={detail} className={className} />;
}

/** The end of a list that goes on: loads the next page when asked. Nothing when there is no more. */
export function LoadMore({ more, loading, onMore, label }: { more: boolean; loading: boolean; onMore: () => void; label?: string }) {
  const words = useKitWords();
  if (!more) return null;
  return (
    <div className="flex justify-center py-3">
      <Button loading={loading} onClick={onMore}>
        {label ?? words.loadMore}
      </Button>
    </div>
  );
}
