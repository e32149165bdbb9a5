import { api, ApiError, type Contact, type ContactField, type ID, type Lang } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, IconButton, Input, Segmented, Select, useToast } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { problem } from "../problem";
import { can, useMe } from "../query";
import { verified } from "../verification/useVerified";
import { patchContact } from "./patch";
import { useFieldName, useFields } from "./people";

type Row = { key: number; name: string; value: string };

/** Changes a contact. What is masked here, such as phone and e-mail, stays as it is while its box is empty. */
export default function EditDialog({ contact, conversation, onClose }: { contact: Contact; conversation?: ID; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const toast = useToast();
  const fields = (useFields().data?.items ?? []).filter(({ sight }) => sight !== "restricted" || can(me, "contact.restricted"));
  const defined = (code: string) => fields.some((field) => field.code === code);
  const [name, setName] = useState(contact.name);
  const [phone, setPhone] = useState("");
  const [email, setEmail] = useState("");
  const [language, setLanguage] = useState<Lang>(contact.language);
  const [values, setValues] = useState<Record<string, string>>({});
  const [rows, setRows] = useState<Row[]>(() => Object.entries(contact.attributes).map(([n, value], key) => ({ key, name: n, value })));
  const free = rows.filter((row) => !defined(row.name));

  /** Free attributes as they are now, and empty what was taken away. */
  function attributes(): Record<string, string> {
    const now = Object.fromEntries(free.filter((row) => row.name.trim()).map((row) => [row.name.trim(), row.value.trim()]));
    const gone = Object.keys(contact.attributes).filter((code) => !defined(code) && !(code in now));
    return { ...Object.fromEntries(gone.map((code) => [code, ""])), ...now, ...values };
  }

  const save = useMutation({
    mutationFn: () =>
      verified(contact.id, "contact.change", { conversation_id: conversation }, (v) =>
        api.contacts.change(contact.id, { name: name.trim(), phone: phone.trim() || undefined, email: email.trim() || undefined, language, attributes: attributes() }, v),
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
  const errors = save.error instanceof ApiError ? save.error.fields : {};
  const wrong = errors["attributes"] ?? free.map((row) => errors[`attributes.${row.name.trim()}`]).find(Boolean);
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
        <Field label={t("contact.name")} error={errors["name"]}>
          <Input value={name} onChange={(e) => setName(e.target.value)} />
        </Field>
        <Field label={t("contact.language")}>
          <Segmented<Lang> value={language} onChange={setLanguage} choices={(["zh", "en"] as const).map((value) => ({ value, label: t(`common.language.${value}`) }))} />
        </Field>
        <Field label={t("contact.phone")} error={errors["phone"]} hint={contact.phone ? t("contact.masked_hint") : undefined}>
          <Input type="tel" value={phone} placeholder={contact.phone} onChange={(e) => setPhone(e.target.value)} />
        </Field>
        <Field label={t("contact.email")} error={errors["email"]} hint={contact.email ? t("contact.masked_hint") : undefined}>
          <Input type="email" value={email} placeholder={contact.email} onChange={(e) => setEmail(e.target.value)} />
        </Field>
        {fields.map((field) => (
          <Value
            key={field.code}
            field={field}
            was={contact.attributes[field.code]}
            value={values[field.code]}
            error={errors[`attributes.${field.code}`]}
            onChange={(value) => setValues((now) => ({ ...now, [field.code]: value }))}
          />
        ))}
      </div>
      <fieldset className="mt-4">
        <legend className="mb-1.5 text-xs font-medium text-mut">{t("contact.attributes")}</legend>
        {wrong && (
          <p role="alert" className="mb-1.5 text-xs text-bad">
            {wrong}
          </p>
        )}
        <div className="flex flex-col gap-2">
          {free.map((row) => (
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

/** The box of a defined field. A masked one shows what is known of it and stays as it is while it is empty. */
function Value({ field, was, value, error, onChange }: { field: ContactField; was?: string; value?: string; error?: string; onChange: (value: string) => void }) {
  const { t, i18n } = useTranslation();
  const name = useFieldName()(field.code);
  const language: Lang = i18n.language.startsWith("en") ? "en" : "zh";
  if (field.kind === "choice") {
    return (
      <Field label={name} error={error}>
        <Select value={value ?? was ?? ""} onChange={onChange} options={[{ value: "", label: t("common.none") }, ...(field.choices ?? []).map((c) => ({ value: c.code, label: c.name[language] }))]} />
      </Field>
    );
  }
  const masked = field.sight === "masked";
  return (
    <Field label={name} error={error} hint={masked && was ? t("contact.masked_hint") : undefined}>
      <Input
        type={field.kind === "date" && !masked ? "date" : "text"}
        inputMode={field.kind === "number" ? "decimal" : undefined}
        placeholder={masked ? was : undefined}
        value={value ?? (masked ? "" : (was ?? ""))}
        onChange={(e) => onChange(e.target.value)}
      />
    </Field>
  );
}
