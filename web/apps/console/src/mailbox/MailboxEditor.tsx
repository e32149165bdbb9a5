import { mailboxes, type Mailbox } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, Field, IconButton, Input, PageHeader, SaveBar, Section, Switch, Tabs } from "@yingda/ui";
import { ArrowLeft, Trash2 } from "lucide-react";
import { useState } from "react";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { fieldErrors, focusMistake, isConflict, useChange } from "../form/failure";
import { problem } from "../problem";
import { keys, queryClient } from "../query";
import { inboxesKey } from "../settings/inboxes";
import { hoursInOrder } from "../settings/hours";
import { CheckPanel } from "./CheckPanel";
import { DomainPart } from "./DomainPart";
import { GrantPart } from "./GrantPart";
import { Trouble } from "./MailboxesSection";
import { changeOf, draftOf, fetches, mailboxesKey, sends } from "./form";
import { FilterPart, HandlingPart, PasswordsPart, ServersPart, TransportPart, WritingPart, type PartProps } from "./parts";

const tabs = ["connection", "handling", "writing", "filter", "domain"] as const;
type Tab = (typeof tabs)[number];

/** A mailbox that is kept: all of its settings, tried before they are kept. */
export function MailboxEditor({ mailbox, onBack }: { mailbox: Mailbox; onBack: () => void }) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<Tab>("connection");
  const { draft, dirty, set, discard } = useDraft(draftOf(mailbox));
  const save = useChange(() => mailboxes.change(mailbox.inbox_id, changeOf(draft, mailbox.version)), {
    stale: [mailboxesKey, inboxesKey, keys.settings],
    done: t("settings.saved"),
    quiet: true,
    onDone(now) {
      queryClient.setQueryData(mailboxesKey, (held?: { items: Mailbox[] }) => held && { items: held.items.map((each) => (each.inbox_id === now.inbox_id ? now : each)) });
      discard();
    },
    onFail(error) {
      if (isConflict(error)) void queryClient.invalidateQueries({ queryKey: mailboxesKey });
      else focusMistake();
    },
  });
  const [removing, setRemoving] = useState(false);
  const remove = useChange(() => mailboxes.remove(mailbox.inbox_id), { stale: [mailboxesKey, inboxesKey, keys.settings], done: t("mailbox.removed", { address: mailbox.address }), onDone: onBack });
  const inOrder = hoursInOrder(draft.hours);
  const part: PartProps = { draft, set, errors: fieldErrors(save.error), kept: mailbox };
  const { fetch, send } = draft.settings;
  const byGrant = (fetch.way === "imap" && fetch.server.auth === "oauth") || (sends(draft.settings) && send.server.auth === "oauth");
  const wrong = !inOrder ? t("settings.hours.fix_first") : isConflict(save.error) && Object.keys(part.errors).length === 0 ? t("mailbox.conflict") : save.error ? problem(save.error).text : undefined;
  return (
    <>
      <LeaveGuard dirty={dirty && !remove.isSuccess} />
      <PageHeader
        before={<IconButton label={t("mailbox.back")} icon={<ArrowLeft size={17} />} onClick={onBack} className="-ml-1" />}
        title={mailbox.address}
        description={mailbox.name}
        actions={<Switch checked={draft.enabled} onChange={(enabled) => set({ enabled })} label={t("mailbox.enabled")} />}
      />
      {mailbox.enabled && (
        <div className="mb-2 rounded-xl border bg-panel empty:hidden">
          {fetches(mailbox.settings) && <Trouble name={t("mailbox.fetch")} health={mailbox.fetch_health} />}
          {sends(mailbox.settings) && <Trouble name={t("mailbox.send")} health={mailbox.send_health} />}
        </div>
      )}
      <Tabs<Tab> label={mailbox.address} value={tab} onChange={setTab} items={tabs.map((value) => ({ value, label: t(`mailbox.tabs.${value}`) }))} listClassName="mb-4 scroll overflow-x-auto">
        {tab === "connection" && (
          <>
            <Section>
              <div className="grid gap-4 sm:grid-cols-2">
                <Field label={t("mailbox.address")} error={part.errors["address"]} required>
                  <Input type="email" value={draft.address} maxLength={254} spellCheck={false} onChange={(e) => set({ address: e.target.value })} />
                </Field>
                <Field label={t("mailbox.name")} hint={t("mailbox.name_hint")} error={part.errors["name"]}>
                  <Input value={draft.name} maxLength={80} onChange={(e) => set({ name: e.target.value })} />
                </Field>
              </div>
              <div className="mt-4">
                <PasswordsPart {...part} />
              </div>
            </Section>
            <Section title={t("mailbox.servers")} description={t("mailbox.servers_hint")}>
              <ServersPart {...part} />
              <TransportPart {...part} />
            </Section>
            {byGrant && <GrantPart kept={mailbox} />}
            <CheckPanel tried={() => ({ ...changeOf(draft), id: mailbox.inbox_id })} />
            <Section title={t("mailbox.remove")} description={t("mailbox.remove_hint")}>
              <Button variant="danger" icon={<Trash2 size={14} aria-hidden="true" />} onClick={() => setRemoving(true)}>
                {t("mailbox.remove")}
              </Button>
              <ConfirmDialog
                open={removing}
                onOpenChange={setRemoving}
                title={t("mailbox.remove_title", { address: mailbox.address })}
                description={t("mailbox.remove_hint")}
                confirmLabel={t("mailbox.remove")}
                danger
                onConfirm={() => remove.mutateAsync()}
              />
            </Section>
          </>
        )}
        {tab === "handling" && <HandlingPart {...part} />}
        {tab === "writing" && <WritingPart {...part} />}
        {tab === "filter" && <FilterPart {...part} />}
        {tab === "domain" && <DomainPart mailbox={mailbox} />}
      </Tabs>
      <SaveBar dirty={dirty} saving={save.isPending} onSave={() => inOrder && save.mutate()} onDiscard={() => (save.reset(), discard())} error={wrong} />
    </>
  );
}
