import { rewards, type Gift, type ID, type RewardType } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, EmptyState, Field, Input, Section, Select, Textarea } from "@yingda/ui";
import { Gift as GiftIcon, Plus } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { fieldErrors, Loaded, useChange } from "../form/failure";
import { can, useMe } from "../query";
import { endOfDay, fen } from "./money";
import { BudgetField } from "./ProposeDrawer";
import { RewardRow } from "./RewardRow";
import { refreshRewards, useRewards } from "./queries";

/** The rewards for a case: thanks to a customer who helped. */
export function RewardSection({ caseId }: { caseId: ID }) {
  const { t } = useTranslation();
  const me = useMe();
  const found = useRewards(caseId);
  const [proposing, setProposing] = useState(false);
  return (
    <Section
      title={t("reward.rewards.title")}
      description={t("reward.rewards.hint")}
      actions={
        can(me, "compensation.propose") && (
          <Button size="sm" icon={<Plus size={14} aria-hidden="true" />} onClick={() => setProposing(true)}>
            {t("reward.rewards.propose")}
          </Button>
        )
      }
    >
      <Loaded query={found}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState className="py-4" icon={<GiftIcon size={20} />} title={t("reward.rewards.none")} detail={t("reward.rewards.none_hint")} />
          ) : (
            <ul className="flex flex-col gap-3">
              {items.map((item) => (
                <li key={item.id} className="border-t pt-3 first:border-t-0 first:pt-0">
                  <RewardRow item={item} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {proposing && <ProposeReward caseId={caseId} onClose={() => setProposing(false)} />}
    </Section>
  );
}

const types: RewardType[] = ["complaint", "suggestion", "praise", "other"];
const gifts: Gift[] = ["thanks", "points", "coupon", "gift"];

function ProposeReward({ caseId, onClose }: { caseId: ID; onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState({ type: "complaint" as RewardType, gift: "points" as Gift, amount: "", points: "", budget: "", reason: "", until: "" });
  const [checked, setChecked] = useState(false);
  const set = (part: Partial<typeof typed>) => setTyped((now) => ({ ...now, ...part }));
  const costs = typed.gift === "coupon" || typed.gift === "gift";
  const bad = (costs && !((fen(typed.amount) ?? 0) > 0)) || (typed.gift === "points" && !/^[1-9]\d{0,8}$/.test(typed.points));
  const save = useChange(
    () =>
      rewards.propose(caseId, {
        type: typed.type, gift: typed.gift, reason: typed.reason, budget: typed.budget || undefined, expires_at: endOfDay(typed.until),
        amount: costs ? fen(typed.amount) : undefined, points: typed.gift === "points" ? Number(typed.points) : undefined,
      }),
    {
      quiet: true,
      done: t("reward.rewards.proposed"),
      onDone: () => {
        refreshRewards();
        onClose();
      },
    },
  );
  const wrong = fieldErrors(save.error);
  return (
    <FormDrawer
      title={t("reward.rewards.propose")}
      description={t("reward.rewards.hint")}
      dirty
      saving={save.isPending}
      error={save.error}
      submitLabel={t("reward.act.submit")}
      onSubmit={() => {
        setChecked(true);
        if (!bad) save.mutate();
      }}
      onClose={onClose}
    >
      <Field label={t("reward.rewards.type.title")} error={wrong.type}>
        <Select value={typed.type} options={types.map((value) => ({ value, label: t(`reward.rewards.type.${value}`) }))} onChange={(type) => set({ type })} />
      </Field>
      <Field label={t("reward.rewards.gift.title")} error={wrong.gift ?? wrong.contact_id}>
        <Select value={typed.gift} options={gifts.map((value) => ({ value, label: t(`reward.rewards.gift.${value}`) }))} onChange={(gift) => set({ gift })} />
      </Field>
      {costs && (
        <Field label={t("reward.cost")} required error={wrong.amount ?? (checked && bad ? t("reward.amount_invalid") : undefined)}>
          <Input inputMode="decimal" prefix="¥" value={typed.amount} onChange={(e) => set({ amount: e.target.value })} />
        </Field>
      )}
      {typed.gift === "points" && (
        <Field label={t("reward.points")} required error={wrong.points ?? (checked && bad ? t("reward.points_invalid") : undefined)}>
          <Input inputMode="numeric" value={typed.points} onChange={(e) => set({ points: e.target.value.trim() })} />
        </Field>
      )}
      {typed.gift !== "thanks" && (
        <Field label={t("reward.rewards.expires")} hint={t("reward.until_hint")} error={wrong.expires_at}>
          <Input type="date" value={typed.until} onChange={(e) => set({ until: e.target.value })} />
        </Field>
      )}
      <Field label={t("reward.rewards.reason")} error={wrong.reason}>
        <Textarea minRows={2} maxLength={2000} value={typed.reason} onChange={(e) => set({ reason: e.target.value })} />
      </Field>
      {typed.gift !== "thanks" && <BudgetField value={typed.budget} onChange={(budget) => set({ budget })} />}
    </FormDrawer>
  );
}
