import { api, type Team, type TeamDraft } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, Button, ConfirmDialog, EmptyState, Field, IconButton, Input, MultiCombobox, PageHeader, Table, type Column } from "@yingda/ui";
import { Pencil, Plus, Trash2, UsersRound } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { can, keys, useAgents, useMe, useTeams } from "../query";

const stale = [keys.teams, keys.agents];

/** Groups of agents that conversations go to. */
export function TeamsSection() {
  const { t } = useTranslation();
  const manages = can(useMe(), "agent.manage");
  const query = useTeams();
  const [editing, setEditing] = useState<Team | "new">();
  const [removing, setRemoving] = useState<Team>();
  const remove = useChange((team: Team) => api.teams.remove(team.id), { stale, done: t("settings.removed") });
  const columns: Column<Team>[] = [
    { key: "name", header: t("settings.teams.name"), width: "30%", cell: (team) => <span className="font-medium">{team.name}</span> },
    { key: "agents", header: t("settings.teams.agents"), cell: (team) => <Members team={team} /> },
  ];
  const addButton = (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setEditing("new")}>
      {t("settings.teams.add")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("settings.sections.teams")} description={t("settings.teams.about")} actions={manages && addButton} />
      <Loaded query={query}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState icon={<UsersRound size={20} />} title={t("settings.teams.empty")} detail={t("settings.teams.empty_hint")} action={manages && addButton} />
          ) : (
            <Table
              label={t("settings.sections.teams")}
              columns={columns}
              rows={page.items}
              rowKey={(team) => team.id}
              rowActions={
                manages
                  ? (team) => (
                      <>
                        <IconButton label={t("settings.edit_named", { name: team.name })} icon={<Pencil size={15} />} onClick={() => setEditing(team)} />
                        <IconButton label={t("settings.remove_named", { name: team.name })} icon={<Trash2 size={15} />} onClick={() => setRemoving(team)} />
                      </>
                    )
                  : undefined
              }
            />
          )
        }
      </Loaded>
      {editing && <TeamForm team={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={() => setRemoving(undefined)}
        danger
        title={t("settings.remove_title", { name: removing?.name })}
        description={t("settings.teams.remove_text")}
        confirmLabel={t("common.delete")}
        onConfirm={() => removing && remove.mutateAsync(removing)}
      />
    </>
  );
}

function Members({ team }: { team: Team }) {
  const { t } = useTranslation();
  if (team.agents.length === 0) return <span className="text-faint">{t("settings.teams.nobody")}</span>;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {team.agents.slice(0, 6).map(({ id, name }) => (
        <span key={id} className="inline-flex items-center gap-1.5">
          <Avatar name={name} size={22} />
          {name}
        </span>
      ))}
      {team.agents.length > 6 && <span className="text-xs text-faint">{t("settings.teams.others", { n: team.agents.length - 6 })}</span>}
    </span>
  );
}

function TeamForm({ team, onClose }: { team?: Team; onClose: () => void }) {
  const { t } = useTranslation();
  const agents = useAgents();
  const { draft, dirty, set } = useDraft<TeamDraft>({ name: team?.name ?? "", agent_ids: team?.agents.map(({ id }) => id) ?? [] });
  const save = useChange(() => (team ? api.teams.change(team.id, draft) : api.teams.add(draft)), { stale, quiet: true, done: t("settings.saved"), onDone: onClose });
  const errors = fieldErrors(save.error);
  const options = (agents.data?.items ?? []).filter(({ disabled, id }) => !disabled || draft.agent_ids.includes(id)).map(({ id, name, email }) => ({ value: id, label: name, hint: email }));
  return (
    <FormDrawer title={team ? t("settings.edit_named", { name: team.name }) : t("settings.teams.add")} dirty={dirty} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <Field label={t("settings.teams.name")} error={errors["name"]} required>
        <Input value={draft.name} maxLength={60} onChange={(e) => set({ name: e.target.value })} />
      </Field>
      <Field label={t("settings.teams.agents")} error={errors["agent_ids"]}>
        <MultiCombobox value={draft.agent_ids} onChange={(agent_ids) => set({ agent_ids })} options={options} placeholder={t("settings.teams.choose")} />
      </Field>
    </FormDrawer>
  );
}
