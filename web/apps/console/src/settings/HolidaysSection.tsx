import { promises, type HolidayNotice, type NoticePreview, type Terms } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Checkbox, EmptyState, Field, IconButton, Input, PageHeader, Pill, Section, Segmented, Table, Textarea, type Column } from "@yingda/ui";
import { CalendarDays, FileUp, Pencil, Plus, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { Loaded, isConflict, useChange } from "../form/failure";
import { problem } from "../problem";
import { can, useMe } from "../query";
import { MissingNotices } from "./MissingNotices";
import { countDays, sortedDays } from "./calendar";
import { keepTerms, useOpened, useTerms } from "./promiseQueries";

/** The State Council's notices of holidays, by year: 放假通知. */
export function HolidaysSection() {
  const { t } = useTranslation();
  const may = can(useMe(), "promise.manage");
  const query = useTerms();
  const [importing, setImporting] = useState(false);
  const [editing, setEditing] = useState<HolidayNotice>();
  const importButton = may && (
    <Button variant="primary" icon={<FileUp size={15} />} onClick={() => setImporting(true)}>
      {t("promises.notice.import")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("settings.sections.holidays")} description={t("promises.notice.about")} actions={importButton} />
      <MissingNotices link={false} />
      <Loaded query={query}>
        {(terms) =>
          terms.notices.length === 0 ? (
            <EmptyState icon={<CalendarDays size={20} />} title={t("promises.notice.empty")} detail={t("promises.notice.empty_hint")} action={importButton} />
          ) : (
            <Section title={t("promises.notice.years")} description={t("promises.notice.years_hint")}>
              <Years terms={terms} onEdit={may ? setEditing : undefined} />
            </Section>
          )
        }
      </Loaded>
      {importing && query.data && <ImportNotice version={query.data.version} onClose={() => setImporting(false)} />}
      {editing && query.data && <EditNotice notice={editing} version={query.data.version} onClose={() => setEditing(undefined)} />}
    </>
  );
}

function Years({ terms, onEdit }: { terms: Terms; onEdit?: (notice: HolidayNotice) => void }) {
  const { t } = useTranslation();
  const columns: Column<HolidayNotice>[] = [
    { key: "year", header: t("promises.notice.year"), cell: ({ year }) => <span className="num font-medium">{year}</span> },
    { key: "off", header: t("promises.notice.off"), align: "right", cell: (notice) => countDays(notice).off },
    { key: "worked", header: t("promises.notice.worked"), align: "right", cell: (notice) => countDays(notice).worked },
    { key: "whole", header: t("promises.notice.state"), cell: ({ year }) => (terms.missing.includes(year) ? <Pill tone="warn">{t("promises.notice.part")}</Pill> : <Pill tone="ok">{t("promises.notice.whole")}</Pill>) },
    {
      key: "papers",
      header: t("promises.notice.papers"),
      wide: true,
      cell: ({ papers }) =>
        papers.length === 0 ? (
          "—"
        ) : (
          <span className="flex flex-col">
            {papers.map((paper) =>
              /^https?:\/\//.test(paper) ? (
                <a key={paper} href={paper} target="_blank" rel="noreferrer" className="max-w-80 truncate text-brand-ink underline underline-offset-2">
                  {paper}
                </a>
              ) : (
                <span key={paper}>{paper}</span>
              ),
            )}
          </span>
        ),
    },
  ];
  return (
    <Table
      label={t("promises.notice.years")}
      columns={columns}
      rows={[...terms.notices].sort((a, b) => b.year - a.year)}
      rowKey={({ year }) => String(year)}
      rowActions={onEdit && ((notice) => <IconButton label={t("promises.notice.edit_year", { year: notice.year })} icon={<Pencil size={15} />} onClick={() => onEdit(sortedDays(notice))} />)}
    />
  );
}

/** Looks at a notice, then takes it: a write that failed has changed nothing. */
function useTaking(version: number, onClose: () => void) {
  const { t } = useTranslation();
  const preview = useChange((text: string) => promises.previewNotice(text), { quiet: true });
  const { opened, again } = useOpened(version);
  const take = useChange((text: string) => promises.putNotice({ version: opened, notice: text }), {
    quiet: true,
    done: t("promises.notice.taken"),
    onDone: (terms) => {
      keepTerms(terms);
      onClose();
    },
    onFail: (error) => isConflict(error) && again(),
  });
  const failed = take.error ?? preview.error;
  return { preview, take, wrong: failed ? (isConflict(failed) ? t("promises.conflict_save") : problem(failed).text) : undefined };
}

