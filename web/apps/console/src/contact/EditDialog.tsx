import { api, ApiError, type Contact, type ID, type Lang } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, IconButton, Input, Segmented, Textarea, useToast } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { problem } from "../problem";
import { verified } from "../verification/useVerified";
import { patchContact } from "./patch";

type Row = { key: number; name: string; value: string };

/** Changes a contact. Phone and e-mail are masked here: an empty box leaves them as they are. */
export default function EditDialog({ contact, conversation, onClose }: { contact: Contact; conversation?: ID; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [name, setName] = useState(contact.name);
  const [phone, setPhone] = useState("");
  const [email, setEmail] = useState("");
  const [language, setLanguage] = useState<Lang>(contact.language);
  const [note, setNote] = useState(contact.note);
  const [rows, setRows] = useState<Row[]>(() => Object.entries(contact.attributes).map(([n, value], key) => ({ key, name: n, value })));

  const save = useMutation({
    mutationFn: () =>
      verified(contact.id, "contact.change", { conversation_id: conversation }, (v) =>
        api.contacts.change(
          contact.id,
          {
            name: name.trim(),
            phone: phone.trim() || undefined,
            email: email.trim() || undefined,
            language,
            note: note.trim(),
            attributes: Object.fromEntries(rows.filter((row) => row.name.trim()).map((row) => [row.name.trim(), row.value.trim()])),
          },
          v,
        ),
      ),
    onSuccess(changed) {
      patchContact(changed, conversation);
      toast({ text: t("contact.saved"), tone: "ok" });
      onClose();
    },
    onError(err) {
      if (!(err instanceof ApiError && Object.keys(err.fields).length > 0)) toast({ text: problem(err).text, tone: "bad" });
    },
  });
  const fields = save.error instanceof ApiError ? save.error.fields : {};
  const setRow = (key: number, change: Partial<Row>) => setRows((now) => now.map((row) => (row.key === key ? { ...row, ...change } : row)));

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("contact.edit")}
      onSubmit={() => !save.isPending && save.mutate()}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" loading={save.isPending}>
            {t("common.save")}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("contact.name")} error={fields.name}>
          <Input value={name} onChange={(e) => setName(e.target.value)} />
        </Field>
        <Field label={t("contact.language")}>
          <Segmented<Lang> value={language} onChange={setLanguage} choices={(["zh", "en"] as const).map((value) => ({ value, label: t(`common.language.${value}`) }))} />
        </Field>
        <Field label={t("contact.phone")} error={fields.phone} hint={contact.phone ? t("contact.masked_hint") : undefined}>
          <Input type="tel" value={phone} placeholder={contact.phone} onChange={(e) => setPhone(e.target.value)} />
        </Field>
        <Field label={t("contact.email")} error={fields.email} hint={contact.email ? t("contact.masked_hint") : undefined}>
          <Input type="email" value={email} placeholder={contact.email} onChange={(e) => setEmail(e.target.value)} />
        </Field>
        <Field label={t("contact.note")} className="sm:col-span-2" error={fields.note}>
          <Textarea minRows={3} value={note} onChange={(e) => setNote(e.target.value)} />
        </Field>
      </div>
      <fieldset className="mt-4">
        <legend className="mb-1.5 text-xs font-medium text-mut">{t("contact.attributes")}</legend>
        <div className="flex flex-col gap-2">
          {rows.map((row) => (
            <div key={row.key} className="flex items-center gap-2">
              <Input aria-label={t("contact.attribute_name")} placeholder={t("contact.attribute_name")} value={row.name} onChange={(e) => setRow(row.key, { name: e.target.value })} className="w-36" />
              <Input aria-label={`${row.name || t("contact.attribute_name")}: ${t("contact.attribute_value")}`} placeholder={t("contact.attribute_value")} value={row.value} onChange={(e) => setRow(row.key, { value: e.target.value })} />
              <IconButton label={t("contact.remove_attribute", { name: row.name })} icon={<X size={14} />} onClick={() => setRows((now) => now.filter((each) => each.key !== row.key))} />
            </div>
          ))}
          <Button size="sm" className="self-start" icon={<Plus size={13} aria-hidden="true" />} onClick={() => setRows((now) => [...now, { key: Math.max(-1, ...now.map((row) => row.key)) + 1, name: "", value: "" }])}>
            {t("contact.add_attribute")}
          </Button>
        </div>
      </fieldset>
    </Dialog>
  );
}
