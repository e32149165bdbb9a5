import { api, calls, type CallView } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Combobox, Dialog, Field, Input, PresenceDot, Segmented, useToast } from "@yingda/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import TransferDialog from "../conversation/TransferDialog";
import { problem } from "../problem";
import { keys, queryClient, useAgents, useMe } from "../query";
import { usePresenceLabel } from "../shell/PresenceMenu";
import { callKey } from "./calls";

/** Hands the caller on, or asks somebody while they wait. */
export default function HandDialog({ call, how, onClose }: { call: CallView; how: "transfer" | "consult"; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const me = useMe();
  const agents = useAgents();
  const presence = usePresenceLabel();
  const detail = useQuery({ queryKey: keys.conversation(call.conversation_id), queryFn: () => api.conversations.get(call.conversation_id), enabled: how === "transfer" });
  const [to, setTo] = useState<"inside" | "number">("inside");
  const [inside, setInside] = useState(false);
  const [agent, setAgent] = useState<string>();
  const [number, setNumber] = useState("");
  const [checked, setChecked] = useState(false);
  const colleagues = (agents.data?.items ?? []).filter((a) => a.id !== me.id && !a.disabled && !a.invited && a.presence.state !== "offline");
  const whole = to === "number" ? number.trim() !== "" : how === "transfer" || agent !== undefined;

  const run = useMutation({
    mutationFn: () => (how === "transfer" ? calls.transfer(call.id, number.trim()) : calls.consult(call.id, to === "number" ? { number: number.trim() } : { agent_id: agent })),
    onSuccess() {
      void queryClient.invalidateQueries({ queryKey: callKey(call.conversation_id) });
      onClose();
    },
    onError: (err) => toast({ text: problem(err).text, tone: "bad" }),
  });

  if (inside && detail.data) return <TransferDialog conversation={detail.data.conversation} onClose={onClose} />;

  function submit() {
    setChecked(true);
    if (!whole || run.isPending) return;
    if (how === "transfer" && to === "inside") setInside(true);
    else run.mutate();
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(how === "transfer" ? "phone.transfer.title" : "phone.consult.title")}
      description={how === "consult" ? t("phone.consult.hint") : call.contact_name}
      size="sm"
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" loading={run.isPending}>
            {t(how === "consult" ? "phone.consult.submit" : to === "inside" ? "phone.transfer.go" : "phone.act.transfer")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Segmented
          label={t(how === "transfer" ? "phone.transfer.title" : "phone.consult.title")}
          value={to}
          onChange={setTo}
          choices={[
            { value: "inside", label: t(how === "transfer" ? "phone.transfer.inside" : "phone.consult.colleague") },
            { value: "number", label: t(how === "transfer" ? "phone.transfer.outside" : "phone.consult.number") },
          ]}
        />
        {how === "transfer" && <p className="text-sm text-mut">{t(to === "inside" ? "phone.transfer.inside_hint" : "phone.transfer.outside_hint")}</p>}
        {how === "consult" && to === "inside" && (
          <Field label={t("phone.consult.pick")} required error={checked && !agent ? t("phone.consult.pick_required") : undefined}>
            <Combobox
              value={agent}
              onChange={setAgent}
              placeholder={t("phone.consult.pick")}
              options={colleagues.map((a) => ({ value: a.id, label: a.name, hint: [presence(a.presence.state, a.presence.reason), a.phone ? "" : t("wallboard.agents.no_phone")].filter(Boolean).join(" · "), icon: <PresenceDot presence={a.presence.state} /> }))}
            />
          </Field>
        )}
        {to === "number" && (
          <Field label={t("phone.dial.label")} required error={checked && !whole ? t("phone.dial.wrong") : undefined}>
            <Input type="tel" autoComplete="off" value={number} onChange={(e) => setNumber(e.target.value)} />
          </Field>
        )}
      </div>
    </Dialog>
  );
}
