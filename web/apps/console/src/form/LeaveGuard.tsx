import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "@yingda/i18n";
import { ConfirmDialog } from "@yingda/ui";

/** Asks before a link leads away from unsaved changes. */
export function LeaveGuard({ dirty }: { dirty: boolean }) {
  const { t } = useTranslation();
  const blocker = useBlocker({ shouldBlockFn: () => dirty, withResolver: true, enableBeforeUnload: false });
  return (
    <ConfirmDialog
      open={blocker.status === "blocked"}
      onOpenChange={(open) => !open && blocker.reset?.()}
      title={t("settings.leave.title")}
      description={t("settings.leave.text")}
      confirmLabel={t("settings.leave.leave")}
      danger
      onConfirm={() => blocker.proceed?.()}
    />
  );
}
