import { api, type Contact, type ID } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, Textarea, useToast } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { problem } from "../problem";
import { verified } from "../verification/useVerified";

interface RevealProps {
  contact: Contact;
  conversation?: ID;
  field: string;
  /** What the field is called. */
  label: string;
  onClose: () => void;
  onValue: (value: string) => void;
}

/** Asks why before a masked value is shown; the look is audited. */
export default function RevealDialog({ contact, conversation, field, label, onClose, onValue }: RevealProps) {
  const { t } = useTranslation();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const [checked, setChecked] = useState(false);
  const reveal = useMutation({
    mutationFn: () => verified(contact.id, "contact.reveal", { conversation_id: conversation }, (v) => api.contacts.reveal(contact.id, field, reason.trim(), v)),
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
