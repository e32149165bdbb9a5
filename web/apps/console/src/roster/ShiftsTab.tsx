import { roster, type RosterSettings, type Shift, type ShiftDraft } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Checkbox, EmptyState, Field, IconButton, Input, Pill, SaveBar, Section, Select, Switch, Table, type Column } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { CalendarClock, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useDraft } from "../form/draft";
import { fieldErrors, Loaded, useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { problem } from "../problem";
import { colorStyle, overMidnight, workedMinutes } from "./days";
import { rosterKeys, useShifts } from "./queries";

/** The kinds of shift, and what the roster is held against. */
export function ShiftsTab() {
  const { t } = useTranslation();
  const shifts = useShifts();
  const [editing, setEditing] = useState<Shift | "new">();
  const add = (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setEditing("new")}>
      {t("roster.shift.add")}
    </Button>
  );
  const columns: Column<Shift>[] = [
    {
      key: "name",
      header: t("roster.shift.name"),
      cell: (shift) => (
        <span className="rounded-md px-2 py-0.5 font-medium" style={colorStyle[shift.color]}>
          {shift.name}
        </span>
      ),
    },
    {
      key: "times",
      header: t("roster.shift.times"),
      cell: (shift) => (
        <span className="num whitespace-nowrap">
          {shift.from}–{shift.to} {overMidnight(shift) && <span className="text-xs text-mut">({t("roster.shift.over_midnight")})</span>}
        </span>
      ),
    },
    { key: "breaks", header: t("roster.shift.breaks"), cell: (shift) => <span className="num text-mut">{shift.breaks.map((each) => `${each.from}–${each.to}`).join("，") || t("roster.shift.no_breaks")}</span> },
    { key: "worked", header: t("roster.shift.worked"), align: "right", cell: (shift) => t("roster.hours_n", { n: Math.round((workedMinutes(shift) / 60) * 10) / 10 }) },
    { key: "state", header: t("roster.shift.state"), cell: (shift) => <Pill tone={shift.retired ? "plain" : "ok"}>{shift.retired ? t("roster.shift.retired") : t("roster.shift.in_use")}</Pill> },
  ];
  return (
    <>
      <Section title={t("roster.tabs.shifts")} actions={add}>
        <Loaded query={shifts}>
          {(page) =>
            page.items.length === 0 ? (
              <EmptyState icon={<CalendarClock size={20} />} title={t("roster.no_shifts")} detail={t("roster.no_shifts_hint")} />
            ) : (
              <Table
                label={t("roster.tabs.shifts")}
                columns={columns}
                rows={page.items}
                rowKey={(shift) => shift.id}
                rowActions={(shift) => <IconButton label={t("roster.shift.edit", { name: shift.name })} icon={<Pencil size={15} />} onClick={() => setEditing(shift)} />}
              />
            )
          }
        </Loaded>
      </Section>
      <LimitsSection />
      {editing && <ShiftForm shift={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
    </>
  );
}

const colors = ["blue", "green", "amber", "violet", "grey"] as const;
const begun: ShiftDraft = { name: "", color: "blue", from: "09:00", to: "18:00", breaks: [{ from: "12:00", to: "13:00" }] };

function ShiftForm({ shift, onClose }: { shift?: Shift; onClose: () => void }) {
  const { t } = useTranslation();
  const { draft, dirty, set } = useDraft<ShiftDraft>(shift ? { name: shift.name, color: shift.color as ShiftDraft["color"], from: shift.from, to: shift.to, breaks: shift.breaks, retired: shift.retired, version: shift.version, spread: false } : begun);
  const save = useChange(() => (shift ? roster.changeShift(shift.id, draft) : roster.addShift(draft)), { stale: [rosterKeys.all], quiet: true, done: t("roster.shift.saved"), onDone: onClose });
  const errors = fieldErrors(save.error);
  const setBreak = (i: number, change: Partial<{ from: string; to: string }>) => set({ breaks: draft.breaks.map((each, k) => (k === i ? { ...each, ...change } : each)) });
  return (
    <FormDrawer title={shift ? t("roster.shift.edit", { name: shift.name }) : t("roster.shift.add")} dirty={dirty || (!shift && draft.name !== "")} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <div className="grid grid-cols-2 gap-3">
          <Field label={t("roster.shift.name")} error={errors["name"]} required>
            <Input value={draft.name} maxLength={20} onChange={(event) => set({ name: event.target.value })} />
          </Field>
          <Field label={t("roster.shift.color")} error={errors["color"]}>
            <Select value={draft.color} onChange={(color) => set({ color })} options={colors.map((value) => ({ value, label: t(`roster.shift.colors.${value}`), icon: <span className="size-3 rounded" style={colorStyle[value]} /> }))} />
          </Field>
          <Field label={t("roster.shift.from")} error={errors["from"]}>
            <Input type="time" value={draft.from} onChange={(event) => set({ from: event.target.value })} />
          </Field>
          <Field label={t("roster.shift.to")} hint={overMidnight(draft) ? t("roster.shift.over_midnight") : undefined}>
            <Input type="time" value={draft.to === "24:00" ? "00:00" : draft.to} onChange={(event) => set({ to: event.target.value })} />
          </Field>
        </div>
        <Field label={t("roster.shift.breaks")} error={errors["breaks"]} group>
          <div className="flex flex-col gap-2">
            {draft.breaks.map((each, i) => (
              <div key={i} className="flex items-center gap-2">
                <Input type="time" aria-label={`${t("roster.shift.breaks")} ${i + 1} ${t("roster.shift.from")}`} value={each.from} onChange={(event) => setBreak(i, { from: event.target.value })} />
                <Input type="time" aria-label={`${t("roster.shift.breaks")} ${i + 1} ${t("roster.shift.to")}`} value={each.to} onChange={(event) => setBreak(i, { to: event.target.value })} />
                <IconButton label={t("roster.shift.remove_break")} icon={<Trash2 size={15} />} onClick={() => set({ breaks: draft.breaks.filter((_, k) => k !== i) })} />
              </div>
            ))}
            {draft.breaks.length < 6 && (
              <Button variant="ghost" className="self-start" icon={<Plus size={14} />} onClick={() => set({ breaks: [...draft.breaks, { from: draft.from, to: draft.from }] })}>
                {t("roster.shift.add_break")}
              </Button>
            )}
          </div>
        </Field>
        <p className="text-xs text-mut">
          {t("roster.shift.worked")} {t("roster.hours_n", { n: Math.round((workedMinutes(draft) / 60) * 10) / 10 })}
        </p>
        {shift && <Checkbox label={t("roster.shift.spread")} checked={draft.spread ?? false} onChange={(spread) => set({ spread })} />}
        {shift && <Switch label={t("roster.shift.retired")} hint={t("roster.shift.retired_hint")} checked={draft.retired ?? false} onChange={(retired) => set({ retired })} />}
      </div>
    </FormDrawer>
  );
}

const limits = ["rest_hours", "week_hours", "days_in_row"] as const;

function LimitsSection() {
  const { t } = useTranslation();
  const settings = useQuery({ queryKey: rosterKeys.settings, queryFn: roster.settings });
  return (
    <Section title={t("roster.limits.title")} description={t("roster.limits.hint")}>
      <Loaded query={settings}>{(saved) => <LimitsForm saved={saved} />}</Loaded>
    </Section>
  );
}

function LimitsForm({ saved }: { saved: RosterSettings }) {
  const { t } = useTranslation();
  const { draft, dirty, set, discard } = useDraft(saved);
  const save = useChange(() => roster.putSettings(draft), { stale: [rosterKeys.all], done: t("roster.limits.saved"), quiet: true, onDone: discard });
  return (
    <>
      <div className="grid max-w-3xl gap-3 sm:grid-cols-2">
        {limits.map((name) => (
          <Field key={name} label={t(`roster.limits.${name}`)}>
            <Input type="number" min={0} value={draft.limits[name]} onChange={(event) => set({ limits: { ...draft.limits, [name]: Number(event.target.value) } })} />
          </Field>
        ))}
        <Field label={t("roster.limits.tolerance_min")}>
          <Input type="number" min={0} max={60} value={draft.tolerance_min} onChange={(event) => set({ tolerance_min: Number(event.target.value) })} />
        </Field>
      </div>
      <SaveBar dirty={dirty} saving={save.isPending} onSave={() => save.mutate()} onDiscard={discard} error={save.error ? problem(save.error).text : undefined} />
    </>
  );
}
