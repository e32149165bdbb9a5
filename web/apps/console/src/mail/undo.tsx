import { mails, serverNow, type Message } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, useToast } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useEffect, useState } from "react";
import { addMessage } from "../live/messages";
import { problem } from "../problem";
import { queryClient } from "../query";
import { docOf } from "./document";
import { returnMail, useMailboxes } from "./writing";

/** Takes a mail of ours back while it waits; what was written goes into the editor again. */
export function useTakeBack() {
  const { t } = useTranslation();
  const toast = useToast();
  return useMutation({
    mutationFn: (m: Message) => mails.takeBack(m.id),
    onSuccess(changed, m) {
      addMessage(queryClient, changed);
      returnMail(m, docOf);
      toast({ text: t("mail.undo.done"), tone: "ok" });
    },
    onError: (err) => toast({ text: t("mail.undo.late"), detail: problem(err).text, tone: "bad" }),
  });
}

/** How many seconds a mail still waits, by the server's clock; 0 when it does not. */
export function useSecondsLeft(m: Message | undefined, inbox: string): number {
  const waits = m?.mail?.delivery === "waiting";
  const mailboxes = useMailboxes(waits);
  const seconds = mailboxes.data?.items.find((box) => box.inbox_id === inbox)?.undo_seconds ?? 10;
  const end = m ? Date.parse(m.at) + seconds * 1_000 : 0;
  const left = () => (waits ? Math.max(0, Math.ceil((end - serverNow()) / 1_000)) : 0);
  const [n, setN] = useState(left);
  useEffect(() => {
    setN(left());
    if (!waits) return;
    const timer = setInterval(() => setN(left()), 250);
    return () => clearInterval(timer);
  }, [waits, end]);
  return n;
}

/** Stands above the composer while the last mail can be taken back. */
export function UndoBar({ message: m, inbox }: { message: Message; inbox: string }) {
  const { t } = useTranslation();
  const left = useSecondsLeft(m, inbox);
  const back = useTakeBack();
  if (left <= 0) return null;
  return (
    <div role="status" className="mx-4 mb-2 flex items-center gap-2 rounded-lg bg-fg px-3 py-1.5 text-xs text-panel max-md:mx-2">
      <span className="num" aria-live="off">
        {t("mail.undo.waiting", { n: left })}
      </span>
      <span className="flex-1" />
      <Button size="sm" icon={<Undo2 size={13} aria-hidden="true" />} loading={back.isPending} onClick={() => back.mutate(m)} className="text-fg">
        {t("mail.undo.action")}
      </Button>
    </div>
  );
}
