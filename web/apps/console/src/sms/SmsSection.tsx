import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { sms, type Sms, type SmsChange, type SmsSettings, type SmsTemplate } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, CopyButton, EmptyState, Field, Input, LoadMore, PageHeader, Pill, SaveBar, Section, Select, SkeletonRows, Switch, Table, Textarea, type Column, type Tone } from "@yingda/ui";
import { MessageSquareShare, Send } from "lucide-react";
import { useState } from "react";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { Failure, Loaded, fieldErrors, isConflict, useChange } from "../form/failure";
import { problem } from "../problem";
import { queryClient } from "../query";
import { fullTime } from "../time";

const key = ["sms"] as const;
const settingsKey = [...key, "settings"] as const;
const purposes = ["rating", "missed", "callback"] as const;
const providers = ["simulator", "aliyun", "tencent", "http"] as const;

/** Text messages: who carries them, what they say, a trial, and what was sent. */
export default function SmsSection() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: settingsKey, queryFn: sms.get });
  return (
    <>
      <PageHeader title={t("settings.sections.sms")} description={t("sms.about")} />
      <Loaded query={query}>{(saved) => <SmsForm saved={saved} />}</Loaded>
    </>
  );
}

function SmsForm({ saved }: { saved: SmsSettings }) {
  const { t } = useTranslation();
  const { draft, dirty, set, discard } = useDraft(saved);
  const [secret, setSecret] = useState("");
  const { enabled, provider, key_id, app, url, sign, templates, version } = draft;
  const change: SmsChange = { enabled, provider, key_id, app, url, sign, templates, version, ...(secret.trim() ? { secret: secret.trim() } : {}) };
  const drop = () => (setSecret(""), discard());
  const save = useChange(() => sms.save(change), {
    quiet: true,
    done: t("settings.saved"),
    onDone(now) {
      queryClient.setQueryData(settingsKey, now);
      drop();
    },
    onFail: (error) => isConflict(error) && void upon(),
  });
  /** The next try is upon what somebody else has saved meanwhile. */
  async function upon() {
    const now = await queryClient.fetchQuery({ queryKey: settingsKey, queryFn: sms.get, staleTime: 0 });
    set({ version: now.version });
  }
  const errors = fieldErrors(save.error);
  const unsaved = dirty || secret !== "";
  return (
    <>
      <LeaveGuard dirty={unsaved} />
      {!saved.public && (
        <p role="status" className="mb-4 rounded-xl bg-warn-soft px-4 py-2.5 text-sm text-warn">
          {t("sms.no_public")}
        </p>
      )}
      <Section>
        <Switch checked={enabled} onChange={(on) => set({ enabled: on })} label={t("sms.on")} hint={t("sms.on_hint")} />
      </Section>
      <Account draft={draft} set={set} errors={errors} secret={secret} onSecret={setSecret} />
      <Section title={t("sms.templates")} description={t("sms.templates_hint")}>
        <div className="flex flex-col gap-6">
          {purposes.map((purpose) => (
            <TemplateEditor
              key={purpose}
              purpose={purpose}
              draft={draft}
              errors={errors}
              onChange={(template) => set({ templates: { ...templates, [purpose]: template } })}
            />
          ))}
        </div>
      </Section>
      <SaveBar dirty={unsaved} saving={save.isPending} onSave={() => save.mutate()} onDiscard={() => (save.reset(), drop())} error={save.error ? (isConflict(save.error) ? t("sms.changed") : problem(save.error).text) : undefined} />
      <Trial unsaved={unsaved} />
      <Sent />
      <OptOuts />
    </>
  );
}

interface AccountProps {
  draft: SmsSettings;
  set: (change: Partial<SmsSettings>) => void;
  errors: Record<string, string>;
  secret: string;
  onSecret: (secret: string) => void;
}

