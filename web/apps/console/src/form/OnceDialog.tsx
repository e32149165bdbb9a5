import { useTranslation } from "@yingda/i18n";
import { Button, CopyButton, Dialog } from "@yingda/ui";
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

export interface OnceDialogProps {
  title: string;
  description: string;
  value: string;
  /** What follows from losing it. */
  warning?: string;
  onClose: () => void;
  children?: ReactNode;
}

/** Shows a secret or a link that is shown only this once, ready to be copied. */
export function OnceDialog({ title, description, value, warning, onClose, children }: OnceDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={description}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t("settings.once.done")}
        </Button>
      }
    >
      <div className="flex items-start gap-2 rounded-lg border bg-raise py-2 pr-2 pl-3">
        <code className="min-w-0 flex-1 py-0.5 font-mono text-xs break-all select-all">{value}</code>
        <CopyButton text={value} />
      </div>
      {warning && (
        <p className="mt-3 flex items-start gap-2 text-xs text-warn">
          <TriangleAlert size={14} className="mt-0.5 shrink-0" aria-hidden="true" />
          {warning}
        </p>
      )}
      {children}
    </Dialog>
  );
}
