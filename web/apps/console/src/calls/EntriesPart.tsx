import { hotline, type CallEntry, type EntryMenu } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, EmptyState, Field, IconButton, Input, Pill, Select, Switch, Table, Textarea, type Column } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Pencil, PhoneIncoming, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { useTeams } from "../query";
import { NeedsEditor } from "../settings/NeedsEditor";
import { hotlineKey, linesOf } from "./keys";

const stale = [hotlineKey, ["inboxes"]];

/** The names of the menus in the reader's language, with the queues that they have. */
function useMenus() {
  const { i18n } = useTranslation();
  const menus = useQuery({ queryKey: [...hotlineKey, "menus"], queryFn: hotline.menus }).data?.items ?? [];
  const name = (menu: EntryMenu) => (i18n.language === "en" ? menu.name.en : menu.name.zh) || menu.id;
  return { menus, name };
}

export function EntriesPart() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [...hotlineKey, "entries"], queryFn: hotline.entries });
  const { menus, name } = useMenus();
  const [editing, setEditing] = useState<CallEntry | "new">();
  const [removing, setRemoving] = useState<CallEntry>();
  const remove = useChange((entry: CallEntry) => hotline.removeEntry(entry.inbox_id), { stale, done: t("calls.hotline.removed") });
  const columns: Column<CallEntry>[] = [
    {
      key: "name",
      header: t("calls.entries.name"),
      cell: (e) => (
        <span className="flex flex-wrap items-center gap-2 font-medium">
          {e.name}
          {!e.enabled && <Pill>{t("calls.entries.off")}</Pill>}
        </span>
      ),
    },
    { key: "numbers", header: t("calls.entries.numbers"), cell: (e) => (e.numbers.length > 0 ? <span className="num">{e.numbers.join(", ")}</span> : t("calls.entries.all_numbers")) },
    { key: "menu", header: t("calls.entries.menu"), wide: true, cell: (e) => { const menu = menus.find((each) => each.id === e.menu); return menu ? name(menu) : e.menu; } },
  ];
  const add = (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setEditing("new")}>
      {t("calls.entries.add")}
    </Button>
  );
  return (
    <>
      <div className="mb-3 flex justify-end">{add}</div>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<PhoneIncoming size={20} />} title={t("calls.entries.empty")} detail={t("calls.entries.empty_hint")} />
          ) : (
            <Table
              label={t("calls.hotline.tabs.entries")}
              columns={columns}
              rows={items}
              rowKey={(e) => e.inbox_id}
              rowActions={(e) => (
                <>
                  <IconButton label={t("settings.edit_named", { name: e.name })} icon={<Pencil size={15} />} onClick={() => setEditing(e)} />
                  <IconButton label={t("settings.remove_named", { name: e.name })} icon={<Trash2 size={15} />} onClick={() => setRemoving(e)} />
                </>
              )}
            />
          )
        }
      </Loaded>
      {editing && <EntryForm entry={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
      <ConfirmDialog open={removing !== undefined} onOpenChange={() => setRemoving(undefined)} danger title={t("calls.entries.remove_title", { name: removing?.name })} description={t("calls.entries.remove_text")} confirmLabel={t("calls.entries.remove")} onConfirm={() => removing && remove.mutateAsync(removing)} />
    </>
  );
}

const priorities = [["low", -1], ["normal", 0], ["high", 1], ["urgent", 2]] as const;

