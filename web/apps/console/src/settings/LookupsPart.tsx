import { useQuery } from "@tanstack/react-query";
import { model, type LookupOffered, type LookupsView } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Checkbox, EmptyState, Field, IconButton, Input, Pill, Section, Select, Switch } from "@yingda/ui";
import { Network, Pencil, PlugZap, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, isConflict, useChange } from "../form/failure";
import { problem } from "../problem";
import { queryClient } from "../query";
import { allowed, changeOf, type Edited } from "./lookups";

const key = ["model", "lookups"] as const;
const claims = ["external_id", "phone", "email", "vin"] as const;

/** Servers of the company at which the assistant may look things up. */
export function LookupsPart() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: key, queryFn: model.lookups });
  return (
    <Section title={t("model.lookup.title")} description={t("model.lookup.about")}>
      <Loaded query={query}>{(saved) => <Servers saved={saved} />}</Loaded>
    </Section>
  );
}

const blank: Edited = { id: "", name: "", url: "", enabled: true, tools: [], has_key: false };

function Servers({ saved }: { saved: LookupsView }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<number>();
  const save = useChange((servers: Edited[]) => model.putLookups(changeOf(servers, saved.version)), {
    quiet: true,
    done: t("settings.saved"),
    onDone(now) {
      queryClient.setQueryData(key, now);
      setOpen(undefined);
    },
    onFail: (error) => isConflict(error) && void queryClient.invalidateQueries({ queryKey: key }),
  });
  const put = (at: number, one?: Edited) => {
    const rest: Edited[] = [...saved.servers];
    rest.splice(at, 1, ...(one ? [one] : []));
    save.mutate(rest);
  };
  const add = (
    <Button icon={<Plus size={14} />} onClick={() => (save.reset(), setOpen(saved.servers.length))}>
      {t("model.lookup.add")}
    </Button>
  );
  return (
    <>
      {saved.servers.length === 0 ? (
        <EmptyState icon={<Network size={20} />} title={t("model.lookup.none")} detail={t("model.lookup.none_hint")} action={add} />
      ) : (
        <div className="flex flex-col gap-3">
          <ul className="flex flex-col divide-y">
            {saved.servers.map((server, at) => (
              <li key={server.id} className="flex items-center gap-3 py-2.5">
                <span className="min-w-0 flex-1">
                  <span className="font-medium">{server.name}</span>
                  <span className="block truncate text-xs text-mut">{server.url}</span>
                </span>
                <Pill tone={server.enabled ? "ok" : undefined}>{server.enabled ? t("model.lookup.tools_n", { n: server.tools.length }) : t("model.lookup.off")}</Pill>
                <IconButton label={t("model.lookup.edit", { name: server.name })} icon={<Pencil size={15} />} onClick={() => (save.reset(), setOpen(at))} />
              </li>
            ))}
          </ul>
          <div>{add}</div>
        </div>
      )}
      {open !== undefined && (
        <ServerForm
          key={open}
          at={open}
          was={saved.servers[open] ?? blank}
          saving={save.isPending}
          error={save.error}
          onSave={(one) => put(open, one)}
          onRemove={open < saved.servers.length ? () => put(open) : undefined}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}

interface FormProps {
  at: number;
  was: Edited;
  saving: boolean;
  error: unknown;
  onSave: (one: Edited) => void;
  onRemove?: () => void;
  onClose: () => void;
}

function ServerForm({ at, was, saving, error, onSave, onRemove, onClose }: FormProps) {
  const { t } = useTranslation();
  const { draft, dirty, set } = useDraft<Edited>(was);
  const errors = fieldErrors(error);
  const wrong = (name: string) => errors[`servers.${at}.${name}`];
  const remove = onRemove && (
    <Button icon={<Trash2 size={14} />} onClick={onRemove}>
      {t("model.lookup.remove")}
    </Button>
  );
  return (
    <FormDrawer
      size="lg"
      title={was.id === "" ? t("model.lookup.add") : was.name}
      description={t("model.lookup.form_hint")}
      dirty={dirty}
      saving={saving}
      error={isConflict(error) ? new Error(t("model.changed")) : error}
      onSubmit={() => onSave(draft)}
      onClose={onClose}
      aside={remove}
    >
      <Switch checked={draft.enabled} onChange={(enabled) => set({ enabled })} label={t("model.lookup.on")} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("model.lookup.name")} error={wrong("name")} required>
          <Input value={draft.name} maxLength={80} onChange={(e) => set({ name: e.target.value })} />
        </Field>
        <Field label={t("model.lookup.id")} hint={t("model.lookup.id_hint")} error={wrong("id")} required>
          <Input value={draft.id} maxLength={20} spellCheck={false} autoComplete="off" disabled={was.id !== ""} onChange={(e) => set({ id: e.target.value })} />
        </Field>
      </div>
      <Field label={t("model.base_url")} hint={t("model.lookup.url_hint")} error={wrong("url")} required>
        <Input type="url" inputMode="url" spellCheck={false} autoComplete="off" maxLength={300} value={draft.url} onChange={(e) => set({ url: e.target.value })} />
      </Field>
      <Field label={t("model.key")} hint={was.has_key ? t("model.key_kept") : t("model.lookup.key_none")} error={errors["key"]}>
        <Input type="password" autoComplete="new-password" spellCheck={false} maxLength={500} value={draft.key ?? ""} placeholder={was.has_key ? "••••••••" : undefined} onChange={(e) => set({ key: e.target.value === "" ? undefined : e.target.value })} />
      </Field>
      <Tools draft={draft} set={set} error={wrong("tools")} />
    </FormDrawer>
  );
}

function Tools({ draft, set, error }: { draft: Edited; set: (change: Partial<Edited>) => void; error?: string }) {
  const { t } = useTranslation();
  const asked = useChange(() => model.tryLookup(draft), { quiet: true });
  const offered: LookupOffered[] = asked.data?.tools ?? [];
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 text-xs font-semibold">{t("model.lookup.tools")}</legend>
      {error && <p role="alert" className="text-xs text-bad">{error}</p>}
      {!asked.data && draft.tools.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {draft.tools.map((tool) => (
            <li key={tool.name}>
              <Pill>{tool.name}</Pill>
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button type="button" icon={<PlugZap size={14} />} disabled={asked.isPending || draft.url.trim() === "" || draft.id === ""} onClick={() => asked.mutate()}>
          {asked.isPending ? t("model.lookup.asking") : t("model.lookup.ask")}
        </Button>
      </div>
      <div role="status" className="text-xs">
        {asked.error ? <span className="text-bad">{problem(asked.error).text}</span> : asked.data && offered.length === 0 ? <span className="text-mut">{t("model.lookup.tools_none")}</span> : null}
      </div>
      {offered.map((tool) => (
        <OneTool key={tool.name} tool={tool} draft={draft} set={set} />
      ))}
    </fieldset>
  );
}

function OneTool({ tool, draft, set }: { tool: LookupOffered; draft: Edited; set: (change: Partial<Edited>) => void }) {
  const { t } = useTranslation();
  const on = draft.tools.find((other) => other.name === tool.name);
  return (
    <div className="rounded-xl border p-3">
      <Checkbox checked={on !== undefined} disabled={tool.why !== undefined && !on} onChange={(yes) => set({ tools: allowed(draft.tools, tool, yes) })} label={tool.name} hint={tool.why ? tool.why[currentLanguage()] : tool.about} />
      {on && tool.arguments.length > 0 && (
        <div className="mt-3 grid gap-3 pl-6 sm:grid-cols-2">
          {tool.arguments.map((argument) => (
            <Field key={argument} label={t("model.lookup.argument", { name: argument })}>
              <Select
                value={on.claims?.[argument] ?? "said"}
                onChange={(claim) => set({ tools: allowed(draft.tools, tool, true, argument, claim) })}
                options={[{ value: "said", label: t("model.lookup.claim.said") }, ...claims.map((value) => ({ value, label: t(`model.lookup.claim.${value}`) }))]}
              />
            </Field>
          ))}
        </div>
      )}
    </div>
  );
}

