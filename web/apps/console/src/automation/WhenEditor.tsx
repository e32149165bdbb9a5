import type { AutomationCatalogue, AutomationSubject, RuleField, RuleValue, RuleWhen } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Combobox, IconButton, Segmented, Select, cn } from "@yingda/ui";
import { FolderPlus, Plus, TriangleAlert, X } from "lucide-react";
import { groupOf, isGroup, matchOf, partsOf, type Match } from "./tree";
import { ValueInput } from "./ValueInput";
import { fits, useWord } from "./words";

interface Shared {
  catalogue: AutomationCatalogue;
  subjects: AutomationSubject[];
  errors: Record<string, string>;
}

interface GroupProps extends Shared {
  group: RuleWhen;
  path: string;
  depth: number;
  onChange: (group: RuleWhen) => void;
  onRemove?: () => void;
}

/** A group of conditions and groups, of which all or any must be so. */
export function GroupEditor({ group, path, depth, onChange, onRemove, ...shared }: GroupProps) {
  const { t } = useTranslation();
  const match = matchOf(group);
  const parts = partsOf(group);
  const replace = (at: number, part?: RuleWhen) => onChange(groupOf(match, part ? parts.map((each, i) => (i === at ? part : each)) : parts.filter((_, i) => i !== at)));
  const first = shared.catalogue.fields.find((field) => fits(field.subjects, shared.subjects));
  const fresh = (): RuleWhen => ({ field: first?.name, op: first?.ops[0], value: null });
  return (
    <fieldset className={cn("flex min-w-0 flex-col gap-2", depth > 0 && "rounded-lg border bg-raise/60 p-3")} aria-label={t("automation.group", { depth: depth + 1 })}>
      <div className="flex items-center gap-2">
        <Segmented<Match>
          label={t("automation.match")}
          value={match}
          onChange={(next) => onChange(groupOf(next, parts))}
          choices={[{ value: "all", label: t("automation.all") }, { value: "any", label: t("automation.any") }]}
        />
        {onRemove && <IconButton className="ml-auto" size="sm" label={t("automation.remove_group")} icon={<X size={14} />} onClick={onRemove} />}
      </div>
      <FieldError text={shared.errors[path]} />
      {parts.length > 0 && (
        <ul className={cn("flex flex-col gap-2 border-l-2 pl-3", match === "all" ? "border-brand" : "border-warn")}>
          {parts.map((part, i) => {
            const at = `${path}.${match}.${i}`;
            return (
              <li key={i}>
                {isGroup(part) ? (
                  <GroupEditor {...shared} group={part} path={at} depth={depth + 1} onChange={(next) => replace(i, next)} onRemove={() => replace(i)} />
                ) : (
                  <ConditionEditor {...shared} condition={part} path={at} onChange={(next) => replace(i, next)} onRemove={() => replace(i)} />
                )}
              </li>
            );
          })}
        </ul>
      )}
      <div className="flex flex-wrap gap-2">
        <Button size="sm" icon={<Plus size={13} />} onClick={() => onChange(groupOf(match, [...parts, fresh()]))}>
          {t("automation.add_condition")}
        </Button>
        {depth < shared.catalogue.limits.depth - 1 && (
          <Button size="sm" icon={<FolderPlus size={13} />} onClick={() => onChange(groupOf(match, [...parts, { [match === "all" ? "any" : "all"]: [fresh()] }]))}>
            {t("automation.add_group")}
          </Button>
        )}
      </div>
    </fieldset>
  );
}

interface ConditionProps extends Shared {
  condition: RuleWhen;
  path: string;
  onChange: (condition: RuleWhen) => void;
  onRemove: () => void;
}

function ConditionEditor({ catalogue, subjects, errors, condition, path, onChange, onRemove }: ConditionProps) {
  const { t } = useTranslation();
  const say = useWord();
  const fields = catalogue.fields.filter((field) => field.name === condition.field || fits(field.subjects, subjects));
  const field = catalogue.fields.find((each) => each.name === condition.field);
  const op = catalogue.ops.find((each) => each.value === condition.op);
  const here = ["field", "op", "value"].map((name) => errors[`${path}.${name}`]).find(Boolean) ?? errors[path];

  function pickField(name: string | undefined) {
    const next = catalogue.fields.find((each) => each.name === name);
    if (!next) return;
    const kept = condition.op && next.ops.includes(condition.op) ? condition.op : next.ops[0];
    onChange({ field: next.name, op: kept, value: blank(next, wantsOf(catalogue, kept)) });
  }
  function pickOp(next: string) {
    const before = wantsOf(catalogue, condition.op);
    const after = wantsOf(catalogue, next);
    onChange({ ...condition, op: next, value: before === after ? condition.value : blank(field, after) });
  }
  return (
    <div role="group" aria-label={field ? say(field) : t("automation.field")}>
      <div className="grid items-start gap-2 sm:grid-cols-[minmax(0,1.1fr)_minmax(0,0.9fr)_minmax(0,1.4fr)_28px]">
        <Combobox label={t("automation.field")} options={fields.map((each) => ({ value: each.name, label: say(each) }))} value={condition.field} onChange={pickField} />
        <Select label={t("automation.op")} options={(field?.ops ?? []).map((name) => ({ value: name, label: say(catalogue.ops.find((each) => each.value === name)) }))} value={condition.op} onChange={pickOp} />
        <div className="min-w-0">{field && op && <ValueInput key={`${field.name} ${op.value}`} field={field} wants={op.wants} value={condition.value} onChange={(value) => onChange({ ...condition, value })} />}</div>
        <IconButton size="sm" label={t("automation.remove_condition")} icon={<X size={14} />} onClick={onRemove} />
      </div>
      <FieldError text={here} />
    </div>
  );
}

function wantsOf(catalogue: AutomationCatalogue, op: string | undefined) {
  return catalogue.ops.find((each) => each.value === op)?.wants;
}

function blank(field: RuleField | undefined, wants: string | undefined): RuleValue | undefined {
  if (wants === "none") return undefined;
  if (wants === "many" || wants === "words") return [];
  if (wants === "pair") return field?.type === "number" ? [0, 1] : ["", ""];
  return field?.type === "bool" ? true : null;
}

/** What the server says is wrong at this place. */
export function FieldError({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <p role="alert" className="mt-1 flex items-start gap-1 text-xs text-bad">
      <TriangleAlert size={13} className="mt-0.5 shrink-0" aria-hidden="true" />
      {text}
    </p>
  );
}
