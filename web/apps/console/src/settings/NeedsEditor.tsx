import type { SkillNeed } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Checkbox, IconButton, Select } from "@yingda/ui";
import { Plus, Trash2 } from "lucide-react";
import { levels, useSkills } from "./skills";

interface NeedsEditorProps {
  value: SkillNeed[];
  onChange: (value: SkillNeed[]) => void;
}

/** What whoever answers an inbox is to have. */
export function NeedsEditor({ value, onChange }: NeedsEditorProps) {
  const { t } = useTranslation();
  const all = useSkills().data?.items ?? [];
  const free = all.filter(({ id }) => !value.some((need) => need.skill_id === id));
  const next = free[0];
  const change = (at: number, part: Partial<SkillNeed>) => onChange(value.map((held, i) => (i === at ? { ...held, ...part } : held)));
  return (
    <div className="flex flex-col items-start gap-2">
      {value.length === 0 && <p className="text-xs text-mut">{t("settings.skills.no_needs")}</p>}
      {value.map((need, i) => {
        const name = all.find(({ id }) => id === need.skill_id)?.name ?? t("settings.skills.skill_n", { n: i + 1 });
        return (
          <div key={need.skill_id} role="group" aria-label={name} className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <Select className="w-48" label={t("settings.skills.skill_n", { n: i + 1 })} value={need.skill_id} onChange={(skill_id) => change(i, { skill_id })} options={all.filter(({ id }) => id === need.skill_id || free.some((each) => each.id === id)).map(({ id, name: label }) => ({ value: id, label }))} />
            <Select className="w-32" label={t("settings.skills.least_of", { name })} value={String(Math.max(1, need.level))} onChange={(level) => change(i, { level: Number(level) })} options={levels.map((n) => ({ value: n as string, label: t("settings.skills.least", { n }) }))} />
            <Checkbox checked={need.must} onChange={(must) => change(i, { must })} label={t("settings.skills.must")} />
            <IconButton size="sm" label={t("settings.remove_named", { name })} icon={<Trash2 size={14} />} onClick={() => onChange(value.filter((_, at) => at !== i))} />
          </div>
        );
      })}
      <Button size="sm" icon={<Plus size={13} />} disabled={!next} onClick={() => next && onChange([...value, { skill_id: next.id, level: 1, must: false }])}>
        {t("settings.skills.add_one")}
      </Button>
    </div>
  );
}
