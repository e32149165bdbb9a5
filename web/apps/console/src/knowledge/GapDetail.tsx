import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { api, type GapAsk, type GapQuestion, type GapReply, type GapSignal, type KnowledgeGap, type ShownGap } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, IconButton, Input, Pill, Section, Textarea, useToast, type Tone } from "@yingda/ui";
import { ArrowLeft, EyeOff, Link2, MessageSquareText, PenLine, Plus, Undo2 } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { problem } from "../problem";
import { can, queryClient, useMe } from "../query";
import { fullTime } from "../time";
import { knowledgeKeys } from "./keys";

/** One gap: what was asked, what colleagues told the customers, and what can be done about it. */
export function GapDetail({ id }: { id: string }) {
  const query = useQuery({ queryKey: [...knowledgeKeys.gaps, id], queryFn: () => api.gaps.get(id) });
  return <Loaded query={query}>{(shown) => <Shown shown={shown} />}</Loaded>;
}

function reread() {
  for (const queryKey of [knowledgeKeys.gaps, knowledgeKeys.questions]) void queryClient.invalidateQueries({ queryKey });
}

function Shown({ shown }: { shown: ShownGap }) {
  const { t } = useTranslation();
  const { gap, asks, nearest } = shown;
  const replies = repliesOf(asks);
  const [dialog, setDialog] = useState<"draft" | "ignore">();
  const [draftFrom, setDraftFrom] = useState<GapReply>();
  const reopen = useChange(() => api.gaps.reopen(gap.id), { done: t("knowledge.gaps.reopened"), onDone: reread });
  const write = (reply?: GapReply) => {
    setDraftFrom(reply);
    setDialog("draft");
  };
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-4">
      <header className="flex flex-wrap items-start gap-2">
        <Link to="/knowledge/{-$section}/{-$id}" params={{ section: "gaps", id: undefined }} className="lg:hidden">
          <IconButton label={t("knowledge.gaps.all")} icon={<ArrowLeft size={16} />} tabIndex={-1} />
        </Link>
        <div className="min-w-0 flex-1 basis-60">
          <h2 className="text-lg font-semibold wrap-anywhere">{gap.text}</h2>
          <p className="num mt-1 text-xs text-mut">{t("knowledge.gaps.since", { n: gap.asked, handed: gap.handed, from: gap.asked > 0 ? fullTime(gap.first_at) : "–" })}</p>
        </div>
        {gap.state === "open" && (
          <div className="flex gap-2">
            <Button icon={<EyeOff size={14} />} onClick={() => setDialog("ignore")}>
              {t("knowledge.gaps.ignore")}
            </Button>
            <Button variant="primary" icon={<Plus size={14} />} onClick={() => write(replies[0])}>
              {t("knowledge.gaps.draft")}
            </Button>
          </div>
        )}
      </header>
      {gap.deal && <Dealt gap={gap} onReopen={() => reopen.mutate()} reopening={reopen.isPending} />}
      <Section title={t("knowledge.gaps.nearest")} description={t("knowledge.gaps.nearest_hint")}>
        {nearest.length === 0 ? (
          <p className="text-xs text-mut">{t("knowledge.gaps.nearest_none")}</p>
        ) : (
          <ul className="flex flex-col gap-2">
            {nearest.map((question) => (
              <NearRow key={question.id} gap={gap} question={question} />
            ))}
          </ul>
        )}
      </Section>
      <Section title={t("knowledge.gaps.replies", { n: replies.length })} description={t("knowledge.gaps.replies_hint")}>
        {replies.length === 0 ? (
          <p className="text-xs text-mut">{t("knowledge.gaps.replies_none")}</p>
        ) : (
          <ul className="flex flex-col gap-2">
            {replies.map((reply) => (
              <li key={reply.text} className="rounded-lg border px-3 py-2">
                <p className="text-sm whitespace-pre-line wrap-anywhere">{reply.text}</p>
                <p className="mt-1.5 flex items-center gap-2 text-2xs text-mut">
                  {reply.by} · {fullTime(reply.at)}
                  {gap.state === "open" && (
                    <Button size="sm" className="ml-auto" icon={<PenLine size={13} />} onClick={() => write(reply)}>
                      {t("knowledge.gaps.use_reply")}
                    </Button>
                  )}
                </p>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t("knowledge.gaps.examples", { n: asks.length })} description={t("knowledge.gaps.examples_hint")}>
        <ul className="divide-y">
          {asks.map((ask) => (
            <AskRow key={ask.message_id} ask={ask} />
          ))}
        </ul>
      </Section>
      {dialog === "draft" && <DraftDialog shown={shown} reply={draftFrom} onClose={() => setDialog(undefined)} />}
      {dialog === "ignore" && <IgnoreDialog gap={gap} onClose={() => setDialog(undefined)} />}
    </div>
  );
}

/** What was done, and a way back. An open gap that has it was asked again afterwards. */
function Dealt({ gap, onReopen, reopening }: { gap: KnowledgeGap; onReopen: () => void; reopening: boolean }) {
  const { t } = useTranslation();
  const deal = gap.deal!;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-lg border bg-panel px-3.5 py-2.5 text-xs">
      <Pill tone={deal.act === "ignore" ? "plain" : "ok"}>{t(`knowledge.gaps.deal.${deal.act}`)}</Pill>
      <span className="min-w-0 flex-1 text-mut">
        {t("knowledge.gaps.deal_by", { name: deal.by, time: fullTime(deal.at) })}
        {deal.reason && ` · ${deal.reason}`}
        {deal.question_id && (
          <>
            {" · "}
            <Link to="/knowledge/{-$section}/{-$id}" params={{ section: "questions", id: deal.question_id }} className="text-brand-ink underline underline-offset-2">
              {deal.title}
            </Link>
          </>
        )}
      </span>
      {gap.state === "dealt" ? (
        <Button size="sm" icon={<Undo2 size={13} />} loading={reopening} onClick={onReopen}>
          {t("knowledge.gaps.reopen")}
        </Button>
      ) : (
        <Pill tone="brand">{t("knowledge.gaps.back_since")}</Pill>
      )}
    </div>
  );
}

/** A question that may be meant; one click makes what was asked a way to ask it. */
function NearRow({ gap, question }: { gap: KnowledgeGap; question: GapQuestion }) {
  const { t } = useTranslation();
  const toast = useToast();
  const publishes = can(useMe(), "knowledge.publish");
  const undo = useChange(() => api.gaps.reopen(gap.id), { done: t("knowledge.gaps.reopened"), onDone: reread });
  const phrase = useChange(() => api.gaps.phrase(gap.id, question.id), {
    onDone: () => {
      reread();
      toast({ text: t("knowledge.gaps.phrased", { title: question.question }), tone: "ok", undo: () => undo.mutate() });
    },
  });
  return (
    <li className="flex flex-wrap items-center gap-2 rounded-lg border px-3 py-2">
      <Link to="/knowledge/{-$section}/{-$id}" params={{ section: "questions", id: question.id }} className="min-w-0 flex-1 basis-40 hover:underline">
        {question.question}
      </Link>
      {question.chosen > 0 && <Pill tone="ok">{t("knowledge.gaps.chosen", { n: question.chosen })}</Pill>}
      {question.score > 0 && <span className="num text-2xs text-mut">{question.score.toFixed(2)}</span>}
      {gap.state === "open" && publishes && (
        <Button size="sm" icon={<Link2 size={13} />} loading={phrase.isPending} onClick={() => phrase.mutate()}>
          {t("knowledge.gaps.phrase")}
        </Button>
      )}
    </li>
  );
}

const tones: Record<GapSignal, Tone> = { missed: "warn", unsure: "plain", after_answer: "warn", asked_again: "plain", unhelpful: "bad" };

function AskRow({ ask }: { ask: GapAsk }) {
  const { t } = useTranslation();
  const sees = can(useMe(), "conversation.read");
  return (
    <li className="flex flex-wrap items-center gap-x-2 gap-y-1 py-2">
      <span className="min-w-0 flex-1 basis-60 wrap-anywhere">{ask.text}</span>
      <Pill tone={tones[ask.signal]}>{t(`knowledge.gaps.signal.${ask.signal}`)}</Pill>
      {ask.reason && <Pill tone="bad">{t(`knowledge.gaps.because.${ask.reason}`)}</Pill>}
      {ask.page && <Pill tone="plain">{t("knowledge.gaps.on_page")}</Pill>}
      {ask.handed && <Pill tone="warn">{t("knowledge.gaps.to_person")}</Pill>}
      <span className="num text-2xs text-mut">{fullTime(ask.at)}</span>
      {sees && !ask.page && (
        <Link to="/inbox/$view/{-$id}" params={{ view: "all", id: ask.conversation_id }} className="text-mut hover:text-fg" aria-label={t("knowledge.gaps.conversation")}>
          <MessageSquareText size={15} aria-hidden="true" />
        </Link>
      )}
    </li>
  );
}

function DraftDialog({ shown, reply, onClose }: { shown: ShownGap; reply?: GapReply; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [question, setQuestion] = useState(plain(shown.gap.text));
  const [answer, setAnswer] = useState(reply ? plain(reply.text) : "");
  const [phrasings, setPhrasings] = useState(phrasingsOf(shown).join("\n"));
  const language = shown.gap.language === "en" ? "en" : "zh";
  const save = useChange(() => api.gaps.draft(shown.gap.id, { question, answer, phrasings: phrasings.split("\n").map((line) => line.trim()).filter(Boolean), category: "", language, audience: "public" }), {
    done: t("knowledge.gaps.drafted"),
    quiet: true,
    onDone: ({ id }) => {
      reread();
      onClose();
      void navigate({ to: "/knowledge/{-$section}/{-$id}", params: { section: "questions", id } });
    },
  });
  const errors = fieldErrors(save.error);
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => !open && onClose()}
      title={t("knowledge.gaps.draft")}
      description={t("knowledge.gaps.draft_hint")}
      onSubmit={() => question.trim() && answer.trim() && save.mutate()}
      footer={
        <Footer error={save.isError ? problem(save.error).text : undefined} onClose={onClose}>
          <Button type="submit" variant="primary" loading={save.isPending} disabled={!question.trim() || !answer.trim()}>
            {t("knowledge.save_draft")}
          </Button>
        </Footer>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t("knowledge.questions.question")} hint={t("knowledge.questions.question_hint")} error={errors["question"]} required>
          <Input value={question} maxLength={200} onChange={(e) => setQuestion(e.target.value)} />
        </Field>
        <Field label={t("knowledge.questions.answer")} hint={t(reply ? "knowledge.gaps.answer_from" : "knowledge.questions.answer_hint", { name: reply?.by ?? "" })} error={errors["answer"]} required>
          <Textarea minRows={5} maxRows={14} maxLength={5000} value={answer} onChange={(e) => setAnswer(e.target.value)} />
        </Field>
        <Field label={t("knowledge.questions.phrasings")} hint={t("knowledge.questions.phrasings_hint")} error={errors["phrasings"]}>
          <Textarea minRows={4} maxRows={10} value={phrasings} onChange={(e) => setPhrasings(e.target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}

function IgnoreDialog({ gap, onClose }: { gap: KnowledgeGap; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const undo = useChange(() => api.gaps.reopen(gap.id), { done: t("knowledge.gaps.reopened"), onDone: reread });
  const ignore = useChange(() => api.gaps.ignore(gap.id, reason), {
    quiet: true,
    onDone: () => {
      reread();
      onClose();
      toast({ text: t("knowledge.gaps.ignored"), tone: "ok", undo: () => undo.mutate() });
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("knowledge.gaps.ignore_title")}
      description={t("knowledge.gaps.ignore_hint")}
      onSubmit={() => reason.trim() && ignore.mutate()}
      footer={
        <Footer onClose={onClose}>
          <Button type="submit" variant="primary" loading={ignore.isPending} disabled={!reason.trim()}>
            {t("knowledge.gaps.ignore")}
          </Button>
        </Footer>
      }
    >
      <Field label={t("knowledge.gaps.reason")} error={ignore.isError ? problem(ignore.error).text : undefined} required>
        <Input value={reason} maxLength={300} placeholder={t("knowledge.gaps.reason_example")} onChange={(e) => setReason(e.target.value)} />
      </Field>
    </Dialog>
  );
}

function Footer({ error, onClose, children }: { error?: string; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <>
      {error && (
        <p id={id} role="alert" className="mr-auto text-xs text-bad">
          {error}
        </p>
      )}
      <Button onClick={onClose}>{t("common.cancel")}</Button>
      {children}
    </>
  );
}

/** Every reply once, the newest first. */
function repliesOf(asks: GapAsk[]): GapReply[] {
  const seen = new Map<string, GapReply>();
  for (const ask of asks) for (const reply of ask.replies ?? []) if (!seen.has(reply.text)) seen.set(reply.text, reply);
  return [...seen.values()];
}

/** What was asked in other words than the first, without what was masked. */
function phrasingsOf({ gap, asks }: ShownGap): string[] {
  const all = new Set(asks.map(({ text }) => plain(text)));
  all.delete(plain(gap.text));
  return [...all].filter(Boolean).slice(0, 20);
}

function plain(text: string): string {
  return text.replaceAll("〔…〕", " ").replace(/…$/, "").replace(/\s+/g, " ").trim();
}
