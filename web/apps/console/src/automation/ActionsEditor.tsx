import type { ActionParam, ActionWord, AutomationCatalogue, AutomationSubject, RuleAction } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Combobox, Field, IconButton, Input, Menu, Select, Textarea, type Option } from "@yingda/ui";
import { ArrowDown, ArrowUp, Braces, Plus, Trash2 } from "lucide-react";
import { useRef, type ReactNode } from "react";
import { SpanInput } from "./ValueInput";
import { FieldError } from "./WhenEditor";
import { fits, useVocabulary, useWord } from "./words";

interface Props {
  catalogue: AutomationCatalogue;
  subjects: AutomationSubject[];
  actions: RuleAction[];
  /** Where they stand: "then" of a rule, "actions" of a macro. */
  path: string;
  errors: Record<string, string>;
  onChange: (actions: RuleAction[]) => void;
}

/** What is done, one after the other. */
export function ActionsEditor({ catalogue, subjects, actions, path, errors, onChange }: Props) {
  const { t } = useTranslation();
  const say = useWord();
  const kinds = catalogue.actions.filter((action) => fits(action.subjects, subjects));
  const set = (at: number, action: RuleAction) => onChange(actions.map((each, i) => (i === at ? action : each)));
  function move(at: number, by: number) {
    const next = [...actions];
    const [taken] = next.splice(at, 1);
    next.splice(at + by, 0, taken!);
    onChange(next);
  }
  return (
    <div className="flex flex-col gap-2">
      <FieldError text={errors[path]} />
      <ol className="flex flex-col gap-2">
        {actions.map((action, i) => {
          const word = catalogue.actions.find((each) => each.value === action.kind);
          const name = say(word) || action.kind;
          return (
            <li key={i} className="rounded-lg border bg-raise/60 p-3">
              <div className="mb-2 flex items-center gap-1">
                <span className="num mr-1 text-xs text-faint">{i + 1}</span>
                <Select
                  className="flex-1"
                  label={t("automation.action")}
                  value={action.kind}
                  options={catalogue.actions.filter((each) => each.value === action.kind || kinds.includes(each)).map((each) => ({ value: each.value, label: say(each) }))}
                  onChange={(kind) => set(i, kept(action, catalogue.actions.find((each) => each.value === kind)))}
                />
                <IconButton size="sm" label={t("settings.up", { name })} icon={<ArrowUp size={14} />} disabled={i === 0} onClick={() => move(i, -1)} />
                <IconButton size="sm" label={t("settings.down", { name })} icon={<ArrowDown size={14} />} disabled={i === actions.length - 1} onClick={() => move(i, 1)} />
                <IconButton size="sm" label={t("automation.remove_action", { name })} icon={<Trash2 size={14} />} onClick={() => onChange(actions.filter((_, at) => at !== i))} />
              </div>
              <FieldError text={errors[`${path}.${i}`] ?? errors[`${path}.${i}.kind`]} />
              {word && <Params action={action} word={word} catalogue={catalogue} subjects={subjects} errors={errors} path={`${path}.${i}`} onChange={(next) => set(i, next)} />}
            </li>
          );
        })}
      </ol>
      <div>
        <Menu
          label={t("automation.add_action")}
          align="start"
          groups={[kinds.map((kind) => ({ label: say(kind), onSelect: () => onChange([...actions, kept({ kind: kind.value }, kind)]) }))]}
          trigger={
            <Button size="sm" icon={<Plus size={13} />} disabled={actions.length >= catalogue.limits.actions}>
              {t("automation.add_action")}
            </Button>
          }
        />
      </div>
    </div>
  );
}

/** An action of another kind keeps what that kind takes too. */
function kept(action: RuleAction, kind: ActionWord | undefined): RuleAction {
  const next: RuleAction = { kind: kind?.value ?? action.kind };
  for (const param of [...(kind?.needs ?? []), ...(kind?.may ?? [])]) {
    const value = action[param];
    if (value && !(param === "value" && kind?.choices.length && !kind.choices.some((choice) => choice.value === value))) next[param] = value;
  }
  return next;
}

