import { api, type Inbox, type InboxDraft, type InboxSettings, type PrechatField } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Checkbox, Field, IconButton, Input, PageHeader, RadioGroup, SaveBar, Section, Select, Switch, Tabs, Textarea } from "@yingda/ui";
import { ArrowDown, ArrowLeft, ArrowUp } from "lucide-react";
import { useState } from "react";
import { BilingualField } from "../form/BilingualField";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { fieldErrors, isConflict, useChange } from "../form/failure";
import { keys, queryClient, useTeams } from "../query";
import { ChannelEmbed } from "./ChannelEmbed";
import { ChannelPreview } from "./ChannelPreview";
import { ProactiveEditor } from "./ProactiveEditor";
import { NeedsEditor } from "./NeedsEditor";
import { SkillGaps } from "./SkillGaps";
import { inboxesKey } from "./inboxes";
import { HoursEditor } from "./HoursEditor";
import { hoursInOrder } from "./hours";
import { skillsKey } from "./skills";

type Tab = "look" | "service" | "hours" | "embed";
const tabs: readonly Tab[] = ["look", "service", "hours", "embed"];

interface ChannelEditorProps {
  inbox: Inbox;
  /** The tab to begin with. */
  first?: string;
  onBack: () => void;
}

export function ChannelEditor({ inbox, first, onBack }: ChannelEditorProps) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<Tab>(tabs.find((each) => each === first) ?? "look");
  const saved: InboxDraft = { name: inbox.name, enabled: inbox.enabled, team_id: inbox.team_id, settings: inbox.settings };
  const { draft, dirty, set, discard } = useDraft(saved);
  const save = useChange(() => api.inboxes.change(inbox.id, changeOf(draft, inbox)), {
    stale: [inboxesKey, keys.settings, skillsKey],
    done: t("settings.saved"),
    onDone: discard,
    onFail: (error) => isConflict(error) && void queryClient.invalidateQueries({ queryKey: inboxesKey }),
  });
  const errors = fieldErrors(save.error);
  const inOrder = hoursInOrder(draft.settings.hours);
  const part: PartProps = { draft, set, setSettings: (change) => set({ settings: { ...draft.settings, ...change } }), errors };
  return (
    <>
      <LeaveGuard dirty={dirty} />
      <PageHeader
        before={<IconButton label={t("settings.channels.back")} icon={<ArrowLeft size={17} />} onClick={onBack} className="-ml-1" />}
        title={inbox.name}
        description={t("settings.channels.webchat")}
        actions={<Switch checked={draft.enabled} onChange={(enabled) => set({ enabled })} label={t("settings.channels.enabled")} />}
      />
      <Tabs<Tab> label={inbox.name} value={tab} onChange={setTab} items={tabs.map((value) => ({ value, label: t(`settings.channels.tabs.${value}`) }))} listClassName="mb-4 scroll overflow-x-auto">
        {tab === "look" && <LookPart {...part} />}
        {tab === "service" && <SkillGaps />}
        {tab === "service" && <ServicePart {...part} />}
        {tab === "hours" && <HoursPart {...part} />}
        {tab === "embed" && <ChannelEmbed inbox={inbox} />}
      </Tabs>
      <SaveBar dirty={dirty} saving={save.isPending} onSave={() => inOrder && save.mutate()} onDiscard={discard} error={!inOrder ? t("settings.hours.fix_first") : isConflict(save.error) ? t("settings.channels.conflict") : undefined} />
    </>
  );
}

/** What is sent: no team is an empty one, and the version that was read lets the server notice somebody else's change. */
function changeOf(draft: InboxDraft, read: Inbox) {
  const allowed_origins = draft.settings.allowed_origins.filter(Boolean);
  return { ...draft, team_id: draft.team_id ?? "", settings: { ...draft.settings, allowed_origins }, version: read.version };
}

interface PartProps {
  draft: InboxDraft;
  set: (change: Partial<InboxDraft>) => void;
  setSettings: (change: Partial<InboxSettings>) => void;
  errors: Record<string, string>;
}

const swatches = ["#2f5bea", "#0f766e", "#15803d", "#b45309", "#c0261c", "#7c3aed", "#1f2937"];

