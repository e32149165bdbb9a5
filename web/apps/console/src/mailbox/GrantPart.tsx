import { mailboxes, type GrantAsked, type Mailbox } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, CopyButton, Field, Input, RadioGroup, Section } from "@yingda/ui";
import { LogIn } from "lucide-react";
import { useState } from "react";
import { WordLines } from "../edited/WordLines";
import { fieldErrors, useChange } from "../form/failure";
import { whenText } from "../form/when";
import { problem } from "../problem";

interface GrantPartProps {
  /** What is kept; a new mailbox is kept by `keep` first. */
  kept?: Mailbox;
  provider?: string;
  keep?: () => Promise<Mailbox>;
}

const providers = ["microsoft", "google", "other"] as const;
type Provider = (typeof providers)[number];

/** Signs a mailbox in at its provider: which application asks, then the provider's own page. */
export function GrantPart({ kept, provider, keep }: GrantPartProps) {
  const { t } = useTranslation();
  const held = kept?.secrets.grant;
  const [asked, setAsked] = useState<GrantAsked>({
    provider: held?.provider ?? providers.find((each) => each === provider) ?? "microsoft",
    tenant: held?.tenant, client_id: held?.client_id ?? "", client_secret: "", auth_url: held?.auth_url, token_url: held?.token_url, scopes: held?.scopes ?? [],
  });
  const set = (change: Partial<GrantAsked>) => setAsked((before) => ({ ...before, ...change }));
  const begin = useChange(
    async () => {
      const mailbox = kept ?? (await keep?.());
      if (!mailbox) throw new Error("there is no mailbox to sign in");
      return mailboxes.oauth(mailbox.inbox_id, asked);
    },
    { quiet: true, onDone: ({ url }) => location.assign(url) },
  );
  const errors = fieldErrors(begin.error);
  const redirect = kept?.redirect ?? `${location.origin}/api/v1/mailboxes/oauth/callback`;
  return (
    <Section title={t("mailbox.oauth")} description={t("mailbox.oauth_hint")}>
      <div className="flex flex-col gap-4">
        <p className={held?.signed_in ? "text-sm text-ok" : "text-sm text-mut"}>{held?.signed_in ? t("mailbox.signed_in", { when: whenText(held.at) }) : t("mailbox.not_signed_in")}</p>
        <Field group label={t("mailbox.redirect")}>
          <div className="flex items-center gap-2 rounded-lg border bg-raise py-1 pr-1 pl-3">
            <code className="min-w-0 flex-1 text-xs break-all">{redirect}</code>
            <CopyButton text={redirect} />
          </div>
        </Field>
        <Field group label={t("mailbox.provider")}>
          <RadioGroup<Provider> inline value={asked.provider} onChange={(next) => set({ provider: next })} choices={providers.map((value) => ({ value, label: t(`mailbox.providers.${value}`) }))} />
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("mailbox.client_id")} required error={errors["client_id"]}>
            <Input value={asked.client_id} maxLength={300} spellCheck={false} autoComplete="off" onChange={(e) => set({ client_id: e.target.value })} />
          </Field>
          <Field label={t("mailbox.client_secret")} hint={held?.client_secret_set ? t("mailbox.password_kept") : undefined}>
            <Input type="password" autoComplete="new-password" maxLength={500} value={asked.client_secret ?? ""} onChange={(e) => set({ client_secret: e.target.value })} />
          </Field>
          {asked.provider === "microsoft" && (
            <Field label={t("mailbox.tenant")} hint={t("mailbox.tenant_hint")} error={errors["tenant"]}>
              <Input value={asked.tenant ?? ""} maxLength={100} spellCheck={false} onChange={(e) => set({ tenant: e.target.value })} />
            </Field>
          )}
          {asked.provider === "other" && (
            <>
              <Field label={t("mailbox.auth_url")} required error={errors["auth_url"]}>
                <Input value={asked.auth_url ?? ""} maxLength={500} spellCheck={false} placeholder="https://" onChange={(e) => set({ auth_url: e.target.value })} />
              </Field>
              <Field label={t("mailbox.token_url")} required error={errors["token_url"]}>
                <Input value={asked.token_url ?? ""} maxLength={500} spellCheck={false} placeholder="https://" onChange={(e) => set({ token_url: e.target.value })} />
              </Field>
              <WordLines label={t("mailbox.scopes")} hint={t("mailbox.scopes_hint")} value={asked.scopes} onChange={(scopes) => set({ scopes })} />
            </>
          )}
        </div>
        {!kept && <p className="text-xs text-mut">{t("mailbox.oauth_save_first")}</p>}
        <div className="flex flex-wrap items-center gap-3">
          <Button variant="primary" icon={<LogIn size={14} aria-hidden="true" />} loading={begin.isPending} onClick={() => begin.mutate()}>
            {held?.signed_in ? t("mailbox.sign_in_again") : t("mailbox.sign_in")}
          </Button>
          {begin.error && (
            <span role="alert" className="text-xs text-bad">
              {problem(begin.error).text}
            </span>
          )}
        </div>
      </div>
    </Section>
  );
}
