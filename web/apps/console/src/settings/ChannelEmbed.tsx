import { useQuery } from "@tanstack/react-query";
import { api, type Inbox } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, Pill, Section, Segmented, buttonClass } from "@yingda/ui";
import { ExternalLink, KeyRound } from "lucide-react";
import { useState } from "react";
import { CodeBlock } from "../form/CodeBlock";
import { OnceDialog } from "../form/OnceDialog";
import { useChange } from "../form/failure";
import { inboxesKey } from "./inboxes";
import { identifySample, signingSamples, type SampleLanguage } from "./signing";

/** The shop that embeds the widget; only `yingda demo` has it. */
const demoPage = "/demo";

/** How the chat comes onto a page, and how that page says who its visitor is. */
export function ChannelEmbed({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  const hasDemo = useQuery({ queryKey: ["demo-page"], queryFn: async () => (await fetch(demoPage, { method: "HEAD" })).ok, staleTime: Infinity, retry: false });
  return (
    <>
      <Section
        title={t("settings.embed.title")}
        description={t("settings.embed.hint")}
        actions={
          hasDemo.data && (
            <a href={demoPage} target="_blank" rel="noreferrer" className={buttonClass()}>
              {t("settings.embed.demo")}
              <ExternalLink size={14} aria-hidden="true" />
              <span className="sr-only">{t("common.open_in_new")}</span>
            </a>
          )
        }
      >
        <CodeBlock label={t("settings.embed.title")} code={inbox.snippet} />
        <p className="mt-2 text-xs text-faint">{t("settings.embed.csp")}</p>
      </Section>
      <Signing inbox={inbox} />
    </>
  );
}

function Signing({ inbox }: { inbox: Inbox }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [secret, setSecret] = useState<string>();
  const [language, setLanguage] = useState<SampleLanguage>("node");
  const rotate = useChange(() => api.inboxes.secret(inbox.id), { stale: [inboxesKey], onDone: (made) => setSecret(made.secret) });
  return (
    <Section
      title={t("settings.signing.title")}
      description={t("settings.signing.hint")}
      actions={
        <Button icon={<KeyRound size={14} />} loading={rotate.isPending} onClick={() => (inbox.signing_secret_set ? setAsking(true) : rotate.mutate())}>
          {inbox.signing_secret_set ? t("settings.signing.rotate") : t("settings.signing.create")}
        </Button>
      }
    >
      <p className="mb-4">
        <Pill tone={inbox.signing_secret_set ? "ok" : "plain"}>{inbox.signing_secret_set ? t("settings.signing.set") : t("settings.signing.unset")}</Pill>
      </p>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h3 className="text-xs font-medium text-mut">{t("settings.signing.on_server")}</h3>
        <Segmented
          label={t("settings.signing.sample_language")}
          className="h-7"
          value={language}
          onChange={setLanguage}
          choices={[
            { value: "node", label: "Node.js" },
            { value: "go", label: "Go" },
            { value: "python", label: "Python" },
            { value: "php", label: "PHP" },
          ]}
        />
      </div>
      <CodeBlock label={t("settings.signing.on_server")} code={signingSamples[language]} />
      <h3 className="mt-4 mb-2 text-xs font-medium text-mut">{t("settings.signing.on_page")}</h3>
      <CodeBlock label={t("settings.signing.on_page")} code={identifySample} />
      <p className="mt-2 text-xs text-faint">{t("settings.signing.claims")}</p>
      <ConfirmDialog open={asking} onOpenChange={setAsking} danger title={t("settings.signing.rotate")} description={t("settings.signing.rotate_text")} confirmLabel={t("settings.signing.rotate_yes")} onConfirm={() => rotate.mutateAsync()} />
      {secret && <OnceDialog title={t("settings.signing.new")} description={t("settings.signing.new_text")} value={secret} warning={t("settings.once.warning")} onClose={() => setSecret(undefined)} />}
    </Section>
  );
}
