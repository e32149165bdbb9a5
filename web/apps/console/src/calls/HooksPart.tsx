import { hotline, type Hook, type HookTried } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, EmptyState, Field, IconButton, Input, Pill, Select, Switch, Table, Textarea, type Column } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { FlaskConical, Pencil, Plus, Trash2, Webhook } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { hotlineKey, linesOf } from "./keys";

export const hooksQuery = { queryKey: [...hotlineKey, "hooks"], queryFn: hotline.hooks };

/** What is known of every call, and so is ticked rather than typed. */
const ofEveryCall = ["caller", "line", "language"] as const;

/** The look-ups that menus make at other systems. */
export function HooksPart() {
  const { t } = useTranslation();
  const query = useQuery(hooksQuery);
  const [editing, setEditing] = useState<Hook | "new">();
  const [trying, setTrying] = useState<Hook>();
  const [removing, setRemoving] = useState<Hook>();
  const remove = useChange((hook: Hook) => hotline.removeHook(hook.name), { stale: [hotlineKey, ["menus"]], done: t("calls.hotline.removed") });
  const columns: Column<Hook>[] = [
    {
      key: "name",
      header: t("calls.hooks.name"),
      cell: (hook) => (
        <span className="flex flex-col">
          <code className="font-medium">{hook.name}</code>
          <span className="text-2xs text-mut">{hook.about}</span>
        </span>
      ),
    },
    { key: "url", header: t("calls.hooks.url"), wide: true, cell: (hook) => <code className="text-xs break-all">{`${hook.method} ${hook.url}`}</code> },
    { key: "gives", header: t("calls.hooks.gives"), wide: true, cell: (hook) => <span className="num text-xs">{hook.gives.map(({ name }) => name).join(", ") || "—"}</span> },
    { key: "menus", header: t("calls.hooks.menus"), cell: (hook) => (!hook.enabled ? <Pill>{t("calls.hooks.off")}</Pill> : <span className="num text-xs">{hook.menus.join(", ") || "—"}</span>) },
  ];
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-3">
        <p className="flex-1 text-sm text-mut">{t("calls.hooks.explain")}</p>
        <Button variant="primary" icon={<Plus size={15} />} onClick={() => setEditing("new")}>
          {t("calls.hooks.add")}
        </Button>
      </div>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<Webhook size={20} />} title={t("calls.hooks.empty")} detail={t("calls.hooks.empty_hint")} />
          ) : (
            <Table
              label={t("calls.hotline.tabs.hooks")}
              columns={columns}
              rows={items}
              rowKey={(hook) => hook.name}
              rowActions={(hook) => (
                <>
                  <IconButton label={t("calls.hooks.try_named", { name: hook.name })} icon={<FlaskConical size={15} />} onClick={() => setTrying(hook)} />
                  <IconButton label={t("settings.edit_named", { name: hook.name })} icon={<Pencil size={15} />} onClick={() => setEditing(hook)} />
                  <IconButton label={t("settings.remove_named", { name: hook.name })} icon={<Trash2 size={15} />} onClick={() => setRemoving(hook)} />
                </>
              )}
            />
          )
        }
      </Loaded>
      {editing && <HookForm hook={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
      {trying && <HookTrial hook={trying} onClose={() => setTrying(undefined)} />}
      <ConfirmDialog open={removing !== undefined} onOpenChange={() => setRemoving(undefined)} danger title={t("calls.hooks.remove_title", { name: removing?.name })} description={t("calls.hooks.remove_text")} confirmLabel={t("calls.hooks.remove")} onConfirm={() => removing && remove.mutateAsync(removing)} />
    </>
  );
}

const pairsOf = (text: string) =>
  linesOf(text).map((line) => {
    const at = line.indexOf("=");
    return at < 0 ? { name: line, path: line } : { name: line.slice(0, at).trim(), path: line.slice(at + 1).trim() };
  });

