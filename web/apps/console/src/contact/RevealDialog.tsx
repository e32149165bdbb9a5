import { useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, Textarea, useToast } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { problem } from "../problem";

interface RevealProps {
  /** What the field is called. */
  label: string;
  /** Asks the server for the value. */
  ask: (reason: string) => Promise<{ value: string }>;
  onClose: () => void;
  onValue: (value: string) => void;
}

/** Asks why before a masked value is shown; the look is audited. */
export default function RevealDialog({ label, ask, onClose, onValue }: RevealProps) {
  const { t } = useTranslation();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const [checked, setChecked] = useState(false);
  const reveal = useMutation({
    mutationFn: () => ask(reason.trim()),
    onSuccess({ value }) {
      onValue(value);
      onClose();
    },
    onError: (err) => toast({ text: problem(err).text, tone: "bad" }),
  });
  function submit() {
    setChecked(true);
    if (reason.trim() && !reveal.isPending) reveal.mutate();
  }
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={(open) => !open && onClose()}
      title={t("contact.reveal.action", { field: label })}
      description={t("contact.reveal.hint")}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" loading={reveal.isPending}>
            {t("contact.reveal.submit")}
          </Button>
        </>
      }
    >
      <Field label={t("contact.reveal.reason")} required error={checked && !reason.trim() ? t("contact.reveal.reason_required") : undefined}>
        <Textarea minRows={2} value={reason} onChange={(e) => setReason(e.target.value)} />
      </Field>
    </Dialog>
  );
}