function Account({ draft, set, errors, secret, onSecret }: AccountProps) {
  const { t } = useTranslation();
  const renew = useChange(() => sms.save({ renew_reports: true }), { done: t("sms.renewed"), stale: [settingsKey] });
  const real = draft.provider !== "simulator";
  return (
    <Section title={t("sms.account")} description={t("sms.account_hint")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("sms.provider")} error={errors["provider"]}>
          <Select value={draft.provider} onChange={(provider) => set({ provider: provider as SmsSettings["provider"] })} options={providers.map((value) => ({ value, label: t(`sms.providers.${value}`) }))} />
        </Field>
        <Field label={t("sms.sign")} hint={t("sms.sign_hint")} error={errors["sign"]}>
          <Input value={draft.sign} maxLength={40} onChange={(e) => set({ sign: e.target.value })} />
        </Field>
        {real && (
          <>
            <Field label={t("sms.key_id")} error={errors["key_id"]}>
              <Input value={draft.key_id} autoComplete="off" spellCheck={false} maxLength={200} onChange={(e) => set({ key_id: e.target.value })} />
            </Field>
            <Field label={t("sms.secret")} hint={draft.secret_set ? t("sms.secret_kept") : t("sms.secret_none")} error={errors["secret"]}>
              <Input type="password" autoComplete="new-password" spellCheck={false} maxLength={500} value={secret} onChange={(e) => onSecret(e.target.value)} />
            </Field>
            {draft.provider === "tencent" && (
              <Field label={t("sms.app")} error={errors["app"]}>
                <Input value={draft.app} maxLength={100} onChange={(e) => set({ app: e.target.value })} />
              </Field>
            )}
            <Field label={t("sms.url")} hint={draft.provider === "http" ? t("sms.url_http") : t("sms.url_hint")} error={errors["url"]}>
              <Input type="url" inputMode="url" autoComplete="off" spellCheck={false} maxLength={500} value={draft.url} onChange={(e) => set({ url: e.target.value })} />
            </Field>
          </>
        )}
      </div>
      {real && draft.reports_url && (
        <div className="mt-4 flex flex-wrap items-end gap-2">
          <Field className="min-w-0 flex-1 basis-72" label={t("sms.reports")} hint={t("sms.reports_hint")}>
            <Input readOnly value={draft.reports_url} />
          </Field>
          <CopyButton text={draft.reports_url} label={t("sms.copy_reports")} />
          <Button loading={renew.isPending} onClick={() => renew.mutate()}>
            {t("sms.renew")}
          </Button>
        </div>
      )}
    </Section>
  );
}

interface TemplateEditorProps {
  purpose: Sms["purpose"];
  draft: SmsSettings;
  errors: Record<string, string>;
  onChange: (template: SmsTemplate) => void;
}

function TemplateEditor({ purpose, draft, errors, onChange }: TemplateEditorProps) {
  const { t } = useTranslation();
  const template = draft.templates[purpose] ?? { enabled: false, code: "", text: "" };
  const name = t(`sms.purposes.${purpose}`);
  const filled = template.text.replace(/\{([a-z]+)\}/g, (hole, value: string) => draft.samples[value] ?? hole);
  const shown = `${draft.sign ? `【${draft.sign}】` : ""}${filled}`;
  const length = [...shown].length;
  return (
    <div role="group" aria-label={name} className="flex flex-col gap-3">
      <Switch checked={template.enabled} onChange={(enabled) => onChange({ ...template, enabled })} label={t("sms.use", { name })} hint={t(`sms.purpose_hints.${purpose}`)} />
      <div className="grid gap-3 sm:grid-cols-[1fr_12rem]">
        <Field label={t("sms.text")} hint={t("sms.names", { names: (draft.values[purpose] ?? []).map((value) => `{${value}}`).join(" ") })} error={errors[`templates.${purpose}.text`]}>
          <Textarea minRows={2} maxLength={500} value={template.text} onChange={(e) => onChange({ ...template, text: e.target.value })} />
        </Field>
        <Field label={t("sms.code")} error={errors[`templates.${purpose}.code`]}>
          <Input value={template.code} maxLength={100} autoComplete="off" spellCheck={false} onChange={(e) => onChange({ ...template, code: e.target.value })} />
        </Field>
      </div>
      <p className="text-xs break-all text-mut">
        {t("sms.preview")}：{shown}（{t("sms.counts", { n: length <= 70 ? 1 : Math.ceil(length / 67) })}）
      </p>
    </div>
  );
}

function Trial({ unsaved }: { unsaved: boolean }) {
  const { t } = useTranslation();
  const [number, setNumber] = useState("");
  const [purpose, setPurpose] = useState<Sms["purpose"]>("rating");
  const trial = useChange(() => sms.try(purpose, number), { quiet: true, stale: [[...key, "list"]] });
  return (
    <Section title={t("sms.trial")} description={t("sms.trial_hint")}>
      <form
        className="flex flex-wrap items-start gap-3"
        onSubmit={(e) => {
          e.preventDefault();
          trial.mutate();
        }}
      >
        <Field className="w-44" label={t("sms.columns.purpose")}>
          <Select value={purpose} onChange={(value) => setPurpose(value as Sms["purpose"])} options={purposes.map((value) => ({ value, label: t(`sms.purposes.${value}`) }))} />
        </Field>
        <Field className="w-56" label={t("sms.number")} error={fieldErrors(trial.error)["number"]}>
          <Input type="tel" inputMode="tel" maxLength={30} value={number} onChange={(e) => setNumber(e.target.value)} />
        </Field>
        <Button type="submit" className="mt-6" icon={<Send size={14} />} loading={trial.isPending} disabled={unsaved || number.trim() === ""}>
          {t("sms.send")}
        </Button>
      </form>
      <div role="status" className="mt-2 text-sm">
        {trial.data && !trial.isPending && (
          <p className={trial.data.state === "failed" ? "text-bad" : trial.data.state === "uncertain" ? "text-warn" : "text-mut"}>
            {t(`sms.came.${trial.data.state}`)}
            {trial.data.advice && `：${t(`sms.advice.${trial.data.advice}`)}（${trial.data.code} ${trial.data.reason ?? ""}）`}
          </p>
        )}
        {trial.error && !trial.isPending && <p className="text-bad">{problem(trial.error).text}</p>}
      </div>
    </Section>
  );
}

