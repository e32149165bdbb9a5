import { useQuery } from "@tanstack/react-query";
import { api, serverNow, type Canned, type CannedDraft, type Lang } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, EmptyState, Field, IconButton, Input, PageHeader, Pill, RadioGroup, Segmented, Table, Textarea, useSorted, type Column } from "@yingda/ui";
import { MessageSquareQuote, Pencil, Plus, Search, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { variableKey, variables, type Variable } from "../conversation/canned";
import { can, useMe } from "../query";
import { dayName, fullTime } from "../time";

const key = ["canned"] as const;

type Shown = "all" | "shared" | "own";

/** Answers that are typed often, by a short word after "/". */
export function CannedSection() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [...key, "list"], queryFn: () => api.canned.list() });
  const [editing, setEditing] = useState<Canned | "new">();
  const addButton = (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setEditing("new")}>
      {t("settings.canned.add")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("settings.sections.canned")} description={t("settings.canned.about")} actions={addButton} />
      <Loaded query={query}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState icon={<MessageSquareQuote size={20} />} title={t("settings.canned.empty")} detail={t("settings.canned.empty_hint")} action={addButton} />
          ) : (
            <CannedTable items={page.items} onEdit={setEditing} />
          )
        }
      </Loaded>
      {editing && <CannedForm canned={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </>
  );
}

const sortBy = { shortcut: (canned: Canned) => canned.shortcut, title: (canned: Canned) => canned.title, folder: (canned: Canned) => canned.folder, uses: (canned: Canned) => canned.uses };

function CannedTable({ items, onEdit }: { items: Canned[]; onEdit: (canned: Canned) => void }) {
  const { t } = useTranslation();
  const mayShare = can(useMe(), "canned.shared");
  const [filter, setFilter] = useState("");
  const [shown, setShown] = useState<Shown>("all");
  const [removing, setRemoving] = useState<Canned>();
  const remove = useChange((canned: Canned) => api.canned.remove(canned.id), { stale: [key], done: t("settings.removed") });
  const wanted = filter.trim().toLowerCase();
  const found = items.filter((canned) => (shown === "all" || canned.shared === (shown === "shared")) && `${canned.shortcut} ${canned.title} ${canned.folder} ${canned.text}`.toLowerCase().includes(wanted));
  const { sorted, sort, setSort } = useSorted(found, sortBy, { key: "uses", down: true });
  const columns: Column<Canned>[] = [
    { key: "shortcut", header: t("settings.canned.shortcut"), sortable: true, cell: (canned) => <code className="font-mono text-xs whitespace-nowrap">/{canned.shortcut}</code> },
    {
      key: "title",
      header: t("settings.canned.title"),
      sortable: true,
      cell: (canned) => (
        <>
          <span className="font-medium">{canned.title}</span>
          <span className="line-clamp-1 max-w-96 text-xs text-mut">{canned.text}</span>
        </>
      ),
    },
    { key: "folder", header: t("settings.canned.folder"), sortable: true, wide: true, cell: (canned) => canned.folder || "–" },
    { key: "shared", header: t("settings.canned.who"), cell: (canned) => <Pill tone={canned.shared ? "brand" : "plain"}>{canned.shared ? t("settings.canned.shared") : t("settings.canned.own")}</Pill> },
    { key: "language", header: t("common.language.title"), wide: true, cell: (canned) => t(`common.language.${canned.language}`) },
    { key: "uses", header: t("settings.canned.uses"), sortable: true, align: "right", cell: (canned) => canned.uses },
  ];
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Input className="w-64 max-w-full" type="search" aria-label={t("settings.canned.find")} placeholder={t("settings.canned.find")} value={filter} onChange={(e) => setFilter(e.target.value)} prefix={<Search size={14} />} />
        <Segmented<Shown> label={t("settings.canned.who")} value={shown} onChange={setShown} choices={(["all", "shared", "own"] as const).map((value) => ({ value, label: value === "all" ? t("common.all") : t(`settings.canned.${value}`) }))} />
        <span className="num ml-auto text-xs text-faint">{t("settings.count", { n: sorted.length })}</span>
      </div>
      {sorted.length === 0 ? (
        <EmptyState icon={<Search size={20} />} title={t("settings.no_match")} />
      ) : (
        <Table
          label={t("settings.sections.canned")}
          columns={columns}
          rows={sorted}
          rowKey={(canned) => canned.id}
          sort={sort}
          onSort={setSort}
          rowActions={(canned) =>
            canned.shared && !mayShare ? null : (
              <>
                <IconButton label={t("settings.edit_named", { name: canned.title })} icon={<Pencil size={15} />} onClick={() => onEdit(canned)} />
                <IconButton label={t("settings.remove_named", { name: canned.title })} icon={<Trash2 size={15} />} onClick={() => setRemoving(canned)} />
              </>
            )
          }
        />
      )}
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={() => setRemoving(undefined)}
        danger
        title={t("settings.remove_title", { name: removing?.title })}
        description={removing?.shared ? t("settings.canned.remove_shared") : t("settings.canned.remove_own")}
        confirmLabel={t("common.delete")}
        onConfirm={() => removing && remove.mutateAsync(removing)}
      />
    </>
  );
}