function LookPart({ draft, set, setSettings, errors }: PartProps) {
  const { t } = useTranslation();
  const { settings } = draft;
  return (
    <div className="flex gap-5 max-xl:flex-col">
      <div className="min-w-0 flex-1">
        <Section title={t("settings.channels.identity")}>
          <div className="flex flex-col gap-4">
            <Field label={t("settings.channels.name")} hint={t("settings.channels.name_hint")} error={errors["name"]} required>
              <Input value={draft.name} maxLength={60} onChange={(e) => set({ name: e.target.value })} />
            </Field>
            <BilingualField label={t("settings.channels.title")} value={settings.title} onChange={(title) => setSettings({ title })} maxLength={50} />
            <BilingualField long label={t("settings.channels.greeting")} value={settings.greeting} onChange={(greeting) => setSettings({ greeting })} maxLength={500} errors={{ zh: errors["settings.greeting"] }} />
          </div>
        </Section>
        <Section title={t("settings.channels.appearance")}>
          <div className="flex flex-wrap gap-x-8 gap-y-4">
            <Field label={t("settings.channels.color")} error={errors["settings.color"]} hint={tooPale(settings.color) ? t("settings.channels.color_pale") : undefined}>
              <Input className="w-40" value={settings.color} maxLength={7} spellCheck={false} onChange={(e) => setSettings({ color: e.target.value })} prefix={<span className="size-3.5 rounded-full border" style={{ background: settings.color }} />} />
            </Field>
            <div role="group" aria-label={t("settings.channels.swatches")} className="flex items-center gap-1.5 self-start pt-6">
              {swatches.map((color) => (
                <button key={color} type="button" aria-label={color} aria-pressed={settings.color === color} onClick={() => setSettings({ color })} className="size-6 rounded-full border ring-offset-2 ring-offset-panel aria-pressed:ring-2 aria-pressed:ring-fg" style={{ background: color }} />
              ))}
            </div>
            <Field group label={t("settings.channels.position")}>
              <RadioGroup inline className="h-8 items-center" value={settings.position} onChange={(position) => setSettings({ position })} choices={(["right", "left"] as const).map((value) => ({ value, label: t(`settings.channels.${value}`) }))} />
            </Field>
          </div>
        </Section>
        <PrechatPart draft={draft} set={set} setSettings={setSettings} errors={errors} />
      </div>
      <ChannelPreview settings={settings} />
    </div>
  );
}

const prechatFields: readonly PrechatField[] = ["name", "phone", "email", "order", "question"];

