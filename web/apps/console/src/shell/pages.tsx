// Whole-page states: loading, not found, crashed, not allowed.

import { useTranslation } from "@yingda/i18n";
import { Button, buttonClass, EmptyState, ErrorState, NoPermission, SkeletonRows } from "@yingda/ui";
import { Link, type ErrorComponentProps } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import type { ReactNode } from "react";
import { problem } from "../problem";
import { can, useMe } from "../query";

export function LoadingPage() {
  return (
    <div className="w-full max-w-md p-6">
      <SkeletonRows rows={5} />
    </div>
  );
}

function Whole({ children }: { children: ReactNode }) {
  return <main className="grid min-h-full flex-1 place-items-center bg-panel">{children}</main>;
}

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <Whole>
      <EmptyState
        icon={<Compass size={20} />}
        title={<span role="heading" aria-level={1} className="text-base font-semibold">{t("common.error.not_found")}</span>}
        detail={t("common.error.not_found_hint")}
        action={
          <Link to="/" className={buttonClass("default")}>
            {t("common.error.home")}
          </Link>
        }
      />
    </Whole>
  );
}

export function CrashPage({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  const { text, requestId } = problem(error);
  return (
    <Whole>
      <div className="text-center">
        <ErrorState title={<span role="heading" aria-level={1} className="text-base font-semibold">{t("common.error.crashed")}</span>} detail={`${text} ${t("common.error.crashed_hint")}`} requestId={requestId} onRetry={reset} />
        <Button variant="ghost" onClick={() => location.reload()}>
          {t("common.error.reload")}
        </Button>
      </div>
    </Whole>
  );
}

/** Shows the children only to who has one of the permissions; says so to the others. */
export function Allowed({ to, children }: { to: string[]; children: ReactNode }) {
  const { t } = useTranslation();
  const me = useMe();
  if (can(me, ...to)) return children;
  return (
    <Whole>
      <NoPermission title={<span role="heading" aria-level={1} className="text-base font-semibold">{t("common.error.forbidden")}</span>} detail={t("common.error.forbidden_hint")} />
    </Whole>
  );
}
