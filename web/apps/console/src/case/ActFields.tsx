import type { CaseKind, CaseTask, PossibleAct } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Checkbox, Combobox, Field, Input, Pill, RadioGroup, Select, Textarea } from "@yingda/ui";
import type { ReactNode } from "react";
import { useCaseHandling, useCaseWords } from "../query";
import { AgentField, AssigneeField } from "./Assignee";
import { CaseFinder } from "./CaseFinder";
import { fieldsOf, type ActField, type ActValues } from "./doing";
import { useLang } from "./lang";
import { leavesOf } from "./tree";

export interface ActFieldsProps {
  act: PossibleAct;
  kind?: CaseKind;
  values: ActValues;
  set: (change: Partial<ActValues>) => void;
  /** What is wrong, by the name of the input. */
  errors: Record<string, string | undefined>;
  /** Tasks that can be let go. */
  tasks?: CaseTask[];
}

/** The form of an act, made from what it needs and what it may be told. */
export function ActFields({ act, kind, values, set, errors, tasks = [] }: ActFieldsProps) {
  const { t } = useTranslation();
  return (
    <div className="flex flex-col gap-4">
      {fieldsOf(act).map((field) => (
        <One key={field.name} act={act} field={field} kind={kind} values={values} set={set} errors={errors} />
      ))}
      {tasks.length > 0 && (
        <Field label={t("cases.act.waived")} hint={t("cases.act.waived_hint")} group>
          <div className="flex flex-col gap-2">
            {tasks.map((task) => (
              <Input
                key={task.id}
                aria-label={t("cases.act.waive_reason", { title: task.title })}
                placeholder={t("cases.act.waive_reason", { title: task.title })}
                value={values.waived?.[task.id] ?? ""}
                onChange={(event) => set({ waived: { ...values.waived, [task.id]: event.target.value } })}
              />
            ))}
          </div>
        </Field>
      )}
    </div>
  );
}

function One({ act, field: { name, required }, kind, values, set, errors }: Omit<ActFieldsProps, "tasks"> & { field: ActField }) {
  const { t } = useTranslation();
  const input = (key: keyof ActValues, label: string, more: { hint?: string; long?: boolean; type?: string; aside?: ReactNode; needed?: boolean } = {}) => (
    <Field label={label} hint={more.hint} aside={more.aside} required={more.needed ?? required} error={errors[key]}>
      {more.long ? (
        <Textarea minRows={3} maxLength={8000} value={String(values[key] ?? "")} onChange={(event) => set({ [key]: event.target.value })} />
      ) : (
        <Input type={more.type} value={String(values[key] ?? "")} onChange={(event) => set({ [key]: event.target.value })} />
      )}
    </Field>
  );
  switch (name) {
    case "text":
      if (act.act === "note") return input("text", t("cases.act.text_note"), { long: true });
      return input("text", t("cases.act.text"), { long: true, aside: t("cases.act.public") });
    case "reason":
      return input("reason", t("cases.act.reason"), { long: true });
    case "findings":
      return input("findings", t("cases.act.findings"), { long: true });
    case "solution":
      return input("solution", t("cases.act.solution"), { long: true });
    case "cause":
      return input("cause", t("cases.act.cause"), { hint: t("cases.act.cause_hint") });
    case "approval":
      return input("approval", t("cases.act.approval"));
    case "verification":
      return input("verification", t("cases.act.verification"), { hint: t("cases.act.verification_hint") });
    case "announcement":
      return input("announcement", t("cases.act.announcement"), { type: "url" });
    case "expected_at":
      return input("expected_at", t("cases.act.expected_at"), { type: "datetime-local" });
    case "until":
      return input("until", t("cases.act.until"), { type: "datetime-local" });
    case "assignee":
      return <AssigneeField team={values.team} agent={values.agent} onChange={(to) => set({ team: to.team, agent: to.agent })} required={required} error={errors.assignee ?? errors.agent} />;
    case "investigator":
      return <AgentField label={t("cases.act.investigator")} hint={t("cases.act.investigator_hint")} value={values.agent} onChange={(agent) => set({ agent })} required={required} error={errors.agent} />;
    case "category":
      return <CategoryField kind={kind} value={values.category} onChange={(category) => set({ category })} required={required} error={errors.category} />;
    case "level":
      return (
        <>
          <LevelField value={values.level} onChange={(level) => set({ level })} required={required} error={errors.level} />
          {values.level === "special" && input("special_due", t("cases.act.special_due"), { type: "datetime-local", needed: true })}
          {values.level === "special" && input("special_reason", t("cases.act.special_reason"), { needed: true })}
        </>
      );
    case "outcome":
      return <OutcomeField value={values.outcome} onChange={(outcome) => set({ outcome })} required={required} error={errors.outcome} />;
    case "contacted":
      return <Tick label={t("cases.act.contacted")} checked={values.contacted} onChange={(contacted) => set({ contacted })} error={errors.contacted} />;
    case "ways_told":
      return <Ways checked={values.ways_told} onChange={(ways_told) => set({ ways_told })} error={errors.ways_told} />;
    case "external":
      return (
        <>
          <BodyField value={values.body} onChange={(body) => set({ body })} required={required} error={errors.body} />
          {input("reference", t("cases.act.reference"))}
          {input("external_due", t("cases.act.external_due"), { type: "datetime-local" })}
        </>
      );
    case "escalation":
      return (
        <>
          <Field label={t("cases.rank.title")} required={required} error={errors.rank} group>
            <RadioGroup value={values.rank} onChange={(rank) => set({ rank })} choices={(["1", "2", "3"] as const).map((value) => ({ value, label: t(`cases.rank.${value}`) }))} inline />
          </Field>
          {input("confirmed", t("cases.act.confirmed"), { hint: t("cases.act.confirmed_hint") })}
        </>
      );
    case "into":
      return <CaseFinder label={t("cases.act.into")} number={values.into_number ?? ""} onFind={(into_number, into) => set({ into_number, into })} required={required} error={errors.into} />;
  }
}

