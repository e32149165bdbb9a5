import { promises, type Match, type Policy, type Preset, type Target, type Terms } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Checkbox, Combobox, Field, IconButton, Input, PageHeader, SaveBar, Section, Select, cn } from "@yingda/ui";
import { ArrowDown, ArrowLeft, ArrowUp, ChevronRight, Plus, Trash2 } from "lucide-react";
import { useId, useState } from "react";
import { BilingualField } from "../form/BilingualField";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { fieldErrors, useChange } from "../form/failure";
import { problem } from "../problem";
import { PreviewDialog } from "./PreviewDialog";
import { Floor } from "./PromiseTable";
import { namesTo } from "./category";
import { channels, useHandling, useMatchWords } from "./promiseQueries";
import { errorsAt, freshTarget, inLanguage, matchText, movePolicy, numbered, percentsOf, termText, units, withMetric } from "./terms";

export interface PresetEditorProps {
  saved: Preset;
  terms: Terms;
  onClose: () => void;
}

/** Edits the company's copy of a preset: whom each policy is for, in order, and what it promises. */
export function PresetEditor({ saved, terms, onClose }: PresetEditorProps) {
  const { t } = useTranslation();
  const { draft, dirty, set, discard } = useDraft(saved);
  const [previewing, setPreviewing] = useState(false);
  const check = useChange(() => promises.preview(draft), { quiet: true, onDone: () => setPreviewing(true) });
  const errors = fieldErrors(check.error);
  const words = useMatchWords();
  const setPolicies = (policies: Policy[]) => set({ policies });
  const change = (at: number, policy: Policy) => setPolicies(draft.policies.map((held, i) => (i === at ? policy : held)));
  return (
    <>
      <LeaveGuard dirty={dirty} />
      <PageHeader before={<IconButton label={t("promises.back")} icon={<ArrowLeft size={16} />} onClick={onClose} />} title={t("promises.edit_title", { name: inLanguage(saved.name, currentLanguage()) })} description={t("promises.edit_hint")} />
      <Section title={t("promises.name_and_note")}>
        <div className="flex flex-col gap-4">
          <BilingualField label={t("promises.name")} value={draft.name} onChange={(name) => set({ name })} maxLength={60} errors={{ zh: errors["preset.name"] }} />
          <BilingualField label={t("promises.note")} value={draft.note} onChange={(note) => set({ note })} long maxLength={500} />
        </div>
      </Section>
      <ol aria-label={t("promises.policies")} className="flex flex-col">
        {draft.policies.map((policy, i) => (
          <li key={i}>
            <PolicyCard
              n={i + 1}
              policy={policy}
              terms={{ ...terms, preset: draft }}
              title={matchText(policy.match, words)}
              errors={errorsAt(errors, `preset.policies.${i}`)}
              first={i === 0}
              last={i === draft.policies.length - 1}
              onChange={(next) => change(i, next)}
              onMove={(by) => setPolicies(movePolicy(draft.policies, i, by))}
              onRemove={() => setPolicies(numbered(draft.policies.filter((_, at) => at !== i)))}
            />
          </li>
        ))}
      </ol>
      <Button className="mb-4" icon={<Plus size={14} />} onClick={() => setPolicies(numbered([...draft.policies, { order: 0, match: {}, targets: [freshTarget({ order: 0, match: {}, targets: [] }, terms.metrics)] }]))}>
        {t("promises.add_policy")}
      </Button>
      <Floor terms={terms} />
      <SaveBar dirty={dirty} saving={check.isPending} saveLabel={t("promises.preview_changes")} onSave={() => check.mutate()} onDiscard={discard} error={check.error ? problem(check.error).text : undefined} />
      {previewing && (
        <PreviewDialog
          preset={draft}
          version={terms.version}
          onClose={() => setPreviewing(false)}
          onDone={() => {
            discard();
            onClose();
          }}
        />
      )}
    </>
  );
}