function HookForm({ hook, onClose }: { hook?: Hook; onClose: () => void }) {
  const { t } = useTranslation();
  const ticks: readonly string[] = ofEveryCall;
  const { draft, dirty, set } = useDraft({
    name: hook?.name ?? "",
    about: hook?.about ?? "",
    enabled: hook?.enabled ?? true,
    method: hook?.method ?? "POST",
    url: hook?.url ?? "",
    ticked: hook ? hook.sends.filter((name) => ticks.includes(name)).join(",") : "",
    sends: hook?.sends.filter((name) => !ticks.includes(name)).join("\n") ?? "",
    gives: hook?.gives.map(({ name, path }) => `${name} = ${path}`).join("\n") ?? "",
    seconds: String(hook?.seconds ?? 5),
    header: hook?.header ?? "",
    key: "",
    secret: "",
  });
  const ticked = draft.ticked ? draft.ticked.split(",") : [];
  const save = useChange(
    () =>
      hotline.putHook(draft.name.trim(), {
        about: draft.about,
        enabled: draft.enabled,
        method: draft.method as "GET" | "POST",
        url: draft.url,
        sends: [...ticked, ...linesOf(draft.sends)],
        gives: pairsOf(draft.gives),
        seconds: Number(draft.seconds) || 0,
        header: draft.header,
        ...(draft.key ? { key: draft.key } : {}),
        ...(draft.secret ? { secret: draft.secret } : {}),
        version: hook?.version ?? 0,
      }),
    { stale: [hotlineKey, ["menus"]], done: t("settings.saved"), onDone: onClose, quiet: true },
  );
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer title={hook ? t("calls.hooks.edit") : t("calls.hooks.add")} dirty={dirty} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <Field label={t("calls.hooks.name")} hint={t("calls.hooks.name_hint")} error={errors["name"]} required>
        <Input className="num" spellCheck={false} value={draft.name} maxLength={40} disabled={hook !== undefined} onChange={(e) => set({ name: e.target.value })} />
      </Field>
      <Field label={t("calls.hooks.about")} error={errors["about"]}>
        <Input value={draft.about} maxLength={200} onChange={(e) => set({ about: e.target.value })} />
      </Field>
      <Switch checked={draft.enabled} onChange={(enabled) => set({ enabled })} label={t("calls.hooks.enabled")} hint={t("calls.hooks.enabled_hint")} />
      <div className="flex flex-wrap gap-3">
        <Field className="w-28" label={t("calls.hooks.method")} error={errors["method"]}>
          <Select value={draft.method} onChange={(method) => set({ method })} options={["POST", "GET"].map((value) => ({ value, label: value }))} />
        </Field>
        <Field className="min-w-60 flex-1" label={t("calls.hooks.url")} hint={t("calls.hooks.url_hint")} error={errors["url"]} required>
          <Input className="num" spellCheck={false} value={draft.url} maxLength={1000} onChange={(e) => set({ url: e.target.value })} />
        </Field>
      </div>
      <fieldset className="flex flex-col gap-2">
        <legend className="pb-1 text-xs font-medium text-mut">{t("calls.hooks.sends")}</legend>
        {ofEveryCall.map((name) => (
          <Switch key={name} checked={ticked.includes(name)} onChange={(on) => set({ ticked: ofEveryCall.filter((each) => (each === name ? on : ticked.includes(each))).join(",") })} label={t(`calls.hooks.values.${name}`)} />
        ))}
      </fieldset>
      <Field label={t("calls.hooks.more")} hint={t("calls.hooks.more_hint")} error={errors["sends"]}>
        <Textarea minRows={2} value={draft.sends} onChange={(e) => set({ sends: e.target.value })} />
      </Field>
      <Field label={t("calls.hooks.gives")} hint={t("calls.hooks.gives_hint")} error={errors["gives"]}>
        <Textarea minRows={3} value={draft.gives} onChange={(e) => set({ gives: e.target.value })} />
      </Field>
      <Field label={t("calls.hooks.seconds")} hint={t("calls.hooks.seconds_hint")} error={errors["seconds"]}>
        <Input inputMode="numeric" value={draft.seconds} maxLength={2} onChange={(e) => set({ seconds: e.target.value.replace(/\D/g, "") })} />
      </Field>
      <Field label={t("calls.hooks.key")} hint={hook?.key_set ? t("calls.trunks.password_set") : t("calls.hooks.key_hint")} error={errors["key"]}>
        <Input type="password" autoComplete="new-password" value={draft.key} maxLength={500} onChange={(e) => set({ key: e.target.value })} />
      </Field>
      <Field label={t("calls.hooks.header")} hint={t("calls.hooks.header_hint")} error={errors["header"]}>
        <Input className="num" spellCheck={false} value={draft.header} maxLength={50} onChange={(e) => set({ header: e.target.value })} />
      </Field>
      <Field label={t("calls.hooks.secret")} hint={hook?.secret_set ? t("calls.trunks.password_set") : t("calls.hooks.secret_hint")} error={errors["secret"]}>
        <Input type="password" autoComplete="new-password" value={draft.secret} maxLength={500} onChange={(e) => set({ secret: e.target.value })} />
      </Field>
    </FormDrawer>
  );
}

