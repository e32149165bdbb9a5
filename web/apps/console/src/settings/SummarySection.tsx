import { api, type Result, type Settings } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Combobox, EmptyState, Field, IconButton, Input, PageHeader, SaveBar, Section, Textarea } from "@yingda/ui";
import { ArrowDown, ArrowUp, CornerUpRight, ListTree, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { Loaded, useChange } from "../form/failure";
import { keys, queryClient, useSettings, useTeams } from "../query";
import { TreeEditor } from "./TreeEditor";
import { freshId, isComplete } from "./tree";

type Summary = Pick<Settings, "categories" | "results">;

/** What an agent chooses from when a conversation ends: 小结. */
export function SummarySection() {
  const { t } = useTranslation();
  const query = useSettings();
  return (
    <>
      <PageHeader title={t("settings.sections.summary")} description={t("settings.summary.about")} />
      <Loaded query={query}>{({ categories, results }) => <SummaryForm saved={{ categories, results }} />}</Loaded>
    </>
  );
}

function SummaryForm({ saved }: { saved: Summary }) {
  const { t } = useTranslation();
  const { draft, dirty, set, discard } = useDraft(saved);
  const save = useChange(() => api.settings.change(draft), {
    done: t("settings.saved"),
    onDone: (settings) => {
      queryClient.setQueryData(keys.settings, settings);
      discard();
    },
  });
  const complete = isComplete(draft.categories) && isComplete(draft.results);
  return (
    <>
      <LeaveGuard dirty={dirty} />
      <Section title={t("settings.summary.categories")} description={t("settings.summary.categories_hint")}>
        <TreeEditor nodes={draft.categories} onChange={(categories) => set({ categories })} depth={3} />
      </Section>
      <Section title={t("settings.summary.results")} description={t("settings.summary.results_hint")}>
        <Results results={draft.results} onChange={(results) => set({ results })} />
      </Section>
      <SaveBar dirty={dirty} saving={save.isPending} onSave={() => complete && save.mutate()} onDiscard={discard} error={complete ? undefined : t("settings.summary.incomplete")} />
    </>
  );
}

function Results({ results, onChange }: { results: Result[]; onChange: (results: Result[]) => void }) {
  const { t } = useTranslation();
  const change = (id: string, part: Partial<Result>) => onChange(results.map((each) => (each.id === id ? { ...each, ...part } : each)));
  const [open, setOpen] = useState<string>();
  function move(at: number, by: number) {
    const next = [...results];
    const [held] = next.splice(at, 1);
    if (held) next.splice(at + by, 0, held);
    onChange(next);
  }
  const add = (
    <Button size="sm" icon={<Plus size={14} />} onClick={() => onChange([...results, { id: freshId(), zh: "", en: "" }])}>
      {t("settings.summary.add_result")}
    </Button>
  );
  if (results.length === 0) return <EmptyState className="py-6" icon={<ListTree size={20} />} title={t("settings.summary.no_results")} action={add} />;
  return (
    <div className="flex flex-col items-start gap-2">
      <ul className="flex w-full flex-col gap-1.5">
        {results.map((result, i) => {
          const name = result.zh || result.en || t("settings.summary.unnamed");
          return (
            <li key={result.id} className="flex flex-wrap items-center gap-1.5">
              <Input className="flex-1" lang="zh-CN" aria-label={t("settings.summary.zh_of", { name })} value={result.zh} aria-invalid={result.zh.trim() === "" || undefined} placeholder={t("common.language.zh")} onChange={(e) => change(result.id, { zh: e.target.value })} />
              <Input className="flex-1" lang="en" aria-label={t("settings.summary.en_of", { name })} value={result.en} placeholder={t("common.language.en")} onChange={(e) => change(result.id, { en: e.target.value })} />
              <IconButton size="sm" label={t("settings.summary.redirect_of", { name })} icon={<CornerUpRight size={14} />} aria-expanded={open === result.id} aria-pressed={redirects(result)} onClick={() => setOpen(open === result.id ? undefined : result.id)} />
              <IconButton size="sm" label={t("settings.up", { name })} icon={<ArrowUp size={14} />} disabled={i === 0} onClick={() => move(i, -1)} />
              <IconButton size="sm" label={t("settings.down", { name })} icon={<ArrowDown size={14} />} disabled={i === results.length - 1} onClick={() => move(i, 1)} />
              <IconButton size="sm" label={t("settings.remove_named", { name })} icon={<Trash2 size={14} />} onClick={() => onChange(results.filter((each) => each.id !== result.id))} />
              {open === result.id && <Redirect result={result} onChange={(part) => change(result.id, part)} />}
            </li>
          );
        })}
      </ul>
      {add}
    </div>
  );
}

const redirects = (result: Result) => Boolean(result.team_id || result.tell?.zh || result.tell?.en);

/** Where somebody is sent who came to the wrong place. */
function Redirect({ result, onChange }: { result: Result; onChange: (part: Partial<Result>) => void }) {
  const { t } = useTranslation();
  const teams = useTeams();
  const tell = result.tell ?? { zh: "", en: "" };
  return (
    <div className="grid w-full gap-3 rounded-lg border px-3 py-3 sm:grid-cols-2">
      {(["zh", "en"] as const).map((language) => (
        <Field key={language} label={t("settings.summary.tell", { language: t(`common.language.${language}`) })} hint={language === "zh" ? t("settings.summary.tell_hint") : undefined}>
          <Textarea minRows={2} lang={language === "zh" ? "zh-CN" : "en"} maxLength={500} value={tell[language]} onChange={(e) => onChange({ tell: { ...tell, [language]: e.target.value } })} />
        </Field>
      ))}
      <Field label={t("settings.summary.team")} hint={t("settings.summary.team_hint")}>
        <Combobox clearable value={result.team_id} onChange={(team_id) => onChange({ team_id })} placeholder={t("settings.summary.no_team")} options={(teams.data?.items ?? []).map((each) => ({ value: each.id, label: each.name }))} />
      </Field>
    </div>
  );
}
