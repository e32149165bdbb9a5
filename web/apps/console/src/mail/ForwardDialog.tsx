import { api, type Canned, type Conversation, type Me, type Message } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Dialog, useToast } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { addAnswer } from "../live/messages";
import { queryClient } from "../query";
import { MailForm } from "./MailForm";
import { forwarding } from "./subject";
import { blank, keepSent, reply, useMailboxes, type Writing } from "./writing";

/** Sends a mail on to whoever deals with it; the conversation stays where it is. */
export default function ForwardDialog({ message: m, conversation: c, me, onClose }: { message: Message; conversation: Conversation; me: Me; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [w, setW] = useState<Writing>(blank);
  const mailbox = useMailboxes().data?.items.find((box) => box.inbox_id === c.inbox_id);
  const subject = forwarding(m.mail?.subject ?? "", me.language);
  const send = useMutation({
    mutationFn: (written: Writing) => reply(c.id, { ...written, subject: written.subject ?? subject }, { forward: m.id }),
    onSuccess(made, written) {
      keepSent(made.id, written);
      addAnswer(queryClient, made);
      toast({ text: t("mail.forward.done", { names: (written.to ?? []).map((p) => p.name || p.address).join("、") }), tone: "ok" });
      onClose();
    },
  });
  return (
    <Dialog open size="lg" onOpenChange={(open) => !open && onClose()} title={t("mail.forward.title")} description={t("mail.forward.description")}>
      <div className="-mx-5 -my-4 border-t pt-1">
        <MailForm
          writing={w}
          onChange={setW}
          to={[]}
          subject={subject}
          subjectShown
          mayBeEmpty
          upload={{ conversation: c.id }}
          language={me.language}
          fill={async (canned: Canned) => (await api.canned.fill(canned.id, c.id)).text}
          mailbox={mailbox}
          placeholder={t("mail.forward.note")}
          submitLabel={t("mail.forward.submit")}
          sending={send.isPending}
          error={send.error ?? undefined}
          onSend={(written) => send.mutate(written)}
          tall
          autoFocus="to"
        />
      </div>
    </Dialog>
  );
}
