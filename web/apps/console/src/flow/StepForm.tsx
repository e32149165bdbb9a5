import { caseTests, type Bilingual, type CaseTest, type Flow, type FlowCase, type FlowSeam, type FlowStep } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Combobox, Field, IconButton, Input, MultiCombobox, Pill, Select, Switch } from "@yingda/ui";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { BilingualField } from "../form/BilingualField";
import { IDField } from "../edited/IDField";
import { WordLines } from "../edited/WordLines";
import { valuesOf } from "./values";
import { changeStep, moveStep, names, removeStep, renameStep } from "./edit";

export interface StepFormProps {
  flow: Flow;
  step: FlowStep;
  seams: readonly FlowSeam[];
  onChange: (flow: Flow) => void;
  /** Another step is to be shown, or none. */
  onOpen: (id?: string) => void;
  disabled?: boolean;
}

const nothing: Bilingual = { zh: "", en: "" };

/** One step of a flow: what it does, and where it leads. */
export function StepForm({ flow, step, seams, onChange, onOpen, disabled }: StepFormProps) {
  const { t } = useTranslation();
  const lang = currentLanguage();
  const at = flow.steps.findIndex(({ id }) => id === step.id);
  const below = flow.steps[at + 1]?.id;
  const set = (change: Partial<FlowStep>) => onChange(changeStep(flow, step.id, change));
  const others = flow.steps.filter(({ id }) => id !== step.id).map(({ id }) => id);
  const to = (none: string) => [{ value: "", label: none }, ...others.map((id) => ({ value: id, label: id }))];
  const slots = flow.slots.map((slot) => ({ value: slot.id, label: slot.name[lang] || slot.id, hint: slot.id }));
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-2">
        <Pill tone="brand">{t(`flow.kinds.${step.kind as "ask"}`)}</Pill>
        <span className="text-xs text-mut">{t(`flow.kind_hints.${step.kind as "ask"}`)}</span>
        <span className="ml-auto flex">
          <IconButton label={t("flow.up")} icon={<ArrowUp size={15} />} disabled={disabled || at <= 0} onClick={() => onChange(moveStep(flow, step.id, -1))} />
          <IconButton label={t("flow.down")} icon={<ArrowDown size={15} />} disabled={disabled || !below} onClick={() => onChange(moveStep(flow, step.id, 1))} />
          <IconButton
            label={t("flow.remove_step")}
            icon={<Trash2 size={15} />}
            disabled={disabled || flow.steps.length < 2}
            onClick={() => {
              onChange(removeStep(flow, step.id));
              onOpen(others[Math.max(0, at - 1)]);
            }}
          />
        </span>
      </div>
      <IDField
        hint={t("flow.id_hint")}
        key={step.id}
        value={step.id}
        taken={others}
        disabled={disabled}
        onRename={(id) => {
          onChange(renameStep(flow, step.id, id));
          onOpen(id);
        }}
      />
      {step.kind === "ask" && (
        <Field label={t("flow.step.slots")} hint={t("flow.step.slots_hint")}>
          <MultiCombobox options={slots} value={step.slots ?? []} onChange={(chosen) => set({ slots: chosen })} disabled={disabled} />
        </Field>
      )}
      {(step.kind === "look_up" || step.kind === "write") && <CallForm flow={flow} step={step} seams={seams} set={set} disabled={disabled} slots={slots} to={to} />}
      {step.kind === "branch" && <CasesForm flow={flow} step={step} seams={seams} set={set} disabled={disabled} to={to} />}
      {(step.kind === "say" || step.kind === "confirm" || step.kind === "end") && (
        <BilingualField label={t("flow.step.text")} hint={t("flow.step.text_hint")} long maxLength={1000} value={step.text ?? nothing} onChange={(text) => set({ text })} disabled={disabled} />
      )}
      {step.kind === "end" ? (
        <Switch checked={step.person ?? false} onChange={(person) => set({ person: person || undefined })} label={t("flow.step.person")} hint={t("flow.step.person_hint")} disabled={disabled} />
      ) : (
        <Field label={step.kind === "branch" ? t("flow.otherwise") : t("flow.step.next")}>
          <Select options={to(below ? t("flow.step.below", { id: below }) : t("flow.step.nowhere"))} value={step.next ?? ""} onChange={(next) => set({ next: next || undefined })} disabled={disabled} />
        </Field>
      )}
    </div>
  );
}

interface PartProps {
  flow: Flow;
  step: FlowStep;
  seams: readonly FlowSeam[];
  set: (change: Partial<FlowStep>) => void;
  disabled?: boolean;
  to: (none: string) => { value: string; label: string }[];
}

