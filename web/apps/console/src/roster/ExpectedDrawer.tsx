import { staffing, type StaffingDay } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Field, Input, Textarea } from "@yingda/ui";
import { Upload } from "lucide-react";
import { useRef } from "react";
import { useDraft } from "../form/draft";
import { fieldErrors, useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { longDay } from "./days";
import { readExpected, writeExpected } from "./expected";
import { rosterKeys } from "./queries";

/** Figures of one's own for a day: typed, pasted from a table, or read from a file. */
export function ExpectedDrawer({ day, channel, onClose }: { day: StaffingDay; channel: string; onClose: () => void }) {
  const { t } = useTranslation();
  const file = useRef<HTMLInputElement>(null);
  const known = day.slots.filter((slot) => slot.contacts > 0).map((slot) => ({ at: slot.at, contacts: Math.round(slot.contacts * 10) / 10, handling_s: Math.round(slot.handling_s) }));
  const { draft, dirty, set } = useDraft({ text: writeExpected(known), patience: Math.round(day.patience_s) });
  const read = readExpected(draft.text);
  const save = useChange(() => staffing.type({ channel, day: day.day, slots: read.slots, patience_s: draft.patience || undefined }), { stale: [rosterKeys.all], quiet: true, done: t("staffing.expected.saved"), onDone: onClose });
  const forget = useChange(() => staffing.forget(channel, day.day), { stale: [rosterKeys.all], done: t("staffing.expected.forgotten"), onDone: onClose });
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer
      title={t("staffing.expected.title", { day: longDay(day.day) })}
      description={t("staffing.expected.hint")}
      dirty={(dirty || day.from !== "typed") && read.wrong.length === 0 && read.slots.length > 0}
      saving={save.isPending}
      error={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
      aside={
        day.from === "typed" && (
          <Button onClick={() => forget.mutate()} loading={forget.isPending}>
            {t("staffing.expected.forget")}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={t("staffing.expected.lines")} hint={t("staffing.expected.lines_hint")} error={read.wrong.length > 0 ? t("staffing.expected.wrong", { lines: read.wrong.slice(0, 8).join(", ") }) : errors["slots"]}>
          <Textarea value={draft.text} minRows={12} maxRows={24} onChange={(event) => set({ text: event.target.value })} />
        </Field>
        <input
          ref={file}
          type="file"
          accept=".csv,.txt,text/csv"
          className="hidden"
          tabIndex={-1}
          aria-label={t("staffing.expected.upload")}
          onChange={(event) => {
            const chosen = event.target.files?.[0];
            event.target.value = "";
            if (chosen) void chosen.text().then((text) => set({ text: text.slice(0, 100_000) }));
          }}
        />
        <Button className="self-start" icon={<Upload size={15} />} onClick={() => file.current?.click()}>
          {t("staffing.expected.upload")}
        </Button>
        <Field label={t("staffing.expected.patience")} hint={t("staffing.expected.patience_hint")}>
          <Input type="number" min={0} max={86400} value={draft.patience} onChange={(event) => set({ patience: Number(event.target.value) })} />
        </Field>
      </div>
    </FormDrawer>
  );
}
