import { staffing, type Staffing, type StaffingAsk, type StaffingDay, type StaffingSettings, type StaffingSlot } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, buttonClass, cn, EmptyState, Field, Input, Pill, Section, Segmented, Select, SkeletonRows, type Tone } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { ChartNoAxesCombined, Download, Pencil, Printer, Settings2 } from "lucide-react";
import { useState } from "react";
import { useDraft } from "../form/draft";
import { Failure, fieldErrors, useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { useTeams } from "../query";
import { span } from "../time";
import { longDay, weekOf } from "./days";
import { ExpectedDrawer } from "./ExpectedDrawer";
import { rosterKeys } from "./queries";
import { StaffingChart } from "./StaffingChart";
import type { Place } from "./tabs";
import { TrialSection } from "./TrialSection";
import { WeekSwitch } from "./WeekSwitch";

export const percent = (part: number): string => `${Math.round(part * 100)}%`;
export const one = (n: number): string => String(Math.round(n * 10) / 10);

/** How many people it takes, against the roster: a day by the half hour, a week by the day. */
export function StaffingTab(place: Place) {
  const { t } = useTranslation();
  const [look, setLook] = useState<"day" | "week">("day");
  const [channel, setChannel] = useState("webchat");
  const [dialog, setDialog] = useState<"settings" | "typed">();
  const teams = useTeams();
  const days = look === "day" ? { from: place.at, to: place.at } : weekOf(place.at);
  const ask: StaffingAsk = { ...days, channel, team_id: place.team };
  const plan = useQuery({ queryKey: [...rosterKeys.all, "staffing", ask], queryFn: () => staffing.get(ask), placeholderData: (before) => before });
  const name = useChannel();
  const day = plan.data?.days[0];
  return (
    <>
      <div className="mb-3 flex flex-wrap items-end gap-2 print:hidden">
        <Segmented label={t("staffing.look")} value={look} onChange={setLook} choices={(["day", "week"] as const).map((value) => ({ value, label: t(`staffing.${value}`) }))} />
        {look === "day" ? <Input type="date" aria-label={t("staffing.day")} className="w-36" value={place.at} onChange={(event) => event.target.value && place.onDay(event.target.value)} /> : <WeekSwitch {...place} />}
        <Select className="w-36" label={t("staffing.channel")} value={channel} onChange={setChannel} options={(plan.data?.channels ?? [channel]).map((value) => ({ value, label: name(value) }))} />
        <Select
          className="w-36"
          label={t("roster.team")}
          value={place.team ?? ""}
          onChange={(team) => place.onTeam(team || undefined)}
          options={[{ value: "", label: t("roster.all_teams") }, ...(teams.data?.items ?? []).map((team) => ({ value: team.id, label: team.name }))]}
        />
        <span className="ml-auto flex flex-wrap gap-2">
          <Button icon={<Settings2 size={15} />} onClick={() => setDialog("settings")} disabled={!plan.data}>
            {t("staffing.settings.title")}
          </Button>
          <Button icon={<Printer size={15} />} onClick={() => print()}>
            {t("staffing.print")}
          </Button>
          <a href={staffing.file(ask)} download className={buttonClass("default")}>
            <Download size={15} aria-hidden="true" />
            {t("reports.file")}
          </a>
        </span>
      </div>
      {plan.isPending && <SkeletonRows rows={8} />}
      {plan.error && !plan.data && <Failure error={plan.error} onRetry={() => void plan.refetch()} retrying={plan.isFetching} />}
      {plan.data && <Basis plan={plan.data} />}
      {plan.data && look === "week" && <Week plan={plan.data} onDay={(next) => (setLook("day"), place.onDay(next))} />}
      {plan.data && look === "day" && day && <Day plan={plan.data} day={day} ask={ask} onType={() => setDialog("typed")} />}
      {dialog === "settings" && plan.data && <SettingsDrawer saved={plan.data.settings} onClose={() => setDialog(undefined)} />}
      {dialog === "typed" && day && <ExpectedDrawer day={day} channel={channel} onClose={() => setDialog(undefined)} />}
    </>
  );
}

/** What a channel is called. */
export function useChannel(): (channel: string) => string {
  const { t, i18n } = useTranslation();
  return (channel) => (i18n.exists(`staffing.channels.${channel}`) ? t(`staffing.channels.${channel as "webchat"}`) : channel);
}

/** What the plan is made from: the promise and the settings. */
function Basis({ plan }: { plan: Staffing }) {
  const { t } = useTranslation();
  const name = useChannel();
  const s = plan.settings;
  return (
    <p className="mb-3 text-xs text-mut">
      {plan.promise ? t("staffing.basis", { channel: name(plan.channel), goal: percent(s.goal), time: span(plan.promise.seconds * 1000), occupancy: percent(s.max_occupancy), shrinkage: percent(s.shrinkage), parallel: s.parallel }) : t("staffing.no_promise", { channel: name(plan.channel) })}
    </p>
  );
}

const sureTones: Record<string, Tone> = { high: "ok", fair: "plain", low: "warn", not_enough: "bad" };

function Sure({ day }: { day: StaffingDay }) {
  const { t } = useTranslation();
  if (day.from === "typed") return <Pill tone="brand">{t("staffing.typed_by", { name: day.typed_by })}</Pill>;
  return <Pill tone={sureTones[day.sure] ?? "plain"}>{t(`staffing.sure.${day.sure}`)}</Pill>;
}

function useLike(): (day: StaffingDay) => string {
  const { t } = useTranslation();
  return (day) => (day.like === "holiday" ? t("staffing.like.holiday", { name: day.holiday || t("roster.off") }) : t("staffing.like.weekday", { day: t(`staffing.weekdays.${day.like.slice(-1) as "0"}`) }));
}

function Day({ plan, day, ask, onType }: { plan: Staffing; day: StaffingDay; ask: StaffingAsk; onType: () => void }) {
  const { t } = useTranslation();
  const like = useLike();
  const nothing = day.from === "nothing";
  return (
    <>
      <Section
        title={longDay(day.day)}
        description={nothing ? t("staffing.nothing", { like: like(day), days: day.days, n: day.contacts }) : day.from === "typed" ? t("staffing.from_typed") : t("staffing.from_days", { like: like(day), days: day.days, n: day.contacts, weeks: plan.settings.weeks })}
        actions={
          <>
            <Sure day={day} />
            <Button icon={<Pencil size={14} />} onClick={onType} className="print:hidden">
              {t("staffing.type")}
            </Button>
          </>
        }
      >
        {nothing ? (
          <EmptyState icon={<ChartNoAxesCombined size={20} />} title={t("staffing.not_enough")} detail={t("staffing.not_enough_hint")} action={<Button onClick={onType}>{t("staffing.type")}</Button>} />
        ) : (
          <>
            <Totals day={day} goal={plan.settings.goal} />
            <StaffingChart slots={day.slots} />
          </>
        )}
      </Section>
      {!nothing && <Slots day={day} goal={plan.settings.goal} />}
      {!nothing && plan.promise && <TrialSection day={day} ask={ask} />}
    </>
  );
}

/** The day in a few numbers: weighed by how many come. */
export function wholeDay(slots: readonly StaffingSlot[]) {
  const open = slots.filter((slot) => slot.open);
  const contacts = open.reduce((sum, slot) => sum + slot.contacts, 0);
  const mean = (of: (slot: StaffingSlot) => number) => (contacts > 0 ? open.reduce((sum, slot) => sum + slot.contacts * of(slot), 0) / contacts : 0);
  return {
    contacts,
    short: open.filter((slot) => slot.over < -0.05).length,
    missing: open.reduce((sum, slot) => sum + Math.max(0, -slot.over) / 2, 0),
    spare: open.reduce((sum, slot) => sum + Math.max(0, slot.over) / 2, 0),
    level: mean((slot) => slot.service_level),
    abandon: mean((slot) => slot.abandon),
    wait: mean((slot) => slot.mean_wait_s),
    overloaded: open.some((slot) => slot.overloaded && slot.contacts > 0),
  };
}

function Totals({ day, goal }: { day: StaffingDay; goal: number }) {
  const { t } = useTranslation();
  const all = wholeDay(day.slots);
  const tiles: [string, string, boolean][] = [
    [t("staffing.total.contacts"), one(all.contacts), false],
    [t("staffing.total.level"), percent(all.level), all.level < goal],
    [t("staffing.total.wait"), all.overloaded ? "—" : span(all.wait * 1000), false],
    [t("staffing.total.abandon"), percent(all.abandon), false],
    [t("staffing.total.short"), t("staffing.half_hours", { n: all.short }), all.short > 0],
    [t("staffing.total.missing"), t("staffing.person_hours", { n: one(all.missing) }), all.missing > 0.05],
    [t("staffing.total.spare"), t("staffing.person_hours", { n: one(all.spare) }), false],
  ];
  return (
    <dl className="mb-4 grid grid-cols-2 gap-2 sm:grid-cols-4 xl:grid-cols-7">
      {tiles.map(([name, value, bad]) => (
        <div key={name} className="rounded-lg border p-2.5">
          <dt className="text-2xs text-mut">{name}</dt>
          <dd className={cn("num text-lg font-semibold", bad && "text-bad")}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Slots({ day, goal }: { day: StaffingDay; goal: number }) {
  const { t } = useTranslation();
  const shown = day.slots.filter((slot) => slot.contacts > 0 || slot.rostered > 0);
  const [why, setWhy] = useState<string>();
  const heads = ["time", "contacts", "handling", "at_desk", "needed", "rostered", "over", "level", "wait", "abandon", "occupancy"] as const;
  return (
    <Section title={t("staffing.table")} description={t("staffing.table_hint")}>
      <div role="region" aria-label={t("staffing.table")} tabIndex={0} className="scroll overflow-x-auto rounded-lg border">
        <table className="w-full min-w-[820px] border-collapse text-sm">
          <caption className="sr-only">{t("staffing.table")}</caption>
          <thead>
            <tr className="border-b bg-raise text-xs text-mut">
              {heads.map((head) => (
                <th key={head} scope="col" className={cn("px-2.5 py-2 font-medium whitespace-nowrap", head === "time" ? "text-left" : "text-right")}>
                  {t(`staffing.head.${head}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((slot) => [
              <tr key={slot.at} className="border-b hover:bg-raise">
                <th scope="row" className="px-2.5 py-1 text-left font-medium whitespace-nowrap">
                  {slot.why.length > 0 ? (
                    <button type="button" className="num rounded underline decoration-dotted underline-offset-4 hover:text-brand-ink" aria-expanded={why === slot.at} onClick={() => setWhy(why === slot.at ? undefined : slot.at)}>
                      {slot.at}
                      <span className="sr-only"> {t("staffing.why")}</span>
                    </button>
                  ) : (
                    <span className="num">{slot.at}</span>
                  )}
                </th>
                <td className="num px-2.5 py-1 text-right whitespace-nowrap">
                  {one(slot.contacts)}
                  {slot.error > 0 && <span className="text-2xs text-faint"> ±{one(2 * slot.error)}</span>}
                </td>
                <td className="num px-2.5 py-1 text-right whitespace-nowrap text-mut">{slot.handling_s > 0 ? span(slot.handling_s * 1000) : "—"}</td>
                <td className="num px-2.5 py-1 text-right">{slot.open ? slot.at_desk : "—"}</td>
                <td className="num px-2.5 py-1 text-right font-medium">{slot.open ? slot.needed : "—"}</td>
                <td className="num px-2.5 py-1 text-right">{one(slot.rostered)}</td>
                <td className={cn("num px-2.5 py-1 text-right font-medium", slot.open && slot.over < -0.05 && "text-bad", slot.over > 0.05 && "text-mut")}>{slot.open ? `${slot.over > 0.05 ? "+" : ""}${one(slot.over)}` : "—"}</td>
                <td className={cn("num px-2.5 py-1 text-right", slot.open && slot.contacts > 0 && slot.service_level < goal && "text-bad")}>{slot.open && slot.contacts > 0 ? percent(slot.service_level) : "—"}</td>
                <td className="num px-2.5 py-1 text-right whitespace-nowrap">{!slot.open || slot.contacts === 0 ? "—" : slot.overloaded ? t(slot.abandon === 1 ? "staffing.nobody" : "staffing.overloaded") : span(slot.mean_wait_s * 1000)}</td>
                <td className="num px-2.5 py-1 text-right">{slot.open && slot.contacts > 0 ? percent(slot.abandon) : "—"}</td>
                <td className="num px-2.5 py-1 text-right text-mut">{slot.open && slot.contacts > 0 ? percent(slot.occupancy) : "—"}</td>
              </tr>,
              why === slot.at && (
                <tr key={`${slot.at}-why`} className="border-b bg-raise">
                  <td colSpan={heads.length} className="px-2.5 py-2">
                    <ul className="list-inside list-disc text-xs text-mut">
                      {slot.why.map((line) => (
                        <li key={line}>{line}</li>
                      ))}
                    </ul>
                  </td>
                </tr>
              ),
            ])}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function Week({ plan, onDay }: { plan: Staffing; onDay: (day: string) => void }) {
  const { t } = useTranslation();
  const like = useLike();
  return (
    <Section title={t("staffing.week")}>
      <div role="region" aria-label={t("staffing.week")} tabIndex={0} className="scroll overflow-x-auto rounded-lg border">
        <table className="w-full min-w-[720px] border-collapse text-sm">
          <caption className="sr-only">{t("staffing.week")}</caption>
          <thead>
            <tr className="border-b bg-raise text-xs text-mut">
              {(["day", "like", "sure", "contacts", "level", "short", "missing", "spare"] as const).map((head) => (
                <th key={head} scope="col" className={cn("px-3 py-2 font-medium whitespace-nowrap", ["day", "like", "sure"].includes(head) ? "text-left" : "text-right")}>
                  {t(`staffing.week_head.${head}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {plan.days.map((day) => {
              const all = wholeDay(day.slots);
              const known = day.from !== "nothing";
              return (
                <tr key={day.day} className="border-b last:border-b-0 hover:bg-raise">
                  <th scope="row" className="px-3 py-1.5 text-left font-medium">
                    <button type="button" className="rounded hover:text-brand-ink hover:underline" onClick={() => onDay(day.day)}>
                      {longDay(day.day)}
                    </button>
                  </th>
                  <td className="px-3 py-1.5 text-mut">{like(day)}</td>
                  <td className="px-3 py-1.5">
                    <Sure day={day} />
                  </td>
                  <td className="num px-3 py-1.5 text-right">{known ? one(all.contacts) : "—"}</td>
                  <td className={cn("num px-3 py-1.5 text-right", known && all.contacts > 0 && all.level < plan.settings.goal && "font-medium text-bad")}>{known && all.contacts > 0 ? percent(all.level) : "—"}</td>
                  <td className="num px-3 py-1.5 text-right">{known ? all.short : "—"}</td>
                  <td className={cn("num px-3 py-1.5 text-right", all.missing > 0.05 && "font-medium text-bad")}>{known ? one(all.missing) : "—"}</td>
                  <td className="num px-3 py-1.5 text-right text-mut">{known ? one(all.spare) : "—"}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

const parts = ["goal", "max_occupancy", "shrinkage"] as const;
const wholes = ["weeks", "parallel"] as const;

function SettingsDrawer({ saved, onClose }: { saved: StaffingSettings; onClose: () => void }) {
  const { t } = useTranslation();
  const { draft, dirty, set } = useDraft(saved);
  const save = useChange(() => staffing.putSettings(draft), { stale: [rosterKeys.all], quiet: true, done: t("staffing.settings.saved"), onDone: onClose });
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer title={t("staffing.settings.title")} dirty={dirty} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="flex flex-col gap-4">
        {parts.map((name) => (
          <Field key={name} label={t(`staffing.settings.${name}`)} hint={t(`staffing.settings.${name}_hint`)} error={errors[name]}>
            <Input type="number" min={0} max={100} step={1} suffix={<span className="pr-2">%</span>} value={Math.round(draft[name] * 100)} onChange={(event) => set({ [name]: Number(event.target.value) / 100 })} />
          </Field>
        ))}
        {wholes.map((name) => (
          <Field key={name} label={t(`staffing.settings.${name}`)} hint={t(`staffing.settings.${name}_hint`)} error={errors[name]}>
            <Input type="number" min={1} value={draft[name]} onChange={(event) => set({ [name]: Number(event.target.value) })} />
          </Field>
        ))}
      </div>
    </FormDrawer>
  );
}
