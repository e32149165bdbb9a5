import { serverNow, skills as calls, type Skill, type SkillDraft } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, Button, ConfirmDialog, EmptyState, Field, IconButton, Input, PageHeader, Pill, RadioGroup, Table, type Column } from "@yingda/ui";
import { GraduationCap, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { can, keys, useAgents, useMe } from "../query";
import { dayOf } from "../report/span";
import { SkillGaps } from "./SkillGaps";
import { holdersOf, holds, skillsKey, useSkills } from "./skills";

const stale = [skillsKey, keys.agents];

/** What some customers need and not everybody can, and who can. */
export function SkillsSection() {
  const { t } = useTranslation();
  const manages = can(useMe(), "agent.manage");
  const query = useSkills();
  const [editing, setEditing] = useState<Skill | "new">();
  const [removing, setRemoving] = useState<Skill>();
  const remove = useChange((skill: Skill) => calls.remove(skill.id), { stale, done: t("settings.removed") });
  const columns: Column<Skill>[] = [
    {
      key: "name",
      header: t("settings.skills.name"),
      width: "34%",
      cell: (skill) => (
        <span className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{skill.name}</span>
          {skill.language && <Pill>{t("settings.skills.needed_by", { language: t(`common.language.${skill.language as "zh" | "en"}`) })}</Pill>}
        </span>
      ),
    },
    { key: "holders", header: t("settings.skills.holders"), cell: (skill) => <Holders skill={skill} /> },
  ];
  const addButton = (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setEditing("new")}>
      {t("settings.skills.add")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("settings.sections.skills")} description={t("settings.skills.about")} actions={manages && addButton} />
      <SkillGaps link={false} />
      <Loaded query={query}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState icon={<GraduationCap size={20} />} title={t("settings.skills.empty")} detail={t("settings.skills.empty_hint")} action={manages && addButton} />
          ) : (
            <Table
              label={t("settings.sections.skills")}
              columns={columns}
              rows={page.items}
              rowKey={(skill) => skill.id}
              rowActions={
                manages
                  ? (skill) => (
                      <>
                        <IconButton label={t("settings.edit_named", { name: skill.name })} icon={<Pencil size={15} />} onClick={() => setEditing(skill)} />
                        <IconButton label={t("settings.remove_named", { name: skill.name })} icon={<Trash2 size={15} />} onClick={() => setRemoving(skill)} />
                      </>
                    )
                  : undefined
              }
            />
          )
        }
      </Loaded>
      {editing && <SkillForm skill={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={() => setRemoving(undefined)}
        danger
        title={t("settings.remove_title", { name: removing?.name })}
        description={t("settings.skills.remove_text")}
        confirmLabel={t("common.delete")}
        onConfirm={() => removing && remove.mutateAsync(removing)}
      />
    </>
  );
}

function Holders({ skill }: { skill: Skill }) {
  const { t } = useTranslation();
  const today = dayOf(serverNow());
  const holders = holdersOf(useAgents().data?.items ?? [], skill.id);
  if (holders.length === 0) return <span className="text-faint">{t("settings.skills.nobody")}</span>;
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {holders.map(({ agent, has }) => (
        <span key={agent.id} className="inline-flex items-center gap-1.5">
          <Avatar name={agent.name} size={22} />
          {agent.name}
          <span className="num text-xs text-mut">{t("settings.skills.level", { n: has.level })}</span>
          {!holds(has, today) && <Pill tone="warn">{t("settings.skills.ended")}</Pill>}
        </span>
      ))}
    </span>
  );
}

function SkillForm({ skill, onClose }: { skill?: Skill; onClose: () => void }) {
  const { t } = useTranslation();
  const { draft, dirty, set } = useDraft<SkillDraft>({ name: skill?.name ?? "", language: (skill?.language ?? "") as SkillDraft["language"] });
  const save = useChange(() => (skill ? calls.change(skill.id, draft) : calls.add(draft)), { stale, quiet: true, done: t("settings.saved"), onDone: onClose });
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer title={skill ? t("settings.edit_named", { name: skill.name }) : t("settings.skills.add")} dirty={dirty} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <Field label={t("settings.skills.name")} error={errors["name"]} required>
        <Input value={draft.name} maxLength={40} onChange={(e) => set({ name: e.target.value })} />
      </Field>
      <Field group label={t("settings.skills.language")} hint={t("settings.skills.language_hint")} error={errors["language"]}>
        <RadioGroup<SkillDraft["language"]>
          inline
          value={draft.language}
          onChange={(language) => set({ language })}
          choices={(["", "zh", "en"] as const).map((value) => ({ value, label: value === "" ? t("settings.skills.any_language") : t(`common.language.${value}`) }))}
        />
      </Field>
    </FormDrawer>
  );
}