function EntryForm({ entry, onClose }: { entry?: CallEntry; onClose: () => void }) {
  const { t } = useTranslation();
  const { menus, name } = useMenus();
  const teams = useTeams().data?.items ?? [];
  const { draft, dirty, set } = useDraft({ name: entry?.name ?? "", enabled: entry?.enabled ?? true, team: entry?.team_id ?? "", numbers: entry?.numbers.join("\n") ?? "", menu: entry?.menu ?? "", lanes: entry?.lanes ?? [] });
  const menu = menus.find((each) => each.id === draft.menu) ?? (entry ? undefined : menus[0]);
  const queues = [...new Set([...(menu?.queues ?? []), ...draft.lanes.map((lane) => lane.queue)])];
  const laneOf = (queue: string) => draft.lanes.find((lane) => lane.queue === queue) ?? { queue };
  const change = (queue: string, part: Partial<CallEntry["lanes"][number]>) => set({ lanes: queues.map((each) => (each === queue ? { ...laneOf(each), ...part } : laneOf(each))) });
  const save = useChange(
    () => {
      const body = { name: draft.name.trim(), enabled: draft.enabled, team_id: draft.team, numbers: linesOf(draft.numbers), menu: menu?.id ?? draft.menu, lanes: queues.map(laneOf) };
      return entry ? hotline.changeEntry(entry.inbox_id, { ...body, version: entry.version }) : hotline.addEntry(body);
    },
    { stale, done: t("settings.saved"), onDone: onClose, quiet: true },
  );
  const errors = fieldErrors(save.error);
  const laneError = Object.entries(errors).find(([field]) => field.startsWith("lanes"))?.[1];
  const options = (empty: string) => [{ value: "none", label: empty }, ...teams.map((team) => ({ value: team.id as string, label: team.name }))];
  return (
    <FormDrawer size="lg" title={entry ? t("calls.entries.edit") : t("calls.entries.add")} dirty={dirty} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <Field label={t("calls.entries.name")} error={errors["name"]} required>
        <Input value={draft.name} maxLength={80} onChange={(e) => set({ name: e.target.value })} />
      </Field>
      <Switch checked={draft.enabled} onChange={(enabled) => set({ enabled })} label={t("calls.entries.enabled")} />
      <Field label={t("calls.entries.numbers")} hint={t("calls.entries.numbers_hint")} error={errors["numbers"]}>
        <Textarea minRows={2} value={draft.numbers} onChange={(e) => set({ numbers: e.target.value })} />
      </Field>
      <Field label={t("calls.entries.menu")} error={errors["menu"]}>
        <Select value={menu?.id ?? draft.menu} onChange={(value) => set({ menu: value })} options={menus.map((each) => ({ value: each.id, label: name(each) }))} />
      </Field>
      <Field label={t("calls.entries.team")} error={errors["team_id"]}>
        <Select value={draft.team || "none"} onChange={(v) => set({ team: v === "none" ? "" : v })} options={options(t("calls.entries.anybody"))} />
      </Field>
      <Field group label={t("calls.entries.lanes")} hint={t("calls.entries.lanes_hint")} error={laneError}>
        <div className="flex flex-col gap-3">
          {queues.map((key) => {
            const lane = laneOf(key);
            const queue = menu?.names[key]?.[currentLanguage()] ?? key;
            return (
              <div key={key} role="group" aria-label={queue} className="rounded-lg border p-3">
                <div className="mb-2 flex flex-wrap items-center gap-2">
                  <span className="w-40 truncate text-sm font-medium" title={key}>
                    {queue} <code className="text-2xs font-normal text-faint">{key}</code>
                  </span>
                  <Select className="w-44" label={t("calls.entries.lane_team", { queue })} value={lane.team_id || "none"} onChange={(v) => change(key, { team_id: v === "none" ? undefined : v })} options={options(t("calls.entries.default_team"))} />
                  <Select className="w-28" label={t("calls.entries.lane_priority", { queue })} value={String(lane.priority ?? 0)} onChange={(v) => change(key, { priority: Number(v) })} options={priorities.map(([word, n]) => ({ value: String(n), label: t(`calls.entries.priorities.${word}`) }))} />
                </div>
                <NeedsEditor value={lane.skills ?? []} onChange={(skills) => change(key, { skills })} />
              </div>
            );
          })}
        </div>
      </Field>
    </FormDrawer>
  );
}
