import { roster } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { ConfirmDialog, useToast } from "@yingda/ui";
import { useChange } from "../form/failure";
import { plusDays } from "./days";
import { rosterKeys } from "./queries";

/** Asks once more, then copies the week to the one after it. */
export function CopyDialog({ from, team, onClose, onDone }: { from: string; team?: string; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const to = plusDays(from, 7);
  const copy = useChange(() => roster.copy({ from, to, team_id: team }), {
    stale: [rosterKeys.all],
    onDone: (done) => {
      toast({ text: t("roster.copy.done", { ...done }), tone: "ok" });
      onDone();
    },
  });
  return <ConfirmDialog open onOpenChange={(open) => !open && onClose()} title={t("roster.copy.title")} description={t("roster.copy.text", { from, to })} confirmLabel={t("roster.copy.action")} onConfirm={() => copy.mutateAsync()} />;
}
