import { people, type ContactField, type Lang } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Checkbox, ConfirmDialog, EmptyState, Field, IconButton, Input, MultiCombobox, PageHeader, Pill, RadioGroup, Select, Table, type Column } from "@yingda/ui";
import { Contact as Card, Pencil, Plus, Trash2, X } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { fieldErrors, Loaded, useChange } from "../form/failure";
import { useFields } from "../contact/people";
import { keys, useSettings } from "../query";

const stale = [keys.contactFields];

/** What is known of customers beside their name and how to reach them. */
export function FieldsSection() {
  const { t, i18n } = useTranslation();
  const language: Lang = i18n.language.startsWith("en") ? "en" : "zh";
  const query = useFields();
  const [editing, setEditing] = useState<ContactField | "new">();
  const [removing, setRemoving] = useState<ContactField>();
  const remove = useChange((field: ContactField) => people.dropField(field.code), { stale, done: t("settings.removed") });
  const columns: Column<ContactField>[] = [
    {
      key: "name",
      header: t("contact.fields.name"),
      cell: (f) => (
        <span className="flex flex-col">
          <span className="font-medium">{f.name[language]}</span>
          <code className="text-2xs text-faint">{f.code}</code>
        </span>
      ),
    },
    { key: "kind", header: t("contact.fields.kind"), cell: (f) => t(`contact.fields.kinds.${f.kind}`) },
    { key: "sight", header: t("contact.fields.sight"), cell: (f) => <Pill tone={f.sight === "all" ? "plain" : "warn"}>{t(`contact.fields.sights.${f.sight}`)}</Pill> },
  ];
  const add = (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setEditing("new")}>
      {t("contact.fields.add")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("settings.sections.fields")} description={t("contact.fields.about")} actions={add} />
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<Card size={20} />} title={t("contact.fields.empty")} detail={t("contact.fields.empty_hint")} action={add} />
          ) : (
            <Table
              label={t("settings.sections.fields")}
              columns={columns}
              rows={items}
              rowKey={(f) => f.code}
              rowActions={(f) => (
                <>
                  <IconButton label={t("settings.edit_named", { name: f.name[language] })} icon={<Pencil size={15} />} onClick={() => setEditing(f)} />
                  <IconButton label={t("settings.remove_named", { name: f.name[language] })} icon={<Trash2 size={15} />} onClick={() => setRemoving(f)} />
                </>
              )}
            />
          )
        }
      </Loaded>
      {editing && <FieldForm field={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={() => setRemoving(undefined)}
        danger
        title={t("settings.remove_title", { name: removing?.name[language] })}
        description={t("contact.fields.remove_text")}
        confirmLabel={t("common.delete")}
        onConfirm={() => removing && remove.mutateAsync(removing)}
      />
    </>
  );
}

const empty: ContactField = { code: "", name: { zh: "", en: "" }, kind: "text", sight: "all", version: 0 };

function FieldForm({ field, onClose }: { field?: ContactField; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const language: Lang = i18n.language.startsWith("en") ? "en" : "zh";
  const settings = useSettings().data;
  const { draft, dirty, set } = useDraft<ContactField>(field ?? empty);
  const save = useChange(() => people.putField(draft), { stale, quiet: true, done: t("settings.saved"), onDone: onClose });
  const errors = fieldErrors(save.error);
  const choices = draft.choices ?? [];
  const categories = (settings?.categories ?? []).flatMap((top) => [{ value: top.id, label: top[language] }, ...(top.children ?? []).map((c) => ({ value: c.id, label: `${top[language]} / ${c[language]}` }))]);
  return (
    <FormDrawer title={field ? t("settings.edit_named", { name: field.name[language] }) : t("contact.fields.add")} dirty={dirty} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("contact.fields.zh")} error={errors["name"]} required>
          <Input value={draft.name.zh} onChange={(e) => set({ name: { ...draft.name, zh: e.target.value } })} />
        </Field>
        <Field label={t("contact.fields.en")} required>
          <Input value={draft.name.en} onChange={(e) => set({ name: { ...draft.name, en: e.target.value } })} />
        </Field>
      </div>
      {!field && (
        <>
          <Field label={t("contact.fields.code")} hint={t("contact.fields.code_hint")} error={errors["code"]} required>
            <Input value={draft.code} onChange={(e) => set({ code: e.target.value })} />
          </Field>
          <Field label={t("contact.fields.kind")} error={errors["kind"]}>
            <Select<ContactField["kind"]> value={draft.kind} onChange={(kind) => set({ kind })} options={(["text", "number", "date", "choice"] as const).map((value) => ({ value, label: t(`contact.fields.kinds.${value}`) }))} />
          </Field>
        </>
      )}
      {draft.kind === "choice" && (
        <fieldset>
          <legend className="mb-1.5 text-xs font-medium text-mut">{t("contact.fields.choices")}</legend>
          <div className="flex flex-col gap-2">
            {choices.map((choice, i) => {
              const put = (change: Partial<typeof choice>) => set({ choices: choices.map((each, at) => (at === i ? { ...each, ...change } : each)) });
              return (
                <div key={i} className="flex items-center gap-2">
                  <Input aria-label={t("contact.fields.choice_code", { n: i + 1 })} placeholder={t("contact.fields.value")} value={choice.code} onChange={(e) => put({ code: e.target.value })} className="w-28" />
                  <Input aria-label={t("contact.fields.choice_zh", { n: i + 1 })} placeholder={t("contact.fields.zh")} value={choice.name.zh} onChange={(e) => put({ name: { ...choice.name, zh: e.target.value } })} />
                  <Input aria-label={t("contact.fields.choice_en", { n: i + 1 })} placeholder={t("contact.fields.en")} value={choice.name.en} onChange={(e) => put({ name: { ...choice.name, en: e.target.value } })} />
                  <IconButton label={t("settings.remove_named", { name: choice.name[language] })} icon={<X size={14} />} onClick={() => set({ choices: choices.filter((_, at) => at !== i) })} />
                </div>
              );
            })}
            <Button size="sm" className="self-start" icon={<Plus size={13} aria-hidden="true" />} onClick={() => set({ choices: [...choices, { code: "", name: { zh: "", en: "" } }] })}>
              {t("contact.fields.add_choice")}
            </Button>
            {errors["choices"] && (
              <p role="alert" className="text-xs text-bad">
                {errors["choices"]}
              </p>
            )}
          </div>
        </fieldset>
      )}
      <Field label={t("contact.fields.sight")} error={errors["sight"]}>
        <RadioGroup<ContactField["sight"]>
          value={draft.sight}
          onChange={(sight) => set({ sight })}
          choices={(["all", "masked", "restricted"] as const).map((value) => ({ value, label: t(`contact.fields.sights.${value}`), hint: t(`contact.fields.sight_hints.${value}`) }))}
        />
      </Field>
      <Field label={t("contact.fields.required")} hint={t("contact.fields.required_hint")} error={errors["required_for"]}>
        <MultiCombobox value={(draft.required_for ?? []).filter((each) => each !== "*")} onChange={(required_for) => set({ required_for })} options={categories} placeholder={t("contact.fields.required_none")} />
      </Field>
      <Checkbox checked={(draft.required_for ?? []).includes("*")} onChange={(all) => set({ required_for: all ? ["*"] : [] })} label={t("contact.fields.required_all")} />
    </FormDrawer>
  );
}
