import { serverNow, skills as calls, type ID, type Skilled, type Voucher } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, IconButton, Select } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { dayOf } from "../report/span";
import { holds, levels, useSkills } from "./skills";

interface SkilledEditorProps {
  /** Whose skills they are; none yet when an agent is invited. */
  agent?: ID;
  value: Skilled[];
  onChange: (value: Skilled[]) => void;
}

const none = "none";

/** What an agent can: skill, level, and the certificate by which they have it. */
export function SkilledEditor({ agent, value, onChange }: SkilledEditorProps) {
  const { t } = useTranslation();
  const all = useSkills().data?.items ?? [];
  const free = all.filter(({ id }) => !value.some((has) => has.skill_id === id));
  const next = free[0];
  const held = useQuery({ queryKey: ["skills", "vouchers", agent], queryFn: () => calls.vouchers(agent ?? ""), enabled: agent !== undefined }).data?.items ?? [];
  const today = dayOf(serverNow());
  /** What can be chosen: also what is chosen, before the list is there. */
  const choices = ({ certificate_id: id, certificate, expires_on }: Skilled): Voucher[] => (!id || held.some((each) => each.id === id) ? held : [...held, { id, name: certificate ?? id, expires_on: expires_on ?? "" }]);
  const named = (id: ID): Partial<Skilled> => {
    const chosen = held.find((each) => each.id === id);
    return { certificate_id: chosen?.id, certificate: chosen?.name, expires_on: chosen?.expires_on || undefined };
  };
  const change = (at: number, part: Partial<Skilled>) => onChange(value.map((held, i) => (i === at ? { ...held, ...part } : held)));
  return (
    <div className="flex flex-col items-start gap-2">
      {value.map((has, i) => {
        const name = all.find(({ id }) => id === has.skill_id)?.name ?? t("settings.skills.skill_n", { n: i + 1 });
        return (
          <div key={has.skill_id} role="group" aria-label={name} className="grid w-full grid-cols-[1fr_6rem_auto] items-center gap-x-2 gap-y-1.5 rounded-lg border px-3 py-2">
            <Select label={t("settings.skills.skill_n", { n: i + 1 })} value={has.skill_id} onChange={(skill_id) => change(i, { skill_id })} options={all.filter(({ id }) => id === has.skill_id || free.some((each) => each.id === id)).map(({ id, name: label }) => ({ value: id, label }))} />
            <Select label={t("settings.skills.level_of", { name })} value={String(has.level)} onChange={(level) => change(i, { level: Number(level) })} options={levels.map((n) => ({ value: n as string, label: t("settings.skills.level", { n }) }))} />
            <IconButton size="sm" label={t("settings.remove_named", { name })} icon={<Trash2 size={14} />} onClick={() => onChange(value.filter((_, at) => at !== i))} />
            <Select
              className="col-span-3"
              label={t("settings.skills.certificate_of", { name })}
              value={has.certificate_id ?? none}
              onChange={(id) => change(i, named(id))}
              options={[{ value: none, label: t("settings.skills.no_certificate") }, ...choices(has).map((each) => ({ value: each.id, label: each.expires_on ? t("settings.skills.certificate_until", { name: each.name, day: each.expires_on }) : each.name }))]}
            />
            {!holds(has, today) && <p className="col-span-3 text-xs text-warn">{t("settings.skills.ended")}</p>}
          </div>
        );
      })}
      <Button size="sm" icon={<Plus size={13} />} disabled={!next} onClick={() => next && onChange([...value, { skill_id: next.id, level: 3 }])}>
        {t("settings.skills.add_one")}
      </Button>
    </div>
  );
}
