import { mails, type Conversation, type Message } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { ConfirmDialog } from "@yingda/ui";
import { useNavigate } from "@tanstack/react-router";
import { useChange } from "../form/failure";
import { keys } from "../query";

/** Takes a mail out of its conversation into one of its own. */
export default function SplitDialog({ message: m, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const split = useChange(() => mails.split(m.id), {
    stale: [keys.messages(m.conversation_id), keys.lists],
    onDone: (c: Conversation) => void navigate({ to: "/inbox/$view/{-$id}", params: { view: "all", id: c.id } }),
  });
  return <ConfirmDialog open onOpenChange={(open) => !open && onClose()} title={t("mail.split.title")} description={t("mail.split.description")} confirmLabel={t("mail.split.submit")} onConfirm={() => split.mutateAsync()} />;
}
