import type { ConversationFilter } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, cn, Combobox, Field, IconButton, Popover, Select } from "@yingda/ui";
import { useNavigate } from "@tanstack/react-router";
import { ListFilter } from "lucide-react";
import { useAgents, useTeams } from "../query";
import type { InboxSearch } from "../router";

export function FilterButton({ filter }: { filter: ConversationFilter }) {
  const { t } = useTranslation();
  const active = Boolean(filter.team_id || filter.agent_id || filter.priority !== undefined);
  return (
    <Popover
      label={t("inbox.filter.title")}
      align="end"
      className="w-72"
      trigger={
        <IconButton tooltip="none" label={active ? `${t("inbox.filter.title")} (${t("inbox.filter.active")})` : t("inbox.filter.title")} icon={<ListFilter size={16} />} className={cn(active && "bg-brand-soft text-brand-ink")} />
      }
    >
      <Filters filter={filter} active={active} />
    </Popover>
  );
}

function Filters({ filter, active }: { filter: ConversationFilter; active: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const agents = useAgents();
  const teams = useTeams();
  function change(search: InboxSearch) {
    void navigate({
      to: "/inbox/$view/{-$id}",
      params: (now) => ({ view: filter.view, id: (now as { id?: string }).id }),
      search: { team: filter.team_id, agent: filter.agent_id, priority: filter.priority, ...search },
      replace: true,
    });
  }
  return (
    <div className="flex flex-col gap-3">
      <Field label={t("inbox.filter.team")}>
        <Combobox clearable placeholder={t("inbox.filter.any")} value={filter.team_id} onChange={(team) => change({ team })} options={(teams.data?.items ?? []).map((team) => ({ value: team.id, label: team.name }))} />
      </Field>
      <Field label={t("inbox.filter.agent")}>
        <Combobox clearable placeholder={t("inbox.filter.any")} value={filter.agent_id} onChange={(agent) => change({ agent })} options={(agents.data?.items ?? []).map((agent) => ({ value: agent.id, label: agent.name, hint: agent.nickname }))} />
      </Field>
      <Field label={t("inbox.filter.priority")}>
        <Select
          value={filter.priority === undefined ? "" : String(filter.priority)}
          onChange={(value) => change({ priority: value === "" ? undefined : Number(value) })}
          options={[{ value: "", label: t("inbox.filter.any") }, ...(["0", "1", "2"] as const).map((value) => ({ value, label: t(`inbox.priority.${value}`) }))]}
        />
      </Field>
      <Button disabled={!active} onClick={() => change({ team: undefined, agent: undefined, priority: undefined })}>
        {t("inbox.filter.reset")}
      </Button>
    </div>
  );
}
