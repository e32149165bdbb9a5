// The parts of the forms of a mailbox, for the wizard and the editor alike.

import type { Mailbox, MailboxSettings, MailServer } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Field, Input, Section, Select, Switch } from "@yingda/ui";
import { WordLines } from "../edited/WordLines";
import { Amount } from "../form/Amount";
import { BilingualField } from "../form/BilingualField";
import { whenText } from "../form/when";
import { useCaseWords, useTeams } from "../query";
import { useLang } from "../case/lang";
import { HoursEditor } from "../settings/HoursEditor";
import { fetches, preview, withSecurity, type MailboxDraft } from "./form";

export interface PartProps {
  draft: MailboxDraft;
  set: (change: Partial<MailboxDraft>) => void;
  errors: Record<string, string>;
  /** What is kept, if it is: its passwords need not be typed again. */
  kept?: Mailbox;
}

const settingsOf = ({ draft, set }: PartProps) => (change: Partial<MailboxSettings>) => set({ settings: { ...draft.settings, ...change } });

/** How we get in: the password, unless the provider signs in. */
export function PasswordsPart(part: PartProps & { secretName?: string }) {
  const { t } = useTranslation();
  const { draft, set, errors, kept, secretName } = part;
  const { fetch, send } = draft.settings;
  const name = secretName || t("mailbox.password");
  const fetched = fetches(draft.settings) && fetch.way === "imap" && fetch.server.auth === "password";
  const separate = send.server.host !== "" && send.server.auth === "password" && (!fetched || send.server.user !== fetch.server.user || Boolean(kept?.secrets.send_password));
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {fetched && (
        <Field label={name} required={!kept?.secrets.fetch_password} error={errors["fetch_password"]} hint={<Held held={kept?.secrets.fetch_password} />}>
          <Input type="password" autoComplete="new-password" maxLength={500} value={draft.fetch_password ?? ""} placeholder={kept?.secrets.fetch_password ? t("mailbox.password_kept") : undefined} onChange={(e) => set({ fetch_password: e.target.value })} />
        </Field>
      )}
      {separate && (
        <Field label={t("mailbox.send_password")} error={errors["send_password"]} hint={kept?.secrets.send_password ? <Held held={kept.secrets.send_password} /> : fetched ? t("mailbox.send_password_hint") : undefined}>
          <Input type="password" autoComplete="new-password" maxLength={500} value={draft.send_password ?? ""} placeholder={kept?.secrets.send_password ? t("mailbox.password_kept") : undefined} onChange={(e) => set({ send_password: e.target.value })} />
        </Field>
      )}
    </div>
  );
}

function Held({ held }: { held?: { at?: string; tail?: string } }) {
  const { t } = useTranslation();
  if (!held?.at) return null;
  const when = whenText(held.at);
  return <>{held.tail ? t("mailbox.password_tail", { when, tail: held.tail }) : t("mailbox.password_set", { when })}</>;
}

export function ServersPart(part: PartProps) {
  const { t } = useTranslation();
  const { draft, errors } = part;
  const set = settingsOf(part);
  const { fetch, send } = draft.settings;
  return (
    <>
      <Field label={t("mailbox.way")} error={errors["settings.fetch.way"]} className="mb-4 max-w-md">
        <Select value={fetch.way || "none"} onChange={(way) => set({ fetch: { ...fetch, way: way === "none" ? "" : way } })} options={(["imap", "smtp", "none"] as const).map((value) => ({ value, label: t(`mailbox.ways.${value}`) }))} />
      </Field>
      {fetch.way === "imap" && <ServerFields kind="fetch" legend={t("mailbox.fetch_server")} value={fetch.server} onChange={(server) => set({ fetch: { ...fetch, server } })} errors={errors} />}
      <ServerFields kind="send" legend={t("mailbox.send_server")} value={send.server} onChange={(server) => set({ send: { ...send, server } })} errors={errors} />
    </>
  );
}

