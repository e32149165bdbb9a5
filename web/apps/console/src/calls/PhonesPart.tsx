import { hotline, type Telephone, type TelephonePassword } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Combobox, ConfirmDialog, EmptyState, Field, IconButton, Input, Pill, RadioGroup, Switch, Table, type Column, type Tone } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { KeyRound, Pencil, Phone, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { OnceDialog } from "../form/OnceDialog";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { useAgents } from "../query";
import { Classes, usual } from "./Classes";
import { hotlineKey } from "./keys";

const stale = [hotlineKey];

const tones = { there: "ok", away: "warn", off: "plain", unknown: "plain" } satisfies Record<string, Tone>;

function stateOf(phone: Telephone): keyof typeof tones {
  if (!phone.enabled) return "off";
  if (phone.registered === undefined) return "unknown";
  return phone.registered ? "there" : "away";
}

export function PhonesPart() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [...hotlineKey, "phones"], queryFn: hotline.phones, refetchInterval: 15_000 });
  const agents = useAgents().data?.items ?? [];
  const [editing, setEditing] = useState<Telephone | "new">();
  const [removing, setRemoving] = useState<Telephone>();
  const [renewing, setRenewing] = useState<Telephone>();
  const [made, setMade] = useState<TelephonePassword>();
  const remove = useChange((phone: Telephone) => hotline.removePhone(phone.user), { stale, done: t("calls.hotline.removed") });
  const renew = useChange((phone: Telephone) => hotline.renewPhone(phone.user), { stale, onDone: setMade });
  const columns: Column<Telephone>[] = [
    { key: "user", header: t("calls.phones.user"), cell: (p) => <span className="num font-medium">{p.user}</span> },
    { key: "name", header: t("calls.phones.name"), wide: true, cell: (p) => p.name || "—" },
    { key: "agent", header: t("calls.phones.agent"), cell: (p) => agents.find((a) => a.id === p.agent_id)?.name ?? <span className="text-mut">{t("calls.phones.nobody")}</span> },
    { key: "state", header: t("calls.columns.state"), cell: (p) => <Pill tone={tones[stateOf(p)]}>{t(`calls.phones.states.${stateOf(p)}`)}</Pill> },
  ];
  return (
    <>
      <div className="mb-3 flex justify-end">
        <Button variant="primary" icon={<Plus size={15} />} onClick={() => setEditing("new")}>
          {t("calls.phones.add")}
        </Button>
      </div>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<Phone size={20} />} title={t("calls.phones.empty")} detail={t("calls.phones.empty_hint")} />
          ) : (
            <Table
              label={t("calls.hotline.tabs.phones")}
              columns={columns}
              rows={items}
              rowKey={(p) => p.user}
              rowActions={(p) => (
                <>
                  <IconButton label={t("settings.edit_named", { name: p.user })} icon={<Pencil size={15} />} onClick={() => setEditing(p)} />
                  <IconButton label={t("calls.phones.renew")} icon={<KeyRound size={15} />} onClick={() => setRenewing(p)} />
                  <IconButton label={t("settings.remove_named", { name: p.user })} icon={<Trash2 size={15} />} onClick={() => setRemoving(p)} />
                </>
              )}
            />
          )
        }
      </Loaded>
      {editing && (
        <PhoneForm
          phone={editing === "new" ? undefined : editing}
          onClose={(password) => {
            setEditing(undefined);
            setMade(password);
          }}
        />
      )}
      <ConfirmDialog open={removing !== undefined} onOpenChange={() => setRemoving(undefined)} danger title={t("calls.phones.remove_title", { user: removing?.user })} description={t("calls.phones.remove_text")} confirmLabel={t("calls.phones.remove")} onConfirm={() => removing && remove.mutateAsync(removing)} />
      <ConfirmDialog open={renewing !== undefined} onOpenChange={() => setRenewing(undefined)} title={t("calls.phones.renew_title", { user: renewing?.user })} description={t("calls.phones.renew_text")} confirmLabel={t("calls.phones.renew")} onConfirm={() => renewing && renew.mutateAsync(renewing)} />
      {made && (
        <OnceDialog
          title={t("calls.phones.password_title", { user: made.phone.user })}
          description={t("calls.phones.password_text", { user: made.phone.user, realm: made.realm })}
          value={made.password}
          warning={t("calls.phones.password_warning")}
          onClose={() => setMade(undefined)}
        />
      )}
    </>
  );
}

function PhoneForm({ phone, onClose }: { phone?: Telephone; onClose: (made?: TelephonePassword) => void }) {
  const { t } = useTranslation();
  const agents = useAgents().data?.items ?? [];
  const { draft, dirty, set } = useDraft({ user: phone?.user ?? "", name: phone?.name ?? "", agent: phone?.agent_id ?? "", enabled: phone?.enabled ?? true, may: phone?.may as string[] | undefined });
  const save = useChange(
    async (): Promise<TelephonePassword | undefined> => {
      const body = { name: draft.name.trim(), agent_id: draft.agent, enabled: draft.enabled, ...(draft.may ? { may: draft.may } : { usual: true }) };
      if (!phone) return hotline.addPhone({ user: draft.user.trim(), ...body });
      await hotline.changePhone(phone.user, { ...body, version: phone.version });
      return undefined;
    },
    { stale, done: t("settings.saved"), onDone: onClose, quiet: true },
  );
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer title={phone ? t("calls.phones.edit", { user: phone.user }) : t("calls.phones.add")} dirty={dirty} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={() => onClose()}>
      <Field label={t("calls.phones.user")} hint={t("calls.phones.user_hint")} error={errors["user"]} required>
        <Input inputMode="numeric" disabled={phone !== undefined} value={draft.user} maxLength={6} onChange={(e) => set({ user: e.target.value.replace(/\D/g, "") })} />
      </Field>
      <Field label={t("calls.phones.name")} error={errors["name"]}>
        <Input value={draft.name} maxLength={100} onChange={(e) => set({ name: e.target.value })} />
      </Field>
      <Field label={t("calls.phones.agent")} error={errors["agent_id"]}>
        <Combobox clearable placeholder={t("calls.phones.nobody")} value={draft.agent || undefined} onChange={(agent) => set({ agent: agent ?? "" })} options={agents.map(({ id, name }) => ({ value: id as string, label: name }))} />
      </Field>
      <Switch checked={draft.enabled} onChange={(enabled) => set({ enabled })} label={t("calls.phones.enabled")} />
      <Field group label={t("calls.phones.may")} error={errors["may"]}>
        <div className="flex flex-col gap-3">
          <RadioGroup<"agent" | "own"> inline label={t("calls.phones.may")} value={draft.may ? "own" : "agent"} onChange={(v) => set({ may: v === "own" ? usual : undefined })} choices={[{ value: "agent", label: t("calls.phones.as_agent") }, { value: "own", label: t("calls.phones.chosen") }]} />
          {draft.may && <Classes value={draft.may} onChange={(may) => set({ may })} />}
        </div>
      </Field>
    </FormDrawer>
  );
}
