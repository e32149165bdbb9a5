import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, Dialog, Drawer } from "@yingda/ui";
import { useState, type ReactNode } from "react";
import { problem } from "../problem";
import { fieldErrors } from "./failure";

export interface FormDrawerProps {
  title: ReactNode;
  description?: ReactNode;
  dirty: boolean;
  saving: boolean;
  /** The last failure; shown above the buttons unless it belongs to single fields. */
  error?: unknown;
  submitLabel?: string;
  onSubmit: () => void;
  onClose: () => void;
  /** Something at the left end of the buttons: delete. */
  aside?: ReactNode;
  readOnly?: boolean;
  size?: "sm" | "md" | "lg";
  look?: "drawer" | "dialog";
  children: ReactNode;
}

/** A form at the right edge. Mounted means open; closing it with changes asks first. */
export function FormDrawer({ title, description, dirty, saving, error, submitLabel, onSubmit, onClose, aside, readOnly, size, look = "drawer", children }: FormDrawerProps) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const Shape = look === "drawer" ? Drawer : Dialog;
  const hasFieldErrors = Object.keys(fieldErrors(error)).length > 0;

  function close() {
    if (dirty) setAsking(true);
    else onClose();
  }
  return (
    <>
      <Shape
        open
        onOpenChange={(open) => !open && close()}
        size={size}
        title={title}
        description={description}
        onSubmit={() => !saving && !readOnly && onSubmit()}
        footer={
          <>
            {aside && <span className="mr-auto">{aside}</span>}
            {Boolean(error) && !hasFieldErrors && (
              <span role="alert" className="mr-auto text-xs text-bad">
                {problem(error).text}
              </span>
            )}
            <Button onClick={close}>{readOnly ? t("common.close") : t("common.cancel")}</Button>
            {!readOnly && (
              <Button type="submit" variant="primary" loading={saving} disabled={!dirty}>
                {submitLabel ?? t("common.save")}
              </Button>
            )}
          </>
        }
      >
        <div className="flex flex-col gap-4">{children}</div>
      </Shape>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("settings.leave.title")}
        description={t("settings.leave.text")}
        confirmLabel={t("settings.leave.discard")}
        danger
        onConfirm={onClose}
      />
    </>
  );
}