function PrechatPart({ draft, setSettings, errors }: PartProps) {
  const { t } = useTranslation();
  const { enabled, fields } = draft.settings.prechat;
  const setFields = (next: typeof fields) => setSettings({ prechat: { enabled, fields: next } });
  const rest = prechatFields.filter((name) => !fields.some((field) => field.name === name));
  function move(at: number, by: number) {
    const next = [...fields];
    const [field] = next.splice(at, 1);
    if (field) next.splice(at + by, 0, field);
    setFields(next);
  }
  return (
    <Section title={t("settings.channels.prechat")} description={t("settings.channels.prechat_hint")} actions={<Switch checked={enabled} onChange={(on) => setSettings({ prechat: { enabled: on, fields } })} label={t("settings.channels.prechat_on")} />}>
      {errors["settings.prechat"] && <p className="mb-2 text-xs text-bad">{errors["settings.prechat"]}</p>}
      <ul className="flex flex-col gap-1.5">
        {fields.map((field, i) => {
          const name = t(`settings.channels.fields.${field.name}`);
          return (
            <li key={field.name} className="flex flex-wrap items-center gap-3 rounded-lg border px-3 py-1.5">
              <Checkbox className="flex-1" checked onChange={() => setFields(fields.filter((each) => each !== field))} label={name} />
              <Checkbox checked={field.required} onChange={(required) => setFields(fields.map((each) => (each === field ? { ...field, required } : each)))} label={<><span className="sr-only">{name} </span>{t("common.required")}</>} />
              <IconButton size="sm" label={t("settings.up", { name })} icon={<ArrowUp size={14} />} disabled={i === 0} onClick={() => move(i, -1)} />
              <IconButton size="sm" label={t("settings.down", { name })} icon={<ArrowDown size={14} />} disabled={i === fields.length - 1} onClick={() => move(i, 1)} />
            </li>
          );
        })}
        {rest.map((name) => (
          <li key={name} className="flex items-center gap-3 rounded-lg border border-dashed px-3 py-1.5">
            <Checkbox checked={false} onChange={() => setFields([...fields, { name, required: false }])} label={t(`settings.channels.fields.${name}`)} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function ServicePart({ draft, set, setSettings, errors }: PartProps) {
  const { t } = useTranslation();
  const teams = useTeams();
  const { settings } = draft;
  const number = (text: string) => Math.max(0, Math.floor(Number(text) || 0));
  return (
    <>
      <Section title={t("settings.channels.who_answers")}>
        <div className="flex flex-col gap-4">
          <Switch checked={settings.assistant} onChange={(assistant) => setSettings({ assistant })} label={t("settings.channels.assistant_on")} hint={t("settings.channels.assistant_hint")} />
          <Switch checked={settings.suggestions} onChange={(suggestions) => setSettings({ suggestions })} disabled={!settings.assistant} label={t("settings.channels.suggestions")} hint={t("settings.channels.suggestions_hint")} />
          <BilingualField long label={t("settings.channels.opening")} hint={t("settings.channels.opening_hint")} value={settings.opening} onChange={(opening) => setSettings({ opening })} maxLength={500} />
          <div className="grid gap-4 sm:grid-cols-3">
            <Field label={t("settings.channels.team")} hint={t("settings.channels.team_hint")}>
              <Select
                value={draft.team_id ?? ""}
                onChange={(id) => set({ team_id: id || undefined })}
                options={[{ value: "", label: t("settings.channels.any_team") }, ...(teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
              />
            </Field>
            <Field label={t("settings.channels.ring")} hint={t("settings.channels.ring_hint")} error={errors["settings.ring_seconds"]}>
              <Input type="number" min={5} max={120} value={settings.ring_seconds} onChange={(e) => setSettings({ ring_seconds: number(e.target.value) })} />
            </Field>
            <Field label={t("settings.channels.hot")} hint={t("settings.channels.hot_hint")} error={errors["settings.hot_questions"]}>
              <Input type="number" min={0} max={10} value={settings.hot_questions} onChange={(e) => setSettings({ hot_questions: number(e.target.value) })} />
            </Field>
          </div>
        </div>
      </Section>
      <SilencePart draft={draft} set={set} setSettings={setSettings} errors={errors} />
      <ProactiveEditor value={settings.proactive ?? []} error={errors["settings.proactive"]} onChange={(proactive) => setSettings({ proactive })} />
      <Section title={t("settings.skills.needs")} description={t("settings.skills.needs_hint")}>
        {errors["settings.skills"] && <p role="alert" className="mb-2 text-xs text-bad">{errors["settings.skills"]}</p>}
        <NeedsEditor value={settings.skills} onChange={(skills) => setSettings({ skills })} />
      </Section>
      <Section title={t("settings.channels.safety")}>
        <div className="flex flex-col gap-4">
          <Field label={t("settings.channels.origins")} hint={t("settings.channels.origins_hint")} error={errors["settings.allowed_origins"] ?? (badOrigin(settings.allowed_origins) ? t("settings.channels.origin_wrong", { origin: badOrigin(settings.allowed_origins) }) : undefined)}>
            <Textarea className="font-mono" minRows={2} spellCheck={false} placeholder="https://www.example.cn" value={settings.allowed_origins.join("\n")} onChange={(e) => setSettings({ allowed_origins: e.target.value === "" ? [] : e.target.value.split("\n").map((line) => line.trim()) })} />
          </Field>
          <Switch checked={settings.typing_preview} onChange={(typing_preview) => setSettings({ typing_preview })} label={t("settings.channels.typing_preview")} hint={t("settings.channels.typing_preview_hint")} />
          <Switch checked={settings.require_signed} onChange={(require_signed) => setSettings({ require_signed })} label={t("settings.channels.require_signed")} hint={t("settings.channels.require_signed_hint")} />
          <Switch checked={settings.receipts} onChange={(receipts) => setSettings({ receipts })} label={t("settings.channels.receipts")} hint={t("settings.channels.receipts_hint")} />
          <div role="group" aria-label={t("settings.channels.recall")} className="flex flex-wrap items-start gap-x-8 gap-y-3">
            <Field className="w-48" label={t("settings.channels.recall_seconds")} hint={t("settings.channels.recall_hint")} error={errors["settings.recall.seconds"]}>
              <Input type="number" min={0} max={86400} value={settings.recall.seconds} onChange={(e) => setSettings({ recall: { ...settings.recall, seconds: number(e.target.value) } })} />
            </Field>
            <Switch checked={settings.recall.contact} onChange={(contact) => setSettings({ recall: { ...settings.recall, contact } })} label={t("settings.channels.recall_contact")} />
          </div>
          <Field className="max-w-48" label={t("settings.channels.max_file")} hint={t("settings.channels.max_file_hint")} error={errors["settings.max_file_mb"]}>
            <Input type="number" min={1} max={200} value={settings.max_file_mb} onChange={(e) => setSettings({ max_file_mb: number(e.target.value) })} suffix="MB" />
          </Field>
        </div>
      </Section>
    </>
  );
}

/** Minutes in the form, seconds on the wire. */
function SilencePart({ draft, setSettings, errors }: PartProps) {
  const { t } = useTranslation();
  const { silence } = draft.settings;
  const change = (part: Partial<typeof silence>) => setSettings({ silence: { ...silence, ...part } });
  const minutes = (name: "warn_seconds" | "close_seconds" | "remind_seconds" | "alarm_seconds", label: string, hint?: string, disabled?: boolean) => (
    <Field label={label} hint={hint} error={errors[`settings.silence.${name}`]}>
      <Input type="number" min={0} max={1440} disabled={disabled} value={Math.round(silence[name] / 6) / 10} onChange={(e) => change({ [name]: Math.max(0, Math.round((Number(e.target.value) || 0) * 60)) })} suffix={t("settings.channels.silence_minutes")} />
    </Field>
  );
  return (
    <Section title={t("settings.channels.silence")} description={t("settings.channels.silence_hint")}>
      <div className="flex flex-col gap-4">
        <div className="grid gap-4 sm:grid-cols-2">
          {minutes("warn_seconds", t("settings.channels.silence_warn"), t("settings.channels.silence_warn_hint"))}
          {minutes("close_seconds", t("settings.channels.silence_close"), t("settings.channels.silence_close_hint"), silence.warn_seconds === 0)}
        </div>
        <BilingualField long label={t("settings.channels.silence_warning")} value={silence.warning} onChange={(warning) => change({ warning })} maxLength={500} disabled={silence.warn_seconds === 0} errors={{ zh: errors["settings.silence.warning"] }} />
        <div className="grid gap-4 sm:grid-cols-2">
          {minutes("remind_seconds", t("settings.channels.silence_remind"), t("settings.channels.silence_remind_hint"))}
          {minutes("alarm_seconds", t("settings.channels.silence_alarm"))}
        </div>
      </div>
    </Section>
  );
}

function HoursPart({ draft, setSettings, errors }: PartProps) {
  const { t } = useTranslation();
  const { settings } = draft;
  return (
    <>
      <Section title={t("settings.channels.hours")} description={t("settings.channels.hours_hint")}>
        <HoursEditor value={settings.hours} onChange={(hours) => setSettings({ hours })} />
        {Object.entries(errors)
          .filter(([field]) => field.startsWith("hours.") || field.startsWith("settings.hours"))
          .map(([field, text]) => (
            <p key={field} className="mt-2 text-xs text-bad">
              {text}
            </p>
          ))}
      </Section>
      <Section title={t("settings.channels.after_hours")} description={t("settings.channels.after_hours_hint")}>
        <BilingualField long label={t("settings.channels.after_hours_text")} value={settings.after_hours} onChange={(after_hours) => setSettings({ after_hours })} maxLength={500} />
        <BilingualField long label={t("settings.channels.busy_text")} value={settings.busy} onChange={(busy) => setSettings({ busy })} maxLength={500} />
      </Section>
    </>
  );
}

function badOrigin(origins: string[]): string | undefined {
  return origins.find((origin) => origin !== "" && !/^https?:\/\/[^/\s]+$/.test(origin));
}

/** White text on this colour would be hard to read (contrast below 4.5 to 1). */
function tooPale(color: string): boolean {
  const parts = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  if (!parts) return false;
  const [r = 0, g = 0, b = 0] = parts.slice(1).map((hex) => {
    const v = Number.parseInt(hex, 16) / 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05) < 4.5;
}
