import { useQuery } from "@tanstack/react-query";
import { api, type Role, type RoleDraft } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, EmptyState, Field, IconButton, Input, PageHeader, Pill, RadioGroup, Table, type Column } from "@yingda/ui";
import { Copy, Eye, Pencil, Plus, ShieldCheck, Trash2 } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { keys } from "../query";
import { PermissionMatrix } from "./PermissionMatrix";
import { rolesKey, useRoleName } from "./roles";

const stale = [rolesKey, keys.agents, keys.me];

/** What each kind of work may see and do. */
export function RolesSection() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: rolesKey, queryFn: api.roles.list });
  const roleName = useRoleName();
  const [open, setOpen] = useState<{ role?: Role; from?: Role }>();
  const [removing, setRemoving] = useState<Role>();
  const remove = useChange((role: Role) => api.roles.remove(role.id), { stale, done: t("settings.removed") });
  const columns: Column<Role>[] = [
    {
      key: "name",
      header: t("settings.roles.name"),
      cell: (role) => (
        <span className="flex items-center gap-2 font-medium">
          {roleName(role.name)}
          {role.builtin && <Pill>{t("settings.roles.builtin")}</Pill>}
        </span>
      ),
    },
    { key: "scope", header: t("settings.roles.scope"), cell: (role) => t(`settings.scope.${role.scope}`) },
    { key: "permissions", header: t("settings.roles.permissions"), align: "right", cell: (role) => role.permissions.length },
    { key: "agents", header: t("settings.roles.agents"), align: "right", cell: (role) => role.agents },
  ];
  const addButton = (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setOpen({})}>
      {t("settings.roles.add")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("settings.sections.roles")} description={t("settings.roles.about")} actions={addButton} />
      <Loaded query={query}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState icon={<ShieldCheck size={20} />} title={t("settings.roles.empty")} action={addButton} />
          ) : (
            <Table
              label={t("settings.sections.roles")}
              columns={columns}
              rows={page.items}
              rowKey={(role) => role.id}
              rowActions={(role) => (
                <>
                  <IconButton
                    label={role.builtin ? t("settings.roles.look_at", { name: roleName(role.name) }) : t("settings.edit_named", { name: role.name })}
                    icon={role.builtin ? <Eye size={15} /> : <Pencil size={15} />}
                    onClick={() => setOpen({ role })}
                  />
                  <IconButton label={t("settings.roles.copy_of", { name: roleName(role.name) })} icon={<Copy size={15} />} onClick={() => setOpen({ from: role })} />
                  {!role.builtin && <IconButton label={t("settings.remove_named", { name: role.name })} icon={<Trash2 size={15} />} onClick={() => setRemoving(role)} />}
                </>
              )}
            />
          )
        }
      </Loaded>
      {open && <RoleForm key={open.role?.id ?? open.from?.id ?? "new"} {...open} onCopy={(from) => setOpen({ from })} onClose={() => setOpen(undefined)} />}
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={() => setRemoving(undefined)}
        danger
        title={t("settings.remove_title", { name: removing?.name })}
        description={t("settings.roles.remove_text", { n: removing?.agents ?? 0 })}
        confirmLabel={t("common.delete")}
        onConfirm={() => removing && remove.mutateAsync(removing)}
      />
    </>
  );
}

interface RoleFormProps {
  /** The role that is edited; absent for a new one. */
  role?: Role;
  /** The role that a new one begins as. */
  from?: Role;
  onCopy: (role: Role) => void;
  onClose: () => void;
}

function RoleForm({ role, from, onCopy, onClose }: RoleFormProps) {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const readOnly = role?.builtin ?? false;
  const permissions = useQuery({ queryKey: ["permissions"], queryFn: api.roles.permissions, staleTime: Infinity });
  const start: RoleDraft = role
    ? { name: readOnly ? roleName(role.name) : role.name, permissions: role.permissions, scope: role.scope }
    : { name: from ? t("settings.roles.copy_name", { name: roleName(from.name) }) : "", permissions: from?.permissions ?? [], scope: from?.scope ?? "own" };
  const { draft, dirty, set } = useDraft(start);
  const save = useChange(() => (role ? api.roles.change(role.id, draft) : api.roles.add(draft)), { stale, quiet: true, done: t("settings.saved"), onDone: onClose });
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer
      size="lg"
      title={role ? roleName(role.name) : t("settings.roles.add")}
      description={readOnly ? t("settings.roles.builtin_hint") : undefined}
      dirty={dirty || from !== undefined}
      saving={save.isPending}
      error={save.error}
      readOnly={readOnly}
      aside={
        role &&
        readOnly && (
          <Button icon={<Copy size={14} />} onClick={() => onCopy(role)}>
            {t("settings.roles.copy")}
          </Button>
        )
      }
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Field label={t("settings.roles.name")} error={errors["name"]} required={!readOnly}>
        <Input value={draft.name} maxLength={60} readOnly={readOnly} onChange={(e) => set({ name: e.target.value })} />
      </Field>
      <Field group label={t("settings.roles.scope")} hint={t("settings.roles.scope_hint")} error={errors["scope"]}>
        <RadioGroup inline disabled={readOnly} value={draft.scope} onChange={(scope) => set({ scope })} choices={(["own", "team", "all"] as const).map((value) => ({ value, label: t(`settings.scope.${value}`), hint: t(`settings.scope.${value}_hint`) }))} />
      </Field>
      <Loaded query={permissions}>
        {(all) => <PermissionMatrix all={all.items} chosen={draft.permissions} readOnly={readOnly} onChange={(chosen) => set({ permissions: chosen })} />}
      </Loaded>
      {errors["permissions"] && <p className="text-xs text-bad">{errors["permissions"]}</p>}
    </FormDrawer>
  );
}
