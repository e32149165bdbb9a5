import { api, type Consult, type Conversation, type ID, type Me } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Combobox, Dialog, Field, IconButton, Textarea } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { CornerDownLeft, MessageCircleQuestion, X } from "lucide-react";
import { useState } from "react";
import { external, useExternal } from "../external";
import { useChange } from "../form/failure";
import { keys, useAgents, useMe } from "../query";
import { load, save } from "../storage";

/** Answers that were used or put away, on this computer. */
const putAway = external<readonly ID[]>(load<ID[]>("consults.away") ?? []);

export function usedConsult(id: ID): void {
  putAway.set((now) => [...now, id].slice(-200));
  save("consults.away", putAway.get());
}

export function useConsults(conversation: ID): Consult[] {
  const away = useExternal(putAway, (ids) => ids);
  const found = useQuery({ queryKey: keys.consults(conversation), queryFn: () => api.conversations.consults(conversation), staleTime: 60_000 });
  return (found.data?.items ?? []).filter((q) => q.state === "pending" || (q.state === "answered" && !away.includes(q.id)));
}

/** The newest answer that the agent has not used yet. */
export function answerFor(consults: Consult[], me: ID): Consult | undefined {
  return consults.find((q) => q.state === "answered" && q.asker_id === me);
}

interface ConsultsProps {
  consults: Consult[];
  me: Me;
  /** Puts an answer into the reply; absent where the agent cannot reply. */
  onInsert?: (consult: Consult) => void;
}

/** What colleagues were asked, and what they said, above the composer. */
export function Consults({ consults, me, onInsert }: ConsultsProps) {
  const { t } = useTranslation();
  const mine = consults.filter((q) => q.asker_id === me.id || (q.state === "pending" && q.asked_id === me.id));
  if (mine.length === 0) return null;
  return (
    <section aria-label={t("conversation.consult.region")} className="mx-4 mb-2 flex max-h-56 flex-col gap-1.5 overflow-y-auto">
      {mine.map((q) => (q.asked_id === me.id && q.state === "pending" ? <Asked key={q.id} consult={q} /> : <Mine key={q.id} consult={q} onInsert={onInsert} />))}
    </section>
  );
}

function Mine({ consult: q, onInsert }: { consult: Consult; onInsert?: (consult: Consult) => void }) {
  const { t } = useTranslation();
  const withdraw = useChange(() => api.conversations.withdrawConsult(q.id), { stale: [keys.consults(q.conversation_id)] });
  const answered = q.state === "answered";
  return (
    <div className="flex items-start gap-2 rounded-lg border border-note-line bg-note px-3 py-2 text-xs">
      <MessageCircleQuestion size={14} className="mt-0.5 shrink-0 text-warn" aria-hidden="true" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{answered ? t("conversation.consult.answered", { name: q.asked_name }) : t("conversation.consult.waiting", { name: q.asked_name })}</p>
        <p className="break-words whitespace-pre-wrap text-mut">{answered ? q.answer : q.question}</p>
      </div>
      {answered && onInsert && (
        <Button size="sm" icon={<CornerDownLeft size={13} aria-hidden="true" />} onClick={() => onInsert(q)} title="Tab">
          {t("conversation.consult.insert")}
        </Button>
      )}
      {answered ? (
        <IconButton label={t("conversation.consult.dismiss")} icon={<X size={14} />} onClick={() => usedConsult(q.id)} />
      ) : (
        <Button size="sm" variant="ghost" loading={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {t("conversation.consult.withdraw")}
        </Button>
      )}
    </div>
  );
}

function Asked({ consult: q }: { consult: Consult }) {
  const { t } = useTranslation();
  const place = `consult ${q.id}`;
  const [text, setText] = useState(() => load<string>(place) ?? "");
  function write(next: string) {
    setText(next);
    save(place, next || undefined);
  }
  const answer = useChange(() => api.conversations.answerConsult(q.id, text.trim()), { stale: [keys.consults(q.conversation_id)], onDone: () => write("") });
  return (
    <form
      className="flex flex-col gap-1.5 rounded-lg border border-note-line bg-note px-3 py-2 text-xs"
      onSubmit={(e) => {
        e.preventDefault();
        if (text.trim() && !answer.isPending) answer.mutate();
      }}
    >
      <p className="font-medium">{t("conversation.consult.asks", { name: q.asker_name })}</p>
      <p className="break-words whitespace-pre-wrap">{q.question}</p>
      <div className="flex items-end gap-2">
        <Textarea aria-label={t("conversation.consult.answer")} minRows={1} maxRows={5} value={text} onChange={(e) => write(e.target.value)} className="flex-1" />
        <Button type="submit" size="sm" variant="primary" disabled={!text.trim()} loading={answer.isPending}>
          {t("conversation.consult.send")}
        </Button>
      </div>
    </form>
  );
}

/** Asks a colleague beside the conversation. */
export function ConsultDialog({ conversation: c, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const agents = useAgents();
  const [whom, setWhom] = useState<string>();
  const [question, setQuestion] = useState("");
  const [checked, setChecked] = useState(false);
  const ask = useChange(() => api.conversations.consult(c.id, { agent_id: whom!, question: question.trim() }), { stale: [keys.consults(c.id)], done: t("conversation.consult.done"), onDone: onClose });
  const ready = whom && question.trim();
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("conversation.consult.title")}
      description={t("conversation.consult.description")}
      onSubmit={() => {
        setChecked(true);
        if (ready && !ask.isPending) ask.mutate();
      }}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" loading={ask.isPending}>
            {t("conversation.consult.submit")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t("conversation.consult.whom")} required error={checked && !whom ? t("conversation.consult.required") : undefined}>
          <Combobox value={whom} onChange={setWhom} options={(agents.data?.items ?? []).filter((a) => a.id !== me.id && !a.disabled && !a.invited).map((a) => ({ value: a.id, label: a.name, hint: a.teams.map((each) => each.name).join("、") }))} />
        </Field>
        <Field label={t("conversation.consult.question")} required error={checked && !question.trim() ? t("conversation.consult.required") : undefined}>
          <Textarea minRows={3} value={question} onChange={(e) => setQuestion(e.target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}