interface ParamsProps {
  action: RuleAction;
  word: ActionWord;
  catalogue: AutomationCatalogue;
  subjects: AutomationSubject[];
  errors: Record<string, string>;
  path: string;
  onChange: (action: RuleAction) => void;
}

function Params({ action, word, catalogue, subjects, errors, path, onChange }: ParamsProps) {
  const { t } = useTranslation();
  const say = useWord();
  const { teams, agents, categories } = useVocabulary();
  const set = (param: ActionParam, value: string | undefined) => onChange({ ...action, [param]: value || undefined });
  const audience: Option[] = catalogue.audiences.map((each) => ({ value: each.value, label: say(each) }));
  function control(param: ActionParam): ReactNode {
    switch (param) {
      case "team_id":
        return <Combobox clearable options={teams} value={action.team_id} onChange={(v) => set(param, v)} />;
      case "agent_id":
        return <Combobox clearable options={agents} value={action.agent_id} onChange={(v) => set(param, v)} />;
      case "to":
        return <Select options={audience} value={action.to} onChange={(v) => set(param, v)} />;
      case "after":
        return <SpanInput value={action.after ?? ""} onChange={(v) => set(param, v)} />;
      case "text":
        return <Template value={action.text ?? ""} catalogue={catalogue} subjects={subjects} onChange={(v) => set(param, v)} />;
      case "value": {
        const choices: Option[] | undefined =
          word.choices.length > 0
            ? word.choices.map((choice) => ({ value: choice.value, label: say(choice) }))
            : word.value === "set_category"
              ? categories
              : word.value === "act"
                ? catalogue.acts.map(({ code, name }) => ({ value: code, label: say(name) }))
                : undefined;
        if (!choices) return <Input maxLength={80} value={action.value ?? ""} onChange={(e) => set(param, e.target.value)} />;
        return choices.length > 12 ? <Combobox options={choices} value={action.value} onChange={(v) => set(param, v)} /> : <Select options={choices} value={action.value} onChange={(v) => set(param, v)} />;
      }
    }
  }
  const shown = [...word.needs, ...word.may].filter((param) => !(param === "team_id" && word.value === "notify" && action.to !== "team") && !(param === "agent_id" && word.value === "notify" && action.to !== "agent"));
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      {shown.map((param) => (
        <Field
          key={param}
          className={param === "text" ? "sm:col-span-2" : undefined}
          label={t(`automation.param.${param}`)}
          required={word.needs.includes(param)}
          aside={word.needs.includes(param) ? undefined : t("automation.optional")}
          error={errors[`${path}.${param}`]}
        >
          {control(param)}
        </Field>
      ))}
    </div>
  );
}

/** A text with a picker for its variables. */
export function Template({ value, catalogue, subjects, onChange }: { value: string; catalogue: AutomationCatalogue; subjects: AutomationSubject[]; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const say = useWord();
  const area = useRef<HTMLTextAreaElement>(null);
  const known = catalogue.variables.filter((variable) => fits(variable.subjects, subjects));
  function insert(name: string) {
    const at = area.current?.selectionStart ?? value.length;
    const word = `{{${name}}}`;
    onChange(value.slice(0, at) + word + value.slice(area.current?.selectionEnd ?? at));
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(at + word.length, at + word.length);
    });
  }
  return (
    <div className="flex flex-col items-start gap-1.5">
      <Textarea ref={area} minRows={2} maxLength={4000} value={value} onChange={(e) => onChange(e.target.value)} />
      <Menu
        label={t("automation.variables")}
        align="start"
        groups={[known.map((variable) => ({ label: say(variable), hint: `{{${variable.name}}}`, onSelect: () => insert(variable.name) }))]}
        trigger={
          <Button size="sm" icon={<Braces size={13} />}>
            {t("automation.variables")}
          </Button>
        }
      />
    </div>
  );
}
