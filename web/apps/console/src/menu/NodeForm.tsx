import { endReasons, nodeKinds, type CallMenu, type EditProblem, type MenuNames, type MenuNode, type NodeKind, type Prompt } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Field, IconButton, Input, Pill, Select, Switch } from "@yingda/ui";
import { Plus, Trash2 } from "lucide-react";
import { useId } from "react";
import { IDField } from "../edited/IDField";
import { WordLines } from "../edited/WordLines";
import { BilingualField } from "../form/BilingualField";
import { PromptsField } from "./PromptsField";
import { changeNode, removeNode, renameNode, shapes, valuesOf } from "./edit";
import { wayLabel } from "./words";

export interface NodeFormProps {
  menu: CallMenu;
  node: MenuNode;
  names: MenuNames;
  prompts: readonly Prompt[];
  /** What is wrong in this node. */
  problems: readonly EditProblem[];
  onChange: (menu: CallMenu) => void;
  /** Another node is to be shown. */
  onOpen: (id?: string) => void;
  disabled?: boolean;
}

const nothing = { zh: "", en: "" };
const phoneKeys = [..."1234567890*#"];

interface PartProps {
  node: MenuNode;
  set: (change: Partial<MenuNode>) => void;
  to: { value: string; label: string }[];
  disabled?: boolean;
}

