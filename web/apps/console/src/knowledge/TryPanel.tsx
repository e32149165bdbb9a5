import { Link } from "@tanstack/react-router";
import { api, type Lang, type Trial } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, EmptyState, Field, Pill, Section, Segmented, SkeletonRows, Textarea, cn, isComposing, type Tone } from "@yingda/ui";
import { ListChecks, MessageSquareText, Smile, UserRound, WandSparkles, type LucideIcon } from "lucide-react";
import { useState } from "react";
import { Failure, useChange } from "../form/failure";
import { Standing } from "./Standing";

export function TryPage() {
  const { t } = useTranslation();
  return (
    <div className="scroll min-h-0 min-w-0 flex-1 overflow-y-auto border-l bg-canvas px-6 py-5 max-lg:border-l-0 max-md:px-4">
      <div className="mx-auto max-w-3xl">
        <Section title={t("knowledge.try.title")} description={t("knowledge.try.about")}>
          <Standing />
          <TryPanel language={currentLanguage()} />
        </Section>
      </div>
    </div>
  );
}

export interface TryPanelProps {
  language: Lang;
  /** The question that is being edited; it is marked among the candidates. */
  own?: string;
  first?: string;
}

/** Asks the assistant a sentence and shows what it would do, and why. Nothing is sent to anybody. */
export function TryPanel({ language: firstLanguage, own, first = "" }: TryPanelProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(first);
  const [language, setLanguage] = useState(firstLanguage);
  const ask = useChange(() => api.questions.try(text.trim(), language), { quiet: true });
  return (
    <div className="flex flex-col gap-4">
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) ask.mutate();
        }}
      >
        <Field label={t("knowledge.try.sentence")} hint={t("knowledge.try.sentence_hint")}>
          <Textarea
            minRows={2}
            maxLength={500}
            value={text}
            onChange={(e) => setText(e.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
              event.preventDefault();
              if (text.trim()) ask.mutate();
            }}
          />
        </Field>
        <div className="flex flex-wrap items-center gap-2">
          <Segmented<Lang> label={t("common.language.title")} value={language} onChange={setLanguage} choices={(["zh", "en"] as const).map((value) => ({ value, label: t(`common.language.${value}`) }))} />
          <Button type="submit" variant="primary" className="ml-auto" icon={<WandSparkles size={14} />} loading={ask.isPending} disabled={!text.trim()}>
            {t("knowledge.try.ask")}
          </Button>
        </div>
      </form>
      <div aria-live="polite">
        {ask.isPending && <SkeletonRows rows={3} />}
        {ask.isError && <Failure error={ask.error} onRetry={() => ask.mutate()} />}
        {ask.isIdle && <EmptyState className="py-8" icon={<WandSparkles size={20} />} title={t("knowledge.try.idle")} detail={t("knowledge.try.idle_hint")} />}
        {ask.data && !ask.isPending && <Outcome trial={ask.data} own={own} />}
      </div>
    </div>
  );
}

const outcomes: Record<Trial["action"], { icon: LucideIcon; tone: Tone }> = {
  none: { icon: Smile, tone: "plain" },
  answer: { icon: MessageSquareText, tone: "ok" },
  choose: { icon: ListChecks, tone: "brand" },
  hand_over: { icon: UserRound, tone: "warn" },
};

function Outcome({ trial, own }: { trial: Trial; own?: string }) {
  const { t } = useTranslation();
  const reader = currentLanguage();
  const { icon: Icon, tone } = outcomes[trial.action];
  const top = Math.max(...trial.candidates.map(({ score }) => score), 0.0001);
  return (
    <div className="flex flex-col gap-3">
      <div className="rounded-lg border border-ai-line bg-ai-soft px-3.5 py-3">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          <Pill tone={tone} icon={<Icon size={12} aria-hidden="true" />}>
            {t(`knowledge.try.actions.${trial.action}`)}
          </Pill>
          {t(`knowledge.try.says.${trial.action}`)}
        </p>
        <p className="mt-1.5 text-xs text-mut">
          {t("knowledge.try.why")} {trial.why.map((reason) => reason[reader]).join(reader === "zh" ? "；" : "; ")}
        </p>
      </div>
      <h3 className="text-xs font-medium text-mut">{t("knowledge.try.candidates", { n: trial.candidates.length })}</h3>
      {trial.candidates.length === 0 && <p className="text-xs text-faint">{t("knowledge.try.none")}</p>}
      <ol className="flex flex-col gap-1.5">
        {trial.candidates.map((candidate, i) => (
          <li key={candidate.id} className={cn("relative overflow-hidden rounded-lg border px-3 py-2", candidate.id === own && "border-brand")}>
            <span aria-hidden="true" className="absolute inset-y-0 left-0 bg-ai-soft" style={{ width: `${(candidate.score / top) * 100}%` }} />
            <span className="relative flex items-center gap-2.5">
              <span className="num w-4 shrink-0 text-center text-xs text-mut">{i + 1}</span>
              <Link to="/knowledge/{-$section}/{-$id}" params={{ section: "questions", id: candidate.id }} className="min-w-0 flex-1 hover:underline">
                {candidate.question}
              </Link>
              {candidate.id === own && <Pill tone="brand">{t("knowledge.try.this_one")}</Pill>}
              <span className="num shrink-0 text-xs text-mut">{candidate.score.toFixed(2)}</span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
