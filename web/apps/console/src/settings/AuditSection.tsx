import { api, type AuditEntry, type AuditFilter } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Combobox, Drawer, EmptyState, Field, IconButton, Input, PageHeader, Pill, Select, Table, type Column } from "@yingda/ui";
import { Eye, FileClock } from "lucide-react";
import { useState } from "react";
import { CodeBlock } from "../form/CodeBlock";
import { PagedList } from "../form/PagedList";
import { usePages } from "../form/pages";
import { whenText } from "../form/when";
import { can, useAgents, useMe } from "../query";
import { fullTime } from "../time";

const objectKinds = ["agent", "api_key", "article", "attachment", "canned", "case", "contact", "conversation", "inbox", "job", "question", "role", "session", "settings", "team"] as const;

/** Who changed what, and who looked at whose personal data. Nothing in it can be changed. */
export function AuditSection() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<AuditFilter>({});
  const [open, setOpen] = useState<AuditEntry>();
  const list = usePages(["audit", filter], (cursor) => api.audit.list(filter, cursor));
  const action = useAuditAction();
  const kind = useObjectKind();
  const columns: Column<AuditEntry>[] = [
    { key: "at", header: t("settings.audit.at"), cell: (entry) => <span className="num text-xs whitespace-nowrap text-mut">{whenText(entry.at)}</span> },
    { key: "actor", header: t("settings.audit.actor"), cell: (entry) => <Actor entry={entry} /> },
    {
      key: "action",
      header: t("settings.audit.action"),
      cell: (entry) => <span className="whitespace-nowrap">{action(entry.action)}</span>,
    },
    {
      key: "object",
      header: t("settings.audit.object"),
      cell: (entry) => (
        <>
          {entry.object_name || entry.object_id || "—"}
          <span className="block text-xs text-faint">{kind(entry.object_kind)}</span>
        </>
      ),
    },
    { key: "address", header: t("settings.audit.address"), wide: true, cell: (entry) => <span className="num text-xs text-mut">{entry.address || "—"}</span> },
  ];
  const filtered = Object.values(filter).some(Boolean);
  return (
    <>
      <PageHeader title={t("settings.sections.audit")} description={t("settings.audit.about")} />
      <AuditFilters filter={filter} onChange={setFilter} />
      {(filter.action || filter.object_id) && (
        <p className="mb-3 flex items-center gap-2">
          <Pill tone="brand">{t("settings.audit.only", { what: filter.action ? action(filter.action) : `${kind(filter.object_kind ?? "")} ${filter.object_id}` })}</Pill>
          <Button size="sm" onClick={() => setFilter({})}>
            {t("settings.audit.reset")}
          </Button>
        </p>
      )}
      <PagedList
        list={list}
        empty={
          <EmptyState
            icon={<FileClock size={20} />}
            title={filtered ? t("settings.no_match") : t("settings.audit.empty")}
            action={filtered && <Button onClick={() => setFilter({})}>{t("settings.audit.reset")}</Button>}
          />
        }
      >
        {(rows) => (
          <Table
            label={t("settings.sections.audit")}
            columns={columns}
            rows={rows}
            rowKey={(entry) => entry.id}
            rowActions={(entry) => <IconButton label={t("settings.audit.look_at", { action: action(entry.action) })} icon={<Eye size={15} />} onClick={() => setOpen(entry)} />}
          />
        )}
      </PagedList>
      {open && <EntryDrawer entry={open} onClose={() => setOpen(undefined)} onFilter={setFilter} />}
    </>
  );
}

