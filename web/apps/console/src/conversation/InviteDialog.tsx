import { api, type Conversation } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Combobox, Dialog, Field, PresenceDot, Segmented, Textarea } from "@yingda/ui";
import { Users } from "lucide-react";
import { useState } from "react";
import { useChange } from "../form/failure";
import { patchConversation } from "../live/feed";
import { queryClient, useAgents, useMe, useTeams } from "../query";
import { usePresenceLabel } from "../shell/PresenceMenu";
import { partOf } from "./rights";

/** Asks a colleague, or whoever of a team is free, into the conversation. */
export default function InviteDialog({ conversation: c, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const agents = useAgents();
  const teams = useTeams();
  const presence = usePresenceLabel();
  const [to, setTo] = useState<"agent" | "team">("agent");
  const [target, setTarget] = useState<string>();
  const [note, setNote] = useState("");
  const [checked, setChecked] = useState(false);
  const colleagues = (agents.data?.items ?? []).filter((a) => {
    const part = partOf(c, a.id)?.state;
    return a.id !== me.id && a.id !== c.agent_id && !a.disabled && !a.invited && part !== "joined" && part !== "invited" && (a.presence.state === "online" || a.presence.state === "busy");
  });
  const invite = useChange(() => api.conversations.invite(c.id, { [to === "agent" ? "agent_id" : "team_id"]: target, note: note.trim() || undefined }), {
    done: t("conversation.invite.done"),
    onDone(changed: Conversation) {
      patchConversation(queryClient, changed, true);
      onClose();
    },
  });
  const error = checked && !target ? t("conversation.transfer.pick_required") : undefined;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("conversation.invite.title")}
      description={t("conversation.invite.description")}
      onSubmit={() => {
        setChecked(true);
        if (target && !invite.isPending) invite.mutate();
      }}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" loading={invite.isPending}>
            {t("conversation.invite.submit")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Segmented
          label={t("conversation.invite.title")}
          value={to}
          onChange={(next) => {
            setTo(next);
            setTarget(undefined);
          }}
          choices={[
            { value: "agent", label: t("bulk.target_agent") },
            { value: "team", label: t("bulk.target_team") },
          ]}
        />
        <Field label={t(to === "agent" ? "conversation.transfer.pick_agent" : "conversation.transfer.pick_team")} required error={error}>
          <Combobox
            value={target}
            onChange={setTarget}
            options={
              to === "agent"
                ? colleagues.map((a) => ({ value: a.id, label: a.name, hint: [presence(a.presence.state, a.presence.reason), t("conversation.transfer.load", { load: a.load, capacity: a.capacity })].join(" · "), icon: <PresenceDot presence={a.presence.state} /> }))
                : (teams.data?.items ?? []).map((each) => ({ value: each.id, label: each.name, hint: t("conversation.transfer.members", { n: each.agents.length }), icon: <Users size={14} aria-hidden="true" /> }))
            }
          />
        </Field>
        <Field label={t("conversation.transfer.note")} aside={t("common.optional")} hint={t("conversation.invite.note_hint")}>
          <Textarea minRows={3} value={note} onChange={(e) => setNote(e.target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}
