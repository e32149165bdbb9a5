import { useQuery } from "@tanstack/react-query";
import { api, model, type ModelChange, type ModelTrial, type ModelView } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Checkbox, Field, Input, PageHeader, SaveBar, Section, SkeletonRows, Switch } from "@yingda/ui";
import { PlugZap } from "lucide-react";
import { useState } from "react";
import { Amount } from "../form/Amount";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { Failure, Loaded, fieldErrors, isConflict, useChange } from "../form/failure";
import { problem } from "../problem";
import { queryClient } from "../query";
import { LookupsPart } from "./LookupsPart";
import { inboxesKey } from "./inboxes";

const key = ["model"] as const;
const tasks = ["understand", "compose", "summarise", "translate", "embed"] as const;

/** The language model: where it is, what it may cost, where it is switched off. */
export default function ModelSection() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: key, queryFn: model.get });
  return (
    <>
      <PageHeader title={t("settings.sections.model")} description={t("model.about")} />
      <Loaded query={query}>{(saved) => <ModelForm saved={saved} />}</Loaded>
      <LookupsPart />
    </>
  );
}

interface PartProps {
  draft: ModelView;
  set: (change: Partial<ModelView>) => void;
  errors: Record<string, string>;
}

function ModelForm({ saved }: { saved: ModelView }) {
  const { t } = useTranslation();
  const { draft, dirty, set, discard } = useDraft(saved);
  /** The key as it was typed: undefined stays as it is, empty takes it away. */
  const [secret, setSecret] = useState<string>();
  const change: ModelChange = {
    enabled: draft.enabled, base_url: draft.base_url, model: draft.model, models: draft.models, off: draft.off, mask: draft.mask, day_tokens: draft.day_tokens,
    day_yuan: draft.day_yuan, price_in: draft.price_in, price_out: draft.price_out, version: draft.version, ...(secret === undefined ? {} : { key: secret.trim() }),
  };
  const drop = () => (setSecret(undefined), discard());
  const save = useChange(() => model.put(change), {
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
    const { version } = await queryClient.fetchQuery({ queryKey: key, queryFn: model.get, staleTime: 0 });
    set({ version });
  }
  const part: PartProps = { draft, set, errors: fieldErrors(save.error) };
  const unsaved = dirty || secret !== undefined;
  return (
    <>
      <LeaveGuard dirty={unsaved} />
      {saved.rests && (
        <p role="status" className="mb-4 rounded-xl bg-warn-soft px-4 py-2.5 text-sm text-warn">
          {t("model.rests", { why: saved.rests[currentLanguage()] })}
        </p>
      )}
      <Section>
        <Switch checked={draft.enabled} onChange={(enabled) => set({ enabled })} label={t("model.on")} hint={draft.enabled ? t("model.on_hint") : t("model.off_hint")} />
      </Section>
      <Where {...part} secret={secret} onSecret={setSecret} change={change} />
      <Models {...part} />
      <Caps {...part} />
      <Channels {...part} />
      <SaveBar dirty={unsaved} saving={save.isPending} onSave={() => save.mutate()} onDiscard={() => (save.reset(), drop())} error={save.error ? (isConflict(save.error) ? t("model.changed") : problem(save.error).text) : undefined} />
    </>
  );
}

function Where({ draft, set, errors, secret, onSecret, change }: PartProps & { secret?: string; onSecret: (key?: string) => void; change: ModelChange }) {
  const { t } = useTranslation();
  const cleared = secret === "" && draft.has_key;
  return (
    <Section title={t("model.where")} description={t("model.where_hint")}>
      <div className="flex flex-col gap-4">
        <Field label={t("model.base_url")} hint={t("model.base_url_hint")} error={errors["base_url"]}>
          <Input type="url" inputMode="url" autoComplete="off" spellCheck={false} maxLength={300} value={draft.base_url} onChange={(e) => set({ base_url: e.target.value })} />
        </Field>
        <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
          <Field className="min-w-0 flex-1 basis-64" label={t("model.key")} hint={cleared ? t("model.key_cleared") : draft.has_key ? t("model.key_kept") : t("model.key_none")} error={errors["key"]}>
            <Input type="password" autoComplete="new-password" spellCheck={false} maxLength={500} value={secret ?? ""} placeholder={draft.has_key && !cleared ? "••••••••" : undefined} onChange={(e) => onSecret(e.target.value === "" ? undefined : e.target.value)} />
          </Field>
          {draft.has_key && !cleared && (
            <Button className="mt-6" onClick={() => onSecret("")}>
              {t("model.key_clear")}
            </Button>
          )}
        </div>
        <Checkbox checked={draft.mask} onChange={(mask) => set({ mask })} label={t("model.mask")} hint={t("model.mask_hint")} />
        <Trial change={change} />
      </div>
    </Section>
  );
}

/** Asks once with what is written, and says what came of it. */
function Trial({ change }: { change: ModelChange }) {
  const { t } = useTranslation();
  const trial = useChange(() => model.try(change), { quiet: true, stale: [key] });
  return (
    <div className="flex flex-col items-start gap-2">
      <Button icon={<PlugZap size={14} />} disabled={trial.isPending || change.base_url.trim() === ""} onClick={() => trial.mutate()}>
        {trial.isPending ? t("model.trying") : t("model.try")}
      </Button>
      <p className="text-xs text-mut">{t("model.try_hint")}</p>
      <div role="status" className="text-sm">
        {trial.data && !trial.isPending && <Came of={trial.data} />}
        {trial.error && !trial.isPending && <span className="text-bad">{t("model.fails", { why: problem(trial.error).text })}</span>}
      </div>
    </div>
  );
}

function Came({ of: r }: { of: ModelTrial }) {
  const { t } = useTranslation();
  const why = r.why?.[currentLanguage()];
  if (!r.works) return <span className="text-bad">{t("model.fails", { why })}</span>;
  if (why) return <span className="text-warn">{t("model.works_but", { model: r.model, ms: r.took_ms, why })}</span>;
  return <span className="text-ok">{t("model.works", { model: r.model, ms: r.took_ms })}</span>;
}

function Models({ draft, set, errors }: PartProps) {
  const { t } = useTranslation();
  return (
    <Section title={t("model.models")} description={t("model.models_hint")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("model.model")} error={errors["model"]}>
          <Input maxLength={120} spellCheck={false} autoComplete="off" value={draft.model} onChange={(e) => set({ model: e.target.value })} />
        </Field>
        {tasks.map((task) => (
          <Field key={task} label={t(`model.tasks.${task}`)} hint={task === "embed" ? t("model.embed_hint") : undefined} error={task === "understand" ? errors["models"] : undefined}>
            <Input maxLength={120} spellCheck={false} autoComplete="off" placeholder={t(task === "embed" ? "model.embed_none" : "model.same")} value={draft.models[task] ?? ""} onChange={(e) => set({ models: { ...draft.models, [task]: e.target.value } })} />
          </Field>
        ))}
      </div>
      <p className="mt-4 text-xs text-mut">{t("model.money")}</p>
    </Section>
  );
}

function Caps({ draft, set, errors }: PartProps) {
  const { t } = useTranslation();
  return (
    <Section title={t("model.caps")} description={t("model.caps_hint")}>
      <div className="grid gap-4 sm:grid-cols-2">
        {(["day_tokens", "day_yuan", "price_in", "price_out"] as const).map((name) => (
          <Field key={name} label={t(`model.${name}`)} error={errors[name]}>
            <Amount min={0} step={name === "day_tokens" ? 1000 : 0.01} value={draft[name]} onChange={(n) => set({ [name]: Math.max(0, name === "day_tokens" ? Math.round(n) : n) })} />
          </Field>
        ))}
      </div>
      <h3 className="mt-5 mb-1 text-xs font-semibold">{t("model.today")}</h3>
      {draft.spent.length === 0 ? <p className="text-xs text-mut">{t("model.none")}</p> : <SpentTable of={draft} />}
    </Section>
  );
}

function SpentTable({ of: { spent } }: { of: ModelView }) {
  const { t } = useTranslation();
  return (
    <table className="w-full max-w-lg text-xs">
      <thead className="text-left text-mut">
        <tr>
          <th className="py-1 font-medium">{t("model.column.task")}</th>
          {(["calls", "tokens", "yuan"] as const).map((column) => (
            <th key={column} className="py-1 text-right font-medium">
              {t(`model.column.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="num">
        {spent.map((s) => (
          <tr key={s.task} className="border-t">
            <th scope="row" className="py-1 text-left font-normal">
              {t(`model.tasks.${s.task}`)}
            </th>
            <td className="py-1 text-right">{s.calls}</td>
            <td className="py-1 text-right">{s.tokens_in + s.tokens_out}</td>
            <td className="py-1 text-right">{(s.micro_yuan / 1e6).toFixed(4)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Channels({ draft, set, errors }: PartProps) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: inboxesKey, queryFn: api.inboxes.list });
  const inboxes = query.data?.items ?? [];
  return (
    <Section title={t("model.channels")} description={t("model.channels_hint")}>
      {errors["off"] && <p role="alert" className="mb-2 text-xs text-bad">{errors["off"]}</p>}
      {query.isError ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
      ) : query.isPending ? (
        <SkeletonRows rows={2} />
      ) : inboxes.length === 0 ? (
        <p className="text-xs text-mut">{t("model.channels_none")}</p>
      ) : (
        <div className="flex flex-col gap-2.5">
          {inboxes.map(({ id, name, kind }) => (
            <Switch key={id} checked={!draft.off.includes(id)} onChange={(on) => set({ off: on ? draft.off.filter((other) => other !== id) : [...draft.off, id] })} label={kind === "email" ? t("model.channel_mailbox", { name }) : name} />
          ))}
        </div>
      )}
    </Section>
  );
}
