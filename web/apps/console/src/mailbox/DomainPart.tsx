import { mailboxes, type Mailbox } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, CopyButton, Field, Input, RadioGroup, Section } from "@yingda/ui";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { fieldErrors, useChange } from "../form/failure";
import { whenText } from "../form/when";
import { problem } from "../problem";
import { useLang } from "../case/lang";
import { mailboxesKey } from "./form";

type Kind = "rsa" | "ed25519";

/** The key that signs mails, and what the DNS of the domain should say. */
export function DomainPart({ mailbox }: { mailbox: Mailbox }) {
  const { t } = useTranslation();
  const lang = useLang();
  const [kind, setKind] = useState<Kind>("rsa");
  const [selector, setSelector] = useState(mailbox.settings.send.dkim_selector || `yd${new Date().getFullYear()}`);
  const make = useChange(() => mailboxes.dkim(mailbox.inbox_id, { kind, selector: selector.trim() }), { stale: [mailboxesKey], done: t("mailbox.dkim_made"), quiet: true });
  const errors = fieldErrors(make.error);
  const key = mailbox.secrets.dkim_key;
  if (mailbox.records.length === 0) {
    return (
      <Section title={t("mailbox.dns")}>
        <p className="text-sm text-mut">{t("mailbox.dns_none")}</p>
      </Section>
    );
  }
  return (
    <>
      <Section title={t("mailbox.dkim")} description={t("mailbox.dkim_hint")}>
        <p className="mb-4 text-sm">{key ? t("mailbox.dkim_at", { when: whenText(key.at), selector: mailbox.settings.send.dkim_selector }) : t("mailbox.dkim_none")}</p>
        <div className="flex flex-wrap items-start gap-x-8 gap-y-4">
          <Field label={t("mailbox.selector")} error={errors["selector"]} className="w-48">
            <Input value={selector} maxLength={63} spellCheck={false} onChange={(e) => setSelector(e.target.value)} />
          </Field>
          <Field group label={t("mailbox.key_kind")}>
            <RadioGroup<Kind> value={kind} onChange={setKind} choices={(["rsa", "ed25519"] as const).map((value) => ({ value, label: t(`mailbox.key_kinds.${value}`) }))} />
          </Field>
        </div>
        <div className="mt-4 flex flex-wrap items-center gap-3">
          <Button icon={<KeyRound size={14} aria-hidden="true" />} loading={make.isPending} onClick={() => make.mutate()}>
            {key ? t("mailbox.dkim_make_again") : t("mailbox.dkim_make")}
          </Button>
          {make.error && !errors["selector"] && (
            <span role="alert" className="text-xs text-bad">
              {problem(make.error).text}
            </span>
          )}
        </div>
      </Section>
      <Section title={t("mailbox.dns")} description={t("mailbox.dns_hint")}>
        <ul className="flex flex-col gap-4">
          {mailbox.records.map((record) => (
            <li key={record.name} className="rounded-lg border px-4 py-3">
              <p className="mb-2 text-xs text-mut">{record.about[lang]}</p>
              <Line label={t("mailbox.dns_name")} text={record.name} />
              <Line label={t("mailbox.dns_value")} text={record.value} />
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}

function Line({ label, text }: { label: string; text: string }) {
  return (
    <div className="flex items-start gap-3 py-0.5">
      <span className="w-12 shrink-0 pt-1 text-xs text-mut">{label}</span>
      <code className="min-w-0 flex-1 pt-1 text-xs break-all">{text}</code>
      <CopyButton text={text} />
    </div>
  );
}