const samples: Record<string, string> = { caller: "13800138000", line: "4008200000", language: "zh" };

/** Asks the other system with sample values, and shows what came of it. */
function HookTrial({ hook, onClose }: { hook: Hook; onClose: () => void }) {
  const { t } = useTranslation();
  const [values, setValues] = useState(() => Object.fromEntries(hook.sends.map((name) => [name, samples[name] ?? ""])));
  const run = useChange(() => hotline.tryHook(hook.name, values), { quiet: true });
  return (
    <FormDrawer title={t("calls.hooks.try_title", { name: hook.name })} description={t("calls.hooks.try_text")} readOnly dirty={false} saving={run.isPending} error={run.error} onSubmit={() => run.mutate()} onClose={onClose}>
      {hook.sends.length === 0 && <p className="text-sm text-mut">{t("calls.hooks.try_nothing")}</p>}
      {hook.sends.map((name) => (
        <Field key={name} label={name}>
          <Input value={values[name] ?? ""} maxLength={200} onChange={(e) => setValues({ ...values, [name]: e.target.value })} />
        </Field>
      ))}
      <Button variant="primary" className="self-start" icon={<FlaskConical size={15} />} loading={run.isPending} onClick={() => run.mutate()}>
        {t("calls.hooks.try")}
      </Button>
      {run.data && <HookResult tried={run.data} />}
    </FormDrawer>
  );
}

/** What came of a look-up that was tried. */
export function HookResult({ tried }: { tried: HookTried }) {
  const { t } = useTranslation();
  return (
    <section aria-label={t("calls.hooks.result")} aria-live="polite" className="flex flex-col gap-2 rounded-lg border p-3 text-sm">
      <p className="flex flex-wrap items-center gap-2">
        <Pill tone={tried.ok ? "ok" : "bad"}>{tried.ok ? t("calls.hooks.ok") : t("calls.hooks.failed")}</Pill>
        <span className="num text-mut">{t("calls.hooks.took", { status: tried.status || "—", ms: Math.round(tried.took * 1000) })}</span>
      </p>
      {tried.why && <p className="text-bad">{tried.why[currentLanguage()]}</p>}
      {Object.keys(tried.values).length > 0 && (
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          {Object.entries(tried.values).map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="num text-mut">{name}</dt>
              <dd className="break-words">{value || "—"}</dd>
            </div>
          ))}
        </dl>
      )}
      {tried.text && (
        <pre tabIndex={0} aria-label={t("calls.hooks.text")} className="scroll max-h-48 overflow-auto rounded-md bg-sunk p-2 text-xs break-all whitespace-pre-wrap">
          {tried.text}
        </pre>
      )}
    </section>
  );
}
