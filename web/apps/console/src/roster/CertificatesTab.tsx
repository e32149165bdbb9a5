import { certificates, roster, uploadForCertificate, type Certificate, type CertificateDraft } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Combobox, ConfirmDialog, EmptyState, Field, IconButton, Input, Pill, Section, Segmented, Table, Textarea, type Column, type Tone } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Award, Paperclip, Pencil, Plus, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { useDraft } from "../form/draft";
import { fieldErrors, Loaded, useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { can, useMe } from "../query";
import { rosterKeys } from "./queries";
import type { Place } from "./tabs";

const tones: Record<string, Tone> = { valid: "ok", month: "warn", week: "warn", expired: "bad" };
const stale = [[...rosterKeys.all, "certificates"]];

/** What agents are trained for, and what runs out. */
export function CertificatesTab({ today }: Pick<Place, "today">) {
  const { t } = useTranslation();
  const me = useMe();
  const manages = can(me, "roster.manage");
  const [agent, setAgent] = useState(me.id);
  const [editing, setEditing] = useState<Certificate | "new">();
  const [removing, setRemoving] = useState<Certificate>();
  const crew = useQuery({ queryKey: [...rosterKeys.all, "crew"], queryFn: () => roster.get({ from: today, to: today, limit: 100 }), enabled: manages });
  const held = useQuery({ queryKey: [...rosterKeys.all, "certificates", agent], queryFn: () => certificates.of(agent) });
  const expiring = useQuery({ queryKey: [...rosterKeys.all, "certificates", "expiring"], queryFn: certificates.expiring, enabled: manages });
  const remove = useChange((each: Certificate) => certificates.remove(each.id), { stale, done: t("staffing.certificate.removed") });
  const columns = useColumns();
  return (
    <>
      {manages && (
        <Section title={t("staffing.certificate.expiring")}>
          <Loaded query={expiring}>
            {(page) =>
              page.items.length === 0 ? (
                <p className="text-xs text-faint">{t("staffing.certificate.expiring_none")}</p>
              ) : (
                <Table
                  label={t("staffing.certificate.expiring")}
                  columns={[{ key: "agent", header: t("staffing.certificate.agent"), cell: (row) => <span className="font-medium">{row.agent_name}</span> }, ...columns]}
                  rows={page.items}
                  rowKey={(row) => row.id}
                  rowActions={(row) => <IconButton label={t("staffing.certificate.edit", { name: row.name })} icon={<Pencil size={15} />} onClick={() => setEditing(row)} />}
                />
              )
            }
          </Loaded>
        </Section>
      )}
      <Section
        title={t("staffing.certificate.of")}
        actions={
          manages && (
            <>
              <Combobox className="w-44" label={t("staffing.certificate.agent")} value={agent} onChange={(next) => next && setAgent(next)} options={(crew.data?.rows ?? []).map((row) => ({ value: row.agent_id, label: row.name }))} placeholder={t("staffing.certificate.choose")} />
              <Button variant="primary" icon={<Plus size={15} />} onClick={() => setEditing("new")}>
                {t("staffing.certificate.add")}
              </Button>
            </>
          )
        }
      >
        <Loaded query={held}>
          {(page) =>
            page.items.length === 0 ? (
              <EmptyState icon={<Award size={20} />} title={t("staffing.certificate.empty")} detail={t("staffing.certificate.empty_hint")} />
            ) : (
              <Table
                label={t("staffing.certificate.of")}
                columns={columns}
                rows={page.items}
                rowKey={(row) => row.id}
                rowActions={
                  manages
                    ? (row) => (
                        <>
                          <IconButton label={t("staffing.certificate.edit", { name: row.name })} icon={<Pencil size={15} />} onClick={() => setEditing(row)} />
                          <IconButton label={t("settings.remove_named", { name: row.name })} icon={<Trash2 size={15} />} onClick={() => setRemoving(row)} />
                        </>
                      )
                    : undefined
                }
              />
            )
          }
        </Loaded>
      </Section>
      {editing && <CertificateForm held={editing === "new" ? undefined : editing} agent={editing === "new" ? agent : editing.agent_id} today={today} onClose={() => setEditing(undefined)} />}
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={() => setRemoving(undefined)}
        danger
        title={t("settings.remove_title", { name: removing?.name })}
        description={t("staffing.certificate.remove_text")}
        confirmLabel={t("common.delete")}
        onConfirm={() => removing && remove.mutateAsync(removing)}
      />
    </>
  );
}

function useColumns(): Column<Certificate>[] {
  const { t } = useTranslation();
  return [
    {
      key: "name",
      header: t("staffing.certificate.name"),
      cell: (row) => (
        <span>
          <span className="font-medium">{row.name}</span> <span className="text-xs text-faint">{t(`staffing.certificate.kinds.${row.kind as "training"}`)}</span>
        </span>
      ),
    },
    { key: "issuer", header: t("staffing.certificate.issuer"), wide: true, cell: (row) => <span className="text-mut">{[row.issuer, row.number].filter(Boolean).join(" · ") || "—"}</span> },
    { key: "issued", header: t("staffing.certificate.issued"), wide: true, cell: (row) => <span className="num">{row.issued_on}</span> },
    { key: "expires", header: t("staffing.certificate.expires"), cell: (row) => <span className="num">{row.expires_on || t("staffing.certificate.for_good")}</span> },
    { key: "state", header: t("staffing.certificate.state"), cell: (row) => <Pill tone={tones[row.state] ?? "plain"}>{t(`staffing.certificate.states.${row.state}`)}</Pill> },
    {
      key: "file",
      header: t("staffing.certificate.file"),
      cell: (row) =>
        row.has_file ? (
          <a href={certificates.file(row.id)} target="_blank" rel="noreferrer" className="inline-flex items-center gap-1 text-brand-ink hover:underline">
            <Paperclip size={13} aria-hidden="true" />
            {t("staffing.certificate.open_file")}
          </a>
        ) : (
          "—"
        ),
    },
  ];
}

function CertificateForm({ held, agent, today, onClose }: { held?: Certificate; agent: string; today: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { draft, dirty, set } = useDraft<CertificateDraft>(
    held
      ? { agent_id: agent, kind: held.kind as "certificate", name: held.name, issuer: held.issuer, number: held.number, issued_on: held.issued_on, expires_on: held.expires_on, note: held.note, version: held.version }
      : { agent_id: agent, kind: "certificate", name: "", issuer: "", number: "", issued_on: today, expires_on: "", note: "" },
  );
  const [file, setFile] = useState<{ name: string; part: number }>();
  const input = useRef<HTMLInputElement>(null);
  const send = useChange((chosen: File) => uploadForCertificate(chosen, (part) => setFile({ name: chosen.name, part })), {
    onDone: (kept) => {
      set({ file_id: kept.id });
      setFile({ name: kept.name, part: 1 });
    },
    onFail: () => setFile(undefined),
  });
  const body = { ...draft, expires_on: draft.expires_on || undefined };
  const save = useChange(() => (held ? certificates.change(held.id, body) : certificates.add(body)), { stale, quiet: true, done: t("staffing.certificate.saved"), onDone: onClose });
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer title={held ? t("staffing.certificate.edit", { name: held.name }) : t("staffing.certificate.add")} dirty={dirty && draft.name !== "" && !send.isPending} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Field label={t("staffing.certificate.kind")} group>
          <Segmented value={draft.kind} onChange={(kind) => set({ kind })} choices={(["certificate", "training"] as const).map((value) => ({ value, label: t(`staffing.certificate.kinds.${value}`) }))} />
        </Field>
        <Field label={t("staffing.certificate.name")} error={errors["name"]} required>
          <Input value={draft.name} maxLength={100} onChange={(event) => set({ name: event.target.value })} />
        </Field>
        <div className="grid grid-cols-2 gap-3">
          <Field label={t("staffing.certificate.issuer")} error={errors["issuer"]}>
            <Input value={draft.issuer} maxLength={100} onChange={(event) => set({ issuer: event.target.value })} />
          </Field>
          <Field label={t("staffing.certificate.number")}>
            <Input value={draft.number} maxLength={100} onChange={(event) => set({ number: event.target.value })} />
          </Field>
          <Field label={t("staffing.certificate.issued")} error={errors["issued_on"]} required>
            <Input type="date" value={draft.issued_on} onChange={(event) => set({ issued_on: event.target.value })} />
          </Field>
          <Field label={t("staffing.certificate.expires")} error={errors["expires_on"]}>
            <Input type="date" value={draft.expires_on} onChange={(event) => set({ expires_on: event.target.value })} />
          </Field>
        </div>
        <p className="-mt-2 text-xs text-faint">{t("staffing.certificate.expires_hint")}</p>
        <Field label={t("staffing.certificate.file")} group>
          <div className="flex items-center gap-2">
            <input
              ref={input}
              type="file"
              className="hidden"
              tabIndex={-1}
              aria-label={t("staffing.certificate.choose_file")}
              onChange={(event) => {
                const chosen = event.target.files?.[0];
                event.target.value = "";
                if (chosen) send.mutate(chosen);
              }}
            />
            <Button icon={<Paperclip size={14} />} loading={send.isPending} onClick={() => input.current?.click()}>
              {t("staffing.certificate.choose_file")}
            </Button>
            <span className="num min-w-0 truncate text-xs text-mut" role="status">
              {file ? (file.part < 1 ? `${t("staffing.certificate.uploading")} ${Math.round(file.part * 100)}%` : file.name) : held?.has_file ? t("staffing.certificate.open_file") : "—"}
            </span>
          </div>
        </Field>
        <Field label={t("staffing.certificate.note")} error={errors["note"]}>
          <Textarea value={draft.note} maxLength={500} onChange={(event) => set({ note: event.target.value })} />
        </Field>
      </div>
    </FormDrawer>
  );
}