function AuditFilters({ filter, onChange }: { filter: AuditFilter; onChange: (filter: AuditFilter) => void }) {
  const { t } = useTranslation();
  const mayList = can(useMe(), "agent.read", "agent.manage");
  const agents = useAgents();
  const kind = useObjectKind();
  const set = (change: AuditFilter) => onChange({ ...filter, ...change });
  return (
    <div className="mb-3 grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Field label={t("settings.audit.actor")}>
        <Combobox
          clearable
          disabled={!mayList}
          value={filter.actor}
          onChange={(actor) => set({ actor })}
          placeholder={t("settings.audit.anybody")}
          options={(agents.data?.items ?? []).map(({ id, name, email }) => ({ value: id, label: name, hint: email }))}
        />
      </Field>
      <Field label={t("settings.audit.object_kind")}>
        <Select value={filter.object_kind ?? ""} onChange={(object_kind) => set({ object_kind: object_kind || undefined })} options={[{ value: "", label: t("common.all") }, ...objectKinds.map((value) => ({ value: value as string, label: kind(value) }))]} />
      </Field>
      <Field label={t("settings.audit.from")}>
        <Input type="date" value={dateOf(filter.from)} max={dateOf(filter.to)} onChange={(e) => set({ from: startOf(e.target.value) })} />
      </Field>
      <Field label={t("settings.audit.to")}>
        <Input type="date" value={dateOf(filter.to)} min={dateOf(filter.from)} onChange={(e) => set({ to: endOf(e.target.value) })} />
      </Field>
    </div>
  );
}

function Actor({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  return (
    <>
      {entry.actor_kind === "system" ? t("settings.audit.actors.system") : entry.actor_name || "—"}
      {(entry.actor_kind === "api_key" || entry.actor_kind === "contact") && <span className="block text-xs text-faint">{t(`settings.audit.actors.${entry.actor_kind}`)}</span>}
    </>
  );
}

function EntryDrawer({ entry, onClose, onFilter }: { entry: AuditEntry; onClose: () => void; onFilter: (filter: AuditFilter) => void }) {
  const { t } = useTranslation();
  const action = useAuditAction();
  const kind = useObjectKind();
  const facts: [string, string][] = [
    [t("settings.audit.at"), fullTime(entry.at)],
    [t("settings.audit.actor"), `${entry.actor_name || "—"} · ${t(`settings.audit.actors.${entry.actor_kind}`)}`],
    [t("settings.audit.object"), `${entry.object_name ?? ""} ${kind(entry.object_kind)}`.trim()],
    [t("settings.audit.object_id"), entry.object_id ?? "—"],
    [t("settings.audit.address"), entry.address || "—"],
  ];
  function only(filter: AuditFilter) {
    onFilter(filter);
    onClose();
  }
  return (
    <Drawer
      open
      onOpenChange={onClose}
      title={action(entry.action)}
      description={<code className="font-mono">{entry.action}</code>}
      footer={
        <>
          {entry.object_id && <Button onClick={() => only({ object_kind: entry.object_kind, object_id: entry.object_id })}>{t("settings.audit.same_object")}</Button>}
          <Button onClick={() => only({ action: entry.action })}>{t("settings.audit.same_action")}</Button>
        </>
      }
    >
      <dl className="mb-4 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-mut">{name}</dt>
            <dd className="num min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
      <h3 className="mb-1 text-xs font-medium text-mut">{t("settings.audit.detail")}</h3>
      {Object.keys(entry.detail ?? {}).length === 0 ? <p className="text-xs text-faint">{t("settings.audit.no_detail")}</p> : <CodeBlock label={t("settings.audit.detail")} code={JSON.stringify(entry.detail, null, 2)} />}
    </Drawer>
  );
}

/** Names an action: by words of its own, or by its verb and its noun; one that nobody knows keeps its code. */
function useAuditAction(): (action: string) => string {
  const { t, i18n } = useTranslation();
  const kind = useObjectKind();
  return (action) => {
    const own = `settings.audit.actions.${action.replaceAll(".", "_")}`;
    if (i18n.exists(own)) return t(own as "settings.audit.actions.session_start");
    const [noun = "", verb = ""] = action.split(".");
    const known = `settings.audit.verbs.${verb}`;
    return i18n.exists(known) ? t("settings.audit.composed", { verb: t(known as "settings.audit.verbs.change"), kind: kind(noun) }) : action;
  };
}

function useObjectKind(): (kind: string) => string {
  const { t } = useTranslation();
  return (kind) => t(`settings.audit.kinds.${kind}` as "settings.audit.kinds.agent", { defaultValue: kind });
}

const dateOf = (iso?: string): string => {
  if (!iso) return "";
  const at = new Date(iso);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
};
const startOf = (date: string) => (date ? new Date(`${date}T00:00:00`).toISOString() : undefined);
const endOf = (date: string) => (date ? new Date(`${date}T23:59:59.999`).toISOString() : undefined);
