import { api, serverNow, type Conversation, type Message } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, useToast } from "@yingda/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useEffect, useState } from "react";
import { addMessage } from "../live/messages";
import { problem } from "../problem";
import { can, queryClient, useMe } from "../query";
import { inboxesKey } from "../settings/inboxes";
import { Attachments } from "./Attachments";

/** Takes back what the agent said, while the channel allows it. */
export function RecallButton({ message: m, conversation: c }: { message: Message; conversation: Conversation }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const inboxes = useQuery({ queryKey: inboxesKey, queryFn: api.inboxes.list, staleTime: 5 * 60_000 });
  const seconds = inboxes.data?.items.find((inbox) => inbox.id === c.inbox_id)?.settings.recall.seconds ?? 0;
  const open = useUntil(Date.parse(m.at) + seconds * 1_000);
  const recall = useMutation({
    mutationFn: () => api.conversations.recall(m.id),
    onSuccess: (changed) => addMessage(queryClient, changed),
    onError: (err) => toast({ text: problem(err).text, tone: "bad" }),
  });
  if (!open && !asking) return null;
  return (
    <>
      <Button size="sm" variant="ghost" icon={<Undo2 size={12} aria-hidden="true" />} onClick={() => setAsking(true)} className="h-6 px-1 text-2xs text-mut">
        {t("conversation.recall.action")}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("conversation.recall.action")}
        description={t("conversation.recall.sure")}
        confirmLabel={t("conversation.recall.action")}
        onConfirm={() => recall.mutateAsync().catch(() => {})}
      />
    </>
  );
}

/** True until a time of the server's clock. */
function useUntil(end: number): boolean {
  const [open, setOpen] = useState(() => serverNow() < end);
  useEffect(() => {
    const left = end - serverNow();
    setOpen(left > 0);
    if (left <= 0 || left > 2 ** 31 - 1) return;
    const timer = setTimeout(() => setOpen(false), left);
    return () => clearTimeout(timer);
  }, [end]);
  return open;
}

/** What a message said that was taken back, for those who may; the server records the look. */
export function RecalledText({ message: m }: { message: Message }) {
  const { t } = useTranslation();
  const toast = useToast();
  const me = useMe();
  const [shown, setShown] = useState<Message>();
  const look = useMutation({
    mutationFn: () => api.conversations.recalled(m.id),
    onSuccess: setShown,
    onError: (err) => toast({ text: problem(err).text, tone: "bad" }),
  });
  if (!can(me, "conversation.monitor")) return null;
  return (
    <>
      {shown && (
        <span className="text-mut">
          「{shown.text}」
          <Attachments items={shown.attachments} onImage={(a) => window.open(a.url, "_blank", "noopener")} />
        </span>
      )}
      <button type="button" className="text-mut underline underline-offset-2 hover:text-fg" onClick={() => (shown ? setShown(undefined) : look.mutate())}>
        {shown ? t("conversation.recall.hide") : t("conversation.recall.show")}
      </button>
    </>
  );
}
