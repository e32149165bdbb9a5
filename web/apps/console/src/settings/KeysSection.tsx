import { useQuery } from "@tanstack/react-query";
import { api, type APIKey } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, EmptyState, Field, IconButton, Input, PageHeader, Pill, Select, Table, type Column } from "@yingda/ui";
import { KeyRound, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { OnceDialog } from "../form/OnceDialog";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { whenText } from "../form/when";
import { dayName, useNow } from "../time";
import { PermissionMatrix, usePermissionName } from "./PermissionMatrix";

const key = ["api-keys"];

/** Keys for other programs, each with no more permissions than it needs. */
export function KeysSection() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: key, queryFn: api.keys.list });
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  const [removing, setRemoving] = useState<APIKey>();
  const remove = useChange((held: APIKey) => api.keys.remove(held.id), { stale: [key], done: t("settings.keys.revoked") });
  const now = useNow(60_000);
  const permission = usePermissionName();
  const columns: Column<APIKey>[] = [
    {
      key: "name",
      header: t("settings.keys.name"),
      cell: (held) => (
        <>
          <span className="font-medium">{held.name}</span>
          <code className="block font-mono text-xs text-faint">{held.prefix}…</code>
        </>
      ),
    },
    {
      key: "permissions",
      header: t("settings.roles.permissions"),
      cell: (held) => (
        <span className="flex flex-wrap gap-1">
          {held.permissions.slice(0, 3).map((name) => (
            <Pill key={name}>{permission(name)}</Pill>
          ))}
          {held.permissions.length > 3 && <Pill>+{held.permissions.length - 3}</Pill>}
        </span>
      ),
    },
    { key: "used", header: t("settings.keys.used"), cell: (held) => <span className="num text-xs whitespace-nowrap text-mut">{held.last_used_at ? whenText(held.last_used_at) : t("settings.keys.never")}</span> },
    {
      key: "expires",
      header: t("settings.keys.expires"),
      cell: (held) => {
        if (!held.expires_at) return <span className="text-xs text-mut">{t("settings.keys.no_end")}</span>;
        const past = Date.parse(held.expires_at) < now;
        return past ? <Pill tone="bad">{t("settings.keys.expired")}</Pill> : <span className="num text-xs whitespace-nowrap text-mut">{dayName(held.expires_at)}</span>;
      },
    },
    { key: "by", header: t("settings.keys.by"), wide: true, cell: (held) => held.created_by },
  ];
  const addButton = (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setAdding(true)}>
      {t("settings.keys.add")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("settings.sections.keys")} description={t("settings.keys.about")} actions={addButton} />
      <Loaded query={query}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState icon={<KeyRound size={20} />} title={t("settings.keys.empty")} detail={t("settings.keys.empty_hint")} action={addButton} />
          ) : (
            <Table
              label={t("settings.sections.keys")}
              columns={columns}
              rows={page.items}
              rowKey={(held) => held.id}
              rowActions={(held) => <IconButton label={t("settings.keys.revoke_named", { name: held.name })} icon={<Trash2 size={15} />} onClick={() => setRemoving(held)} />}
            />
          )
        }
      </Loaded>
      {adding && (
        <KeyForm
          onClose={() => setAdding(false)}
          onAdded={(made) => {
            setAdding(false);
            setSecret(made);
          }}
        />
      )}
      {secret && <OnceDialog title={t("settings.keys.made")} description={t("settings.keys.made_text")} value={secret} warning={t("settings.once.warning")} onClose={() => setSecret(undefined)} />}
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={() => setRemoving(undefined)}
        danger
        title={t("settings.keys.revoke_title", { name: removing?.name })}
        description={t("settings.keys.revoke_text")}
        confirmLabel={t("settings.keys.revoke")}
        onConfirm={() => removing && remove.mutateAsync(removing)}
      />
    </>
  );
}

const lengths = ["30", "90", "365", "never"] as const;

function KeyForm({ onClose, onAdded }: { onClose: () => void; onAdded: (secret: string) => void }) {
  const { t } = useTranslation();
  const permissions = useQuery({ queryKey: ["permissions"], queryFn: api.roles.permissions, staleTime: Infinity });
  const { draft, dirty, set } = useDraft<{ name: string; permissions: string[]; days: (typeof lengths)[number] }>({ name: "", permissions: [], days: "90" });
  const add = useChange(
    () => {
      const expires_at = draft.days === "never" ? undefined : new Date(Date.now() + Number(draft.days) * 86_400_000).toISOString();
      return api.keys.add({ name: draft.name.trim(), permissions: draft.permissions, expires_at });
    },
    { stale: [key], quiet: true, onDone: (made) => onAdded(made.secret) },
  );
  const errors = fieldErrors(add.error);
  return (
    <FormDrawer size="lg" title={t("settings.keys.add")} description={t("settings.keys.add_hint")} dirty={dirty} saving={add.isPending} error={add.error} submitLabel={t("settings.keys.create")} onSubmit={() => add.mutate()} onClose={onClose}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("settings.keys.name")} hint={t("settings.keys.name_hint")} error={errors["name"]} required>
          <Input value={draft.name} maxLength={60} onChange={(e) => set({ name: e.target.value })} />
        </Field>
        <Field label={t("settings.keys.expires")} error={errors["expires_at"]}>
          <Select value={draft.days} onChange={(days) => set({ days })} options={lengths.map((value) => ({ value, label: value === "never" ? t("settings.keys.no_end") : t("settings.keys.days", { n: value }) }))} />
        </Field>
      </div>
      <Loaded query={permissions}>{(all) => <PermissionMatrix all={all.items} chosen={draft.permissions} onChange={(chosen) => set({ permissions: chosen })} />}</Loaded>
      {errors["permissions"] && <p className="text-xs text-bad">{errors["permissions"]}</p>}
    </FormDrawer>
  );
}
