import { api, type ListFilter } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Combobox, Field, Input, Select, Switch } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { useLang } from "../case/lang";
import { leavesOf } from "../case/tree";
import { useAgents, useCaseHandling, useCaseWords, useTeams } from "../query";
import { inboxesKey } from "../settings/inboxes";
import { useSettledText } from "../useText";

interface FiltersProps {
  filter: ListFilter;
  change: (part: Partial<ListFilter>) => void;
  /** Milliseconds without typing until a text counts. A form needs none: nothing happens before it is saved. */
  pause?: number;
}

const states = ["bot", "queued", "active", "wrap_up", "closed"] as const;

function SettledInput({ value, onChange, pause = 350, ...rest }: { value: string; onChange: (value: string) => void; pause?: number; type?: string; maxLength?: number; min?: number; inputMode?: "numeric" }) {
  const box = useSettledText(value, (text) => text !== value && onChange(text), pause);
  return <Input {...rest} {...box.props} />;
}

function People({ filter, change }: Omit<FiltersProps, "pause">) {
  const { t } = useTranslation();
  const agents = useAgents();
  const teams = useTeams();
  return (
    <>
      <Field label={t("inbox.filter.team")}>
        <Combobox clearable placeholder={t("inbox.filter.any")} value={filter.team_id} onChange={(team_id) => change({ team_id })} options={(teams.data?.items ?? []).map((team) => ({ value: team.id, label: team.name }))} />
      </Field>
      <Field label={t("inbox.filter.agent")}>
        <Combobox clearable placeholder={t("inbox.filter.any")} value={filter.agent_id} onChange={(agent_id) => change({ agent_id })} options={(agents.data?.items ?? []).map((agent) => ({ value: agent.id, label: agent.name, hint: agent.nickname }))} />
      </Field>
    </>
  );
}

/** What narrows a list of conversations. */
export function TalkFilters({ filter, change, pause }: FiltersProps) {
  const { t } = useTranslation();
  const inboxes = useQuery({ queryKey: inboxesKey, queryFn: api.inboxes.list, staleTime: 5 * 60_000 });
  const any = { value: "", label: t("inbox.filter.any") };
  return (
    <>
      <People filter={filter} change={change} />
      <Field label={t("views.form.inbox")}>
        <Combobox clearable placeholder={t("inbox.filter.any")} value={filter.inbox_id} onChange={(inbox_id) => change({ inbox_id })} options={(inboxes.data?.items ?? []).map((inbox) => ({ value: inbox.id, label: inbox.name }))} />
      </Field>
      <Field label={t("views.form.state")}>
        <Select value={filter.state ?? ""} onChange={(state) => change({ state: state || undefined })} options={[any, ...states.map((value) => ({ value: value as string, label: t(`inbox.state.${value}`) }))]} />
      </Field>
      <Field label={t("inbox.filter.priority")}>
        <Select
          value={filter.priority === undefined ? "" : String(filter.priority)}
          onChange={(value) => change({ priority: value === "" ? undefined : Number(value) })}
          options={[any, ...(["0", "1", "2"] as const).map((value) => ({ value: value as string, label: t(`inbox.priority.${value}`) }))]}
        />
      </Field>
      <Field label={t("views.form.language")}>
        <Select value={filter.language ?? ""} onChange={(language) => change({ language: language || undefined })} options={[any, ...(["zh", "en"] as const).map((value) => ({ value: value as string, label: t(`common.language.${value}`) }))]} />
      </Field>
      <Field label={t("aids.mood.filter")}>
        <Select
          value={filter.mood ?? ""}
          onChange={(mood) => change({ mood: mood || undefined })}
          options={[any, { value: "worried", label: t("aids.mood.worried_up") }, { value: "angry", label: t("aids.mood.angry_only") }]}
        />
      </Field>
      <Field label={t("views.form.tag")}>
        <SettledInput pause={pause} maxLength={80} value={filter.tag ?? ""} onChange={(tag) => change({ tag: tag || undefined })} />
      </Field>
      <Field label={t("views.form.waiting")}>
        <SettledInput pause={pause} type="number" inputMode="numeric" min={0} value={filter.waiting ? String(filter.waiting) : ""} onChange={(value) => change({ waiting: Math.min(10_080, Math.max(0, Math.round(Number(value) || 0))) || undefined })} />
      </Field>
      <Field label={t("views.form.text")} hint={t("views.form.text_hint")}>
        <SettledInput pause={pause} maxLength={80} value={filter.q ?? ""} onChange={(q) => change({ q: q || undefined })} />
      </Field>
      <Switch label={t("views.form.unread")} checked={filter.unread ?? false} onChange={(unread) => change({ unread: unread || undefined })} />
    </>
  );
}

const sources = ["portal", "widget", "phone", "letter", "email", "visit", "chat", "survey"] as const;

/** What narrows a list of cases. */
export function CaseFilters({ filter, change, pause }: FiltersProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useCaseWords();
  const handling = useCaseHandling();
  const any = { value: "", label: t("inbox.filter.any") };
  return (
    <>
      <Field label={t("cases.kind")}>
        <Select value={filter.kind ?? ""} onChange={(kind) => change({ kind: kind || undefined, category: undefined })} options={[any, ...(words.data?.kinds ?? []).map((each) => ({ value: each.kind as string, label: each.name[lang] }))]} />
      </Field>
      <Field label={t("cases.level")}>
        <Select value={filter.level ?? ""} onChange={(level) => change({ level: level || undefined })} options={[any, ...(words.data?.levels ?? []).map((each) => ({ value: each.code, label: each.name[lang] }))]} />
      </Field>
      <Field label={t("cases.category")}>
        <Combobox
          clearable
          placeholder={t("inbox.filter.any")}
          value={filter.category}
          onChange={(category) => change({ category })}
          options={leavesOf(handling.data?.categories ?? [], words.data?.kinds.find((each) => each.kind === filter.kind)?.kind, lang).map((leaf) => ({ value: leaf.id, label: leaf.path }))}
        />
      </Field>
      <People filter={filter} change={change} />
      <Field label={t("cases.source.title")}>
        <Select value={filter.source ?? ""} onChange={(source) => change({ source: source || undefined })} options={[any, ...sources.map((value) => ({ value: value as string, label: t(`cases.source.${value}`) }))]} />
      </Field>
      <Field label={t("inbox.filter.priority")}>
        <Select
          value={filter.priority ? String(filter.priority) : ""}
          onChange={(value) => change({ priority: value === "" ? undefined : Number(value) })}
          options={[any, ...["1", "2", "3", "4"].map((value) => ({ value, label: `P${value}` }))]}
        />
      </Field>
      <Field label={t("views.form.tag")}>
        <SettledInput pause={pause} maxLength={80} value={filter.tag ?? ""} onChange={(tag) => change({ tag: tag || undefined })} />
      </Field>
      <Field label={t("views.form.text")} hint={t("views.form.text_case_hint")}>
        <SettledInput pause={pause} maxLength={80} value={filter.q ?? ""} onChange={(q) => change({ q: q || undefined })} />
      </Field>
    </>
  );
}
