import { compensations, type Compensation, type CompensationAct, type ID } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, Input, Textarea } from "@yingda/ui";
import { useState } from "react";
import { useChange, fieldErrors } from "../form/failure";
import { problem } from "../problem";
import { verified } from "../verification/useVerified";
import { actLook } from "./look";
import { worth } from "./money";
import { refreshRewards } from "./queries";

const noted: Partial<Record<CompensationAct, "note_optional" | "note" | "answer_note" | "why">> = {
  approve: "note_optional", return: "note", reject: "note", accept: "answer_note", decline: "answer_note", fail: "why",
};

/** One act on a compensation, with what has to be said with it. */
export function ActDialog({ item, act, onClose }: { item: Compensation; act: CompensationAct; onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [checked, setChecked] = useState(false);
  const change = useChange(
    () => {
      const run = (verification?: ID) => compensations.act(item.id, { version: item.version, act, ...(act === "pay" ? { reference: text } : { note: text }) }, verification);
      return act === "accept" ? verified(item.contact_id, "compensation.accept", { case_id: item.case_id }, run) : run();
    },
    {
      quiet: true,
      done: t(`reward.done.${act}`),
      onDone: () => {
        refreshRewards();
        onClose();
      },
      onFail: refreshRewards,
    },
  );
  const field = noted[act];
  const needed = act === "return" || act === "reject" || act === "pay" || act === "fail";
  const missing = needed && !text.trim();
  const refusal = change.error ? (Object.values(fieldErrors(change.error))[0] ?? problem(change.error).text) : undefined;
  const why = act === "pay" ? t("reward.reference_required") : act === "fail" ? t("reward.why_required") : t("reward.note_required");
  const error = checked && missing ? why : undefined;

  function submit() {
    setChecked(true);
    if (!missing && !change.isPending) change.mutate();
  }
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={(open) => !open && onClose()}
      title={t(`reward.act.${act}`)}
      description={`${item.case.number} · ${t(`reward.kind.${item.kind}`)} ${worth(item)}`}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant={actLook[act] ?? "primary"} loading={change.isPending}>
            {t(`reward.act.${act}`)}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        {act === "pay" && (
          <Field label={t("reward.reference")} hint={t("reward.reference_hint")} required error={error}>
            <Input value={text} maxLength={120} onChange={(e) => setText(e.target.value)} />
          </Field>
        )}
        {field && (
          <Field label={t(`reward.${field}`)} required={needed} error={error}>
            <Textarea minRows={2} value={text} maxLength={1000} onChange={(e) => setText(e.target.value)} />
          </Field>
        )}
        {refusal && (
          <p role="alert" className="text-xs text-bad">
            {refusal}
          </p>
        )}
      </div>
    </Dialog>
  );
}