/** A look-up or a write: through what, with what, and what if it finds nothing. */
function CallForm({ flow, step, seams, set, disabled, slots, to }: PartProps & { slots: { value: string; label: string }[] }) {
  const { t } = useTranslation();
  const fit = seams.filter(({ writes }) => Boolean(writes) === (step.kind === "write"));
  const seam = fit.find(({ name }) => name === step.seam);
  const given = (name: string, of: string) => {
    const all = { ...step.with, [name]: of };
    if (!of) delete all[name];
    set({ with: Object.keys(all).length > 0 ? all : undefined });
  };
  return (
    <>
      <Field label={t("flow.step.seam")} error={seam?.lacks ? t("flow.step.seam_lacks") : undefined}>
        <Select options={fit.map(({ name }) => ({ value: name, label: name }))} value={step.seam} onChange={(name) => set({ seam: name, with: undefined, into: step.into || name.split(".")[0] })} disabled={disabled} placeholder={t("flow.step.seam_choose")} />
      </Field>
      {seam && seam.takes.length > 0 && (
        <fieldset className="flex flex-col gap-2">
          <legend className="pb-1 text-xs font-medium text-mut">{t("flow.step.with")}</legend>
          {seam.takes.map((name) => {
            const of = step.with?.[name] ?? "";
            const fixed = of.startsWith("=");
            return (
              <div key={name} className="grid grid-cols-[7rem_1fr] items-center gap-2">
                <span className="num truncate text-xs text-mut">{name}</span>
                <span className="flex min-w-0 gap-2">
                  <Select
                    label={name}
                    className="min-w-0 flex-1"
                    options={[{ value: "", label: t("flow.step.not_given") }, { value: "=", label: t("flow.step.fixed") }, ...names(flow, seams).map((id) => ({ value: id, label: slots.find(({ value }) => value === id)?.label ?? id }))]}
                    value={fixed ? "=" : of}
                    onChange={(value) => given(name, value)}
                    disabled={disabled}
                  />
                  {fixed && <Input aria-label={t("flow.step.fixed_of", { name })} className="min-w-0 flex-1" value={of.slice(1)} onChange={(event) => given(name, `=${event.target.value}`)} disabled={disabled} />}
                </span>
              </div>
            );
          })}
        </fieldset>
      )}
      {seam && (seam.tells ?? []).length > 0 && (
        <Field label={t("flow.step.into")} hint={t("flow.step.into_hint", { names: (seam.tells ?? []).map((field) => `{${step.into || "…"}.${field}}`).join(" ") })}>
          <Input className="num" value={step.into ?? ""} onChange={(event) => set({ into: event.target.value.replace(/[^a-z0-9_]/g, "") })} disabled={disabled} />
        </Field>
      )}
      {step.kind === "look_up" && (
        <>
          <Field label={t("flow.step.recheck")} hint={t("flow.step.recheck_hint")}>
            <Combobox clearable options={slots} value={step.recheck} onChange={(recheck) => set({ recheck, text: recheck ? (step.text ?? nothing) : undefined })} disabled={disabled} />
          </Field>
          {step.recheck && <BilingualField label={t("flow.step.missing_text")} long maxLength={1000} value={step.text ?? nothing} onChange={(text) => set({ text })} disabled={disabled} />}
          <Field label={t("flow.step.missing")}>
            <Select options={to(t("flow.step.goes_on"))} value={step.missing ?? ""} onChange={(missing) => set({ missing: missing || undefined })} disabled={disabled} />
          </Field>
        </>
      )}
      <Field label={t("flow.step.failed")}>
        <Select options={to(t("flow.step.people"))} value={step.failed ?? ""} onChange={(failed) => set({ failed: failed || undefined })} disabled={disabled} />
      </Field>
    </>
  );
}

/** The ways out of a branch; the first that holds counts. */
function CasesForm({ flow, step, seams, set, disabled, to }: PartProps) {
  const { t } = useTranslation();
  const cases = step.cases ?? [];
  const change = (i: number, part: Partial<FlowCase>) => set({ cases: cases.map((each, j) => (j === i ? { ...each, ...part } : each)) });
  const known = names(flow, seams);
  return (
    <div className="flex flex-col gap-3">
      {cases.map((each, i) => (
        <fieldset key={i} className="flex flex-col gap-2 rounded-lg border p-3">
          <legend className="px-1 text-xs text-mut">{t("flow.step.case", { n: i + 1 })}</legend>
          <div className="grid grid-cols-2 gap-2">
            <Select label={t("flow.step.case_of")} options={known.map((id) => ({ value: id, label: id }))} value={each.of || undefined} onChange={(of) => change(i, { of })} placeholder={t("flow.step.case_of")} disabled={disabled} />
            <Select label={t("flow.step.case_is")} options={caseTests.map((value) => ({ value, label: t(`flow.tests.${value}`) }))} value={each.is as CaseTest} onChange={(is) => change(i, { is })} disabled={disabled} />
          </div>
          {each.is !== "known" &&
            each.is !== "unknown" &&
            (valuesOf(flow, each.of).length > 0 && each.is !== "holds" ? (
              <Field label={t("flow.step.case_any")}>
                <MultiCombobox options={valuesOf(flow, each.of)} value={each.any ?? []} onChange={(any) => change(i, { any })} disabled={disabled} />
              </Field>
            ) : (
              <WordLines label={t("flow.step.case_any")} hint={t("flow.step.case_any_hint")} value={each.any} onChange={(any) => change(i, { any })} disabled={disabled} />
            ))}
          <div className="flex items-end gap-2">
            <Field label={t("flow.step.case_next")} className="flex-1">
              <Select options={to(t("flow.step.choose"))} value={each.next} onChange={(next) => change(i, { next })} disabled={disabled} />
            </Field>
            <IconButton label={t("flow.step.case_remove", { n: i + 1 })} icon={<Trash2 size={15} />} onClick={() => set({ cases: cases.filter((_, j) => j !== i) })} disabled={disabled} />
          </div>
        </fieldset>
      ))}
      <Button size="sm" className="self-start" icon={<Plus size={14} />} onClick={() => set({ cases: [...cases, { of: known[0] ?? "", is: "one_of", any: [], next: "" }] })} disabled={disabled}>
        {t("flow.step.case_add")}
      </Button>
    </div>
  );
}
