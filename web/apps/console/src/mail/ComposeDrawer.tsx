import { api, mails, type Canned, type Contact, type Me } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Drawer, EmptyState, Select, SkeletonRows, useToast } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MailX, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Failure } from "../form/failure";
import { keys, queryClient } from "../query";
import { MailForm } from "./MailForm";
import { blank, isBlank, keepSent, leaving, loadNew, saveNew, useMailboxes, type Writing } from "./writing";

/** A mail to somebody, which begins a conversation; half written it is kept on this computer. */
export default function ComposeDrawer({ me, contact, onClose }: { me: Me; contact?: Contact; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const navigate = useNavigate();
  const mailboxes = useMailboxes();
  const boxes = mailboxes.data?.items ?? [];
  const [w, setW] = useState<Writing>(() => {
    const kept = loadNew(me.id) ?? blank();
    // the address is masked: the server puts the true one in its place
    return contact?.email ? { ...kept, to: [{ name: contact.name, address: contact.email }] } : kept;
  });
  const mailbox = boxes.find((box) => box.inbox_id === w.inbox_id) ?? boxes[0];
  const latest = useRef<Writing | undefined>(w);
  latest.current = w;
  useEffect(() => {
    const timer = setTimeout(() => saveNew(me.id, latest.current), 250);
    return () => clearTimeout(timer);
  }, [w, me.id]);
  useEffect(() => {
    const keep = () => void saveNew(me.id, latest.current);
    addEventListener("pagehide", keep);
    return () => {
      removeEventListener("pagehide", keep);
      keep();
    };
  }, [me.id]);

  function forget() {
    latest.current = undefined;
    saveNew(me.id, undefined);
  }

  const send = useMutation({
    mutationFn(written: Writing) {
      const known = contact && written.to?.some((p) => p.address === contact.email);
      const to = known ? written.to!.filter((p) => p.address !== contact.email) : written.to;
      return mails.compose({ client_id: written.client_id, inbox_id: mailbox!.inbox_id, contact_id: known ? contact.id : undefined, sure: written.sure, ...leaving({ ...written, to }) });
    },
    onSuccess({ conversation, message }, written) {
      keepSent(message.id, written);
      forget();
      void queryClient.invalidateQueries({ queryKey: keys.lists });
      toast({ text: t("mail.compose.done"), tone: "ok" });
      onClose();
      void navigate({ to: "/inbox/$view/{-$id}", params: { view: "mine", id: conversation.id } });
    },
  });

  /** For the first whom it goes to. */
  async function fill(canned: Canned) {
    const language = contact?.language ?? me.language;
    const first = w.to?.[0];
    const known = contact && (!first || first.address === contact.email);
    const to = known ? { contact_id: contact.id } : { address: first?.address, name: first?.name };
    return (await api.canned.fillFor(canned.id, { ...to, language })).text;
  }

  return (
    <Drawer open size="lg" onOpenChange={(open) => !open && onClose()} title={t("mail.compose.title")} description={t("mail.compose.description")}>
      {mailboxes.isPending && <SkeletonRows rows={6} />}
      {mailboxes.error && <Failure error={mailboxes.error} onRetry={() => void mailboxes.refetch()} />}
      {mailboxes.isSuccess && boxes.length === 0 && <EmptyState icon={<MailX size={20} />} title={t("mail.compose.none")} detail={t("mail.compose.none_hint")} />}
      {mailbox && (
        <div className="-mx-5 -my-4 border-t pt-1">
          <MailForm
            writing={w}
            onChange={setW}
            to={[]}
            subject=""
            subjectShown
            upload="mail"
            language={contact?.language ?? me.language}
            fill={fill}
            mailbox={mailbox}
            above={
              <div className="flex items-center gap-2 border-b border-line2 px-3.5 py-1">
                <span className="w-12 shrink-0 text-xs text-mut" aria-hidden="true">
                  {t("mail.from")}
                </span>
                <Select label={t("mail.compose.box")} value={mailbox.inbox_id} onChange={(inbox_id) => setW((now) => ({ ...now, inbox_id }))} options={boxes.map((box) => ({ value: box.inbox_id, label: `${box.name} <${box.address}>` }))} />
              </div>
            }
            submitLabel={t("mail.compose.submit")}
            sending={send.isPending}
            error={send.error ?? undefined}
            onSend={(written) => send.mutate(written)}
            aside={
              !isBlank(w) && (
                <>
                  <Button size="sm" variant="ghost" icon={<Trash2 size={13} aria-hidden="true" />} onClick={() => (forget(), onClose())}>
                    {t("mail.compose.discard")}
                  </Button>
                  <span className="text-2xs text-faint max-sm:hidden">{t("mail.compose.kept")}</span>
                </>
              )
            }
            tall
            autoFocus={contact ? "text" : "to"}
          />
        </div>
      )}
    </Drawer>
  );
}
