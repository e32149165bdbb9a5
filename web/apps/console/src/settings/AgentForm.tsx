import { useQuery } from "@tanstack/react-query";
import { api, type Agent, type AgentDraft, type Lang } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Field, Input, MultiCombobox, RadioGroup } from "@yingda/ui";
import { Amount } from "../form/Amount";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { fieldErrors, useChange } from "../form/failure";
import { keys, useTeams } from "../query";
import { SkilledEditor } from "./SkilledEditor";
import { rolesKey, useRoleName } from "./roles";
import { skillsKey } from "./skills";

export interface AgentFormProps {
  /** Absent: a new one is invited. */
  agent?: Agent;
  onClose: () => void;
  onInvited: (agent: Agent, url: string) => void;
}

export function AgentForm({ agent, onClose, onInvited }: AgentFormProps) {
  const { t } = useTranslation();
  const roles = useQuery({ queryKey: rolesKey, queryFn: api.roles.list });
  const teams = useTeams();
  const roleName = useRoleName();
  const roleOptions = roles.data?.items.map(({ id, name, scope }) => ({ value: id, label: roleName(name), hint: t(`settings.scope.${scope}`) })) ?? (agent?.roles ?? []).map(({ id, name }) => ({ value: id, label: roleName(name) }));
  const { draft, dirty, set } = useDraft<AgentDraft>(agent ? draftOf(agent) : blank());
  const stale = [keys.agents, keys.teams, rolesKey, skillsKey];
  const add = useChange(() => api.agents.add(draft), { stale, quiet: true, onDone: (made) => onInvited(made.agent, made.invite_url) });
  const change = useChange((id: string) => api.agents.change(id, draft), { stale: [...stale, keys.me], quiet: true, done: t("settings.saved"), onDone: onClose });
  const write = agent ? change : add;
  const errors = fieldErrors(write.error);
  return (
    <FormDrawer
      title={agent ? t("settings.agents.edit_title", { name: agent.name }) : t("settings.agents.invite")}
      description={agent ? undefined : t("settings.agents.invite_hint")}
      dirty={dirty}
      saving={write.isPending}
      error={write.error}
      submitLabel={agent ? undefined : t("settings.agents.invite_do")}
      onSubmit={() => (agent ? change.mutate(agent.id) : add.mutate())}
      onClose={onClose}
    >
      <Field label={t("settings.agents.email")} hint={t("settings.agents.email_hint")} error={errors["email"]} required>
        <Input type="email" autoComplete="off" value={draft.email} onChange={(e) => set({ email: e.target.value })} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("settings.profile.name")} error={errors["name"]} required>
          <Input value={draft.name} maxLength={80} onChange={(e) => set({ name: e.target.value })} />
        </Field>
        <Field label={t("settings.profile.nickname")} hint={t("settings.profile.nickname_hint")} error={errors["nickname"]}>
          <Input value={draft.nickname} maxLength={80} placeholder={draft.name} onChange={(e) => set({ nickname: e.target.value })} />
        </Field>
      </div>
      <Field label={t("settings.agents.roles")} hint={t("settings.agents.roles_hint")} error={errors["role_ids"]} required>
        <MultiCombobox
          value={draft.role_ids}
          onChange={(role_ids) => set({ role_ids })}
          placeholder={t("settings.agents.choose_roles")}
          options={roleOptions}
        />
      </Field>
      <Field label={t("settings.agents.teams")} error={errors["team_ids"]}>
        <MultiCombobox value={draft.team_ids} onChange={(team_ids) => set({ team_ids })} placeholder={t("settings.agents.choose_teams")} options={(teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))} />
      </Field>
      <Field group label={t("settings.skills.of_agent")} hint={t("settings.skills.of_agent_hint")} error={errors["skills"]}>
        <SkilledEditor agent={agent?.id} value={draft.skills} onChange={(skills) => set({ skills })} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("settings.agents.capacity")} hint={t("settings.agents.capacity_hint")} error={errors["capacity"]}>
          <Input type="number" min={0} max={100} value={draft.capacity} onChange={(e) => set({ capacity: Math.max(0, Math.floor(Number(e.target.value) || 0)) })} />
        </Field>
        <Field label={t("settings.skills.share")} hint={t("settings.skills.share_hint")} aside="%" error={errors["share"]}>
          <Amount min={1} max={1000} step={1} value={draft.share} onChange={(share) => set({ share: Math.trunc(share) })} />
        </Field>
      </div>
      <Field group label={t("common.language.title")} error={errors["language"]}>
        <RadioGroup<Lang> inline value={draft.language} onChange={(language) => set({ language })} choices={(["zh", "en"] as const).map((value) => ({ value, label: t(`common.language.${value}`) }))} />
      </Field>
    </FormDrawer>
  );
}

function draftOf({ email, name, nickname, roles, teams, capacity, share, skills, language }: Agent): AgentDraft {
  return { email, name, nickname, role_ids: roles.map(({ id }) => id), team_ids: teams.map(({ id }) => id), capacity, share, skills, language };
}

function blank(): AgentDraft {
  return { email: "", name: "", nickname: "", role_ids: [], team_ids: [], capacity: 5, share: 100, skills: [], language: currentLanguage() };
}