function Tick({ label, hint, checked, onChange, error }: { label: string; hint?: string; checked?: boolean; onChange: (checked: boolean) => void; error?: string }) {
  return (
    <div>
      <Checkbox label={label} hint={hint} checked={checked ?? false} onChange={onChange} />
      {error && (
        <p role="alert" className="mt-1 text-xs text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

interface PickProps {
  value?: string;
  onChange: (value?: string) => void;
  required?: boolean;
  error?: string;
}

function Ways({ checked, onChange, error }: { checked?: boolean; onChange: (checked: boolean) => void; error?: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useCaseWords();
  return (
    <div className="rounded-lg border bg-raise p-3">
      {words.data && <p className="mb-2 text-xs text-mut">{words.data.ways[lang]}</p>}
      <Tick label={t("cases.act.ways_told")} checked={checked} onChange={onChange} error={error} />
    </div>
  );
}

export function CategoryField({ kind, value, onChange, required, error, hint }: PickProps & { kind?: CaseKind; hint?: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  const handling = useCaseHandling();
  return (
    <Field label={t("cases.act.category")} hint={hint} required={required} error={error}>
      <Combobox value={value} onChange={onChange} clearable={!required} placeholder={t("cases.act.category")} options={leavesOf(handling.data?.categories ?? [], kind, lang).map((leaf) => ({ value: leaf.id, label: leaf.path }))} />
    </Field>
  );
}

export function LevelField({ value, onChange, required, error }: PickProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useCaseWords();
  return (
    <Field label={t("cases.act.level")} required={required} error={error}>
      <Select value={value} onChange={onChange} placeholder="—" options={(words.data?.levels ?? []).map((each) => ({ value: each.code, label: each.name[lang] }))} />
    </Field>
  );
}

function OutcomeField({ value, onChange, required, error }: PickProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useCaseWords();
  const chosen = words.data?.outcomes.find((each) => each.code === value);
  return (
    <div className="flex flex-col items-start gap-1.5">
      <Field label={t("cases.act.outcome")} required={required} error={error} className="w-full">
        <Select
          value={value}
          onChange={onChange}
          placeholder="—"
          options={(words.data?.outcomes ?? []).map((each) => ({ value: each.code, label: each.name[lang], hint: each.needs_approval ? t("cases.act.needs_approval") : undefined }))}
        />
      </Field>
      {chosen?.needs_approval && <Pill tone="warn" className="h-auto py-0.5 whitespace-normal">{t("cases.act.needs_approval")}</Pill>}
    </div>
  );
}

function BodyField({ value, onChange, required, error }: PickProps) {
  const { t, i18n } = useTranslation();
  const words = useCaseWords();
  return (
    <Field label={t("cases.act.body")} required={required} error={error}>
      <Select
        value={value}
        onChange={onChange}
        placeholder="—"
        options={(words.data?.bodies ?? []).map((code) => ({ value: code, label: i18n.exists(`cases.body.${code}`) ? t(`cases.body.${code as "other"}`) : code }))}
      />
    </Field>
  );
}
