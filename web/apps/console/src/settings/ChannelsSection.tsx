import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { api, type Inbox } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, EmptyState, Field, Input, PageHeader, Pill } from "@yingda/ui";
import { ChevronRight, MessagesSquare, Plus } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { useTeams } from "../query";
import { ChannelEditor } from "./ChannelEditor";
import { SkillGaps } from "./SkillGaps";
import { inboxesKey, isChat } from "./inboxes";

/** The ways in: each chat channel with its own look, hours and rules. */
export function ChannelsSection() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: inboxesKey, queryFn: api.inboxes.list });
  const navigate = useNavigate();
  const { id, tab } = useSearch({ strict: false }) as { id?: string; tab?: string };
  const [adding, setAdding] = useState(false);
  const open = (inbox?: Inbox) => void navigate({ to: "/settings/{-$section}", params: { section: "channels" }, search: inbox ? { id: inbox.id, tab } : {} });
  const inboxes = (query.data?.items ?? []).filter(isChat);
  const asked = id ?? (tab && inboxes.length === 1 ? inboxes[0]?.id : undefined);
  const opened = inboxes.find((inbox) => inbox.id === asked);
  if (opened) return <ChannelEditor key={opened.id} inbox={opened} first={tab} onBack={() => open()} />;
  return (
    <>
      <PageHeader
        title={t("settings.sections.channels")}
        description={t("settings.channels.about")}
        actions={
          <Button variant="primary" icon={<Plus size={15} />} onClick={() => setAdding(true)}>
            {t("settings.channels.add")}
          </Button>
        }
      />
      <SkillGaps />
      <Loaded query={query}>
        {() =>
          inboxes.length === 0 ? (
            <EmptyState
              icon={<MessagesSquare size={20} />}
              title={t("settings.channels.empty")}
              detail={t("settings.channels.empty_hint")}
              action={
                <Button variant="primary" onClick={() => setAdding(true)}>
                  {t("settings.channels.add")}
                </Button>
              }
            />
          ) : (
            <ul className="flex flex-col gap-2">
              {inboxes.map((inbox) => (
                <li key={inbox.id}>
                  <ChannelRow inbox={inbox} onOpen={() => open(inbox)} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {adding && <AddChannel onClose={() => setAdding(false)} onAdded={open} />}
    </>
  );
}

function ChannelRow({ inbox, onOpen }: { inbox: Inbox; onOpen: () => void }) {
  const { t } = useTranslation();
  const teams = useTeams();
  const team = teams.data?.items.find(({ id }) => id === inbox.team_id);
  const { settings } = inbox;
  return (
    <button type="button" onClick={onOpen} className="flex w-full items-center gap-3 rounded-xl border bg-panel px-4 py-3 text-left hover:border-edge hover:bg-raise">
      <span className="grid size-9 shrink-0 place-items-center rounded-lg text-white" style={{ background: settings.color }} aria-hidden="true">
        <MessagesSquare size={17} />
      </span>
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-2 font-medium">
          {inbox.name}
          {!inbox.enabled && <Pill>{t("settings.channels.off")}</Pill>}
          {settings.assistant && <Pill tone="ai">{t("settings.channels.assistant")}</Pill>}
          {settings.require_signed && <Pill>{t("settings.channels.signed_only")}</Pill>}
        </span>
        <span className="block truncate text-xs text-mut">
          {[settings.hours.always ? t("settings.hours.always") : t("settings.hours.by_week"), team?.name, settings.allowed_origins.join("、") || t("settings.channels.any_origin")].filter(Boolean).join(" · ")}
        </span>
      </span>
      <ChevronRight size={16} className="text-faint" aria-hidden="true" />
    </button>
  );
}

function AddChannel({ onClose, onAdded }: { onClose: () => void; onAdded: (inbox: Inbox) => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const add = useChange(() => api.inboxes.add({ name: name.trim() }), { stale: [inboxesKey], done: t("settings.channels.added"), quiet: true, onDone: onAdded });
  return (
    <FormDrawer look="dialog" size="sm" title={t("settings.channels.add")} dirty={name.trim() !== ""} saving={add.isPending} error={add.error} submitLabel={t("settings.channels.create")} onSubmit={() => add.mutate()} onClose={onClose}>
      <Field label={t("settings.channels.name")} hint={t("settings.channels.name_hint")} error={fieldErrors(add.error)["name"]} required>
        <Input value={name} maxLength={60} onChange={(e) => setName(e.target.value)} />
      </Field>
    </FormDrawer>
  );
}
