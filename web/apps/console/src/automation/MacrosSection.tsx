import { useQuery } from "@tanstack/react-query";
import { macros, type AutomationCatalogue, type AutomationSubject, type Macro, type MacroDraft } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Combobox, ConfirmDialog, EmptyState, Field, IconButton, Input, PageHeader, Pill, RadioGroup, Section, Table, type Column } from "@yingda/ui";
import { ListChecks, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { ActionsEditor, Template } from "./ActionsEditor";
import { useActionText } from "./WhyTree";
import { macrosKey, useCatalogue, useVocabulary } from "./words";

/** Several steps by one click, for cases and for conversations. */
export default function MacrosSection() {
  const { t } = useTranslation();
  const catalogue = useCatalogue();
  const query = useQuery({ queryKey: [...macrosKey, "all"], queryFn: () => macros.list() });
  const [editing, setEditing] = useState<Macro | "new">();
  const addButton = (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setEditing("new")}>
      {t("automation.macros.add")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("settings.sections.macros")} description={t("automation.macros.about")} actions={addButton} />
      <Loaded query={catalogue}>
        {(words) => (
          <>
            <Loaded query={query}>
              {(page) =>
                page.items.length === 0 ? (
                  <EmptyState icon={<ListChecks size={20} />} title={t("automation.macros.empty")} detail={t("automation.macros.empty_hint")} action={addButton} />
                ) : (
                  <MacroTable items={page.items} onEdit={setEditing} />
                )
              }
            </Loaded>
            {editing && <MacroForm macro={editing === "new" ? undefined : editing} catalogue={words} onClose={() => setEditing(undefined)} />}
          </>
        )}
      </Loaded>
    </>
  );
}

function MacroTable({ items, onEdit }: { items: Macro[]; onEdit: (macro: Macro) => void }) {
  const { t } = useTranslation();
  const action = useActionText();
  const { teams } = useVocabulary();
  const [removing, setRemoving] = useState<Macro>();
  const remove = useChange((macro: Macro) => macros.remove(macro.id), { stale: [macrosKey], done: t("settings.removed") });
  const columns: Column<Macro>[] = [
    {
      key: "name",
      header: t("automation.macros.name"),
      cell: (macro) => (
        <>
          <span className="font-medium">{macro.name}</span>
          {macro.shortcut && <code className="ml-2 font-mono text-xs text-mut">/{macro.shortcut}</code>}
          <span className="line-clamp-1 max-w-96 text-xs text-mut">{macro.text}</span>
        </>
      ),
    },
    { key: "for", header: t("automation.macros.for"), cell: (macro) => <Pill tone={macro.subject === "case" ? "brand" : "plain"}>{t(`automation.subject.${macro.subject}`)}</Pill> },
    { key: "actions", header: t("automation.macros.actions"), wide: true, cell: (macro) => <span className="text-xs">{macro.actions.map(action).join("；") || "—"}</span> },
    { key: "team", header: t("automation.macros.team"), wide: true, cell: (macro) => teams.find((team) => team.value === macro.team_id)?.label ?? t("automation.macros.everybody") },
  ];
  return (
    <>
      <Table
        label={t("settings.sections.macros")}
        columns={columns}
        rows={items}
        rowKey={(macro) => macro.id}
        rowActions={(macro) => (
          <>
            <IconButton label={t("settings.edit_named", { name: macro.name })} icon={<Pencil size={15} />} onClick={() => onEdit(macro)} />
            <IconButton label={t("settings.remove_named", { name: macro.name })} icon={<Trash2 size={15} />} onClick={() => setRemoving(macro)} />
          </>
        )}
      />
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={() => setRemoving(undefined)}
        danger
        title={t("settings.remove_title", { name: removing?.name })}
        description={t("automation.macros.remove_text")}
        confirmLabel={t("common.delete")}
        onConfirm={() => removing && remove.mutateAsync(removing)}
      />
    </>
  );
}

function MacroForm({ macro, catalogue, onClose }: { macro?: Macro; catalogue: AutomationCatalogue; onClose: () => void }) {
  const { t } = useTranslation();
  const { teams } = useVocabulary();
  const start: MacroDraft = macro
    ? { name: macro.name, shortcut: macro.shortcut, team_id: macro.team_id, subject: macro.subject, text: macro.text, actions: macro.actions, version: macro.version }
    : { name: "", shortcut: "", subject: "case", text: "", actions: [] };
  const { draft, dirty, set } = useDraft(start);
  const save = useChange(() => (macro ? macros.change(macro.id, draft) : macros.add(draft)), { stale: [macrosKey], quiet: true, done: t("settings.saved"), onDone: onClose });
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer size="lg" title={macro ? t("settings.edit_named", { name: macro.name }) : t("automation.macros.add")} dirty={dirty} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("automation.macros.name")} error={errors["name"]} required>
          <Input value={draft.name} maxLength={80} onChange={(e) => set({ name: e.target.value })} />
        </Field>
        <Field label={t("automation.macros.shortcut")} error={errors["shortcut"]}>
          <Input value={draft.shortcut ?? ""} maxLength={32} prefix="/" className="font-mono" onChange={(e) => set({ shortcut: e.target.value.replace(/^\/+|\s/g, "") })} />
        </Field>
        <Field group label={t("automation.macros.for")} error={errors["subject"]}>
          <RadioGroup<AutomationSubject> inline value={draft.subject} onChange={(subject) => set({ subject, actions: draft.actions.filter((action) => catalogue.actions.find((each) => each.value === action.kind)?.subjects.includes(subject)) })} choices={(["case", "conversation"] as const).map((value) => ({ value, label: t(`automation.subject.${value}`) }))} />
        </Field>
        <Field label={t("automation.macros.team")} error={errors["team_id"]}>
          <Combobox clearable placeholder={t("automation.macros.everybody")} options={teams} value={draft.team_id} onChange={(team_id) => set({ team_id })} />
        </Field>
      </div>
      <Field label={t("automation.macros.text")} hint={t("automation.macros.text_hint")} error={errors["text"]}>
        <Template value={draft.text ?? ""} catalogue={catalogue} subjects={[draft.subject]} onChange={(text) => set({ text })} />
      </Field>
      <Section title={t("automation.macros.actions")}>
        <ActionsEditor catalogue={catalogue} subjects={[draft.subject]} actions={draft.actions} path="actions" errors={errors} onChange={(actions) => set({ actions })} />
      </Section>
    </FormDrawer>
  );
}