function ServerFields({ kind, legend, value, onChange, errors }: { kind: "fetch" | "send"; legend: string; value: MailServer; onChange: (value: MailServer) => void; errors: Record<string, string> }) {
  const { t } = useTranslation();
  const set = (change: Partial<MailServer>) => onChange({ ...value, ...change });
  const wrong = (field: string) => errors[`settings.${kind}.server.${field}`];
  return (
    <fieldset className="mb-4 rounded-lg border px-4 pt-2 pb-4">
      <legend className="px-1 text-xs font-semibold">{legend}</legend>
      <div className="grid gap-4 sm:grid-cols-[2fr_1fr_1fr]">
        <Field label={t("mailbox.host")} error={wrong("host")}>
          <Input value={value.host} maxLength={253} spellCheck={false} autoComplete="off" onChange={(e) => set({ host: e.target.value.trim() })} />
        </Field>
        <Field label={t("mailbox.port")} error={wrong("port")}>
          <Amount min={1} max={65535} step={1} value={value.port} onChange={(port) => set({ port: Math.round(port) })} />
        </Field>
        <Field label={t("mailbox.security")} error={wrong("security")}>
          <Select value={value.security} onChange={(security) => onChange(withSecurity(value, security, kind))} options={(["tls", "starttls", "none"] as const).map((each) => ({ value: each as string, label: t(`mailbox.securities.${each}`) }))} />
        </Field>
      </div>
      <div className="mt-4 grid gap-4 sm:grid-cols-2">
        <Field label={t("mailbox.user")} error={wrong("user")}>
          <Input value={value.user} maxLength={254} spellCheck={false} autoComplete="off" onChange={(e) => set({ user: e.target.value })} />
        </Field>
        <Field label={t("mailbox.auth")} error={wrong("auth")}>
          <Select value={value.auth} onChange={(auth) => set({ auth })} options={(["password", "oauth", "none"] as const).map((each) => ({ value: each as string, label: t(`mailbox.auths.${each}`) }))} />
        </Field>
      </div>
    </fieldset>
  );
}

/** What is seldom changed of how mail comes and goes. */
export function TransportPart(part: PartProps) {
  const { t } = useTranslation();
  const { draft, errors } = part;
  const set = settingsOf(part);
  const { fetch, send } = draft.settings;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {fetch.way === "imap" && (
        <>
          <Field label={t("mailbox.folder")} error={errors["settings.fetch.folder"]}>
            <Input value={fetch.folder} maxLength={200} onChange={(e) => set({ fetch: { ...fetch, folder: e.target.value } })} />
          </Field>
          <Field label={t("mailbox.after")} error={errors["settings.fetch.after"]}>
            <Select value={fetch.after} onChange={(after) => set({ fetch: { ...fetch, after } })} options={(["keep", "leave", "move", "delete"] as const).map((each) => ({ value: each as string, label: t(`mailbox.afters.${each}`) }))} />
          </Field>
          <Field label={t("mailbox.save_sent")} hint={t("mailbox.save_sent_hint")}>
            <Input value={send.save_sent} maxLength={200} onChange={(e) => set({ send: { ...send, save_sent: e.target.value } })} />
          </Field>
        </>
      )}
      <Field label={t("mailbox.per_minute")} error={errors["settings.send.per_minute"]}>
        <Amount min={1} max={6000} step={1} value={send.per_minute} onChange={(n) => set({ send: { ...send, per_minute: Math.round(n) } })} />
      </Field>
      <Field label={t("mailbox.return_path")} hint={t("mailbox.return_path_hint")} error={errors["settings.send.return_path"]}>
        <Input value={send.return_path} maxLength={254} spellCheck={false} onChange={(e) => set({ send: { ...send, return_path: e.target.value.trim() } })} />
      </Field>
      <Switch checked={send.plus} onChange={(plus) => set({ send: { ...send, plus } })} label={t("mailbox.plus")} hint={t("mailbox.plus_hint")} />
    </div>
  );
}

export function HandlingPart(part: PartProps & { brief?: boolean }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useCaseWords();
  const teams = useTeams();
  const { draft, errors, brief } = part;
  const set = settingsOf(part);
  const s = draft.settings;
  return (
    <>
      <Section title={t("mailbox.tabs.handling")}>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("mailbox.kind")} hint={t("mailbox.kind_hint")} error={errors["settings.kind"]}>
            <Select value={s.kind} onChange={(kind) => set({ kind })} options={(words.data?.kinds ?? []).map((each) => ({ value: each.kind, label: each.name[lang] }))} />
          </Field>
          <Field label={t("mailbox.team")} error={errors["team_id"]}>
            <Select value={draft.team_id ?? ""} onChange={(id) => part.set({ team_id: id || undefined })} options={[{ value: "", label: t("mailbox.any_team") }, ...(teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))]} />
          </Field>
          {!brief && (
            <>
              <Field label={t("mailbox.reopen_days")} hint={t("mailbox.reopen_days_hint")} error={errors["settings.reopen_days"]}>
                <Amount min={0} max={365} step={1} value={s.reopen_days} onChange={(n) => set({ reopen_days: Math.round(n) })} />
              </Field>
              <Field label={t("mailbox.brand")}>
                <Input value={s.brand} maxLength={80} onChange={(e) => set({ brand: e.target.value })} />
              </Field>
              <WordLines label={t("mailbox.aliases")} hint={errors["settings.aliases"] ?? t("mailbox.aliases_hint")} value={s.aliases} onChange={(aliases) => set({ aliases })} />
              <Switch checked={s.trust_reply_to} onChange={(trust_reply_to) => set({ trust_reply_to })} label={t("mailbox.trust_reply_to")} hint={t("mailbox.trust_reply_to_hint")} />
            </>
          )}
        </div>
      </Section>
      <Section title={t("mailbox.hours")}>
        <HoursEditor value={draft.hours} onChange={(hours) => part.set({ hours })} />
      </Section>
    </>
  );
}

