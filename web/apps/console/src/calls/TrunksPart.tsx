import { hotline, type Trunk, type TrunkChange } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, EmptyState, Field, IconButton, Input, Pill, Select, Switch, Table, Textarea, type Column, type Tone } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Cable, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { hotlineKey, linesOf } from "./keys";

export const trunksQuery = { queryKey: [...hotlineKey, "trunks"], queryFn: hotline.trunks };

const tones = { unknown: "plain", works: "ok", trouble: "bad", off: "plain" } satisfies Record<string, Tone>;
type State = keyof typeof tones;

const stateOf = (trunk: Trunk): State => (trunk.state || "unknown") as State;

export function TrunksPart() {
  const { t } = useTranslation();
  const query = useQuery({ ...trunksQuery, refetchInterval: 15_000 });
  const [editing, setEditing] = useState<Trunk | "new">();
  const [removing, setRemoving] = useState<Trunk>();
  const remove = useChange((trunk: Trunk) => hotline.removeTrunk(trunk.id), { stale: [hotlineKey], done: t("calls.hotline.removed") });
  const columns: Column<Trunk>[] = [
    { key: "name", header: t("calls.trunks.name"), cell: (trunk) => <span className="font-medium">{trunk.name}</span> },
    {
      key: "host",
      header: t("calls.trunks.host"),
      cell: (trunk) => (
        <span className="flex flex-col">
          <code className="text-xs break-all">{`${trunk.host}${trunk.port ? `:${trunk.port}` : ""}`}</code>
          <span className="text-2xs text-mut">{`${trunk.network} · ${trunk.register ? t("calls.trunks.registered") : t("calls.trunks.by_address")}`}</span>
        </span>
      ),
    },
    { key: "number", header: t("calls.trunks.number"), wide: true, cell: (trunk) => <span className="num">{trunk.number || "—"}</span> },
    {
      key: "state",
      header: t("calls.columns.state"),
      cell: (trunk) => (
        <span className="flex flex-col items-start gap-0.5">
          <Pill tone={tones[stateOf(trunk)]}>{t(`calls.trunks.states.${stateOf(trunk)}`)}</Pill>
          {trunk.why && <span className="text-2xs break-words text-bad">{trunk.why}</span>}
        </span>
      ),
    },
  ];
  return (
    <>
      <div className="mb-3 flex justify-end">
        <Button variant="primary" icon={<Plus size={15} />} onClick={() => setEditing("new")}>
          {t("calls.trunks.add")}
        </Button>
      </div>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<Cable size={20} />} title={t("calls.trunks.empty")} detail={t("calls.trunks.empty_hint")} />
          ) : (
            <Table
              label={t("calls.hotline.tabs.trunks")}
              columns={columns}
              rows={items}
              rowKey={(trunk) => trunk.id}
              rowActions={(trunk) => (
                <>
                  <IconButton label={t("settings.edit_named", { name: trunk.name })} icon={<Pencil size={15} />} onClick={() => setEditing(trunk)} />
                  <IconButton label={t("settings.remove_named", { name: trunk.name })} icon={<Trash2 size={15} />} onClick={() => setRemoving(trunk)} />
                </>
              )}
            />
          )
        }
      </Loaded>
      {editing && <TrunkForm trunk={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
      <ConfirmDialog open={removing !== undefined} onOpenChange={() => setRemoving(undefined)} danger title={t("calls.trunks.remove_title", { name: removing?.name })} description={t("calls.trunks.remove_text")} confirmLabel={t("calls.trunks.remove")} onConfirm={() => removing && remove.mutateAsync(removing)} />
    </>
  );
}

function TrunkForm({ trunk, onClose }: { trunk?: Trunk; onClose: () => void }) {
  const { t } = useTranslation();
  const { draft, dirty, set } = useDraft({
    name: trunk?.name ?? "",
    enabled: trunk?.enabled ?? true,
    host: trunk?.host ?? "",
    port: trunk?.port ? String(trunk.port) : "",
    network: trunk?.network ?? "udp",
    from: trunk?.from.join("\n") ?? "",
    number: trunk?.number ?? "",
    user: trunk?.user ?? "",
    password: "",
    register: trunk?.register ?? false,
    watch: String(trunk?.watch ?? 60),
    secure: trunk?.secure ?? false,
  });
  const save = useChange(
    () => {
      const { password, ...rest } = draft;
      const body: TrunkChange = { ...rest, network: draft.network as TrunkChange["network"], port: Number(draft.port) || 0, watch: Number(draft.watch) || 0, from: linesOf(draft.from), ...(password ? { password } : {}) };
      return trunk ? hotline.changeTrunk(trunk.id, { ...body, version: trunk.version }) : hotline.addTrunk(body);
    },
    { stale: [hotlineKey], done: t("settings.saved"), onDone: onClose, quiet: true },
  );
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer title={trunk ? t("calls.trunks.edit") : t("calls.trunks.add")} dirty={dirty} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <Field label={t("calls.trunks.name")} error={errors["name"]} required>
        <Input value={draft.name} maxLength={100} onChange={(e) => set({ name: e.target.value })} />
      </Field>
      <Switch checked={draft.enabled} onChange={(enabled) => set({ enabled })} label={t("calls.trunks.enabled")} />
      <Field label={t("calls.trunks.host")} error={errors["host"]} required>
        <Input value={draft.host} maxLength={253} onChange={(e) => set({ host: e.target.value })} />
      </Field>
      <div className="flex flex-wrap gap-3">
        <Field className="w-36" label={t("calls.trunks.port")} hint={t("calls.trunks.port_hint")} error={errors["port"]}>
          <Input inputMode="numeric" value={draft.port} maxLength={5} onChange={(e) => set({ port: e.target.value.replace(/\D/g, "") })} />
        </Field>
        <Field className="w-36" label={t("calls.trunks.network")} error={errors["network"]}>
          <Select value={draft.network} onChange={(network) => set({ network })} options={["udp", "tcp", "tls"].map((value) => ({ value, label: value.toUpperCase() }))} />
        </Field>
      </div>
      <Field label={t("calls.trunks.from")} hint={t("calls.trunks.from_hint")} error={errors["from"]}>
        <Textarea minRows={2} value={draft.from} onChange={(e) => set({ from: e.target.value })} />
      </Field>
      <Field label={t("calls.trunks.number")} hint={t("calls.trunks.number_hint")} error={errors["number"]}>
        <Input value={draft.number} maxLength={30} onChange={(e) => set({ number: e.target.value })} />
      </Field>
      <Field label={t("calls.trunks.user")} error={errors["user"]}>
        <Input autoComplete="off" value={draft.user} maxLength={100} onChange={(e) => set({ user: e.target.value })} />
      </Field>
      <Field label={t("calls.trunks.password")} hint={trunk?.password_set ? t("calls.trunks.password_set") : undefined} error={errors["password"]}>
        <Input type="password" autoComplete="new-password" value={draft.password} maxLength={500} onChange={(e) => set({ password: e.target.value })} />
      </Field>
      <Switch checked={draft.register} onChange={(register) => set({ register })} label={t("calls.trunks.register")} />
      <Field label={t("calls.trunks.watch")} hint={t("calls.trunks.watch_hint")} error={errors["watch"]}>
        <Input inputMode="numeric" value={draft.watch} maxLength={3} onChange={(e) => set({ watch: e.target.value.replace(/\D/g, "") })} />
      </Field>
      <Switch checked={draft.secure} onChange={(secure) => set({ secure })} label={t("calls.trunks.secure")} />
    </FormDrawer>
  );
}
