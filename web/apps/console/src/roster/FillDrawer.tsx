import { roster, type RosterDay, type RosterRow, type Shift } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Checkbox, Field, MultiCombobox, Segmented, Select, useToast } from "@yingda/ui";
import { useDraft } from "../form/draft";
import { fieldErrors, useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { longDay } from "./days";
import { rosterKeys } from "./queries";

interface Draft {
  shift: string;
  some: boolean;
  agents: string[];
  days: string[];
  replace: boolean;
}

/** Gives many people one shift on many days of the week. */
export function FillDrawer({ days, team, rows, shifts, onClose }: { days: RosterDay[]; team?: string; rows: RosterRow[]; shifts: Shift[]; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const { draft, set } = useDraft<Draft>({ shift: shifts[0]?.id ?? "", some: false, agents: [], days: days.filter((each) => each.open).map((each) => each.day), replace: false });
  const fill = useChange(() => roster.fill({ shift_id: draft.shift, team_id: team, agent_ids: draft.some ? draft.agents : undefined, days: draft.days, replace: draft.replace }), {
    stale: [rosterKeys.all],
    quiet: true,
    onDone: (done) => {
      toast({ text: t("roster.fill.done", { ...done }), tone: "ok" });
      onClose();
    },
  });
  const errors = fieldErrors(fill.error);
  return (
    <FormDrawer title={t("roster.fill.title")} dirty={draft.days.length > 0 && (!draft.some || draft.agents.length > 0)} saving={fill.isPending} error={fill.error} submitLabel={t("roster.fill.action")} onSubmit={() => fill.mutate()} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Field label={t("roster.fill.shift")} error={errors["shift_id"]}>
          <Select value={draft.shift} onChange={(shift) => set({ shift })} options={shifts.map((each) => ({ value: each.id, label: each.name, hint: `${each.from}–${each.to}` }))} />
        </Field>
        <Field label={t("roster.fill.who")} group>
          <Segmented value={draft.some ? "some" : "all"} onChange={(value) => set({ some: value === "some" })} choices={[{ value: "all", label: t("roster.fill.everybody") }, { value: "some", label: t("roster.fill.some") }]} />
        </Field>
        {draft.some && (
          <Field label={t("roster.fill.some")} error={errors["agent_id"]}>
            <MultiCombobox value={draft.agents} onChange={(agents) => set({ agents })} options={rows.map((each) => ({ value: each.agent_id, label: each.name }))} placeholder={t("roster.fill.some")} />
          </Field>
        )}
        <Field label={t("roster.fill.days")} error={draft.days.length === 0 ? t("roster.fill.none") : errors["days"]} group>
          <div className="grid grid-cols-2 gap-1.5">
            {days.map((each) => (
              <Checkbox
                key={each.day}
                label={each.holiday && each.name ? `${longDay(each.day)} · ${each.name}` : longDay(each.day)}
                checked={draft.days.includes(each.day)}
                onChange={(on) => set({ days: on ? [...draft.days, each.day].sort() : draft.days.filter((day) => day !== each.day) })}
              />
            ))}
          </div>
        </Field>
        <Checkbox label={t("roster.fill.replace")} hint={t("roster.fill.replace_hint")} checked={draft.replace} onChange={(replace) => set({ replace })} />
      </div>
    </FormDrawer>
  );
}
