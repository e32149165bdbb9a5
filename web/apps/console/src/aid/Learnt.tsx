import type { Learnt } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button } from "@yingda/ui";
import { Sparkles } from "lucide-react";

interface LearntChoicesProps {
  learnt?: Learnt;
  /** What an answer is called; undefined leaves it out, as it is not there any more. */
  named: (answer: string) => string | undefined;
  onTake: (answer: string) => void;
  label: string;
}

/** What closed work suggests, to be taken with a click, with how far it can be trusted. */
export function LearntChoices({ learnt, named, onTake, label }: LearntChoicesProps) {
  const guesses = (learnt?.guesses ?? []).flatMap(({ id, probability }) => {
    const name = named(id);
    return name ? [{ id, name, probability }] : [];
  });
  if (!learnt || guesses.length === 0) return null;
  return (
    <div role="group" aria-label={label} className="flex flex-wrap items-center gap-1.5 text-xs text-mut">
      <Sparkles size={13} className="text-ai" aria-hidden="true" />
      {guesses.map(({ id, name, probability }) => (
        <Button key={id} size="sm" onClick={() => onTake(id)}>
          {name} <span className="num text-faint">{Math.round(probability * 100)}%</span>
        </Button>
      ))}
      <LearntWhy learnt={learnt} />
    </div>
  );
}

function LearntWhy({ learnt }: { learnt: Learnt }) {
  const { t } = useTranslation();
  return (
    <span className="text-2xs text-mut">
      {t("aids.learning.from")}
      {learnt.why[currentLanguage()]}
    </span>
  );
}

/** The first suggestion of a topic, as it is told to the server; empty if there was none. */
export function firstOf(learnt?: Learnt): string | undefined {
  return learnt?.guesses[0]?.id;
}
