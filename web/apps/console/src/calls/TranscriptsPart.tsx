import { transcripts, type TranscriptChange, type TranscriptSet } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Field, Input, SaveBar, Section, Switch } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { PlugZap } from "lucide-react";
import { useState } from "react";
import { Amount } from "../form/Amount";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, isConflict, useChange } from "../form/failure";
import { problem } from "../problem";
import { queryClient } from "../query";
import { hotlineKey } from "./keys";

const key = [...hotlineKey, "transcripts"] as const;

/** Who writes calls down, and how much of it. */
export function TranscriptsPart() {
  const query = useQuery({ queryKey: key, queryFn: transcripts.get });
  return <Loaded query={query}>{(saved) => <TranscriptsForm saved={saved} />}</Loaded>;
}

function TranscriptsForm({ saved }: { saved: TranscriptSet }) {
  const { t } = useTranslation();
  const { draft, dirty, set, discard } = useDraft(saved);
  /** The languages as they are typed. */
  const [languages, setLanguages] = useState<string>();
  /** The key as it was typed: undefined stays as it is, empty takes it away. */
  const [secret, setSecret] = useState<string>();
  const change: TranscriptChange = {
    enabled: draft.enabled, base_url: draft.base_url, model: draft.model, languages: languages === undefined ? draft.languages : languages.split(/[\s,，、]+/).filter(Boolean),
    day_minutes: draft.day_minutes, most_calls: draft.most_calls, version: draft.version, ...(secret === undefined ? {} : { key: secret.trim() }),
  };
  const drop = () => (setSecret(undefined), setLanguages(undefined), discard());
  const save = useChange(() => transcripts.put(change), {
    quiet: true,
    done: t("settings.saved"),
    onDone(now) {
      queryClient.setQueryData(key, now);
      drop();
    },
    onFail: (error) => isConflict(error) && void upon(),
  });
  /** The next try is upon what somebody else has saved meanwhile. */
  async function upon() {
    const { version } = await queryClient.fetchQuery({ queryKey: key, queryFn: transcripts.get, staleTime: 0 });
    set({ version });
  }
  const errors = fieldErrors(save.error);
  const unsaved = dirty || secret !== undefined || languages !== undefined;
  const cleared = secret === "" && draft.has_key;
  return (
    <>
      <LeaveGuard dirty={unsaved} />
      <p className="mb-4 text-sm text-mut">{t("calls.transcripts.about")}</p>
      <Section>
        <Switch checked={draft.enabled} onChange={(enabled) => set({ enabled })} label={t("calls.transcripts.on")} hint={t(draft.enabled ? "calls.transcripts.on_hint" : "calls.transcripts.off_hint")} />
      </Section>
      <Section title={t("calls.transcripts.where")} description={t("calls.transcripts.where_hint")}>
        <div className="flex flex-col gap-4">
          <Field label={t("calls.transcripts.base_url")} hint={t("calls.transcripts.base_url_hint")} error={errors["base_url"]}>
            <Input type="url" inputMode="url" autoComplete="off" spellCheck={false} maxLength={300} value={draft.base_url} onChange={(e) => set({ base_url: e.target.value })} />
          </Field>
          <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
            <Field className="min-w-0 flex-1 basis-64" label={t("model.key")} hint={cleared ? t("model.key_cleared") : draft.has_key ? t("model.key_kept") : t("model.key_none")} error={errors["key"]}>
              <Input type="password" autoComplete="new-password" spellCheck={false} maxLength={500} value={secret ?? ""} placeholder={draft.has_key && !cleared ? "••••••••" : undefined} onChange={(e) => setSecret(e.target.value === "" ? undefined : e.target.value)} />
            </Field>
            {draft.has_key && !cleared && (
              <Button className="mt-6" onClick={() => setSecret("")}>
                {t("model.key_clear")}
              </Button>
            )}
          </div>
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t("calls.transcripts.model")} hint={t("calls.transcripts.model_hint")} error={errors["model"]}>
              <Input maxLength={120} spellCheck={false} autoComplete="off" value={draft.model} onChange={(e) => set({ model: e.target.value })} />
            </Field>
            <Field label={t("calls.transcripts.languages")} hint={t("calls.transcripts.languages_hint")} error={errors["languages"]}>
              <Input maxLength={60} spellCheck={false} autoComplete="off" value={languages ?? draft.languages.join(" ")} onChange={(e) => setLanguages(e.target.value)} />
            </Field>
            <Field label={t("calls.transcripts.day_minutes")} hint={t("calls.transcripts.day_minutes_hint", { n: Math.ceil(draft.today) })} error={errors["day_minutes"]}>
              <Amount min={0} step={10} value={draft.day_minutes} onChange={(n) => set({ day_minutes: Math.max(0, Math.round(n)) })} />
            </Field>
            <Field label={t("calls.transcripts.most_calls")} hint={t("calls.transcripts.most_calls_hint")} error={errors["most_calls"]}>
              <Amount min={0} step={1} value={draft.most_calls} onChange={(n) => set({ most_calls: Math.max(0, Math.round(n)) })} />
            </Field>
          </div>
          <Trial change={change} />
        </div>
      </Section>
      <SaveBar dirty={unsaved} saving={save.isPending} onSave={() => save.mutate()} onDiscard={() => (save.reset(), drop())} error={save.error ? (isConflict(save.error) ? t("model.changed") : problem(save.error).text) : undefined} />
    </>
  );
}

/** Has a prompt written down with what is set here, and says what came of it. */
function Trial({ change }: { change: TranscriptChange }) {
  const { t } = useTranslation();
  const trial = useChange(() => transcripts.try(change), { quiet: true });
  const r = trial.data;
  const figures = r && { s: (r.long_ms / 1000).toFixed(1), ms: r.took_ms, text: r.text };
  return (
    <div className="flex flex-col items-start gap-2">
      <Button icon={<PlugZap size={14} />} disabled={trial.isPending || change.base_url.trim() === ""} onClick={() => trial.mutate()}>
        {trial.isPending ? t("calls.transcripts.trying") : t("calls.transcripts.try")}
      </Button>
      <p className="text-xs text-mut">{t("calls.transcripts.try_hint")}</p>
      <div role="status" className="text-sm">
        {r && !trial.isPending && (r.works ? <span className="text-ok">{t(r.times ? "calls.transcripts.works" : "calls.transcripts.works_plain", figures)}</span> : <span className="text-bad">{t("calls.transcripts.fails", { why: r.why?.[currentLanguage()] })}</span>)}
        {r?.works && !trial.isPending && <p className="text-xs text-mut">{t("calls.transcripts.said", { text: r.said })}</p>}
        {trial.error && !trial.isPending && <span className="text-bad">{t("calls.transcripts.fails", { why: problem(trial.error).text })}</span>}
      </div>
    </div>
  );
}
