import type { Skilled } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, IconButton, Input, Select } from "@yingda/ui";
import { Plus, Trash2 } from "lucide-react";
import { dayOf, endOf, levels, useSkills } from "./skills";

interface SkilledEditorProps {
  value: Skilled[];
  onChange: (value: Skilled[]) => void;
}

/** What an agent can: skill, level, certificate and its end. */
export function SkilledEditor({ value, onChange }: SkilledEditorProps) {
  const { t } = useTranslation();
  const all = useSkills().data?.items ?? [];
  const free = all.filter(({ id }) => !value.some((has) => has.skill_id === id));
  const next = free[0];
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
            <Input aria-label={t("settings.skills.certificate_of", { name })} placeholder={t("settings.skills.certificate")} maxLength={120} value={has.certificate ?? ""} onChange={(e) => change(i, { certificate: e.target.value || undefined })} />
            <label className="col-span-2 flex items-center gap-2 text-xs text-mut">
              <span className="shrink-0">{t("settings.skills.until")}</span>
              <Input type="date" className="num" aria-label={t("settings.skills.until_of", { name })} value={dayOf(has.until)} onChange={(e) => change(i, { until: endOf(e.target.value) })} />
            </label>
          </div>
        );
      })}
      <Button size="sm" icon={<Plus size={13} />} disabled={!next} onClick={() => next && onChange([...value, { skill_id: next.id, level: 3 }])}>
        {t("settings.skills.add_one")}
      </Button>
    </div>
  );
}
