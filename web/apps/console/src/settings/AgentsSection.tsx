import { api, type Agent } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, Button, ConfirmDialog, EmptyState, IconButton, Input, Menu, PageHeader, Pill, PresenceDot, Segmented, Table, useSorted, type Column, type MenuItem } from "@yingda/ui";
import { Ban, Link2, MoreHorizontal, Pencil, Search, UserCheck, UserPlus, UserRoundCog } from "lucide-react";
import { useMemo, useState } from "react";
import { OnceDialog } from "../form/OnceDialog";
import { Loaded, useChange } from "../form/failure";
import { whenText } from "../form/when";
import { can, keys, useAgents, useMe } from "../query";
import { SkillGaps } from "./SkillGaps";
import { AgentForm } from "./AgentForm";
import { useRoleName } from "./roles";
import { skillsKey, useSkills } from "./skills";

type Shown = "working" | "disabled" | "all";

/** The people who work here: who is there now, what they may do, how much they take. */
export function AgentsSection() {
  const { t } = useTranslation();
  const me = useMe();
  const query = useAgents();
  const manages = can(me, "agent.manage");
  const [editing, setEditing] = useState<Agent | "new">();
  const [disabling, setDisabling] = useState<Agent>();
  const [link, setLink] = useState<{ url: string; name: string; reset: boolean }>();
  const enable = useChange((agent: Agent) => api.agents.change(agent.id, { disabled: !agent.disabled }), { stale: [keys.agents, skillsKey], done: t("settings.saved") });
  const invite = useChange((agent: Agent) => api.agents.invite(agent.id), {
    onDone: ({ invite_url }, agent) => setLink({ url: invite_url, name: agent.name, reset: !agent.invited }),
  });

  function actions(agent: Agent): MenuItem[][] {
    return [
      [
        { label: t("common.edit"), icon: <Pencil size={14} />, onSelect: () => setEditing(agent) },
        { label: agent.invited ? t("settings.agents.new_invite") : t("settings.agents.reset_link"), icon: <Link2 size={14} />, onSelect: () => invite.mutate(agent) },
      ],
      agent.id === me.id
        ? []
        : [
            agent.disabled
              ? { label: t("settings.agents.enable"), icon: <UserCheck size={14} />, onSelect: () => enable.mutate(agent) }
              : { label: t("settings.agents.disable"), icon: <Ban size={14} />, danger: true, onSelect: () => setDisabling(agent) },
          ],
    ];
  }
  return (
    <>
      <PageHeader
        title={t("settings.sections.agents")}
        description={t("settings.agents.about")}
        actions={
          manages && (
            <Button variant="primary" icon={<UserPlus size={15} />} onClick={() => setEditing("new")}>
              {t("settings.agents.invite")}
            </Button>
          )
        }
      />
      <SkillGaps />
      <Loaded query={query}>
        {(page) => (
          <AgentTable
            agents={page.items}
            rowActions={
              manages
                ? (agent) => (
                    <Menu
                      label={t("settings.actions_for", { name: agent.name })}
                      trigger={<IconButton tooltip="none" label={t("settings.actions_for", { name: agent.name })} icon={<MoreHorizontal size={16} />} />}
                      groups={actions(agent)}
                    />
                  )
                : undefined
            }
          />
        )}
      </Loaded>
      {editing && (
        <AgentForm
          agent={editing === "new" ? undefined : editing}
          onClose={() => setEditing(undefined)}
          onInvited={(agent, url) => {
            setEditing(undefined);
            setLink({ url, name: agent.name, reset: false });
          }}
        />
      )}
      <ConfirmDialog
        open={disabling !== undefined}
        onOpenChange={() => setDisabling(undefined)}
        danger
        title={t("settings.agents.disable_title", { name: disabling?.name })}
        description={t("settings.agents.disable_text")}
        confirmLabel={t("settings.agents.disable")}
        onConfirm={() => disabling && enable.mutateAsync(disabling)}
      />
      {link && (
        <OnceDialog
          title={link.reset ? t("settings.agents.reset_link") : t("settings.agents.invite_link")}
          description={t(link.reset ? "settings.agents.reset_text" : "settings.agents.invite_text", { name: link.name })}
          value={new URL(link.url, location.origin).href}
          warning={t("settings.agents.link_warning")}
          onClose={() => setLink(undefined)}
        />
      )}
    </>
  );
}

