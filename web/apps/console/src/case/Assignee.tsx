import { useTranslation } from "@yingda/i18n";
import { Combobox, Field, PresenceDot, Segmented } from "@yingda/ui";
import { Users } from "lucide-react";
import { useState } from "react";
import { useAgents, useTeams } from "../query";
import { usePresenceLabel } from "../shell/PresenceMenu";

/** Those who work here and can be given a case. */
export function AgentField({ label, hint, value, onChange, required, error }: { label: string; hint?: string; value?: string; onChange: (id?: string) => void; required?: boolean; error?: string }) {
  const { t } = useTranslation();
  const agents = useAgents();
  const presence = usePresenceLabel();
  return (
    <Field label={label} hint={hint} required={required} error={error}>
      <Combobox
        value={value}
        onChange={onChange}
        clearable={!required}
        placeholder={t("cases.act.pick_agent")}
        options={(agents.data?.items ?? [])
          .filter((a) => !a.disabled && !a.invited)
          .map((a) => ({
            value: a.id,
            label: a.name,
            hint: [presence(a.presence.state, a.presence.reason), a.teams.map((each) => each.name).join("、")].filter(Boolean).join(" · "),
            icon: <PresenceDot presence={a.presence.state} />,
          }))}
      />
    </Field>
  );
}

export interface AssigneeFieldProps {
  team?: string;
  agent?: string;
  onChange: (to: { team?: string; agent?: string }) => void;
  required?: boolean;
  error?: string;
}

/** A team or an agent. */
export function AssigneeField({ team, agent, onChange, required, error }: AssigneeFieldProps) {
  const { t } = useTranslation();
  const teams = useTeams();
  const [to, setTo] = useState<"agent" | "team">(team ? "team" : "agent");
  return (
    <div className="flex flex-col gap-2">
      <span aria-hidden="true" className="text-xs font-medium">
        {t("cases.act.assignee")}
      </span>
      <Segmented
        label={t("cases.act.assignee")}
        value={to}
        onChange={(next) => {
          setTo(next);
          onChange({});
        }}
        choices={[
          { value: "agent", label: t("cases.act.to_agent") },
          { value: "team", label: t("cases.act.to_team") },
        ]}
      />
      {to === "agent" ? (
        <AgentField label={t("cases.act.pick_agent")} value={agent} onChange={(id) => onChange({ agent: id })} required={required} error={error} />
      ) : (
        <Field label={t("cases.act.pick_team")} required={required} error={error}>
          <Combobox
            value={team}
            onChange={(id) => onChange({ team: id })}
            clearable={!required}
            placeholder={t("cases.act.pick_team")}
            options={(teams.data?.items ?? []).map((each) => ({ value: each.id, label: each.name, hint: t("conversation.transfer.members", { n: each.agents.length }), icon: <Users size={14} aria-hidden="true" /> }))}
          />
        </Field>
      )}
    </div>
  );
}
