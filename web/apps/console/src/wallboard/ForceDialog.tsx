import { api, type PresenceState, type WallAgent } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, Segmented, Select, Textarea, useToast } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { problem } from "../problem";
import { useBreakReasons, usePresenceLabel } from "../shell/PresenceMenu";

type Forced = Exclude<PresenceState, "busy">;

/** Sets another agent's presence, never without a word why. */
export default function ForceDialog({ agent: a, onClose }: { agent: WallAgent; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const label = usePresenceLabel();
  const reasons = useBreakReasons();
  const [state, setState] = useState<Forced>(a.presence.state === "break" ? "offline" : "break");
  const [reason, setReason] = useState(reasons[0]?.id ?? "rest");
  const [why, setWhy] = useState("");
  const [checked, setChecked] = useState(false);
  const absent = state === "online" && !a.connected;
  const force = useMutation({
    mutationFn: () => api.agents.setPresence(a.id, { state, reason: state === "break" ? reason : undefined, why: why.trim() }),
    onSuccess() {
      toast({ text: t("wallboard.force.done", { name: a.name, state: label(state, state === "break" ? reason : undefined) }), tone: "ok" });
      onClose();
    },
    onError: (err) => toast({ text: problem(err).text, tone: "bad" }),
  });
  function submit() {
    setChecked(true);
    if (why.trim() && !absent && !force.isPending) force.mutate();
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("wallboard.force.title", { name: a.name })}
      description={t("wallboard.force.hint")}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" loading={force.isPending} disabled={absent}>
            {t("wallboard.force.submit")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Segmented label={t("wallboard.force.state")} value={state} onChange={setState} choices={(["online", "break", "offline"] as const).map((value) => ({ value, label: label(value) }))} />
        {absent && (
          <p role="alert" className="text-xs text-bad">
            {t("wallboard.force.not_there")}
          </p>
        )}
        {state === "break" && (
          <Field label={t("wallboard.force.reason")} required>
            <Select value={reason} onChange={setReason} options={reasons.map((r) => ({ value: r.id, label: r.name }))} />
          </Field>
        )}
        <Field label={t("wallboard.force.why")} required hint={t("wallboard.force.why_hint", { name: a.name })} error={checked && !why.trim() ? t("wallboard.force.why_required") : undefined}>
          <Textarea minRows={2} maxLength={200} value={why} onChange={(e) => setWhy(e.target.value)} />
        </Field>
      </div>
    </Dialog>
  );
}
