import { mails, type Conversation } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, Input } from "@yingda/ui";
import { useState } from "react";
import { fieldErrors, useChange } from "../form/failure";
import { isAddress } from "./address";

/** Sends what was said in a conversation to an address. */
export default function TranscriptDialog({ conversation: c, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation();
  const [to, setTo] = useState("");
  const [checked, setChecked] = useState(false);
  const address = to.trim();
  const send = useChange(() => mails.transcript(c.id, address), { done: t("mail.transcript.done", { address }), onDone: onClose });
  const bad = checked && !isAddress(address) ? t("mail.composer.bad_address", { address }) : undefined;
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={(open) => !open && onClose()}
      title={t("mail.transcript.title")}
      description={t("mail.transcript.description")}
      onSubmit={() => {
        setChecked(true);
        if (isAddress(address) && !send.isPending) send.mutate();
      }}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" loading={send.isPending}>
            {t("mail.transcript.submit")}
          </Button>
        </>
      }
    >
      <Field label={t("mail.transcript.to")} required error={bad ?? fieldErrors(send.error)["to"]}>
        <Input type="email" inputMode="email" value={to} onChange={(e) => setTo(e.target.value)} />
      </Field>
    </Dialog>
  );
}