function CannedForm({ canned, onClose }: { canned?: Canned; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const mayShare = can(me, "canned.shared");
  const area = useRef<HTMLTextAreaElement>(null);
  const start: CannedDraft = canned
    ? { shortcut: canned.shortcut, title: canned.title, text: canned.text, language: canned.language, folder: canned.folder, shared: canned.shared }
    : { shortcut: "", title: "", text: "", language: currentLanguage(), folder: "", shared: false };
  const { draft, dirty, set } = useDraft(start);
  const save = useChange(() => (canned ? api.canned.change(canned.id, draft) : api.canned.add(draft)), { stale: [key], quiet: true, done: t("settings.saved"), onDone: onClose });
  const errors = fieldErrors(save.error);

  function insert(variable: Variable) {
    const box = area.current;
    const at = box?.selectionStart ?? draft.text.length;
    const word = `{{${variable}}}`;
    set({ text: draft.text.slice(0, at) + word + draft.text.slice(box?.selectionEnd ?? at) });
    requestAnimationFrame(() => {
      box?.focus();
      box?.setSelectionRange(at + word.length, at + word.length);
    });
  }
  const example: Record<Variable, string> = { "contact.name": t("settings.canned.example_contact"), "agent.name": me.nickname || me.name, company: t("settings.canned.example_company"), "company.phone": "400-800-1234", "conversation.number": "1024", "case.number": "TS20261122-000123", "case.due": fullTime(new Date(serverNow() + 86_400_000).toISOString()), today: dayName(new Date(serverNow()).toISOString()) };
  return (
    <FormDrawer title={canned ? t("settings.edit_named", { name: canned.title }) : t("settings.canned.add")} dirty={dirty} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("settings.canned.shortcut")} hint={t("settings.canned.shortcut_hint")} error={errors["shortcut"]} required>
          <Input value={draft.shortcut} maxLength={30} className="font-mono" prefix="/" onChange={(e) => set({ shortcut: e.target.value.replace(/^\/+|\s/g, "") })} />
        </Field>
        <Field label={t("settings.canned.title")} error={errors["title"]} required>
          <Input value={draft.title} maxLength={80} onChange={(e) => set({ title: e.target.value })} />
        </Field>
      </div>
      <Field label={t("settings.canned.folder")} hint={t("settings.canned.folder_hint")} aside={t("common.optional")} error={errors["folder"]}>
        <Input value={draft.folder} maxLength={40} onChange={(e) => set({ folder: e.target.value })} />
      </Field>
      <Field label={t("settings.canned.text")} error={errors["text"]} required>
        <Textarea ref={area} minRows={5} maxLength={4000} value={draft.text} onChange={(e) => set({ text: e.target.value })} />
      </Field>
      <div role="group" aria-label={t("settings.canned.variables")} className="-mt-2 flex flex-wrap items-center gap-1.5">
        <span className="text-xs text-faint">{t("settings.canned.variables")}</span>
        {variables.map((variable) => (
          <Button key={variable} size="sm" onClick={() => insert(variable)}>
            {t(`settings.canned.variable.${variableKey[variable]}`)}
            <code className="font-mono text-2xs text-faint">{`{{${variable}}}`}</code>
          </Button>
        ))}
      </div>
      {draft.text.includes("{{") && (
        <div className="rounded-lg border bg-raise px-3 py-2">
          <p className="text-2xs text-faint">{t("settings.canned.preview")}</p>
          <p className="whitespace-pre-wrap">{fillIn(draft.text, example)}</p>
        </div>
      )}
      <Field group label={t("settings.canned.who")} hint={mayShare ? undefined : t("settings.canned.may_not_share")}>
        <RadioGroup
          inline
          value={draft.shared ? "shared" : "own"}
          onChange={(who) => set({ shared: who === "shared" })}
          choices={[
            { value: "own", label: t("settings.canned.own") },
            { value: "shared", label: t("settings.canned.shared"), disabled: !mayShare },
          ]}
        />
      </Field>
      <Field group label={t("common.language.title")}>
        <RadioGroup<Lang> inline value={draft.language} onChange={(language) => set({ language })} choices={(["zh", "en"] as const).map((value) => ({ value, label: t(`common.language.${value}`) }))} />
      </Field>
    </FormDrawer>
  );
}

function fillIn(text: string, values: Record<Variable, string>): string {
  return text.replace(/{{\s*([\w.]+)\s*}}/g, (whole, name: string) => values[name as Variable] ?? whole);
}
