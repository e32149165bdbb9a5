import type { ActionDone, RuleAction, Verdict } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn } from "@yingda/ui";
import { CircleCheck, CircleX } from "lucide-react";
import { useCatalogue, useValueText, useVocabulary, useWord } from "./words";

/** The conditions of a rule with what was found, met or not. */
export function WhyTree({ verdict, hidden }: { verdict: Verdict; hidden?: boolean }) {
  const { t } = useTranslation();
  const bare = !verdict.all && !verdict.any && !verdict.field;
  return (
    <div className="flex flex-col gap-1">
      {bare ? <p className="text-xs text-mut">{t("automation.always")}</p> : <ul><Node verdict={verdict} hidden={hidden} /></ul>}
      {hidden && <p className="text-xs text-faint">{t("automation.hidden")}</p>}
    </div>
  );
}

function Node({ verdict, hidden }: { verdict: Verdict; hidden?: boolean }) {
  const { t } = useTranslation();
  const parts = verdict.all ?? verdict.any;
  if (!parts) return <Leaf verdict={verdict} hidden={hidden} />;
  return (
    <li>
      <span className="flex items-center gap-1.5 text-xs font-medium">
        <Mark so={verdict.so} />
        {verdict.any ? t("automation.any") : t("automation.all")}
      </span>
      <ul className={cn("mt-1 ml-1.5 flex flex-col gap-1 border-l-2 pl-3", verdict.so ? "border-ok" : "border-bad")}>
        {parts.map((part, i) => (
          <Node key={i} verdict={part} hidden={hidden} />
        ))}
      </ul>
    </li>
  );
}

function Leaf({ verdict, hidden }: { verdict: Verdict; hidden?: boolean }) {
  const { t } = useTranslation();
  const say = useWord();
  const show = useValueText();
  const catalogue = useCatalogue().data;
  const field = catalogue?.fields.find((each) => each.name === verdict.field);
  const op = catalogue?.ops.find((each) => each.value === verdict.op);
  const changes = verdict.op?.startsWith("changed");
  return (
    <li className="flex items-start gap-1.5 text-sm">
      <Mark so={verdict.so} />
      <span className="min-w-0 break-words">
        <span className="font-medium">{say(field) || verdict.field}</span> <span className="text-mut">{say(op) || verdict.op}</span>{" "}
        {op?.wants !== "none" && <span>{show(verdict.field ?? "", verdict.want)}</span>}
        {!hidden && (
          <span className="block text-xs text-mut">
            {changes ? t("automation.was_is", { was: show(verdict.field ?? "", verdict.was), is: show(verdict.field ?? "", verdict.is) }) : t("automation.is_now", { value: show(verdict.field ?? "", verdict.is) })}
          </span>
        )}
      </span>
    </li>
  );
}

function Mark({ so }: { so: boolean }) {
  const { t } = useTranslation();
  const Icon = so ? CircleCheck : CircleX;
  return (
    <span className={cn("mt-0.5 shrink-0", so ? "text-ok" : "text-bad")}>
      <Icon size={14} aria-hidden="true" />
      <span className="sr-only">{so ? t("automation.met") : t("automation.unmet")}</span>
    </span>
  );
}

/** An action in words: its name and what it sets. */
export function useActionText() {
  const say = useWord();
  const catalogue = useCatalogue().data;
  const { teams, agents, categories } = useVocabulary();
  return (action: RuleAction): string => {
    const word = catalogue?.actions.find((each) => each.value === action.kind);
    const value =
      say(word?.choices.find((choice) => choice.value === action.value)) ||
      (action.kind === "act" ? say(catalogue?.acts.find((act) => act.code === action.value)?.name) : "") ||
      categories.find((category) => category.value === action.value && action.kind === "set_category")?.label ||
      action.value;
    const whom = say(catalogue?.audiences.find((each) => each.value === action.to));
    const team = teams.find((each) => each.value === action.team_id)?.label;
    const who = agents.find((each) => each.value === action.agent_id)?.label;
    return [say(word) || action.kind, value, whom, team, who, action.after].filter(Boolean).join(" · ");
  };
}

/** Actions with what became of each. */
export function DoneList({ done }: { done: ActionDone[] }) {
  const { t, i18n } = useTranslation();
  const say = useActionText();
  return (
    <ol className="flex flex-col gap-1.5">
      {done.map((line, i) => (
        <li key={i} className="flex items-start gap-1.5 text-sm">
          <span className={cn("mt-0.5 shrink-0", line.failed ? "text-bad" : "text-ok")}>{line.failed ? <CircleX size={14} aria-hidden="true" /> : <CircleCheck size={14} aria-hidden="true" />}</span>
          <span className="min-w-0 break-words">
            {say(line.action)}
            {line.text && <span className="block text-xs whitespace-pre-wrap text-mut">{line.text}</span>}
            {line.failed && <span className="block text-xs text-bad">{t("automation.refused", { why: i18n.language === "en" ? line.why_en : line.why_zh })}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
