import { routing, type RoutingRules, type Strategy } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Field, IconButton, PageHeader, RadioGroup, SaveBar, Section, Select, Switch } from "@yingda/ui";
import { Plus, Trash2 } from "lucide-react";
import { Amount } from "../form/Amount";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, isConflict, useChange } from "../form/failure";
import { problem } from "../problem";
import { can, queryClient, useMe, useTeams } from "../query";
import { RingsEditor } from "./RingsEditor";
import { laneNames, routingKey, spanOf, starves, strategies, useRouting, type LaneName } from "./routing";

/** How work is given out: the order of the queue, who may have it, whom it goes to. */
export function RoutingSection() {
  const { t } = useTranslation();
  const query = useRouting();
  return (
    <>
      <PageHeader title={t("settings.sections.routing")} description={t("routing.about")} />
      <Loaded query={query}>{(saved) => <RoutingForm saved={saved} />}</Loaded>
    </>
  );
}

function RoutingForm({ saved }: { saved: RoutingRules }) {
  const { t } = useTranslation();
  const readOnly = !can(useMe(), "setting.manage");
  const { draft, dirty, set, discard } = useDraft(saved);
  const save = useChange(() => routing.put(draft), {
    quiet: true,
    done: t("settings.saved"),
    onDone: (next) => {
      queryClient.setQueryData(routingKey, next);
      discard();
    },
    onFail: (error) => isConflict(error) && void upon(),
  });
  /** The next try is upon what somebody else has saved meanwhile. */
  async function upon() {
    const { version } = await queryClient.fetchQuery({ queryKey: routingKey, queryFn: routing.get, staleTime: 0 });
    set({ version });
  }
  const part: PartProps = { draft, set, errors: fieldErrors(save.error), readOnly };
  return (
    <>
      <LeaveGuard dirty={dirty} />
      <StrategyPart {...part} />
      <TeamsPart {...part} />
      <FirstPart {...part} />
      <Section title={t("routing.rings")} description={t("routing.rings_hint")}>
        <RingsEditor rings={draft.rings} error={part.errors["rings"]} readOnly={readOnly} onChange={(rings) => set({ rings })} />
      </Section>
      <OrderPart {...part} />
      <SilentPart {...part} />
      <OverflowPart {...part} />
      <WeightsPart {...part} />
      <SaveBar dirty={dirty && !readOnly} saving={save.isPending} onSave={() => save.mutate()} onDiscard={() => (save.reset(), discard())} error={save.error ? (isConflict(save.error) ? t("routing.changed") : problem(save.error).text) : undefined} />
    </>
  );
}

interface PartProps {
  draft: RoutingRules;
  set: (change: Partial<RoutingRules>) => void;
  errors: Record<string, string>;
  readOnly: boolean;
}

function StrategyPart({ draft, set, errors, readOnly }: PartProps) {
  const { t } = useTranslation();
  return (
    <Section title={t("routing.strategy")} description={t("routing.strategy_hint")}>
      {errors["strategy"] && <p role="alert" className="mb-2 text-xs text-bad">{errors["strategy"]}</p>}
      <RadioGroup<Strategy>
        label={t("routing.strategy")}
        disabled={readOnly}
        value={draft.strategy as Strategy}
        onChange={(strategy) => set({ strategy })}
        choices={strategies.map((value) => ({ value, label: t(`routing.strategies.${value}`), hint: t(`routing.strategy_says.${value}`) }))}
      />
    </Section>
  );
}

function TeamsPart({ draft, set, errors, readOnly }: PartProps) {
  const { t } = useTranslation();
  const all = useTeams().data?.items ?? [];
  const free = all.filter(({ id }) => !draft.teams.some((own) => own.team_id === id));
  const next = free[0];
  const change = (at: number, own: RoutingRules["teams"][number]) => set({ teams: draft.teams.map((held, i) => (i === at ? own : held)) });
  return (
    <Section title={t("routing.teams")} description={t("routing.teams_hint")}>
      {errors["teams"] && <p role="alert" className="mb-2 text-xs text-bad">{errors["teams"]}</p>}
      <div className="flex flex-col items-start gap-2">
        {draft.teams.map((own, i) => {
          const n = t("routing.team_n", { n: i + 1 });
          const mine = all.filter(({ id }) => id === own.team_id || free.some((team) => team.id === id));
          return (
            <div key={own.team_id} role="group" aria-label={n} className="flex flex-wrap items-center gap-2">
              <Select className="w-48" label={t("routing.team_of", { n })} disabled={readOnly} value={own.team_id} onChange={(team_id) => change(i, { ...own, team_id })} options={mine.map(({ id, name }) => ({ value: id, label: name }))} />
              <Select className="w-40" label={t("routing.strategy_of", { n })} disabled={readOnly} value={own.strategy as Strategy} onChange={(strategy) => change(i, { ...own, strategy })} options={strategies.map((value) => ({ value, label: t(`routing.strategies.${value}`) }))} />
              {!readOnly && <IconButton size="sm" label={t("settings.remove_named", { name: n })} icon={<Trash2 size={14} />} onClick={() => set({ teams: draft.teams.filter((_, at) => at !== i) })} />}
            </div>
          );
        })}
        {!readOnly && (
          <Button size="sm" icon={<Plus size={13} />} disabled={!next} onClick={() => next && set({ teams: [...draft.teams, { team_id: next.id, strategy: draft.strategy }] })}>
            {t("routing.add_team")}
          </Button>
        )}
      </div>
    </Section>
  );
}

type Count = "sticky_days" | "sticky_seconds" | "rest_seconds" | "missed_to_pause" | "wrap_up_seconds" | "resume_minutes";
type Unit = "seconds" | "minutes" | "days" | "times";