/** One node of a menu: what callers hear, what it does, and where it leads. */
export function NodeForm({ menu, node, names, prompts, problems, onChange, onOpen, disabled }: NodeFormProps) {
  const { t } = useTranslation();
  const lang = currentLanguage();
  const kind = (nodeKinds as readonly string[]).includes(node.kind) ? (node.kind as NodeKind) : "play";
  const of = shapes[kind];
  const set = (change: Partial<MenuNode>) => onChange(changeNode(menu, node.id, change));
  const others = menu.nodes.filter(({ id }) => id !== node.id).map(({ id }) => id);
  const to = [{ value: "", label: t("menu.node.nowhere") }, ...menu.nodes.map(({ id, name }) => ({ value: id, label: name?.[lang] ? `${name[lang]} · ${id}` : id }))];
  const text = (field: "advice" | "into" | "queue" | "from", label: string, hint?: string, list?: readonly string[]) => (
    <NamedInput key={field} label={label} hint={hint} list={list} value={node[field] ?? ""} onChange={(value) => set({ [field]: value || undefined })} disabled={disabled} />
  );
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-2">
        <Pill tone="brand">{t(`menu.kinds.${kind}`)}</Pill>
        <span className="text-xs text-mut">{t(`menu.kind_hints.${kind}`)}</span>
        <IconButton
          className="ml-auto"
          label={t("menu.node.remove")}
          icon={<Trash2 size={15} />}
          disabled={disabled || menu.nodes.length < 2}
          onClick={() => {
            onChange(removeNode(menu, node.id));
            onOpen(others[0]);
          }}
        />
      </div>
      {problems.length > 0 && (
        <ul aria-label={t("menu.node.problems")} className="flex flex-col gap-1">
          {problems.map((problem, i) => (
            <li key={i} className="rounded-md bg-bad-soft px-2 py-1 text-xs text-bad">
              {problem.text[lang]}
            </li>
          ))}
        </ul>
      )}
      <IDField
        key={node.id}
        value={node.id}
        taken={others}
        hint={t("menu.node.id_hint")}
        disabled={disabled}
        onRename={(id) => {
          onChange(renameNode(menu, node.id, id));
          onOpen(id);
        }}
      />
      <BilingualField label={t("flow.name")} maxLength={60} value={node.name ?? nothing} onChange={(name) => set({ name })} disabled={disabled} />
      {of.prompts.map((field) => (
        <PromptsField key={field} label={t(`menu.prompts.${field}`)} all={prompts} value={node[field] ?? []} onChange={(value) => set({ [field]: value.length > 0 ? value : undefined })} disabled={disabled} />
      ))}
      {of.keys && <KeysForm node={node} set={set} to={to} disabled={disabled} />}
      {kind === "queue" && text("queue", t("menu.node.queue"), t("menu.node.queue_hint"), names.queues)}
      {kind === "queue" && <PromptsField single label={t("menu.node.whisper")} hint={t("menu.node.whisper_hint")} all={prompts} value={node.whisper ? [node.whisper] : []} onChange={([whisper]) => set({ whisper })} disabled={disabled} />}
      {kind === "queue" && <WordLines label={t("menu.node.skills")} hint={t("menu.node.skills_hint")} value={node.skills} onChange={(skills) => set({ skills: skills.length > 0 ? skills : undefined })} disabled={disabled} />}
      {kind === "play" && text("advice", t("menu.node.advice"), t("menu.node.advice_hint"))}
      {kind === "collect" && text("into", t("menu.node.into"), t("menu.node.into_hint"))}
      {kind === "callback" && text("from", t("menu.node.from"), t("menu.node.from_hint"), valuesOf(menu))}
      {kind === "survey" && <QuestionsForm node={node} set={set} to={to} prompts={prompts} disabled={disabled} />}
      {kind === "condition" && <CasesForm node={node} set={set} to={to} values={valuesOf(menu)} disabled={disabled} />}
      {kind === "hours" && (
        <Field label={t("menu.node.calendar")}>
          <Select options={names.calendars.map((value) => ({ value, label: value === "hotline" ? t("menu.node.hotline") : value }))} value={node.calendar} onChange={(calendar) => set({ calendar })} disabled={disabled} />
        </Field>
      )}
      {kind === "http" && <HookForm node={node} set={set} names={names} values={valuesOf(menu)} disabled={disabled} />}
      {kind === "set" && <PairLines label={t("menu.node.values")} hint={t("menu.node.values_hint")} value={node.values} onChange={(values) => set({ values })} disabled={disabled} />}
      {kind === "transfer" && (
        <Field label={t("menu.node.to")} hint={names.numbers.length > 0 ? undefined : t("menu.node.to_none")}>
          <Select options={names.numbers.map((value) => ({ value, label: value }))} value={node.to} onChange={(number) => set({ to: number })} placeholder={t("menu.node.choose")} disabled={disabled} />
        </Field>
      )}
      {kind === "hangup" && (
        <Field label={t("menu.node.reason")}>
          <Select options={endReasons.map((value) => ({ value, label: t(`menu.reasons.${value}`) }))} value={node.reason as (typeof endReasons)[number]} onChange={(reason) => set({ reason })} disabled={disabled} />
        </Field>
      )}
      {of.ways.map((field) => (
        <Field key={field} label={wayLabel(kind, field)}>
          <Select options={to} value={node[field] ?? ""} onChange={(next) => set({ [field]: next || undefined })} disabled={disabled} />
        </Field>
      ))}
      {of.numbers.length > 0 && (
        <div className="grid grid-cols-2 gap-3">
          {of.numbers.map((field) => (
            <Field key={field} label={field === "seconds" ? t(`menu.seconds.${kind as "menu"}`) : t(`menu.numbers.${field}`)}>
              <Input type="number" inputMode="numeric" min={0} value={node[field] ?? ""} onChange={(event) => set({ [field]: event.target.value ? Math.max(0, Math.floor(Number(event.target.value))) : undefined })} disabled={disabled} />
            </Field>
          ))}
        </div>
      )}
      {of.flags.map((field) => (
        <Switch key={field} checked={node[field] ?? false} onChange={(on) => set({ [field]: on || undefined })} label={t(`menu.flags.${field}`)} hint={t(`menu.flag_hints.${field}`)} disabled={disabled} />
      ))}
    </div>
  );
}

