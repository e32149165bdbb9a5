import { roster, type RosterDay, type RosterEntry } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Combobox, EmptyState, Field, Pill, Section, Select, Textarea, useToast, cn } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { ArrowLeftRight, UserX } from "lucide-react";
import { useState } from "react";
import { useDraft } from "../form/draft";
import { fieldErrors, Loaded, useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { useMe } from "../query";
import { isWork, longDay, plusDays, weekOf } from "./days";
import { rosterKeys } from "./queries";
import { ShiftChip, useConflict } from "./ShiftChip";
import type { Place } from "./tabs";
import { WeekSwitch } from "./WeekSwitch";

/** The reader's own roster: two weeks, and the way to give a shift away. */
export function MineTab(place: Place) {
  const { t } = useTranslation();
  const from = weekOf(place.at).from;
  const mine = useQuery({ queryKey: rosterKeys.mine(from), queryFn: () => roster.mine({ from, to: plusDays(from, 13) }) });
  const [swapping, setSwapping] = useState<RosterEntry>();
  return (
    <>
      <div className="mb-3">
        <WeekSwitch {...place} />
      </div>
      <Loaded query={mine}>
        {(found) => {
          const row = found.rows[0];
          if (!row) return <EmptyState icon={<UserX size={20} />} title={t("roster.no_mine")} />;
          return [found.days.slice(0, 7), found.days.slice(7)].map((days) => (
            <Section key={days[0]?.day} title={t("roster.week", { from: days[0]?.day, to: days.at(-1)?.day })}>
              <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-7">
                {days.map((day) => (
                  <DayCard key={day.day} day={day} today={found.today} entry={row.entries.find((each) => each.day === day.day)} conflicts={row.conflicts.filter((each) => each.day === day.day)} onSwap={setSwapping} />
                ))}
              </ul>
            </Section>
          ));
        }}
      </Loaded>
      {swapping && <SwapDrawer entry={swapping} onClose={() => setSwapping(undefined)} />}
    </>
  );
}

interface DayCardProps {
  day: RosterDay;
  today: string;
  entry?: RosterEntry;
  conflicts: Parameters<ReturnType<typeof useConflict>>[0][];
  onSwap: (entry: RosterEntry) => void;
}

function DayCard({ day, today, entry, conflicts, onSwap }: DayCardProps) {
  const { t } = useTranslation();
  return (
    <li className={cn("flex min-h-24 flex-col gap-1.5 rounded-lg border p-2", day.day === today && "border-brand")}>
      <span className="num flex flex-wrap items-center gap-1 text-xs text-mut">
        {longDay(day.day)}
        {day.holiday && <Pill tone="bad">{day.name || t("roster.off")}</Pill>}
        {day.cause === "makeup" && <Pill tone="warn">{t("roster.makeup")}</Pill>}
      </span>
      {entry ? <ShiftChip entry={entry} conflicts={conflicts} /> : <span className="text-xs text-faint">{t("roster.off")}</span>}
      {isWork(entry) && day.day >= today && (
        <Button variant="ghost" className="mt-auto" icon={<ArrowLeftRight size={14} />} onClick={() => onSwap(entry)} aria-label={`${t("roster.swap.ask")} ${longDay(day.day)}`}>
          {t("roster.swap.ask")}
        </Button>
      )}
    </li>
  );
}

function SwapDrawer({ entry, onClose }: { entry: RosterEntry; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const me = useMe();
  const from = weekOf(entry.day).from;
  const others = useQuery({ queryKey: [...rosterKeys.week(from, undefined, ""), "swap"], queryFn: () => roster.get({ from, to: plusDays(from, 13), limit: 100 }) });
  const { draft, dirty, set } = useDraft({ agent_id: "", back: "", note: "" });
  const mates = (others.data?.rows ?? []).filter((row) => row.agent_id !== me.id);
  const mate = mates.find((row) => row.agent_id === draft.agent_id);
  const ask = useChange(() => roster.askSwap({ day: entry.day, agent_id: draft.agent_id, back: draft.back || undefined, note: draft.note || undefined }), {
    stale: [rosterKeys.swaps],
    quiet: true,
    onDone: () => {
      toast({ text: t("roster.swap.asked", { name: mate?.name }), tone: "ok" });
      onClose();
    },
  });
  const errors = fieldErrors(ask.error);
  return (
    <FormDrawer title={t("roster.swap.title", { day: longDay(entry.day), shift: entry.name })} dirty={dirty && draft.agent_id !== ""} saving={ask.isPending} error={ask.error} submitLabel={t("roster.swap.ask")} onSubmit={() => ask.mutate()} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Field label={t("roster.swap.with")} error={errors["agent_id"] ?? errors["day"]} required>
          <Combobox value={draft.agent_id || undefined} onChange={(agent_id) => set({ agent_id: agent_id ?? "", back: "" })} options={mates.map((row) => ({ value: row.agent_id, label: row.name }))} placeholder={t("roster.swap.choose")} />
        </Field>
        <Field label={t("roster.swap.back")}>
          <Select
            value={draft.back}
            onChange={(back) => set({ back })}
            options={[
              { value: "", label: t("roster.swap.none_back") },
              ...(mate?.entries ?? []).filter((each) => isWork(each) && each.day >= (others.data?.today ?? "")).map((each) => ({ value: each.day, label: `${longDay(each.day)} ${each.name}`, hint: `${each.from}–${each.to}` })),
            ]}
          />
        </Field>
        <Field label={t("roster.swap.note")} error={errors["note"]}>
          <Textarea value={draft.note} maxLength={200} onChange={(event) => set({ note: event.target.value })} />
        </Field>
      </div>
    </FormDrawer>
  );
}