function ImportNotice({ version, onClose }: { version: number; onClose: () => void }) {
  const { t } = useTranslation();
  const file = useRef<HTMLInputElement>(null);
  const { draft, dirty, set } = useDraft({ text: "" });
  const { preview, take, wrong } = useTaking(version, onClose);
  const seen = preview.data && preview.variables === draft.text ? preview.data : undefined;
  return (
    <FormDrawer
      size="lg"
      title={t("promises.notice.import")}
      description={t("promises.notice.import_hint")}
      dirty={dirty}
      saving={preview.isPending || take.isPending}
      submitLabel={seen ? t("promises.notice.take", { year: seen.notice.year }) : t("promises.notice.look")}
      onSubmit={() => (seen ? take.mutate(draft.text) : preview.mutate(draft.text))}
      onClose={onClose}
      aside={
        <>
          <input
            ref={file}
            type="file"
            accept=".json,application/json"
            className="sr-only"
            tabIndex={-1}
            aria-label={t("promises.notice.file")}
            onChange={(event) => {
              const chosen = event.target.files?.[0];
              event.target.value = "";
              if (chosen) void chosen.text().then((text) => set({ text }));
            }}
          />
          <Button icon={<FileUp size={14} />} onClick={() => file.current?.click()}>
            {t("promises.notice.file")}
          </Button>
        </>
      }
    >
      <Field label={t("promises.notice.json")} hint={t("promises.notice.json_hint")} error={wrong}>
        <Textarea className="font-mono text-xs" spellCheck={false} minRows={10} maxRows={18} value={draft.text} placeholder={'{"year": 2027, "papers": [], "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}]}'} onChange={(e) => set({ text: e.target.value })} />
      </Field>
      {seen && <Seen preview={seen} />}
    </FormDrawer>
  );
}

/** What taking a notice would do. */
function Seen({ preview }: { preview: NoticePreview }) {
  const { t } = useTranslation();
  return (
    <div role="status" className="flex flex-col gap-1.5 rounded-lg border bg-raise px-4 py-3">
      <p className="font-medium">{t("promises.notice.holds", { year: preview.notice.year, off: preview.off, worked: preview.worked })}</p>
      {preview.replaces && <p className="text-xs text-mut">{t("promises.notice.replaces", { year: preview.notice.year })}</p>}
      {!preview.whole && <p className="text-xs text-warn">{t("promises.notice.part_hint")}</p>}
      <p className="text-xs text-mut">{preview.moves === 0 ? t("promises.notice.moves_none", { looked: preview.looked }) : t("promises.notice.moves", { n: preview.moves, looked: preview.looked })}</p>
      <p className="mt-1 flex flex-wrap gap-1">
        {sortedDays(preview.notice).days.map((day) => (
          <Pill key={day.date} tone={day.isOffDay ? "bad" : "warn"} className="num">
            {day.date.slice(5)} {day.name} {day.isOffDay ? t("promises.notice.is_off") : t("promises.notice.is_worked")}
          </Pill>
        ))}
      </p>
    </div>
  );
}

function EditNotice({ notice, version, onClose }: { notice: HolidayNotice; version: number; onClose: () => void }) {
  const { t } = useTranslation();
  const { draft, dirty, set } = useDraft<HolidayNotice>(notice);
  const { preview, take, wrong } = useTaking(version, onClose);
  const [sure, setSure] = useState(false);
  const text = JSON.stringify(draft);
  const seen = preview.data && preview.variables === text ? preview.data : undefined;
  const change = (at: number, part: Partial<HolidayNotice["days"][number]>) => set({ days: draft.days.map((held, i) => (i === at ? { ...held, ...part } : held)) });
  return (
    <FormDrawer
      size="lg"
      title={t("promises.notice.edit_year", { year: notice.year })}
      description={t("promises.notice.edit_hint")}
      dirty={dirty}
      saving={preview.isPending || take.isPending}
      submitLabel={seen ? t("common.save") : t("promises.notice.look")}
      onSubmit={() => (seen ? sure && take.mutate(text) : preview.mutate(text, { onSuccess: ({ moves }) => setSure(moves === 0) }))}
      onClose={onClose}
    >
      {wrong && <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-xs text-bad">{wrong}</p>}
      {seen && (
        <>
          <Seen preview={seen} />
          {seen.moves > 0 && <Checkbox checked={sure} onChange={setSure} label={t("promises.notice.sure", { n: seen.moves })} />}
        </>
      )}
      <ul aria-label={t("promises.notice.days")} className="flex flex-col gap-1.5">
        {draft.days.map((day, i) => {
          const name = day.date || t("promises.calendars.new_exception");
          return (
            <li key={i} className="flex flex-wrap items-center gap-2">
              <Input type="date" className="w-40" aria-label={t("promises.calendars.date")} value={day.date} onChange={(e) => change(i, { date: e.target.value })} />
              <Input className="min-w-24 flex-1" aria-label={t("promises.notice.name_of", { date: name })} maxLength={40} value={day.name} onChange={(e) => change(i, { name: e.target.value })} />
              <Segmented
                label={t("promises.notice.off_or_worked", { date: name })}
                value={day.isOffDay ? "off" : "worked"}
                onChange={(value) => change(i, { isOffDay: value === "off" })}
                choices={[
                  { value: "off", label: t("promises.notice.is_off") },
                  { value: "worked", label: t("promises.notice.is_worked") },
                ]}
              />
              <IconButton size="sm" label={t("settings.remove_named", { name })} icon={<Trash2 size={14} />} onClick={() => set({ days: draft.days.filter((_, at) => at !== i) })} />
            </li>
          );
        })}
      </ul>
      <Button size="sm" className="self-start" icon={<Plus size={13} />} onClick={() => set({ days: [...draft.days, { name: "", date: `${notice.year}-01-01`, isOffDay: true }] })}>
        {t("promises.notice.add_day")}
      </Button>
    </FormDrawer>
  );
}
