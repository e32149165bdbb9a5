import { useQuery } from "@tanstack/react-query";
import { api, type AssistantState } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { CircleCheck, CircleDashed, LoaderCircle } from "lucide-react";
import { knowledgeKeys } from "./keys";
import { enoughPhrasings } from "./phrasings";

/** For each language that has questions: whether the assistant answers outright, and what it lacks. */
export function Standing() {
  const { t } = useTranslation();
  const states = useQuery({
    queryKey: knowledgeKeys.assistant,
    queryFn: api.knowledge.assistant,
    refetchInterval: ({ state }) => (state.data?.items.some(({ standing }) => standing === "learning") ? 2_000 : false),
  });
  const shown = states.data?.items.filter(({ questions }) => questions > 0) ?? [];
  if (shown.length === 0) return null;
  return (
    <section aria-label={t("knowledge.standing.title")} className="mb-4 rounded-lg border bg-panel px-3.5 py-1">
      <ul className="divide-y">
        {shown.map((state) => (
          <Row key={state.language} state={state} />
        ))}
      </ul>
    </section>
  );
}

const icons = {
  clear: <CircleCheck size={15} className="text-ok" aria-hidden="true" />,
  learning: <LoaderCircle size={15} className="text-mut" aria-hidden="true" />,
  small_base: <CircleDashed size={15} className="text-warn" aria-hidden="true" />,
  unsure: <CircleDashed size={15} className="text-warn" aria-hidden="true" />,
};

function Row({ state }: { state: AssistantState }) {
  const { t } = useTranslation();
  const { language, standing, questions, phrasings, missing } = state;
  return (
    <li className="flex gap-2 py-2">
      <span className="mt-0.5 shrink-0">{icons[standing]}</span>
      <div>
        <p className="font-medium">{t("knowledge.standing.size", { language: t(`common.language.${language}`), questions, phrasings })}</p>
        <p className="mt-0.5 text-xs text-mut">
          {t(`knowledge.standing.${standing}`, { missing, enough: enoughPhrasings, coverage: percent(state.coverage), precision: percent(state.precision) })}
        </p>
      </div>
    </li>
  );
}

const percent = (share: number) => Math.round(share * 100);