function AgentTable({ agents, rowActions }: { agents: Agent[]; rowActions?: (agent: Agent) => React.ReactNode }) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const skillNames = new Map((useSkills().data?.items ?? []).map(({ id, name }) => [id, name]));
  const [filter, setFilter] = useState("");
  const [shown, setShown] = useState<Shown>("working");
  const found = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    return agents.filter((agent) => {
      if (shown !== "all" && agent.disabled !== (shown === "disabled")) return false;
      return `${agent.name} ${agent.nickname} ${agent.email} ${agent.teams.map(({ name }) => name).join(" ")}`.toLowerCase().includes(wanted);
    });
  }, [agents, filter, shown]);
  const { sorted, sort, setSort } = useSorted(found, sortBy, { key: "name", down: false });
  const columns: Column<Agent>[] = [
    { key: "name", header: t("settings.agents.name"), sortable: true, cell: (agent) => <AgentName agent={agent} /> },
    { key: "presence", header: t("settings.agents.state"), sortable: true, cell: (agent) => <AgentState agent={agent} /> },
    { key: "roles", header: t("settings.agents.roles"), cell: (agent) => <Names of={agent.roles.map(({ name }) => roleName(name))} /> },
    { key: "teams", header: t("settings.agents.teams"), wide: true, cell: (agent) => <Names of={agent.teams.map(({ name }) => name)} /> },
    { key: "skills", header: t("settings.skills.of_agent"), wide: true, cell: (agent) => <Names of={agent.skills.map(({ skill_id, level }) => `${skillNames.get(skill_id) ?? ""} ${level}`)} /> },
    { key: "load", header: t("settings.agents.load"), sortable: true, align: "right", cell: (agent) => `${agent.load} / ${agent.capacity}` },
    { key: "seen", header: t("settings.agents.seen"), sortable: true, wide: true, cell: (agent) => <span className="num text-xs whitespace-nowrap text-mut">{whenText(agent.last_seen_at)}</span> },
  ];
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Input className="w-64 max-w-full" type="search" aria-label={t("settings.agents.find")} placeholder={t("settings.agents.find")} value={filter} onChange={(e) => setFilter(e.target.value)} prefix={<Search size={14} />} />
        <Segmented<Shown> label={t("settings.agents.shown")} value={shown} onChange={setShown} choices={(["working", "disabled", "all"] as const).map((value) => ({ value, label: t(`settings.agents.show.${value}`) }))} />
        <span className="num ml-auto text-xs text-faint">{t("settings.count", { n: sorted.length })}</span>
      </div>
      {sorted.length === 0 ? (
        <EmptyState icon={<UserRoundCog size={20} />} title={t("settings.agents.none")} detail={t("settings.agents.none_hint")} />
      ) : (
        <Table label={t("settings.sections.agents")} columns={columns} rows={sorted} rowKey={(agent) => agent.id} sort={sort} onSort={setSort} rowActions={rowActions} rowClassName={(agent) => (agent.disabled ? "text-faint" : undefined)} />
      )}
    </>
  );
}

const order: Record<string, number> = { online: 0, busy: 1, break: 2, offline: 3 };
const sortBy = {
  name: (agent: Agent) => agent.name,
  presence: (agent: Agent) => order[agent.presence.state] ?? 9,
  load: (agent: Agent) => agent.load,
  seen: (agent: Agent) => agent.last_seen_at ?? "",
};

function AgentName({ agent }: { agent: Agent }) {
  return (
    <span className="flex min-w-40 items-center gap-2.5">
      <Avatar name={agent.name} size={30} presence={agent.disabled ? undefined : agent.presence.state} />
      <span className="min-w-0">
        <span className="block font-medium">
          {agent.name}
          {agent.nickname && agent.nickname !== agent.name && <span className="ml-1.5 text-xs font-normal text-faint">{agent.nickname}</span>}
        </span>
        <span className="block truncate text-xs text-mut">{agent.email}</span>
      </span>
    </span>
  );
}

function AgentState({ agent }: { agent: Agent }) {
  const { t } = useTranslation();
  if (agent.disabled) return <Pill>{t("settings.agents.disabled")}</Pill>;
  if (agent.invited) return <Pill tone="warn">{t("settings.agents.invited")}</Pill>;
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <PresenceDot presence={agent.presence.state} />
      {t(`shell.presence.${agent.presence.state}`)}
    </span>
  );
}

function Names({ of }: { of: string[] }) {
  if (of.length === 0) return <span className="text-faint">—</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {of.map((name) => (
        <Pill key={name}>{name}</Pill>
      ))}
    </span>
  );
}