function NamedInput({ label, hint, list, value, onChange, disabled }: { label: string; hint?: string; list?: readonly string[]; value: string; onChange: (value: string) => void; disabled?: boolean }) {
  const id = useId();
  return (
    <Field label={label} hint={hint}>
      <Input className="num" maxLength={40} spellCheck={false} list={list ? id : undefined} value={value} onChange={(event) => onChange(event.target.value)} disabled={disabled} />
      {list && (
        <datalist id={id}>
          {list.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </Field>
  );
}

/** What another system is asked, which values it is told, and which it yields. */
function HookForm({ node, set, names, values, disabled }: Omit<PartProps, "to"> & { names: MenuNames; values: readonly string[] }) {
  const { t } = useTranslation();
  const hook = names.hooks.find(({ name }) => name === node.hook);
  const choose = (name: string) => {
    const chosen = names.hooks.find((each) => each.name === name);
    set({ hook: name, with: Object.fromEntries((chosen?.sends ?? []).filter((each) => values.includes(each)).map((each) => [each, each])), tells: chosen?.gives });
  };
  const tell = (theirs: string, ours: string) => {
    const { [theirs]: _, ...rest } = node.with ?? {};
    set({ with: ours ? { ...rest, [theirs]: ours } : rest });
  };
  return (
    <>
      <Field label={t("menu.node.hook")} hint={names.hooks.length > 0 ? hook?.about : t("menu.node.hook_none")}>
        <Select options={names.hooks.map(({ name }) => ({ value: name, label: name }))} value={hook && node.hook} onChange={choose} placeholder={node.hook || t("menu.node.choose")} disabled={disabled} />
      </Field>
      {hook && hook.sends.length > 0 && (
        <fieldset className="flex flex-col gap-2">
          <legend className="pb-1 text-xs font-medium text-mut">{t("menu.node.with")}</legend>
          {hook.sends.map((theirs) => (
            <Field key={theirs} label={theirs}>
              <Select options={[{ value: "", label: t("menu.node.with_none") }, ...[...new Set([...values, ...(node.with?.[theirs] ? [node.with[theirs]] : [])])].map((value) => ({ value, label: value }))]} value={node.with?.[theirs] ?? ""} onChange={(ours) => tell(theirs, ours)} disabled={disabled} />
            </Field>
          ))}
        </fieldset>
      )}
      {hook && hook.gives.length > 0 && (
        <fieldset className="flex flex-col gap-2">
          <legend className="pb-1 text-xs font-medium text-mut">{t("menu.node.tells")}</legend>
          {hook.gives.map((name) => (
            <Switch key={name} checked={node.tells?.includes(name) ?? false} onChange={(on) => set({ tells: hook.gives.filter((each) => (each === name ? on : node.tells?.includes(each))) })} label={name} disabled={disabled} />
          ))}
        </fieldset>
      )}
    </>
  );
}

/** Names with values, one pair a line: name = value. */
function PairLines({ label, hint, value, onChange, disabled }: { label: string; hint: string; value?: Record<string, string>; onChange: (value?: Record<string, string>) => void; disabled?: boolean }) {
  const lines = Object.entries(value ?? {}).map(([name, of]) => `${name} = ${of}`);
  const read = (all: string[]) => {
    const pairs = all.flatMap((line) => {
      const at = line.indexOf("=");
      return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const] : [];
    });
    onChange(pairs.length > 0 ? Object.fromEntries(pairs) : undefined);
  };
  return <WordLines label={label} hint={hint} value={lines} onChange={read} disabled={disabled} />;
}

/** The keys that callers may press, and where each leads. */
function KeysForm({ node, set, to, disabled }: PartProps) {
  const { t } = useTranslation();
  const choices = node.choices ?? [];
  const free = phoneKeys.filter((key) => !choices.some((each) => each.key === key));
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="pb-1 text-xs font-medium text-mut">{t("menu.node.keys")}</legend>
      {choices.map(({ key, next }, i) => (
        <div key={key} className="grid grid-cols-[2.5rem_1fr_auto] items-center gap-2">
          <kbd className="num rounded-md border bg-sunk py-1 text-center text-sm">{key}</kbd>
          <Select label={t("menu.node.key_leads", { key })} options={to} value={next} onChange={(chosen) => set({ choices: choices.map((each, j) => (j === i ? { key, next: chosen } : each)) })} disabled={disabled} />
          <IconButton label={t("menu.node.key_remove", { key })} icon={<Trash2 size={14} />} onClick={() => set({ choices: choices.filter((_, j) => j !== i) })} disabled={disabled} />
        </div>
      ))}
      {free.length > 0 && (
        <Select label={t("menu.node.key_add")} options={free.map((key) => ({ value: key, label: key }))} value={undefined} placeholder={t("menu.node.key_add")} onChange={(key) => set({ choices: [...choices, { key, next: "" }] })} disabled={disabled} className="w-40" />
      )}
    </fieldset>
  );
}

/** What who leaves is asked, each answered by a key from 1 to 5. */
function QuestionsForm({ node, set, prompts, disabled }: PartProps & { prompts: readonly Prompt[] }) {
  const { t } = useTranslation();
  const questions = node.questions ?? [];
  const change = (i: number, part: Partial<{ id: string; prompt: string }>) => set({ questions: questions.map((each, j) => (j === i ? { ...each, ...part } : each)) });
  return (
    <div className="flex flex-col gap-3">
      {questions.map((question, i) => (
        <fieldset key={i} className="flex flex-col gap-2 rounded-lg border p-3">
          <legend className="px-1 text-xs text-mut">{t("menu.node.question", { n: i + 1 })}</legend>
          <div className="flex items-end gap-2">
            <Field label={t("flow.id")} className="flex-1">
              <Input className="num" value={question.id} onChange={(event) => change(i, { id: event.target.value })} disabled={disabled} />
            </Field>
            <IconButton label={t("menu.node.question_remove", { n: i + 1 })} icon={<Trash2 size={15} />} onClick={() => set({ questions: questions.filter((_, j) => j !== i) })} disabled={disabled} />
          </div>
          <PromptsField single label={t("menu.prompts.prompts")} all={prompts} value={question.prompt ? [question.prompt] : []} onChange={([prompt]) => change(i, { prompt: prompt ?? "" })} disabled={disabled} />
        </fieldset>
      ))}
      <Button size="sm" className="self-start" icon={<Plus size={14} />} onClick={() => set({ questions: [...questions, { id: `q${questions.length + 1}`, prompt: "" }] })} disabled={disabled}>
        {t("menu.node.question_add")}
      </Button>
    </div>
  );
}

/** Where what is known leads; the first that holds counts. */
function CasesForm({ node, set, to, values, disabled }: PartProps & { values: readonly string[] }) {
  const { t } = useTranslation();
  const cases = node.cases ?? [];
  const change = (i: number, part: Partial<(typeof cases)[number]>) => set({ cases: cases.map((each, j) => (j === i ? { ...each, ...part } : each)) });
  return (
    <div className="flex flex-col gap-3">
      {cases.map((each, i) => (
        <fieldset key={i} className="flex flex-col gap-2 rounded-lg border p-3">
          <legend className="px-1 text-xs text-mut">{t("flow.step.case", { n: i + 1 })}</legend>
          <NamedInput label={t("flow.step.case_of")} list={values} value={each.of} onChange={(of) => change(i, { of })} disabled={disabled} />
          <WordLines label={t("flow.step.case_any")} hint={t("menu.node.case_any_hint")} value={each.any} onChange={(any) => change(i, { any: any.length > 0 ? any : undefined })} disabled={disabled} />
          <div className="flex items-end gap-2">
            <Field label={t("flow.step.case_next")} className="flex-1">
              <Select options={to} value={each.next} onChange={(next) => change(i, { next })} disabled={disabled} />
            </Field>
            <IconButton label={t("flow.step.case_remove", { n: i + 1 })} icon={<Trash2 size={15} />} onClick={() => set({ cases: cases.filter((_, j) => j !== i) })} disabled={disabled} />
          </div>
        </fieldset>
      ))}
      <Button size="sm" className="self-start" icon={<Plus size={14} />} onClick={() => set({ cases: [...cases, { of: "", next: "" }] })} disabled={disabled}>
        {t("flow.step.case_add")}
      </Button>
    </div>
  );
}
