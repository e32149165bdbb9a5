import { api, type Canned, type Conversation, type Me, type MessagePage } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, type ReactNode } from "react";
import { useExternal } from "../external";
import type { Draft } from "../live/drafts";
import { useKeys } from "../live/keys";
import { addAnswer } from "../live/messages";
import { keys, queryClient } from "../query";
import { answered, others } from "./answer";
import { MailForm, type FormHandle } from "./MailForm";
import { answering } from "./subject";
import { UndoBar } from "./undo";
import { before, blank, isBlank, keepSent, putBack, reply, useMailboxes, type Writing } from "./writing";

interface MailComposerProps {
  conversation: Conversation;
  me: Me;
  draft: Draft;
  onDraft: (change: (now: Draft) => Draft) => void;
  /** Reply, or a note. */
  tabs: ReactNode;
}

/** An answer by e-mail. */
export default function MailComposer({ conversation: c, me, draft, onDraft, tabs }: MailComposerProps) {
  const { t } = useTranslation();
  const form = useRef<FormHandle>(null);
  const mailboxes = useMailboxes();
  const mailbox = mailboxes.data?.items.find((box) => box.inbox_id === c.inbox_id);
  const messages = useQuery<MessagePage>({ queryKey: keys.messages(c.id), enabled: false });
  const thread = useMemo(() => (messages.data?.items ?? []).filter((m) => m.mail), [messages.data]);
  const theirs = useMemo(() => answered(messages.data?.items ?? []), [messages.data]);
  const latest = thread.at(-1);
  const ours = thread.findLast((m) => m.from === "agent" && m.author_id === me.id);
  const began = thread.findLast((m) => m.from === "agent" && !m.mail?.forwarded);
  const addresses = (mailboxes.data?.items ?? []).flatMap((box) => [box.address, ...box.aliases]);
  const cc = theirs && !mailboxes.isPending ? others(theirs, addresses) : [];
  const to = theirs?.mail ? [theirs.mail.from] : (began?.mail?.to ?? []);
  const subject = answering((theirs ?? latest)?.mail?.subject ?? "", c.language);
  const fresh = useRef(blank());
  const w = draft.mail ?? fresh.current;
  const change = (f: (now: Writing) => Writing) => onDraft((now) => ({ ...now, mail: f(now.mail ?? fresh.current) }));

  useKeys({ r: () => form.current?.focus() });

  const send = useMutation({
    mutationFn: (written: Writing) => reply(c.id, written),
    onSuccess(m, written) {
      keepSent(m.id, written);
      addAnswer(queryClient, m);
      fresh.current = blank();
      onDraft((now) => ({ ...now, mail: undefined }));
      form.current?.show(fresh.current);
      form.current?.focus();
    },
  });

  // what was begun meanwhile stays, below what was taken back
  const begun = useRef(draft.mail);
  begun.current = draft.mail;
  const back = useExternal(putBack, (p) => (p?.conversation === c.id ? p : undefined));
  useEffect(() => {
    if (!back) return;
    putBack.set(undefined);
    const joined = isBlank(begun.current) ? back.writing : before(back.writing, begun.current!);
    onDraft((now) => ({ ...now, kind: "text", mail: joined }));
    form.current?.show(joined);
    form.current?.focus();
  }, [back, onDraft]);

  return (
    <>
      {ours && <UndoBar key={ours.id} message={ours} inbox={c.inbox_id} />}
      <div className="mx-4 mb-4 rounded-xl border bg-panel shadow-[0_2px_8px_#0000000a] focus-within:border-brand max-md:mx-2 max-md:mb-2">
        {tabs}
        <MailForm
          ref={form}
          writing={w}
          onChange={change}
          to={to}
          cc={cc}
          subject={subject}
          upload={{ conversation: c.id }}
          language={c.language}
          fill={async (canned: Canned) => (await api.canned.fill(canned.id, c.id)).text}
          mailbox={mailbox}
          quotable={theirs !== undefined}
          submitLabel={t("mail.composer.send")}
          sending={send.isPending}
          error={send.error ?? undefined}
          onSend={(written) => send.mutate(written)}
          aside={!isBlank(draft.mail) && <span className="text-2xs text-faint">{t("mail.composer.kept")}</span>}
        />
      </div>
    </>
  );
}
