import { automation, type AutomationCatalogue, type AutomationSubject, type DryRun, type Rule, type RuleDraft, type RuleTrigger } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Checkbox, Field, IconButton, Input, Section, Segmented, Select, Switch } from "@yingda/ui";
import { FlaskConical, Plus, X } from "lucide-react";
import { useRef } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { fieldErrors, useChange } from "../form/failure";
import { problem } from "../problem";
import { ActionsEditor } from "./ActionsEditor";
import { DryRunResult } from "./DryRunResult";
import { asGroup, asSent } from "./tree";
import { FieldError, GroupEditor } from "./WhenEditor";
import { automationKey, subjectsOf, useWord } from "./words";

// oxlint-disable-next-line unicorn/no-thenable -- a list of actions, as the wire calls it
const fresh: RuleDraft = { name: "", enabled: true, on: [{ event: "case.opened" }], when: { all: [] }, then: [], stop_after: false };

function draftOf(rule: Rule): RuleDraft {
  // oxlint-disable-next-line unicorn/no-thenable -- a list of actions, as the wire calls it
  return { name: rule.name, enabled: rule.enabled, on: rule.on, when: asGroup(rule.when), then: rule.then, stop_after: rule.stop_after, version: rule.version };
}

/** When, if, then; and what it would have done in the last month. */
export function RuleEditor({ rule, catalogue, onClose }: { rule?: Rule; catalogue: AutomationCatalogue; onClose: () => void }) {
  const { t } = useTranslation();
  const { draft, dirty, set: edit } = useDraft<RuleDraft>(rule ? draftOf(rule) : fresh);
  const sent = (): RuleDraft => ({ ...draft, when: asSent(draft.when) });
  const save = useChange(() => (rule ? automation.change(rule.id, sent()) : automation.add(sent())), { stale: [automationKey], quiet: true, done: t("settings.saved"), onDone: onClose });
  const shown = useRef<HTMLDivElement>(null);
  const trial = useChange<void, DryRun>(() => automation.dryRun(sent()), { quiet: true, onDone: () => requestAnimationFrame(() => shown.current?.scrollIntoView({ block: "start" })) });
  // What was said of the rule as it was says nothing of it as it is now.
  function set(change: Partial<RuleDraft>) {
    save.reset();
    trial.reset();
    edit(change);
  }
  const errors = { ...fieldErrors(trial.error), ...fieldErrors(save.error) };
  const subjects = subjectsOf(draft.on, catalogue);
  // oxlint-disable-next-line unicorn/no-thenable -- a list of actions, as the wire calls it
  const setActions = (then: RuleDraft["then"]) => set({ then });
  return (
    <FormDrawer size="lg" title={rule ? t("settings.edit_named", { name: rule.name }) : t("automation.add")} dirty={dirty} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="flex items-end gap-4">
        <Field className="flex-1" label={t("automation.name")} error={errors["name"]} required>
          <Input value={draft.name} maxLength={80} onChange={(e) => set({ name: e.target.value })} />
        </Field>
        <Switch className="pb-1.5" label={draft.enabled ? t("automation.on") : t("automation.off")} checked={draft.enabled} onChange={(enabled) => set({ enabled })} />
      </div>
      <Section title={t("automation.when_title")} description={t("automation.when_hint")}>
        <Triggers catalogue={catalogue} on={draft.on} errors={errors} onChange={(on) => set({ on })} />
      </Section>
      <Section title={t("automation.if_title")} description={t("automation.if_hint")}>
        <GroupEditor catalogue={catalogue} subjects={subjects} errors={errors} group={draft.when} path="when" depth={0} onChange={(when) => set({ when })} />
      </Section>
      <Section title={t("automation.then_title")} description={t("automation.then_hint")}>
        <ActionsEditor catalogue={catalogue} subjects={subjects} actions={draft.then} path="then" errors={errors} onChange={setActions} />
        <Checkbox className="mt-3" label={t("automation.stop_after")} checked={draft.stop_after ?? false} onChange={(stop_after) => set({ stop_after })} />
      </Section>
      <div ref={shown}>
        <Section title={t("automation.try")} description={t("automation.try_hint")}>
          <Button icon={<FlaskConical size={14} />} loading={trial.isPending} onClick={() => trial.mutate()}>
            {trial.data ? t("automation.try_again") : t("automation.try")}
          </Button>
          {trial.error && <FieldError text={problem(trial.error).text} />}
          {trial.data && !trial.isPending && <DryRunResult found={trial.data} />}
        </Section>
      </div>
    </FormDrawer>
  );
}

