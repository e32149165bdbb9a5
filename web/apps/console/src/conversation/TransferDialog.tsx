import { api, learning, type Conversation } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Combobox, Dialog, Field, PresenceDot, Segmented, Select, Textarea, useToast } from "@yingda/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Users } from "lucide-react";
import { useState } from "react";
import { firstOf, LearntChoices } from "../aid/Learnt";
import { patchConversation } from "../live/feed";
import { problem } from "../problem";
import { queryClient, useAgents, useMe, useTeams } from "../query";
import { usePresenceLabel } from "../shell/PresenceMenu";

const order = { online: 0, busy: 1, break: 2, offline: 3 };

/** Hands a conversation to a colleague or a team, never without a word about it. */
export default function TransferDialog({ conversation: c, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const me = useMe();
  const agents = useAgents();
  const teams = useTeams();
  const presence = usePresenceLabel();
  const [to, setTo] = useState<"agent" | "team" | "assistant">("agent");
  const [agent, setAgent] = useState<string>();
  const [team, setTeam] = useState<string>();
  const [note, setNote] = useState("");
  const [within, setWithin] = useState<number>();
  const [checked, setChecked] = useState(false);
  // whoever goes to a team of specialists is told when to expect them
  const told = within ?? (to === "team" ? 30 : 0);

  const learnt = useQuery({ queryKey: ["learnt", "conversation", c.id, c.last_seq], queryFn: () => learning.ofConversation(c.id), retry: false }).data?.items.find((each) => each.topic === "conversation.team");
  const target = to === "agent" ? agent : to === "team" ? team : "assistant";
  const noteMissing = to !== "assistant" && note.trim() === "";
  const colleagues = (agents.data?.items ?? [])
    .filter((a) => a.id !== me.id && a.id !== c.agent_id && !a.disabled && !a.invited)
    .toSorted((a, b) => order[a.presence.state] - order[b.presence.state] || a.load / (a.capacity || 1) - b.load / (b.capacity || 1));
  const name = to === "assistant" ? t("conversation.transfer.to_assistant") : to === "agent" ? colleagues.find((a) => a.id === agent)?.name : teams.data?.items.find((each) => each.id === team)?.name;

  const transfer = useMutation({
    mutationFn: () =>
      api.conversations.transfer(c.id, to === "assistant" ? { assistant: true, note: note.trim() } : { [to === "agent" ? "agent_id" : "team_id"]: target, note: note.trim(), within_minutes: told || undefined, suggested_team_id: firstOf(learnt) }),
    onSuccess(changed) {
      patchConversation(queryClient, changed, true);
      toast({ text: t("conversation.done.transferred", { name }), tone: "ok" });
      onClose();
    },
    onError: (err) => toast({ text: problem(err).text, tone: "bad" }),
  });

  function submit() {
    setChecked(true);
    if (target && !noteMissing && !transfer.isPending) transfer.mutate();
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("conversation.transfer.title")}
      description={`${c.contact_name} · #${c.number}`}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" loading={transfer.isPending}>
            {t("conversation.transfer.submit")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Segmented
          label={t("conversation.transfer.title")}
          value={to}
          onChange={setTo}
          choices={[
            { value: "agent", label: t("conversation.transfer.to_agent") },
            { value: "team", label: t("conversation.transfer.to_team") },
            ...(c.channel === "phone" ? [] : [{ value: "assistant" as const, label: t("conversation.transfer.to_assistant") }]), // it does not speak on the telephone
          ]}
        />
        {to === "assistant" && <p className="text-sm text-mut">{t("conversation.transfer.assistant_hint")}</p>}
        {to === "agent" && (
          <Field label={t("conversation.transfer.pick_agent")} required error={checked && !agent ? t("conversation.transfer.pick_required") : undefined}>
            <Combobox
              value={agent}
              onChange={setAgent}
              placeholder={t("conversation.transfer.pick_agent")}
              options={colleagues.map((a) => ({
                value: a.id,
                label: a.name,
                hint: [presence(a.presence.state, a.presence.reason), c.channel === "phone" && !a.phone ? t("wallboard.agents.no_phone") : "", t("conversation.transfer.load", { load: a.load, capacity: a.capacity }), a.teams.map((each) => each.name).join("、")].filter(Boolean).join(" · "),
                icon: <PresenceDot presence={a.presence.state} />,
              }))}
            />
          </Field>
        )}
        {to !== "assistant" && !team && (
          <LearntChoices
            label={t("aids.learning.team")}
            learnt={learnt}
            named={(id) => teams.data?.items.find((each) => each.id === id)?.name}
            onTake={(id) => {
              setTo("team");
              setTeam(id);
            }}
          />
        )}
        {to === "team" && (
          <Field label={t("conversation.transfer.pick_team")} required error={checked && !team ? t("conversation.transfer.pick_required") : undefined}>
            <Combobox
              value={team}
              onChange={setTeam}
              placeholder={t("conversation.transfer.pick_team")}
              options={(teams.data?.items ?? []).map((each) => ({ value: each.id, label: each.name, hint: t("conversation.transfer.members", { n: each.agents.length }), icon: <Users size={14} aria-hidden="true" /> }))}
            />
          </Field>
        )}
        {to !== "assistant" && (
          <Field label={t("conversation.transfer.expect")} hint={t("conversation.transfer.expect_hint")}>
            <Select
              value={String(told)}
              onChange={(value) => setWithin(Number(value))}
              options={[0, 5, 10, 30, 60, 120, 240, 1440].map((n) => ({ value: String(n), label: n === 0 ? t("conversation.transfer.expect_none") : n < 120 ? t("conversation.transfer.expect_minutes", { n }) : t("conversation.transfer.expect_hours", { n: n / 60 }) }))}
            />
          </Field>
        )}
        <Field label={t("conversation.transfer.note")} required={to !== "assistant"} hint={t("conversation.transfer.note_hint")} error={checked && noteMissing ? t("conversation.transfer.note_required") : undefined}>
          <Textarea minRows={3} value={note} onChange={(e) => setNote(e.target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}
