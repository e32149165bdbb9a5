import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api, type Collision, type TendQuestion, type Tending } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, EmptyState, IconButton, Pill, Section, useToast } from "@yingda/ui";
import { ArrowLeft, ArrowRight, CircleCheck, Combine } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Loaded, useChange } from "../form/failure";
import { can, queryClient, useMe } from "../query";
import { knowledgeKeys } from "./keys";

function reread() {
  for (const queryKey of [knowledgeKeys.gaps, knowledgeKeys.questions, knowledgeKeys.categories]) void queryClient.invalidateQueries({ queryKey });
}

/** What editors should look at among what is published. */
export function TendPanel() {
  const query = useQuery({ queryKey: [...knowledgeKeys.gaps, "tending"], queryFn: api.knowledge.tending });
  return <Loaded query={query}>{(tending) => <Lists tending={tending} />}</Loaded>;
}

function Lists({ tending }: { tending: Tending }) {
  const { t } = useTranslation();
  const nothing = tending.collisions.length + tending.few.length + tending.due.length + tending.unhelpful.length === 0;
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-4">
      <header className="flex items-center gap-2">
        <Link to="/knowledge/{-$section}/{-$id}" params={{ section: "gaps", id: undefined }} className="lg:hidden">
          <IconButton label={t("knowledge.gaps.all")} icon={<ArrowLeft size={16} />} tabIndex={-1} />
        </Link>
        <h2 className="text-lg font-semibold">{t("knowledge.tend.title")}</h2>
      </header>
      {nothing && <EmptyState icon={<CircleCheck size={20} />} title={t("knowledge.tend.empty")} />}
      {tending.collisions.length > 0 && (
        <Section title={t("knowledge.tend.collisions", { n: tending.collisions_in_all })} description={t("knowledge.tend.collisions_hint")}>
          <ul className="flex flex-col gap-3">
            {tending.collisions.map((collision) => (
              <CollisionRow key={collision.a.id + collision.b.id} collision={collision} />
            ))}
          </ul>
        </Section>
      )}
      <Questions title={t("knowledge.tend.unhelpful", { n: tending.unhelpful_in_all })} hint={t("knowledge.tend.unhelpful_hint")} questions={tending.unhelpful}>
        {(each) => <Pill tone="bad">{t("knowledge.tend.votes", { no: each.unhelpful, yes: each.helpful })}</Pill>}
      </Questions>
      <Questions title={t("knowledge.tend.due", { n: tending.due_in_all })} hint={t("knowledge.tend.due_hint")} questions={tending.due}>
        {(each) => <Pill tone="warn">{each.review_on}</Pill>}
      </Questions>
      <Questions title={t("knowledge.tend.few", { n: tending.few_in_all })} hint={t("knowledge.tend.few_hint")} questions={tending.few}>
        {(each) => <Pill>{t("knowledge.tend.ways", { n: each.ways })}</Pill>}
      </Questions>
    </div>
  );
}

function Questions({ title, hint, questions, children }: { title: string; hint: string; questions: TendQuestion[]; children: (each: TendQuestion) => ReactNode }) {
  if (questions.length === 0) return null;
  return (
    <Section title={title} description={hint}>
      <ul className="divide-y">
        {questions.map((each) => (
          <li key={each.id} className="flex items-center gap-2 py-2">
            <QuestionLink question={each} />
            {children(each)}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function QuestionLink({ question }: { question: TendQuestion }) {
  return (
    <Link to="/knowledge/{-$section}/{-$id}" params={{ section: "questions", id: question.id }} className="min-w-0 flex-1 hover:underline">
      {question.question}
    </Link>
  );
}

/** Two questions that are taken for each other: move what stands wrong, or make them one. */
function CollisionRow({ collision: { a, b, mixed } }: { collision: Collision }) {
  const { t } = useTranslation();
  const toast = useToast();
  const publishes = can(useMe(), "knowledge.publish");
  const [merging, setMerging] = useState(false);
  const other = (id: string) => (id === a.id ? b : a);
  const back = useChange(({ from, to, text }: { from: string; to: string; text: string }) => api.questions.move(from, to, text), { onDone: reread });
  const move = useChange(({ from, to, text }: { from: string; to: string; text: string }) => api.questions.move(from, to, text), {
    onDone: (_, { from, to, text }) => {
      reread();
      toast({ text: t("knowledge.tend.moved"), tone: "ok", undo: () => back.mutate({ from: to, to: from, text }) });
    },
  });
  const merge = useChange(() => api.questions.absorb(a.id, b.id), { done: t("knowledge.tend.merged"), onDone: reread });
  return (
    <li className="rounded-lg border px-3 py-2.5">
      <div className="flex flex-wrap items-center gap-2 font-medium">
        <QuestionLink question={a} />
        <span className="text-2xs text-faint" aria-hidden="true">
          ⇄
        </span>
        <QuestionLink question={b} />
        {publishes && (
          <Button size="sm" icon={<Combine size={13} />} onClick={() => setMerging(true)}>
            {t("knowledge.tend.merge")}
          </Button>
        )}
      </div>
      <ul className="mt-2 flex flex-col gap-1.5">
        {mixed.map((each) => (
          <li key={each.of_id + each.text} className="flex flex-wrap items-center gap-2 text-xs">
            <span className="min-w-0 flex-1 basis-52 wrap-anywhere">
              “{each.text}” <span className="text-mut">{t(each.same ? "knowledge.tend.same" : "knowledge.tend.taken", { question: other(each.of_id).question, beside: each.beside ?? "" })}</span>
            </span>
            {publishes && each.text !== (each.of_id === a.id ? a : b).question && (
              <Button size="sm" icon={<ArrowRight size={13} />} loading={move.isPending && move.variables?.text === each.text} onClick={() => move.mutate({ from: each.of_id, to: other(each.of_id).id, text: each.text })}>
                {t("knowledge.tend.move")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        open={merging}
        onOpenChange={setMerging}
        title={t("knowledge.tend.merge_title")}
        description={t("knowledge.tend.merge_hint", { kept: a.question, gone: b.question })}
        confirmLabel={t("knowledge.tend.merge")}
        onConfirm={() => merge.mutateAsync()}
      />
    </li>
  );
}
