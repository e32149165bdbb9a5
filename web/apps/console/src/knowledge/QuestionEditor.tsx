import { api, type Question, type QuestionDraft } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Drawer, Field, Input, Pill, SaveBar, Section, Switch, Textarea } from "@yingda/ui";
import { History, WandSparkles } from "lucide-react";
import { useState } from "react";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { fieldErrors } from "../form/failure";
import { problem } from "../problem";
import { can, useMe } from "../query";
import { ChannelAnswers, ValidityFields } from "./QuestionLife";
import { TryPanel } from "./TryPanel";
import { Versions } from "./Versions";
import { ConflictBanner, EntryHeader, PlaceFields, useLife } from "./entry";
import { enoughPhrasings } from "./phrasings";

/** One question: how it is asked, what is answered, and whether that is published. */
export function QuestionEditor({ saved }: { saved?: Question }) {
  const { t } = useTranslation();
  const readOnly = !can(useMe(), "knowledge.edit");
  const { draft, dirty, set, discard } = useDraft<QuestionDraft>(saved ? draftOf(saved) : blank());
  const phrasings = draft.phrasings.map((line) => line.trim()).filter(Boolean);
  const life = useLife<QuestionDraft, Question>({ section: "questions", calls: api.questions, saved, draft: { ...draft, phrasings }, dirty, discard });
  const [trying, setTrying] = useState(false);
  const [looking, setLooking] = useState(false);
  const error = life.conflict ? undefined : life.save.error;
  const errors = fieldErrors(error);
  const ready = draft.question.trim() !== "" && draft.answer.trim() !== "";
  return (
    <>
      <LeaveGuard dirty={dirty && !life.save.isPending} />
      <EntryHeader
        section="questions"
        saved={saved}
        title={draft.question || t("knowledge.questions.add")}
        life={life}
        ready={ready}
        actions={
          <>
            {saved && (
              <Button icon={<History size={14} />} onClick={() => setLooking(true)}>
                {t("knowledge.versions.title")}
              </Button>
            )}
            <Button icon={<WandSparkles size={14} className="text-ai" />} onClick={() => setTrying(true)}>
            {t("knowledge.try.short")}
            </Button>
          </>
        }
      />
      {life.conflict && <ConflictBanner life={life} />}
      <div className="mx-auto max-w-4xl">
        <Section>
          <div className="flex flex-col gap-4">
            <Field label={t("knowledge.questions.question")} hint={t("knowledge.questions.question_hint")} error={errors["question"]} required>
              <Input value={draft.question} maxLength={200} readOnly={readOnly} onChange={(e) => set({ question: e.target.value })} />
            </Field>
            <Field label={t("knowledge.questions.answer")} hint={t("knowledge.questions.answer_hint")} error={errors["answer"]} required>
              <Textarea minRows={5} maxRows={24} maxLength={8000} value={draft.answer} readOnly={readOnly} onChange={(e) => set({ answer: e.target.value })} />
            </Field>
            <Field label={t("knowledge.questions.phrasings")} aside={<PhrasingCount phrasings={phrasings} />} hint={t("knowledge.questions.phrasings_hint")} error={errors["phrasings"]}>
              <Textarea minRows={5} maxRows={16} value={draft.phrasings.join("\n")} readOnly={readOnly} placeholder={t("knowledge.questions.phrasings_example")} onChange={(e) => set({ phrasings: e.target.value === "" ? [] : e.target.value.split("\n") })} />
            </Field>
            <ChannelAnswers answers={draft.answers ?? {}} error={errors["answers"]} readOnly={readOnly} onChange={(answers) => set({ answers })} />
          </div>
        </Section>
        <Section title={t("knowledge.life.title")} description={t("knowledge.life.about")}>
          <ValidityFields draft={draft} errors={errors} readOnly={readOnly} onChange={set} />
          <Switch className="mt-4" checked={draft.pinned ?? false} disabled={readOnly} label={t("knowledge.life.pinned")} hint={t("knowledge.life.pinned_hint")} onChange={(pinned) => set({ pinned })} />
        </Section>
        <Section>
          <PlaceFields {...draft} onChange={set} errors={errors} readOnly={readOnly} />
        </Section>
        <SaveBar
          dirty={dirty && !readOnly}
          saving={life.save.isPending}
          saveLabel={saved?.status === "published" ? t("knowledge.save_published") : t("knowledge.save_draft")}
          onSave={() => life.save.mutate(undefined)}
          onDiscard={discard}
          error={error ? problem(error).text : undefined}
        />
      </div>
      {saved && (
        <Drawer open={looking} onOpenChange={setLooking} size="lg" title={t("knowledge.versions.title")} description={t("knowledge.versions.about")}>
          <Versions now={saved} readOnly={readOnly} onRestored={life.replace} />
        </Drawer>
      )}
      <Drawer open={trying} onOpenChange={setTrying} title={t("knowledge.try.title")} description={t("knowledge.try.about")}>
        <TryPanel language={draft.language} own={saved?.id} first={phrasings[0] ?? draft.question} />
      </Drawer>
    </>
  );
}

function PhrasingCount({ phrasings }: { phrasings: string[] }) {
  const { t } = useTranslation();
  const count = new Set(phrasings).size;
  return count >= enoughPhrasings ? <Pill tone="ok">{t("knowledge.questions.enough", { n: count })}</Pill> : <Pill tone="warn">{t("knowledge.questions.few", { n: count, enough: enoughPhrasings })}</Pill>;
}

function draftOf({ question, answer, phrasings, category, language, audience, valid_from, valid_until, review_on, answers, pinned }: Question): QuestionDraft {
  return { question, answer, phrasings, category, language, audience, valid_from, valid_until, review_on, answers, pinned };
}

function blank(): QuestionDraft {
  return { question: "", answer: "", phrasings: [], category: "", language: currentLanguage(), audience: "public" };
}
