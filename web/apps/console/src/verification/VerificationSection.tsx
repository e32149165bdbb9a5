import { serverNow, verifications, type ID, type Particular, type ParticularKind } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, Field, IconButton, Input, Pill, Select } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Lock, Plus, ShieldCheck, X } from "lucide-react";
import { useState } from "react";
import { fieldErrors, Loaded, useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { useKeys } from "../live/keys";
import { can, keys, useMe } from "../query";
import { clockTime } from "../time";
import type { Place } from "./held";
import { verified } from "./useVerified";
import { useVerification, Wizard } from "./Wizard";

/** Beside a conversation, a case and a customer: how it stands, and the wizard in place. */
export function VerificationSection({ contact, place = {} }: { contact: ID; place?: Place }) {
  const { t } = useTranslation();
  const me = useMe();
  const [open, setOpen] = useState(false);
  const sheet = useVerification(contact, "contact.change");
  useKeys({ v: () => setOpen((now) => !now) }, can(me, "contact.edit"));
  const now = sheet.data?.verification;
  const locked = sheet.data?.locked_until && Date.parse(sheet.data.locked_until) > serverNow();
  const going = now && ["started", "factor_asked", "failed"].includes(now.state);
  return (
    <div>
      <div className="flex flex-wrap items-center gap-2">
        {locked ? (
          <Pill tone="bad" icon={<Lock size={11} aria-hidden="true" />}>{t("verification.locked")}</Pill>
        ) : now?.state === "passed" ? (
          <Pill tone="ok" icon={<ShieldCheck size={11} aria-hidden="true" />}>
            {t("verification.passed")} · {t("verification.until", { time: clockTime(now.until!) })}
          </Pill>
        ) : going ? (
          <Pill tone="warn">{t("verification.going")}</Pill>
        ) : null}
        {can(me, "contact.edit") && (
          <Button size="sm" className="ml-auto" aria-expanded={open} icon={<ShieldCheck size={13} aria-hidden="true" />} onClick={() => setOpen(!open)}>
            {going ? t("verification.continue") : t("verification.open")}
          </Button>
        )}
      </div>
      {open && (
        <div className="mt-2">
          <Wizard contact={contact} action="contact.change" place={place} />
        </div>
      )}
    </div>
  );
}

/** What is registered of a customer to verify them by: masks only. */
export function ParticularsSection({ contact }: { contact: ID }) {
  const { t } = useTranslation();
  const me = useMe();
  const found = useQuery({ queryKey: keys.particulars(contact), queryFn: () => verifications.particulars(contact) });
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Particular>();
  const stale = [keys.particulars(contact), keys.verification(contact)];
  const remove = useChange((id: ID) => verified(contact, "contact.change", {}, (v) => verifications.removeParticular(contact, id, v)), { done: t("verification.particulars.removed"), stale });
  const edit = can(me, "contact.edit");
  const named = (p: Particular) => t(`verification.particulars.kinds.${p.kind as ParticularKind}`);
  return (
    <div>
      <p className="mb-1 text-2xs text-faint">{t("verification.particulars.hint")}</p>
      <Loaded query={found}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-xs text-faint">{t("verification.particulars.empty")}</p>
          ) : (
            <ul>
              {items.map((p) => (
                <li key={p.id} className="flex min-h-7 items-center gap-2 text-sm">
                  <span className="w-24 shrink-0 text-xs text-faint">{named(p)}</span>
                  <span className="num min-w-0 flex-1 truncate">{p.mask}</span>
                  {edit && <IconButton size="sm" label={t("verification.particulars.remove", { name: named(p), mask: p.mask })} icon={<X size={13} />} onClick={() => setRemoving(p)} />}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {edit && (
        <Button size="sm" className="mt-2" icon={<Plus size={13} aria-hidden="true" />} onClick={() => setAdding(true)}>
          {t("verification.particulars.add")}
        </Button>
      )}
      {adding && <AddDialog contact={contact} onClose={() => setAdding(false)} />}
      {removing && (
        <ConfirmDialog
          open
          danger
          title={t("verification.particulars.remove_title")}
          description={`${named(removing)} ${removing.mask}`}
          confirmLabel={t("common.delete")}
          onOpenChange={(open) => !open && setRemoving(undefined)}
          onConfirm={() => {
            remove.mutate(removing.id);
            setRemoving(undefined);
          }}
        />
      )}
    </div>
  );
}

const kinds: ParticularKind[] = ["id_number", "member", "order", "vin", "plate"];

function AddDialog({ contact, onClose }: { contact: ID; onClose: () => void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<ParticularKind>("id_number");
  const [value, setValue] = useState("");
  const save = useChange(() => verified(contact, "contact.change", {}, (v) => verifications.addParticular(contact, { kind, value }, v)), {
    quiet: true, done: t("verification.particulars.saved"), stale: [keys.particulars(contact), keys.verification(contact)], onDone: onClose,
  });
  return (
    <FormDrawer look="dialog" title={t("verification.particulars.add")} description={t("verification.particulars.hint")} dirty={value !== ""} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <Field label={t("verification.particulars.kind")}>
        <Select<ParticularKind> value={kind} onChange={setKind} options={kinds.map((each) => ({ value: each, label: t(`verification.particulars.kinds.${each}`) }))} />
      </Field>
      <Field label={t("verification.particulars.value")} required error={fieldErrors(save.error).value}>
        <Input value={value} maxLength={80} autoComplete="off" spellCheck={false} onChange={(e) => setValue(e.target.value)} />
      </Field>
    </FormDrawer>
  );
}
