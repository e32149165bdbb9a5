import { api, hotline, type DialPlan } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Field, IconButton, Input, SaveBar, Section, Select } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { ArrowUp, Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { problem } from "../problem";
import { rolesKey, useRoleName } from "../settings/roles";
import { Classes, classes, usual } from "./Classes";
import { trunksQuery } from "./TrunksPart";
import { hotlineKey } from "./keys";

export function PlanPart() {
  const query = useQuery({ queryKey: [...hotlineKey, "plan"], queryFn: hotline.plan });
  return <Loaded query={query}>{(plan) => <PlanForm key={plan.version} plan={plan} />}</Loaded>;
}

/** A list whose lines are added and taken away. */
function Lines<T>({ label, hint, error, add, value, onChange, fresh, children }: { label: string; hint: string; error?: string; add: string; value: T[]; onChange: (value: T[]) => void; fresh: () => T | undefined; children: (line: T, change: (part: Partial<T>) => void, name: string) => ReactNode }) {
  const { t } = useTranslation();
  return (
    <Section title={label} description={hint}>
      <div className="flex flex-col items-start gap-2">
        {value.map((line, i) => (
          // eslint-disable-next-line react/no-array-index-key -- a line has nothing of its own but its place
          <div key={i} role="group" aria-label={t("calls.plan.row", { n: i + 1 })} className="flex flex-wrap items-center gap-2">
            {children(line, (part) => onChange(value.map((each, at) => (at === i ? { ...each, ...part } : each))), t("calls.plan.row", { n: i + 1 }))}
            <IconButton size="sm" label={t("calls.plan.remove_row", { n: i + 1 })} icon={<Trash2 size={14} />} onClick={() => onChange(value.filter((_, at) => at !== i))} />
          </div>
        ))}
        {error && (
          <p role="alert" className="text-xs text-bad">
            {error}
          </p>
        )}
        <Button
          size="sm"
          icon={<Plus size={13} />}
          disabled={fresh() === undefined}
          onClick={() => {
            const line = fresh();
            if (line !== undefined) onChange([...value, line]);
          }}
        >
          {add}
        </Button>
      </div>
    </Section>
  );
}

function PlanForm({ plan }: { plan: DialPlan }) {
  const { t } = useTranslation();
  const trunks = useQuery(trunksQuery).data?.items ?? [];
  const roles = useQuery({ queryKey: rolesKey, queryFn: api.roles.list }).data?.items ?? [];
  const roleName = useRoleName();
  const { draft, dirty, set, discard } = useDraft(plan);
  const save = useChange(() => hotline.savePlan(draft), { stale: [hotlineKey], done: t("calls.plan.saved"), quiet: true });
  const errors = fieldErrors(save.error);
  const errorOf = (list: string) => Object.entries(errors).find(([field]) => field.startsWith(`${list}.`) || field === list)?.[1];
  const nameOf = (id: string) => trunks.find((trunk) => trunk.id === id)?.name ?? id;
  const ordered = [...draft.trunks, ...trunks.map((trunk) => trunk.id).filter((id) => !draft.trunks.includes(id))];
  const up = (i: number) => {
    const next = [...ordered];
    const [moved = ""] = next.splice(i, 1);
    next.splice(i - 1, 0, moved);
    set({ trunks: next });
  };
  return (
    <div className="flex flex-col gap-6">
      <p className="text-sm text-mut">{t("calls.plan.about")}</p>
      <Field className="max-w-xs" label={t("calls.plan.outside")} hint={t("calls.plan.outside_hint")} error={errors["outside"]}>
        <Input inputMode="numeric" value={draft.outside} maxLength={3} onChange={(e) => set({ outside: e.target.value.replace(/\D/g, "") })} />
      </Field>
      {ordered.length > 0 && (
        <Section title={t("calls.plan.order")} description={t("calls.plan.order_hint")}>
          <ol className="flex flex-col gap-1">
            {ordered.map((id, i) => (
              <li key={id} className="flex items-center gap-2 text-sm">
                <span className="num w-6 text-mut">{i + 1}</span>
                <span className="min-w-0 flex-1 truncate">{nameOf(id)}</span>
                <IconButton size="sm" disabled={i === 0} label={t("calls.plan.up", { name: nameOf(id) })} icon={<ArrowUp size={14} />} onClick={() => up(i)} />
              </li>
            ))}
          </ol>
        </Section>
      )}
      <Section title={t("calls.plan.may")} description={t("calls.plan.may_hint")}>
        <Classes value={draft.may} onChange={(may) => set({ may: may as DialPlan["may"] })} />
      </Section>
      <Lines
        label={t("calls.plan.roles")}
        hint={t("calls.plan.roles_hint")}
        error={errorOf("roles")}
        add={t("calls.plan.add_role")}
        value={draft.roles}
        onChange={(list) => set({ roles: list })}
        fresh={() => {
          const free = roles.find((role) => !draft.roles.some((each) => each.role_id === role.id));
          return free && { role_id: free.id, may: usual as DialPlan["may"] };
        }}
      >
        {(line, change, name) => (
          <>
            <Select className="w-44" label={name} value={line.role_id} onChange={(role_id) => change({ role_id })} options={roles.map((role) => ({ value: role.id as string, label: roleName(role.name) }))} />
            <Classes value={line.may} onChange={(may) => change({ may: may as DialPlan["may"] })} />
          </>
        )}
      </Lines>
      <Lines label={t("calls.plan.rules")} hint={t("calls.plan.rules_hint")} error={errorOf("rules")} add={t("calls.plan.add_rule")} value={draft.rules} onChange={(list) => set({ rules: list })} fresh={(): DialPlan["rules"][number] => ({ prefix: "", class: "national" })}>
        {(line, change) => (
          <>
            <Input className="w-36" aria-label={t("calls.plan.prefix")} placeholder={t("calls.plan.prefix")} value={line.prefix} maxLength={20} onChange={(e) => change({ prefix: e.target.value })} />
            <Select className="w-36" label={t("calls.plan.class")} value={line.class as string} onChange={(v) => change({ class: v as typeof line.class })} options={classes.map((value) => ({ value: value as string, label: t(`calls.classes.${value}`) }))} />
            <Select className="w-40" label={t("calls.plan.trunk")} value={line.trunk_id || "any"} onChange={(v) => change({ trunk_id: v === "any" ? undefined : v })} options={[{ value: "any", label: t("calls.plan.any_trunk") }, ...trunks.map((trunk) => ({ value: trunk.id as string, label: trunk.name }))]} />
          </>
        )}
      </Lines>
      <Lines label={t("calls.plan.targets")} hint={t("calls.plan.targets_hint")} error={errorOf("targets")} add={t("calls.plan.add_target")} value={draft.targets} onChange={(list) => set({ targets: list })} fresh={() => ({ name: "", number: "" })}>
        {(line, change) => (
          <>
            <Input className="w-40" aria-label={t("calls.plan.target")} placeholder={t("calls.plan.target")} value={line.name} maxLength={40} onChange={(e) => change({ name: e.target.value })} />
            <Input className="w-48" aria-label={t("calls.plan.number")} placeholder={t("calls.plan.number")} value={line.number} maxLength={30} onChange={(e) => change({ number: e.target.value })} />
          </>
        )}
      </Lines>
      <SaveBar dirty={dirty} saving={save.isPending} onSave={() => save.mutate()} onDiscard={discard} error={save.error && Object.keys(errors).length === 0 ? problem(save.error).text : undefined} />
    </div>
  );
}