export function WritingPart(part: PartProps) {
  const { t } = useTranslation();
  const { draft, errors } = part;
  const set = settingsOf(part);
  const s = draft.settings;
  return (
    <>
      <Section title={t("mailbox.tabs.writing")}>
        <div className="flex flex-col gap-4">
          <BilingualField label={t("mailbox.sender")} value={s.name} onChange={(name) => set({ name })} maxLength={100} />
          <BilingualField long label={t("mailbox.signature")} value={s.signature} onChange={(signature) => set({ signature })} maxLength={4000} errors={{ zh: errors["settings.signature"] }} />
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t("mailbox.undo")} hint={t("mailbox.undo_hint")} error={errors["settings.undo_seconds"]}>
              <Amount min={0} max={120} step={1} value={s.undo_seconds} onChange={(n) => set({ undo_seconds: Math.round(n) })} />
            </Field>
            <Switch checked={s.quote} onChange={(quote) => set({ quote })} label={t("mailbox.quote")} />
          </div>
        </div>
      </Section>
      <ReceiptPart {...part} />
    </>
  );
}

export function ReceiptPart(part: PartProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const { draft, errors } = part;
  const set = settingsOf(part);
  const { receipt, automatic_per_day } = draft.settings;
  const sample = { name: t("mailbox.sample.name"), company: t("mailbox.sample.company"), number: t("mailbox.sample.number"), due: t("mailbox.sample.due"), ways: t("mailbox.sample.ways") };
  const text = receipt.text[lang] || receipt.text[lang === "zh" ? "en" : "zh"];
  return (
    <Section title={t("mailbox.receipt")} actions={<Switch checked={receipt.enabled} onChange={(enabled) => set({ receipt: { ...receipt, enabled } })} label={t("mailbox.receipt_on")} />} description={t("mailbox.receipt_on_hint")}>
      <div className="flex flex-col gap-4">
        {receipt.enabled && (
          <>
            <BilingualField long label={t("mailbox.receipt_text")} hint={t("mailbox.receipt_hint")} value={receipt.text} onChange={(next) => set({ receipt: { ...receipt, text: next } })} maxLength={4000} errors={{ zh: errors["settings.receipt.text"] }} />
            <div role="group" aria-label={t("mailbox.preview")} className="rounded-lg border bg-raise px-4 py-3">
              <p className="mb-1 text-2xs font-medium text-mut">{t("mailbox.preview")}</p>
              <p className="text-sm whitespace-pre-wrap">{text ? preview(text, sample) : t("mailbox.preview_built_in")}</p>
            </div>
          </>
        )}
        <Field className="max-w-72" label={t("mailbox.automatic")} hint={t("mailbox.automatic_hint")} error={errors["settings.automatic_per_day"]}>
          <Amount min={0} max={100} step={1} value={automatic_per_day} onChange={(n) => set({ automatic_per_day: Math.round(n) })} />
        </Field>
      </div>
    </Section>
  );
}

export function FilterPart(part: PartProps) {
  const { t } = useTranslation();
  const { draft } = part;
  const set = settingsOf(part);
  const s = draft.settings;
  return (
    <Section title={t("mailbox.tabs.filter")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <WordLines label={t("mailbox.spam_words")} hint={t("mailbox.spam_words_hint")} value={s.spam_words} onChange={(spam_words) => set({ spam_words })} />
        <WordLines label={t("mailbox.blocked")} hint={t("mailbox.blocked_hint")} value={s.blocked} onChange={(blocked) => set({ blocked })} />
        <Field label={t("mailbox.auth_server")} hint={t("mailbox.auth_server_hint")}>
          <Input value={s.auth_server} maxLength={253} spellCheck={false} onChange={(e) => set({ auth_server: e.target.value.trim() })} />
        </Field>
      </div>
    </Section>
  );
}