const tones: Record<Sms["state"], Tone> = { waiting: "plain", sending: "plain", sent: "ok", delivered: "ok", failed: "bad", uncertain: "warn", dropped: "plain" };

function Sent() {
  const { t } = useTranslation();
  const query = useInfiniteQuery({ queryKey: [...key, "list"], queryFn: ({ pageParam }) => sms.list(pageParam), initialPageParam: undefined as string | undefined, getNextPageParam: (page) => page.next || undefined, refetchInterval: 10_000 });
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: Column<Sms>[] = [
    { key: "at", header: t("sms.columns.at"), cell: (m) => <time dateTime={m.sent_at ?? m.at}>{fullTime(m.sent_at ?? m.at)}</time> },
    { key: "purpose", header: t("sms.columns.purpose"), cell: (m) => `${t(`sms.purposes.${m.purpose}`)}${m.trial ? ` · ${t("sms.trial_mark")}` : ""}` },
    { key: "number", header: t("sms.columns.number"), cell: (m) => <span className="num">{m.number}</span> },
    { key: "text", header: t("sms.columns.text"), cell: (m) => <span className="break-all">{m.text}</span> },
    {
      key: "state",
      header: t("sms.columns.state"),
      cell: (m) => (
        <div className="flex flex-col items-start gap-0.5">
          <Pill tone={tones[m.state]}>{t(`sms.states.${m.state}`)}</Pill>
          {m.advice && (
            <span className="text-xs text-mut">
              {t(`sms.advice.${m.advice}`)}（{m.code}）
            </span>
          )}
          {m.state === "dropped" && m.code && <span className="text-xs text-mut">{t(`sms.dropped.${m.code as "off"}`)}</span>}
        </div>
      ),
    },
  ];
  return (
    <Section title={t("sms.sent")} description={t("sms.sent_hint")}>
      {query.isPending ? (
        <SkeletonRows />
      ) : query.isError ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
      ) : rows.length === 0 ? (
        <EmptyState icon={<MessageSquareShare size={20} />} title={t("sms.none")} />
      ) : (
        <>
          <Table label={t("sms.sent")} columns={columns} rows={rows} rowKey={(m) => m.id} />
          <LoadMore more={query.hasNextPage} loading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
        </>
      )}
    </Section>
  );
}

function OptOuts() {
  const { t } = useTranslation();
  const [number, setNumber] = useState("");
  const query = useQuery({ queryKey: [...key, "opt-outs"], queryFn: sms.optOuts });
  const change = useChange((out: boolean) => sms.optOut(number, out), { stale: [[...key, "opt-outs"]], onDone: () => setNumber("") });
  return (
    <Section title={t("sms.opt_outs")} description={t("sms.opt_outs_hint")}>
      <div className="mb-3 flex flex-wrap items-start gap-3">
        <Field className="w-56" label={t("sms.number")} error={fieldErrors(change.error)["number"]}>
          <Input type="tel" inputMode="tel" maxLength={30} value={number} onChange={(e) => setNumber(e.target.value)} />
        </Field>
        <Button className="mt-6" disabled={number.trim() === "" || change.isPending} onClick={() => change.mutate(true)}>
          {t("sms.add")}
        </Button>
        <Button className="mt-6" disabled={number.trim() === "" || change.isPending} onClick={() => change.mutate(false)}>
          {t("sms.remove")}
        </Button>
      </div>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-sm text-mut">{t("sms.opt_outs_none")}</p>
          ) : (
            <ul className="flex flex-col gap-1 text-sm">
              {items.map((each) => (
                <li key={`${each.number} ${each.at}`} className="flex flex-wrap gap-3">
                  <span className="num">{each.number}</span>
                  <span className="text-mut">{t(`sms.how.${each.how}`)}</span>
                  <time dateTime={each.at} className="text-faint">
                    {fullTime(each.at)}
                  </time>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}
