// The names of everything that rules are made of, in the reader's language.

import { useQuery } from "@tanstack/react-query";
import { automation, type AutomationCatalogue, type AutomationSubject, type CaseBranch, type RuleTrigger, type RuleValue, type Word } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import type { Option } from "@yingda/ui";
import { leaves } from "../conversation/CloseDialog";
import { useAgents, useSettings, useTeams } from "../query";

export const automationKey = ["automation"] as const;
export const macrosKey = ["macros"] as const;

export function useCatalogue() {
  return useQuery({ queryKey: [...automationKey, "catalogue"], queryFn: automation.catalogue, staleTime: Infinity });
}

export function useWord() {
  const { i18n } = useTranslation();
  return (word: { zh: string; en: string } | undefined) => (word ? (i18n.language === "en" ? word.en : word.zh) : "");
}

/** Names of teams, people, states, stages, categories and promises, as options by field. */
export function useVocabulary() {
  const say = useWord();
  const { i18n } = useTranslation();
  const teams = useTeams().data?.items ?? [];
  const agents = useAgents().data?.items ?? [];
  const words = useQuery({ queryKey: [...automationKey, "case-words"], queryFn: automation.caseWords, staleTime: Infinity }).data;
  const tree = useQuery({ queryKey: [...automationKey, "categories"], queryFn: automation.categories, staleTime: 5 * 60_000 }).data;
  const unique = (options: Option[]) => options.filter((option, i) => options.findIndex((other) => other.value === option.value) === i);
  const teamOptions: Option[] = teams.map(({ id, name }) => ({ value: id, label: name }));
  const agentOptions: Option[] = agents.map(({ id, name }) => ({ value: id, label: name }));
  const states = unique((words?.kinds ?? []).flatMap((kind) => (kind.states ?? []).map(({ state, name }) => ({ value: state, label: say(name) }))));
  const stages = unique((words?.kinds ?? []).flatMap((kind) => (kind.stages ?? []).map(({ code, name }) => ({ value: code, label: say(name) }))));
  const metrics = (words?.metrics ?? []).map(({ code, name }) => ({ value: code, label: say(name) }));
  const branches = (level: CaseBranch[], above = ""): Option[] =>
    level.flatMap((branch) => {
      const label = above ? `${above} / ${say(branch.name)}` : say(branch.name);
      return [{ value: branch.id, label }, ...branches(branch.children ?? [], label)];
    });
  const categories = branches(tree?.categories ?? []);
  const settings = useSettings().data;
  const talks = leaves(settings?.categories ?? [], i18n.language === "en" ? "en" : "zh").map(({ id, path }) => ({ value: id, label: path }));
  const byField: Record<string, Option[]> = {
    "case.team": teamOptions,
    "conversation.team": teamOptions,
    "case.agent": agentOptions,
    "conversation.agent": agentOptions,
    "case.state": states,
    "case.stage": stages,
    "case.category": categories,
    "case.suggested_category": categories,
    "case.suggested_team": teamOptions,
    "conversation.suggested_team": teamOptions,
    "conversation.category": talks,
    "conversation.suggested_category": talks,
    "clock.metric": metrics,
  };
  return { byField, teams: teamOptions, agents: agentOptions, categories };
}

/** The subjects that all of a rule's triggers share. */
export function subjectsOf(on: RuleTrigger[], catalogue: AutomationCatalogue): AutomationSubject[] {
  const found = on.map((trigger) => (trigger.event === "time" ? trigger.subject : catalogue.events.find((event) => event.value === trigger.event)?.subject));
  return [...new Set(found.filter((subject): subject is AutomationSubject => subject !== undefined))];
}

/** Whether something that fits some subjects fits all of those. */
export function fits(fitting: AutomationSubject[], subjects: AutomationSubject[]): boolean {
  return subjects.every((subject) => fitting.includes(subject));
}

/** Writes a value for people: names instead of codes. */
export function useValueText() {
  const { t } = useTranslation();
  const say = useWord();
  const { byField } = useVocabulary();
  const catalogue = useCatalogue().data;
  return (field: string, value: RuleValue | undefined): string => {
    const choices: Word[] = catalogue?.fields.find((each) => each.name === field)?.choices ?? [];
    const one = (v: string | number | boolean): string => {
      if (typeof v === "boolean") return v ? t("automation.yes") : t("automation.no");
      const choice = choices.find((each) => each.value === v);
      const known = byField[field]?.find((option) => option.value === v);
      if (choice) return say(choice);
      if (known) return known.label;
      if (typeof v === "string" && /^\d{4}-\d\d-\d\dT/.test(v)) return new Date(v).toLocaleString();
      return String(v);
    };
    if (value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return t("automation.empty_value");
    return Array.isArray(value) ? value.map(one).join("、") : one(value);
  };
}
