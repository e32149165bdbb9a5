import { compensations, type Compensation, type CompensationDraft, type CompensationKind, type GrantPolicy, type ID } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Drawer, Field, Input, Select, Textarea } from "@yingda/ui";
import { useState } from "react";
import { fieldErrors, useChange } from "../form/failure";
import { problem } from "../problem";
import { clientId } from "./clientId";
import { say } from "./look";
import { endOfDay, fen, typedYuan, yuan } from "./money";
import { refreshRewards, useBudgets, usePolicies } from "./queries";

const kinds: CompensationKind[] = ["refund", "reshipment", "coupon", "points", "policy", "repair", "replacement"];
const goods: CompensationKind[] = ["reshipment", "policy", "repair", "replacement"];

interface Typed {
  kind: CompensationKind;
  amount: string;
  points: string;
  until: string;
  budget: string;
  policy: string;
  reason: string;
  explanation: string;
}

function typedOf(held: Compensation | undefined): Typed {
  return {
    kind: held?.kind ?? "refund",
    amount: typedYuan(held?.amount),
    points: held?.points ? String(held.points) : "",
    until: held?.points_until?.slice(0, 10) ?? "",
    budget: held?.budget ?? "",
    policy: held?.policy ?? "",
    reason: held?.reason ?? "",
    explanation: held?.explanation ?? "",
  };
}

function draftOf(typed: Typed): CompensationDraft {
  const points = typed.kind === "points";
  return {
    kind: typed.kind,
    amount: points ? undefined : fen(typed.amount),
    points: points ? Number(typed.points) : undefined,
    points_until: points ? endOfDay(typed.until) : undefined,
    budget: typed.budget || undefined,
    policy: typed.policy || undefined,
    reason: typed.reason,
    explanation: typed.explanation || undefined,
  };
}

/** Proposes a compensation for a case, or changes a draft or a returned one. */
export function ProposeDrawer({ caseId, held, onClose }: { caseId: ID; held?: Compensation; onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(() => typedOf(held));
  const [checked, setChecked] = useState(false);
  const [id] = useState(clientId);
  const set = (part: Partial<Typed>) => setTyped((now) => ({ ...now, ...part }));
  const save = useChange(
    (submit: boolean) =>
      held ? compensations.change(held.id, { ...draftOf(typed), version: held.version, submit }) : compensations.propose(caseId, { ...draftOf(typed), client_id: id, submit }),
    {
      quiet: true,
      done: t("reward.done.submit"),
      onDone: () => {
        refreshRewards();
        onClose();
      },
    },
  );
  const wrong = fieldErrors(save.error);
  const points = typed.kind === "points";
  const badAmount = !points && !((fen(typed.amount) ?? 0) > 0);
  const badPoints = points && !/^[1-9]\d{0,8}$/.test(typed.points);
  const send = (submit: boolean) => {
    setChecked(true);
    if (!badAmount && !badPoints && typed.reason.trim() && !save.isPending) save.mutate(submit);
  };
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(held ? "reward.change_title" : "reward.propose_title")}
      description={t("reward.compensation_hint")}
      onSubmit={() => send(true)}
      footer={
        <>
          {save.error !== null && Object.keys(wrong).length === 0 && (
            <span role="alert" className="mr-auto text-xs text-bad">
              {problem(save.error).text}
            </span>
          )}
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button loading={save.isPending && !save.variables} onClick={() => send(false)}>
            {t("reward.draft")}
          </Button>
          <Button type="submit" variant="primary" loading={save.isPending && save.variables}>
            {t("reward.act.submit")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t("reward.kind.title")} error={wrong.kind}>
          <Select value={typed.kind} options={kinds.map((value) => ({ value, label: t(`reward.kind.${value}`) }))} onChange={(kind) => set({ kind })} />
        </Field>
        {points ? (
          <div className="grid gap-4 sm:grid-cols-2">
            <Field label={t("reward.points")} required error={wrong.points ?? wrong.contact_id ?? (checked && badPoints ? t("reward.points_invalid") : undefined)}>
              <Input inputMode="numeric" value={typed.points} onChange={(e) => set({ points: e.target.value.trim() })} />
            </Field>
            <Field label={t("reward.points_until")} hint={t("reward.until_hint")}>
              <Input type="date" value={typed.until} onChange={(e) => set({ until: e.target.value })} />
            </Field>
          </div>
        ) : (
          <Field label={t(goods.includes(typed.kind) ? "reward.cost" : "reward.amount")} required error={wrong.amount ?? (checked && badAmount ? t("reward.amount_invalid") : undefined)}>
            <Input inputMode="decimal" prefix="¥" value={typed.amount} onChange={(e) => set({ amount: e.target.value })} />
          </Field>
        )}
        <PolicyField kind={typed.kind} value={typed.policy} error={wrong.policy} onChange={(policy, found) => set({ policy, explanation: typed.explanation || say(found?.text) })} />
        <Field label={t("reward.reason")} required error={wrong.reason ?? (checked && !typed.reason.trim() ? t("settings.needed") : undefined)}>
          <Textarea minRows={2} maxLength={2000} value={typed.reason} onChange={(e) => set({ reason: e.target.value })} />
        </Field>
        <Field label={t("reward.explanation")} hint={t("reward.explanation_hint")} error={wrong.explanation}>
          <Textarea minRows={2} maxLength={2000} value={typed.explanation} onChange={(e) => set({ explanation: e.target.value })} />
        </Field>
        <BudgetField value={typed.budget} onChange={(budget) => set({ budget })} />
      </div>
    </Drawer>
  );
}

function PolicyField({ kind, value, error, onChange }: { kind: CompensationKind; value: string; error?: string; onChange: (code: string, policy?: GrantPolicy) => void }) {
  const { t } = useTranslation();
  const policies = usePolicies();
  const fitting = (policies.data?.items ?? []).filter((p) => !p.retired && (p.kinds.length === 0 || p.kinds.includes(kind)));
  const options = fitting.map((p) => ({ value: p.code, label: say(p.name), hint: [t("reward.policy_version", { n: p.version }), p.most ? t("reward.policy_most", { amount: yuan(p.most) }) : ""].filter(Boolean).join(" · ") }));
  return (
    <Field label={t("reward.policy")} error={error}>
      <Select value={value} options={[{ value: "", label: t("reward.no_policy") }, ...options]} onChange={(code) => onChange(code, fitting.find((p) => p.code === code))} />
    </Field>
  );
}

/** Which budget pays; none is kept when nothing is chosen. */
export function BudgetField({ value, onChange }: { value: string; onChange: (budget: string) => void }) {
  const { t } = useTranslation();
  const budgets = useBudgets();
  const found = budgets.data?.items ?? [];
  if (found.length === 0 && !value) return null;
  return (
    <Field label={t("reward.budget")}>
      <Select
        value={value}
        options={[{ value: "", label: t("reward.no_budget") }, ...found.map((b) => ({ value: b.of ?? "", label: b.of ?? "", hint: t("reward.budget_left", { amount: yuan(b.balance) }) }))]}
        onChange={onChange}
      />
    </Field>
  );
}
