import { useQuery } from "@tanstack/react-query";
import { api, type Filter, type FilterList } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Checkbox, EmptyState, Field, PageHeader, SaveBar, Section, Select, Switch, Textarea } from "@yingda/ui";
import { MessageSquareWarning, Plus, Trash2 } from "lucide-react";
import { BilingualField } from "../form/BilingualField";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { Loaded, isConflict, useChange } from "../form/failure";
import { queryClient } from "../query";
import { freshId } from "./tree";

const key = ["filter"] as const;
const actions = ["mask", "warn", "refuse", "notify"] as const;

/** Words that are not to be said, by agents and by contacts. */
export function FilterSection() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: key, queryFn: api.filter.get });
  return (
    <>
      <PageHeader title={t("settings.sections.filter")} description={t("settings.filter.about")} />
      <Loaded query={query}>{(filter) => <FilterForm saved={filter} />}</Loaded>
    </>
  );
}

function FilterForm({ saved }: { saved: Filter }) {
  const { t } = useTranslation();
  const { draft, dirty, set, discard } = useDraft(saved);
  const save = useChange(() => api.filter.save({ ...draft, lists: draft.lists.map((l) => ({ ...l, words: l.words.map((w) => w.trim()).filter(Boolean) })) }), {
    done: t("settings.saved"),
    onDone(now) {
      queryClient.setQueryData(key, now);
      discard();
    },
    onFail: (error) => isConflict(error) && void upon(),
  });
  /** The next try is upon what somebody else has saved meanwhile. */
  async function upon() {
    const { version } = await queryClient.fetchQuery({ queryKey: key, queryFn: api.filter.get, staleTime: 0 });
    set({ version });
  }
  const change = (id: string, part: Partial<FilterList>) => set({ lists: draft.lists.map((each) => (each.id === id ? { ...each, ...part } : each)) });
  const add = (
    <Button icon={<Plus size={14} />} onClick={() => set({ lists: [...draft.lists, { id: freshId(), name: { zh: t("settings.filter.fresh"), en: "" }, enabled: false, agents: true, contacts: false, action: "warn", words: [] }] })}>
      {t("settings.filter.add")}
    </Button>
  );
  return (
    <>
      <LeaveGuard dirty={dirty} />
      {draft.lists.length === 0 && <EmptyState icon={<MessageSquareWarning size={20} />} title={t("settings.filter.empty")} />}
      {draft.lists.map((list) => (
        <Section
          key={list.id}
          title={list.name.zh || list.name.en || t("settings.filter.fresh")}
          description={t("settings.filter.count", { n: list.words.filter((w) => w.trim()).length })}
          actions={<Switch checked={list.enabled} onChange={(enabled) => change(list.id, { enabled })} label={t("settings.filter.on")} />}
        >
          <div className="flex flex-col gap-4">
            <BilingualField label={t("settings.filter.fresh")} value={list.name} onChange={(name) => change(list.id, { name })} maxLength={40} />
            <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
              <Field className="w-56" label={t("settings.filter.action")}>
                <Select value={list.action} onChange={(action) => change(list.id, { action: action as FilterList["action"] })} options={actions.map((value) => ({ value, label: t(`settings.filter.actions.${value}`) }))} />
              </Field>
              <Checkbox checked={list.agents} onChange={(agents) => change(list.id, { agents })} label={t("settings.filter.agents")} />
              <Checkbox checked={list.contacts} onChange={(contacts) => change(list.id, { contacts })} label={t("settings.filter.contacts")} />
            </div>
            {list.contacts && <p className="text-xs text-mut">{t("settings.filter.contact_hint")}</p>}
            <Field label={t("settings.filter.words")}>
              <Textarea minRows={3} spellCheck={false} value={list.words.join("\n")} placeholder={t("settings.filter.none")} onChange={(e) => change(list.id, { words: e.target.value === "" ? [] : e.target.value.split("\n") })} />
            </Field>
            <div>
              <Button size="sm" icon={<Trash2 size={14} />} onClick={() => set({ lists: draft.lists.filter((each) => each.id !== list.id) })}>
                {t("settings.filter.remove")}
              </Button>
            </div>
          </div>
        </Section>
      ))}
      {add}
      <SaveBar dirty={dirty} saving={save.isPending} onSave={() => save.mutate()} onDiscard={discard} error={isConflict(save.error) ? t("settings.filter.conflict") : undefined} />
    </>
  );
}
