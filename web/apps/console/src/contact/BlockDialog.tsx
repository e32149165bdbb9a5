import { api, type Contact, type ID } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, Select, Textarea, useToast } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { problem } from "../problem";
import { terms, until, type Term } from "./blocking";
import { patchContact } from "./patch";

export default function BlockDialog({ contact, conversation, onClose }: { contact: Contact; conversation?: ID; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const [checked, setChecked] = useState(false);
  const [term, setTerm] = useState<Term>("ever");
  const blocking = !contact.blocked;
  const block = useMutation({
    mutationFn: () => api.contacts.block(contact.id, blocking, reason.trim(), blocking ? until(term) : undefined),
    onSuccess(changed) {
      patchContact(changed, conversation);
      toast({ text: t("contact.saved"), tone: "ok" });
      onClose();
    },
    onError: (err) => toast({ text: problem(err).text, tone: "bad" }),
  });
  function submit() {
    setChecked(true);
    if (reason.trim() && !block.isPending) block.mutate();
  }
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={(open) => !open && onClose()}
      title={t(blocking ? "contact.block.title" : "contact.block.undo_title", { name: contact.name })}
      description={t(blocking ? "contact.block.hint" : "contact.block.undo_hint")}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant={blocking ? "danger" : "primary"} loading={block.isPending}>
            {t(blocking ? "contact.block.action" : "contact.block.undo")}
          </Button>
        </>
      }
    >
      {blocking && (
        <Field label={t("contact.block.until")} className="mb-4">
          <Select<Term> value={term} onChange={setTerm} options={terms.map((value) => ({ value, label: t(`contact.block.terms.${value}`) }))} />
        </Field>
      )}
      <Field label={t("contact.block.reason")} required error={checked && !reason.trim() ? t("contact.reveal.reason_required") : undefined}>
        <Textarea minRows={2} value={reason} onChange={(e) => setReason(e.target.value)} />
      </Field>
    </Dialog>
  );
}