function CountField({ name, unit, draft, set, errors, readOnly }: PartProps & { name: Count; unit: Unit }) {
  const { t } = useTranslation();
  return (
    <Field label={t(`routing.${name}`)} hint={t(`routing.${name}_hint`)} aside={t(`routing.${unit}`)} error={errors[name]}>
      <Amount min={0} step={1} disabled={readOnly} value={draft[name]} onChange={(n) => set({ [name]: Math.max(0, Math.trunc(n)) })} />
    </Field>
  );
}

function FirstPart(part: PartProps) {
  const { t } = useTranslation();
  const { draft, set, readOnly } = part;
  return (
    <Section title={t("routing.first")}>
      <div className="flex flex-col gap-4">
        <Switch checked={draft.best_skill} disabled={readOnly} onChange={(best_skill) => set({ best_skill })} label={t("routing.best_skill")} hint={t("routing.best_skill_hint")} />
        <div className="grid gap-4 sm:grid-cols-2">
          <CountField {...part} name="sticky_days" unit="days" />
          <CountField {...part} name="sticky_seconds" unit="seconds" />
        </div>
      </div>
    </Section>
  );
}

function SilentPart(part: PartProps) {
  const { t } = useTranslation();
  return (
    <Section title={t("routing.silent")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <CountField {...part} name="rest_seconds" unit="seconds" />
        <CountField {...part} name="missed_to_pause" unit="times" />
        <CountField {...part} name="wrap_up_seconds" unit="seconds" />
        <CountField {...part} name="resume_minutes" unit="minutes" />
      </div>
    </Section>
  );
}

function OrderPart({ draft, set, errors, readOnly }: PartProps) {
  const { t } = useTranslation();
  const says = (low: LaneName, high: LaneName) => {
    const { unit, n } = spanOf(starves(draft, low, high));
    return n > 0 ? t(`routing.${unit}_n`, { n }) : undefined;
  };
  const high = says("normal", "high");
  const low = says("low", "normal");
  const urgent = says("high", "urgent");
  return (
    <Section title={t("routing.order")} description={t("routing.order_hint")}>
      {errors["lanes"] && <p role="alert" className="mb-2 text-xs text-bad">{errors["lanes"]}</p>}
      <div className="grid grid-cols-2 gap-4 sm:grid-cols-5">
        {laneNames.map((name) => (
          <Field key={name} label={t(`routing.lanes.${name}`)} aside={t("routing.points")}>
            <Amount step="any" disabled={readOnly} aria-invalid={errors["lanes"] ? true : undefined} aria-label={t("routing.lane", { name: t(`routing.lanes.${name}`) })} value={draft.lanes[name]} onChange={(points) => set({ lanes: { ...draft.lanes, [name]: points } })} />
          </Field>
        ))}
        <Field label={t("routing.ageing")} aside={t("routing.points")} error={errors["ageing"]}>
          <Amount min={0.01} step="any" disabled={readOnly} value={draft.ageing} onChange={(ageing) => set({ ageing })} />
        </Field>
      </div>
      <Switch className="mt-4" checked={draft.angry_first ?? false} disabled={readOnly} onChange={(angry_first) => set({ angry_first })} label={t("routing.angry_first")} hint={t("routing.angry_first_hint")} />
      <ul aria-live="polite" className="mt-3 list-disc pl-5 text-sm text-mut">
        <li>{high ? t("routing.starves_high", { wait: high }) : t("routing.starves_none_high")}</li>
        <li>{low ? t("routing.starves_low", { wait: low }) : t("routing.starves_none_low")}</li>
        {urgent && <li>{t("routing.starves_urgent", { wait: urgent })}</li>}
      </ul>
    </Section>
  );
}

function OverflowPart({ draft, set, errors, readOnly }: PartProps) {
  const { t } = useTranslation();
  const change = (part: Partial<RoutingRules["overflow"]>) => set({ overflow: { ...draft.overflow, ...part } });
  return (
    <Section title={t("routing.overflow")} description={t("routing.overflow_hint")}>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("routing.overflow_after")} hint={t("routing.never_hint")} aside={t("routing.seconds")} error={errors["overflow"]}>
          <Amount min={0} step={1} disabled={readOnly} value={draft.overflow.after_seconds} onChange={(n) => change({ after_seconds: Math.max(0, Math.trunc(n)) })} />
        </Field>
        <Field label={t("routing.overflow_length")} hint={t("routing.never_hint")} aside={t("routing.persons")} error={errors["overflow"]}>
          <Amount min={0} step={1} disabled={readOnly} value={draft.overflow.length} onChange={(n) => change({ length: Math.max(0, Math.trunc(n)) })} />
        </Field>
      </div>
    </Section>
  );
}

const channels = ["webchat", "email", "phone", "wechat"] as const;

function WeightsPart({ draft, set, errors, readOnly }: PartProps) {
  const { t } = useTranslation();
  return (
    <Section title={t("routing.weights")} description={t("routing.weights_hint")}>
      {errors["weights"] && <p role="alert" className="mb-2 text-xs text-bad">{errors["weights"]}</p>}
      <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
        {channels.map((channel) => (
          <Field key={channel} label={t(`routing.channels.${channel}`)} aside={t("routing.places")}>
            <Amount min={0.05} step="any" disabled={readOnly} aria-label={t("routing.weight", { name: t(`routing.channels.${channel}`) })} value={draft.weights[channel] ?? 1} onChange={(n) => set({ weights: { ...draft.weights, [channel]: Math.max(0.05, n) } })} />
          </Field>
        ))}
      </div>
    </Section>
  );
}
