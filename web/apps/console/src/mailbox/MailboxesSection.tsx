import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { mailboxes, type Mailbox, type MailHealth } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, EmptyState, PageHeader, Pill, useToast, type Tone } from "@yingda/ui";
import { ChevronRight, Mail, Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { Loaded } from "../form/failure";
import { whenText } from "../form/when";
import { MailboxEditor } from "./MailboxEditor";
import { MailboxWizard } from "./MailboxWizard";
import { adviceFor, fetches, mailboxesKey, oauthWhy, sends, worst } from "./form";

/** The addresses that customers write to: how they do, and what to do where they do not. */
export default function MailboxesSection() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: mailboxesKey, queryFn: mailboxes.list, refetchInterval: 30_000 });
  const navigate = useNavigate();
  const { id, oauth } = useSearch({ strict: false }) as { id?: string; oauth?: string };
  const [adding, setAdding] = useState(false);
  const open = (to?: string) => void navigate({ to: "/settings/{-$section}", params: { section: "mailboxes" }, search: to ? { id: to } : {} });
  useCameBack(oauth, id);
  const opened = query.data?.items.find((each) => each.inbox_id === id);
  if (adding) return <MailboxWizard onClose={() => setAdding(false)} />;
  if (opened) return <MailboxEditor key={opened.inbox_id} mailbox={opened} onBack={() => open()} />;
  const add = (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setAdding(true)}>
      {t("mailbox.add")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("settings.sections.mailboxes")} description={t("mailbox.about")} actions={add} />
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<Mail size={20} />} title={t("mailbox.empty")} detail={t("mailbox.empty_hint")} />
          ) : (
            <ul className="flex flex-col gap-2">
              {items.map((each) => (
                <li key={each.inbox_id}>
                  <MailboxRow mailbox={each} onOpen={() => open(each.inbox_id)} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

/** Says once how a sign-in at the provider went, and takes it out of the address. */
function useCameBack(oauth: string | undefined, id: string | undefined) {
  const { t } = useTranslation();
  const toast = useToast();
  const navigate = useNavigate();
  useEffect(() => {
    if (!oauth) return;
    const why = oauthWhy(oauth);
    toast(why ? { text: t("mailbox.oauth_bad", { why: t(`mailbox.oauth_why.${why}`) }), tone: "bad" } : { text: t("mailbox.oauth_ok"), tone: "ok" });
    void navigate({ to: "/settings/{-$section}", params: { section: "mailboxes" }, search: id ? { id } : {}, replace: true });
  }, [oauth, id, toast, navigate, t]);
}

const tones: Record<MailHealth["state"], Tone> = { "": "plain", ok: "ok", trouble: "warn", refused: "bad" };

function MailboxRow({ mailbox, onOpen }: { mailbox: Mailbox; onOpen: () => void }) {
  const { t } = useTranslation();
  const state = worst(mailbox);
  return (
    <div className="rounded-xl border bg-panel hover:border-edge">
      <button type="button" onClick={onOpen} className="flex w-full items-center gap-3 rounded-xl px-4 py-3 text-left hover:bg-raise">
        <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-brand-soft text-brand-ink" aria-hidden="true">
          <Mail size={17} />
        </span>
        <span className="min-w-0 flex-1">
          <span className="flex flex-wrap items-center gap-2 font-medium">
            <span className="truncate">{mailbox.address}</span>
            {!mailbox.enabled && <Pill>{t("mailbox.off")}</Pill>}
            {mailbox.enabled && <Pill tone={tones[state]}>{t(`mailbox.state.${state || "unchecked"}`)}</Pill>}
            {!fetches(mailbox.settings) && <Pill>{t("mailbox.only_sends")}</Pill>}
          </span>
          {mailbox.name !== mailbox.address && <span className="block truncate text-xs text-mut">{mailbox.name}</span>}
          <span className="block text-xs text-mut">
            {fetches(mailbox.settings) && `${t("mailbox.fetch")} · ${mailbox.fetch_health.last_ok ? t("mailbox.last_ok", { when: whenText(mailbox.fetch_health.last_ok) }) : t("mailbox.never")}`}
          </span>
        </span>
        <ChevronRight size={16} className="text-faint" aria-hidden="true" />
      </button>
      {mailbox.enabled && (
        <>
          {fetches(mailbox.settings) && <Trouble name={t("mailbox.fetch")} health={mailbox.fetch_health} />}
          {sends(mailbox.settings) && <Trouble name={t("mailbox.send")} health={mailbox.send_health} />}
        </>
      )}
    </div>
  );
}

/** What is wrong with one way, since when, and what to do. */
export function Trouble({ name, health }: { name: string; health: MailHealth }) {
  const { t } = useTranslation();
  if (health.state !== "trouble" && health.state !== "refused") return null;
  return (
    <div className="border-t px-4 py-2.5 text-xs">
      <p className={health.state === "refused" ? "text-bad" : "text-warn"}>
        <span className="font-medium">{name}：</span>
        {t(`mailbox.why.${adviceFor(health.code)}`)}
        {health.at && <span className="text-mut"> {t("mailbox.since", { when: whenText(health.at) })}</span>}
      </p>
      {health.detail && <p className="mt-0.5 break-words text-mut">{t("mailbox.said", { text: health.detail })}</p>}
    </div>
  );
}
