import { rewards, type Reward, type RewardAct } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, Pill, Textarea } from "@yingda/ui";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { fieldErrors, useChange } from "../form/failure";
import { whenText } from "../form/when";
import { problem } from "../problem";
import { rewardTones, say } from "./look";
import { worth } from "./money";
import { refreshRewards } from "./queries";

/** A reward with what it waits for and what the reader can do. */
export function RewardRow({ item, withCase }: { item: Reward; withCase?: boolean }) {
  const { t } = useTranslation();
  const [act, setAct] = useState<RewardAct>();
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-semibold">{t(`reward.rewards.gift.${item.gift}`)}</span>
        {item.gift !== "thanks" && <span className="num font-semibold">{worth(item)}</span>}
        <Pill tone={rewardTones[item.state]}>{t(`reward.rewards.state.${item.state}`)}</Pill>
        <span className="text-xs text-mut">{t(`reward.rewards.type.${item.type}`)}</span>
        {withCase && item.case?.seen && (
          <Link to="/cases/$id" params={{ id: item.case.id }} className="num rounded text-xs text-brand-ink hover:underline">
            {item.case.number}
          </Link>
        )}
      </div>
      {item.reason && <p className="break-words whitespace-pre-wrap">{item.reason}</p>}
      <p className="text-xs text-mut">
        {[
          item.proposer_name && t("reward.proposed_by", { name: item.proposer_name }),
          whenText(item.created_at),
          item.next.who !== "nobody" && say(item.next.why),
          item.expires_at && `${t("reward.rewards.expires")} ${whenText(item.expires_at)}`,
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
      {item.may.length > 0 && (
        <div className="flex flex-wrap gap-2">
          {item.may.map((each) => (
            <Button key={each} size="sm" variant={each === "approve" ? "primary" : each === "reject" ? "danger" : "default"} onClick={() => setAct(each)}>
              {t(`reward.rewards.act.${each}`)}
            </Button>
          ))}
        </div>
      )}
      {act && item.may.includes(act) && <RewardActDialog item={item} act={act} onClose={() => setAct(undefined)} />}
    </div>
  );
}

function RewardActDialog({ item, act, onClose }: { item: Reward; act: RewardAct; onClose: () => void }) {
  const { t } = useTranslation();
  const [note, setNote] = useState("");
  const [checked, setChecked] = useState(false);
  const needed = act === "reject" || act === "revoke";
  const change = useChange(() => rewards.act(item.id, { version: item.version, act, note }), {
    quiet: true,
    done: t(`reward.rewards.done.${act}`),
    onDone: () => {
      refreshRewards();
      onClose();
    },
    onFail: refreshRewards,
  });
  const refusal = change.error ? (Object.values(fieldErrors(change.error))[0] ?? problem(change.error).text) : undefined;
  function submit() {
    setChecked(true);
    if ((!needed || note.trim()) && !change.isPending) change.mutate();
  }
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={(open) => !open && onClose()}
      title={t(`reward.rewards.act.${act}`)}
      description={`${t(`reward.rewards.gift.${item.gift}`)} ${item.gift === "thanks" ? "" : worth(item)}`}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant={needed ? "danger" : "primary"} loading={change.isPending}>
            {t(`reward.rewards.act.${act}`)}
          </Button>
        </>
      }
    >
      {act !== "redeem" && (
        <Field label={t("reward.rewards.note")} required={needed} error={checked && needed && !note.trim() ? t("reward.why_required") : undefined}>
          <Textarea minRows={2} value={note} maxLength={1000} onChange={(e) => setNote(e.target.value)} />
        </Field>
      )}
      {refusal && (
        <p role="alert" className="mt-2 text-xs text-bad">
          {refusal}
        </p>
      )}
    </Dialog>
  );
}