function Triggers({ catalogue, on, errors, onChange }: { catalogue: AutomationCatalogue; on: RuleTrigger[]; errors: Record<string, string>; onChange: (on: RuleTrigger[]) => void }) {
  const { t } = useTranslation();
  const say = useWord();
  const set = (at: number, trigger: RuleTrigger) => onChange(on.map((each, i) => (i === at ? trigger : each)));
  return (
    <div className="flex flex-col gap-2">
      <FieldError text={errors["on"]} />
      {on.map((trigger, i) => (
        <div key={i}>
          <div className="flex flex-wrap items-center gap-2">
            <Select
              className="min-w-44 flex-1"
              label={t("automation.trigger")}
              value={trigger.event}
              options={catalogue.events.map((event) => ({ value: event.value, label: say(event) }))}
              onChange={(event) => set(i, event === "time" ? { event, every: 60, subject: "case" } : { event })}
            />
            {trigger.event === "time" && <TimeTrigger trigger={trigger} catalogue={catalogue} onChange={(next) => set(i, next)} />}
            {on.length > 1 && <IconButton size="sm" label={t("automation.remove_trigger", { n: i + 1 })} icon={<X size={14} />} onClick={() => onChange(on.filter((_, at) => at !== i))} />}
          </div>
          <FieldError text={["", ".event", ".every", ".at", ".subject"].map((end) => errors[`on.${i}${end}`]).find(Boolean)} />
        </div>
      ))}
      <div>
        <Button size="sm" icon={<Plus size={13} />} disabled={on.length >= catalogue.limits.triggers} onClick={() => onChange([...on, { event: "case.changed" }])}>
          {t("automation.add_trigger")}
        </Button>
      </div>
    </div>
  );
}

function TimeTrigger({ trigger, catalogue, onChange }: { trigger: RuleTrigger; catalogue: AutomationCatalogue; onChange: (trigger: RuleTrigger) => void }) {
  const { t } = useTranslation();
  const say = useWord();
  const daily = trigger.at !== undefined;
  return (
    <>
      <Segmented
        label={t("automation.how_often")}
        value={daily ? "daily" : "every"}
        onChange={(how) => onChange({ event: "time", subject: trigger.subject, ...(how === "daily" ? { at: "09:00" } : { every: 60 }) })}
        choices={[{ value: "every", label: t("automation.every") }, { value: "daily", label: t("automation.daily") }]}
      />
      {daily ? (
        <Input className="w-28" type="time" aria-label={t("automation.at")} value={trigger.at ?? ""} onChange={(e) => onChange({ ...trigger, at: e.target.value })} />
      ) : (
        <Input className="w-32" type="number" min={5} max={1440} suffix={<span className="pr-2">{t("automation.minutes")}</span>} aria-label={t("automation.every_minutes")} value={trigger.every ?? ""} onChange={(e) => onChange({ ...trigger, every: Number(e.target.value) })} />
      )}
      <Select<AutomationSubject>
        className="w-32"
        label={t("automation.about_what")}
        value={trigger.subject}
        options={catalogue.subjects.map((subject) => ({ value: subject.value as AutomationSubject, label: say(subject) }))}
        onChange={(subject) => onChange({ ...trigger, subject })}
      />
    </>
  );
}