interface PolicyCardProps {
  n: number;
  policy: Policy;
  terms: Terms;
  title: string;
  errors: Record<string, string>;
  first: boolean;
  last: boolean;
  onChange: (policy: Policy) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

function PolicyCard({ n, policy, terms, title, errors, first, last, onChange, onMove, onRemove }: PolicyCardProps) {
  const { t } = useTranslation();
  const name = t("promises.policy_named", { n, name: title });
  const [asked, setAsked] = useState(Boolean(policy.match.tier || policy.match.brand || policy.match.category));
  const setTarget = (at: number, target: Target) => onChange({ ...policy, targets: policy.targets.map((held, i) => (i === at ? target : held)) });
  const own = errors["order"] ?? errors[""];
  return (
    <Section
      title={name}
      actions={
        <>
          <IconButton size="sm" label={t("settings.up", { name })} icon={<ArrowUp size={14} />} disabled={first} onClick={() => onMove(-1)} />
          <IconButton size="sm" label={t("settings.down", { name })} icon={<ArrowDown size={14} />} disabled={last} onClick={() => onMove(1)} />
          <IconButton size="sm" label={t("settings.remove_named", { name })} icon={<Trash2 size={14} />} onClick={onRemove} />
        </>
      }
    >
      {own && <p role="alert" className="mb-3 text-xs text-bad">{own}</p>}
      <MatchFields match={policy.match} all={asked} error={errors["match.level"]} onAll={() => setAsked(true)} onChange={(match) => onChange({ ...policy, match })} />
      <div className="mt-4 flex flex-col gap-3">
        {policy.targets.map((target, i) => (
          <TargetRow key={i} policyName={title} target={target} taken={policy.targets.filter((_, at) => at !== i).map((each) => each.metric)} terms={terms} errors={errorsAt(errors, `targets.${i}`)} onChange={(next) => setTarget(i, next)} onRemove={() => onChange({ ...policy, targets: policy.targets.filter((_, at) => at !== i) })} />
        ))}
        <Button size="sm" className="self-start" icon={<Plus size={13} />} aria-label={t("promises.add_target_to", { name })} onClick={() => onChange({ ...policy, targets: [...policy.targets, freshTarget(policy, terms.metrics)] })}>
          {t("promises.add_target")}
        </Button>
      </div>
    </Section>
  );
}

function MatchFields({ match, all, error, onAll, onChange }: { match: Match; all: boolean; error?: string; onAll: () => void; onChange: (match: Match) => void }) {
  const { t } = useTranslation();
  const words = useMatchWords();
  const tree = useHandling().data?.categories ?? [];
  const language = currentLanguage();
  const set = (part: Partial<Match>) => onChange(Object.fromEntries(Object.entries({ ...match, ...part }).filter(([, value]) => value)) as Match);
  const any = { value: "", label: t("promises.match.any") };
  const options = (names: Record<string, string>) => [any, ...Object.entries(names).map(([value, label]) => ({ value, label }))];
  const categories = [...flat(tree, (id) => namesTo(tree, id, (name) => inLanguage(name, language))?.join(" / ") ?? id), ...(["refund", "repair", "warranty"] as const).map((id) => ({ value: id as string, label: words.category(id) }))];
  return (
    <div role="group" aria-label={t("promises.for")} className="grid gap-3 sm:grid-cols-3">
      <Field label={t("promises.match.kind")}>
        <Select options={options(words.kinds)} value={match.kind ?? ""} onChange={(kind) => set({ kind })} />
      </Field>
      <Field label={t("promises.match.level")} error={error}>
        <Select options={options(words.levels)} value={match.level ?? ""} onChange={(level) => set({ level })} />
      </Field>
      <Field label={t("promises.match.channel")}>
        <Select options={options(Object.fromEntries(channels.map((channel) => [channel, words.channels[channel] ?? channel])))} value={match.channel ?? ""} onChange={(channel) => set({ channel })} />
      </Field>
      {all ? (
        <>
          <Field label={t("promises.match.category")}>
            <Combobox options={categories} value={match.category} clearable placeholder={t("promises.match.any")} onChange={(category) => set({ category: category ?? "" })} />
          </Field>
          <Field label={t("promises.match.tier")} hint={t("promises.match.tier_hint")}>
            <Input value={match.tier ?? ""} maxLength={40} onChange={(e) => set({ tier: e.target.value })} />
          </Field>
          <Field label={t("promises.match.brand")}>
            <Input value={match.brand ?? ""} maxLength={40} onChange={(e) => set({ brand: e.target.value })} />
          </Field>
        </>
      ) : (
        <Button size="sm" variant="ghost" className="justify-self-start" onClick={onAll}>
          {t("promises.match.more")}
        </Button>
      )}
    </div>
  );
}

function flat(nodes: { id: string; children?: { id: string }[] }[], label: (id: string) => string): { value: string; label: string }[] {
  return nodes.flatMap((node) => [{ value: node.id, label: label(node.id) }, ...flat(node.children ?? [], label)]);
}

interface TargetRowProps {
  policyName: string;
  target: Target;
  taken: string[];
  terms: Terms;
  errors: Record<string, string>;
  onChange: (target: Target) => void;
  onRemove: () => void;
}

function TargetRow({ policyName, target, taken, terms, errors, onChange, onRemove }: TargetRowProps) {
  const { t } = useTranslation();
  const language = currentLanguage();
  const id = useId();
  const metric = terms.metrics.find((each) => each.code === target.metric);
  const name = metric ? inLanguage(metric.name, language) : target.metric;
  const hidden = ["pause_states", "anchor", "warn_at", "counts_bot"].some((key) => errors[key]);
  const [opened, setOpened] = useState(false);
  const open = opened || hidden;
  const calendars = new Map([...terms.preset.calendars, ...terms.calendars].map((calendar) => [calendar.code, inLanguage(calendar.name, language)]));
  const set = (part: Partial<Target>) => onChange({ ...target, ...part });
  const number = (text: string) => (text.trim() === "" ? undefined : Math.trunc(Number(text)));
  return (
    <div role="group" aria-label={t("promises.target_named", { name, policy: policyName })} className="rounded-lg border bg-raise px-3 py-2.5">
      <div className="grid items-start gap-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_minmax(0,1fr)_minmax(0,1.4fr)_minmax(0,1.6fr)_auto]">
        <Field label={t("promises.metric")} error={errors["metric"]}>
          <Select
            options={terms.metrics.map((each) => ({ value: each.code, label: inLanguage(each.name, language), disabled: taken.includes(each.code) }))}
            value={target.metric}
            onChange={(code) => {
              const found = terms.metrics.find((each) => each.code === code);
              if (found) onChange(withMetric(target, found));
            }}
          />
        </Field>
        <Field label={t("promises.target")} error={errors["target"]}>
          <Input type="number" min={1} className="num" value={target.target ?? ""} placeholder={t("promises.optional")} onChange={(e) => set({ target: number(e.target.value) })} />
        </Field>
        <Field label={t("promises.limit")} error={errors["limit"]}>
          <Input type="number" min={0} className="num" value={Number.isNaN(target.limit) ? "" : target.limit} onChange={(e) => set({ limit: number(e.target.value) ?? 0 })} />
        </Field>
        <Field label={t("promises.unit")} error={errors["unit"]}>
          <Select options={units.map((unit) => ({ value: unit as string, label: t(`promises.units.${unit}`) }))} value={target.unit} onChange={(unit) => set({ unit })} />
        </Field>
        <Field label={t("promises.calendar")} error={errors["calendar"]}>
          <Select options={[...calendars].map(([value, label]) => ({ value, label }))} value={target.calendar} onChange={(calendar) => set({ calendar })} />
        </Field>
        <IconButton size="sm" className="mt-6 max-sm:mt-0" label={t("promises.remove_target", { name, policy: policyName })} icon={<Trash2 size={14} />} onClick={onRemove} />
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-x-3 text-xs text-mut">
        <span className="num">{t("promises.reads", { name, term: termText(target, language) })}</span>
        <Button size="sm" variant="ghost" aria-expanded={open} aria-controls={`${id}-more`} icon={<ChevronRight size={13} className={cn("transition-transform", open && "rotate-90")} />} onClick={() => setOpened(!opened)}>
          {t("promises.more")}
        </Button>
      </div>
      {open && <TargetMore id={`${id}-more`} target={target} metric={metric} errors={errors} set={set} />}
    </div>
  );
}

function TargetMore({ id, target, metric, errors, set }: { id: string; target: Target; metric?: Terms["metrics"][number]; errors: Record<string, string>; set: (part: Partial<Target>) => void }) {
  const { t } = useTranslation();
  const [warnings, setWarnings] = useState((target.warn_at ?? [80, 100]).join(", "));
  const percents = percentsOf(warnings);
  const states = target.pause_states ?? [];
  const pause = (state: string, on: boolean) => set({ pause_states: on ? [...states, state] : states.filter((each) => each !== state) });
  return (
    <div id={id} className="mt-2 grid gap-4 border-t pt-3 sm:grid-cols-2">
      {metric?.response ? (
        <div className="flex flex-col gap-2">
          <p className="text-xs text-mut">{t("promises.never_pauses")}</p>
          <Checkbox checked={target.counts_bot ?? false} onChange={(counts_bot) => set({ counts_bot: counts_bot || undefined })} label={t("promises.counts_bot")} hint={t("promises.counts_bot_hint")} />
        </div>
      ) : (
        <Field group label={t("promises.pause_in")} error={errors["pause_states"]}>
          <div className="flex flex-col gap-1.5">
            {[...new Set(["waiting_customer", "waiting_third", ...states])].map((state) => (
              <Checkbox key={state} checked={states.includes(state)} onChange={(on) => pause(state, on)} label={state === "waiting_customer" || state === "waiting_third" ? t(`promises.states.${state}`) : state} />
            ))}
          </div>
        </Field>
      )}
      <div className="flex flex-col gap-4">
        {metric?.stage && (
          <Field label={t("promises.anchor")} error={errors["anchor"]}>
            <Select
              options={(["submission", "previous_stage"] as const).map((value) => ({ value: value as string, label: t(`promises.anchors.${value}`) }))}
              value={target.anchor || "submission"}
              onChange={(anchor) => set({ anchor })}
            />
          </Field>
        )}
        <Field label={t("promises.warn_at")} hint={t("promises.warn_hint")} error={errors["warn_at"] ?? (percents ? undefined : t("promises.warn_wrong"))}>
          <Input
            value={warnings}
            className="num"
            onChange={(e) => {
              setWarnings(e.target.value);
              set({ warn_at: percentsOf(e.target.value) ?? [0] }); // which the server refuses
            }}
          />
        </Field>
      </div>
    </div>
  );
}
