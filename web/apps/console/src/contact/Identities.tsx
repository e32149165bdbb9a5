import { people, type Contact, type IdentityKind, type Known } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, IconButton, Input, Segmented } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Eye, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { fieldErrors, Loaded, useChange } from "../form/failure";
import { problem } from "../problem";
import { can, keys, useMe } from "../query";
import { fullTime } from "../time";
import { verified } from "../verification/useVerified";
import { revealContact } from "./reveal";
import RevealDialog from "./RevealDialog";

/** By what somebody is known: the numbers, addresses and ids of all contacts that are this person. */
export function Identities({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const me = useMe();
  const query = useQuery({ queryKey: keys.people("identities", contact.id), queryFn: () => people.identities(contact.id) });
  const [adding, setAdding] = useState(false);
  const [asking, setAsking] = useState<string>();
  const [seen, setSeen] = useState<Record<string, string>>({});
  const drop = useChange((known: Known) => people.dropIdentity(contact.id, known), { stale: [keys.people("identities", contact.id)], done: t("contact.saved") });
  const name = (known: Known) => `identity:${known.contact_id}:${known.kind}:${known.shown}`;
  return (
    <>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-xs text-faint">{t("contact.identity.empty")}</p>
          ) : (
            <ul className="flex flex-col">
              {items.map((known) => (
                <li key={`${name(known)} ${known.at}`} className="flex min-h-8 items-center gap-2">
                  <span className="w-16 shrink-0 text-xs text-mut">{t(`contact.identity.kinds.${known.kind}`)}</span>
                  <span className="num min-w-0 truncate">{seen[name(known)] ?? known.shown}</span>
                  {known.kind !== "external" && !seen[name(known)] && can(me, "contact.reveal", "contact.edit") && (
                    <IconButton size="sm" label={t("contact.reveal.action", { field: known.shown })} icon={<Eye size={13} />} onClick={() => setAsking(name(known))} />
                  )}
                  <span className="ml-auto truncate text-2xs text-faint max-sm:hidden">
                    {known.contact_id !== contact.id ? t("contact.identity.merged") : known.by_name ? t("contact.identity.by", { name: known.by_name, at: fullTime(known.at) }) : fullTime(known.at)}
                  </span>
                  {!known.main && can(me, "contact.edit") && (
                    <IconButton size="sm" label={t("contact.identity.drop", { value: known.shown })} icon={<Trash2 size={13} />} disabled={drop.isPending} onClick={() => drop.mutate(known)} />
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {can(me, "contact.edit") && (
        <Button size="sm" className="mt-2" icon={<Plus size={13} aria-hidden="true" />} onClick={() => setAdding(true)}>
          {t("contact.identity.add")}
        </Button>
      )}
      {adding && <AddIdentity contact={contact} onClose={() => setAdding(false)} />}
      {asking && <RevealDialog label={t("contact.identity.one")} ask={(reason) => revealContact(contact.id, asking, reason)} onClose={() => setAsking(undefined)} onValue={(value) => setSeen((now) => ({ ...now, [asking]: value }))} />}
    </>
  );
}

function AddIdentity({ contact, onClose }: { contact: Contact; onClose: () => void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<IdentityKind>("phone");
  const [value, setValue] = useState("");
  const save = useChange(() => verified(contact.id, "contact.change", {}, (v) => people.addIdentity(contact.id, kind, value.trim(), v)), { stale: [["people"]], done: t("contact.saved"), onDone: onClose, quiet: true });
  const errors = fieldErrors(save.error);
  const whole = save.error && Object.keys(errors).length === 0 ? problem(save.error).text : undefined;
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={(open) => !open && onClose()}
      title={t("contact.identity.add")}
      onSubmit={() => !save.isPending && value.trim() && save.mutate()}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" loading={save.isPending}>
            {t("common.save")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Segmented<IdentityKind> label={t("contact.identity.kind")} value={kind} onChange={setKind} choices={(["phone", "email", "external"] as const).map((k) => ({ value: k, label: t(`contact.identity.kinds.${k}`) }))} />
        <Field label={t(`contact.identity.kinds.${kind}`)} error={errors["value"] ?? whole} required>
          <Input value={value} onChange={(e) => setValue(e.target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}
