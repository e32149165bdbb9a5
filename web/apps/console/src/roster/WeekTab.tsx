import { roster, type RosterCell, type RosterDay, type RosterEntry, type RosterRow, type Shift } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, cn, EmptyState, LoadMore, Menu, Pill, Select, SkeletonRows, useToast } from "@yingda/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { CalendarDays, CopyPlus, ListPlus, UserX, X } from "lucide-react";
import { useRef, useState, type KeyboardEvent } from "react";
import { Failure, useChange } from "../form/failure";
import { SearchInput } from "../form/SearchInput";
import { can, useMe, useTeams } from "../query";
import { CopyDialog } from "./CopyDialog";
import { inUse, longDay, plusDays, shortDay, weekend, weekdayName, weekOf } from "./days";
import { FillDrawer } from "./FillDrawer";
import { rosterKeys, useShifts } from "./queries";
import { ShiftChip, useConflict } from "./ShiftChip";
import type { Place } from "./tabs";
import { WeekSwitch } from "./WeekSwitch";

/** The roster of a week, agents down and days across. */
export function WeekTab(place: Place) {
  const { t } = useTranslation();
  const manages = can(useMe(), "roster.manage");
  const week = weekOf(place.at);
  const [q, setQ] = useState("");
  const [dialog, setDialog] = useState<"fill" | "copy">();
  const teams = useTeams();
  const shifts = useShifts();
  const query = useInfiniteQuery({
    queryKey: rosterKeys.week(week.from, place.team, q),
    queryFn: ({ pageParam }) => roster.get({ ...week, team_id: place.team, q: q || undefined, cursor: pageParam, limit: 50 }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
  const rows = query.data?.pages.flatMap((page) => page.rows);
  const days = query.data?.pages[0]?.days ?? [];
  const given = inUse(shifts.data?.items ?? []);
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <WeekSwitch {...place} />
        <Select
          className="w-40"
          label={t("roster.team")}
          value={place.team ?? ""}
          onChange={(team) => place.onTeam(team || undefined)}
          options={[{ value: "", label: t("roster.all_teams") }, ...(teams.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))]}
        />
        <SearchInput className="w-44" label={t("roster.search")} value={q} onSearch={setQ} />
        {manages && (
          <span className="ml-auto flex gap-2">
            <Button icon={<CopyPlus size={15} />} onClick={() => setDialog("copy")}>
              {t("roster.copy.action")}
            </Button>
            <Button variant="primary" icon={<ListPlus size={15} />} onClick={() => setDialog("fill")} disabled={given.length === 0}>
              {t("roster.fill.action")}
            </Button>
          </span>
        )}
      </div>
      {query.isPending && <SkeletonRows rows={8} />}
      {query.error && !query.data && <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />}
      {rows && manages && shifts.data && given.length === 0 && <EmptyState icon={<CalendarDays size={20} />} title={t("roster.no_shifts")} detail={t("roster.no_shifts_hint")} />}
      {rows && (rows.length === 0 ? <EmptyState icon={<UserX size={20} />} title={t("roster.empty")} detail={t("roster.empty_hint")} /> : <Grid days={days} rows={rows} shifts={given} today={place.today} manages={manages} />)}
      <LoadMore more={query.hasNextPage} loading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
      {dialog === "fill" && <FillDrawer days={days} team={place.team} rows={rows ?? []} shifts={given} onClose={() => setDialog(undefined)} />}
      {dialog === "copy" && <CopyDialog from={week.from} team={place.team} onClose={() => setDialog(undefined)} onDone={() => place.onDay(plusDays(week.from, 7))} />}
    </>
  );
}

interface GridProps {
  days: RosterDay[];
  rows: RosterRow[];
  shifts: Shift[];
  today: string;
  manages: boolean;
}

function Grid({ days, rows, shifts, today, manages }: GridProps) {
  const { t } = useTranslation();
  const toast = useToast();
  const [at, setAt] = useState({ row: 0, day: 0 });
  const table = useRef<HTMLTableElement>(null);
  const assign = useChange((cells: RosterCell[]) => roster.assign(cells), { stale: [rosterKeys.all], onFail: () => undefined });

  function write(row: RosterRow, day: string, change: Partial<RosterCell>) {
    const entry = entryOf(row, day);
    if (!entry && !change.shift_id && !change.leave) return;
    assign.mutate([{ agent_id: row.agent_id, day, version: entry?.version ?? 0, ...change }], { onSuccess: () => toast({ text: t("roster.saved"), tone: "ok" }) });
  }
  function focus(row: number, day: number) {
    const to = { row: Math.min(Math.max(row, 0), rows.length - 1), day: Math.min(Math.max(day, 0), days.length - 1) };
    setAt(to);
    table.current?.querySelector<HTMLElement>(`[data-cell="${to.row}-${to.day}"]`)?.focus();
  }
  function keyDown(event: KeyboardEvent, r: number, d: number) {
    const to = { ArrowUp: [r - 1, d], ArrowDown: [r + 1, d], ArrowLeft: [r, d - 1], ArrowRight: [r, d + 1], Home: [r, 0], End: [r, days.length - 1] }[event.key];
    if (to) {
      event.preventDefault();
      focus(to[0]!, to[1]!);
      return;
    }
    const row = rows[r]!;
    const day = days[d]!.day;
    const nth = /^[1-9]$/.test(event.key) ? shifts[Number(event.key) - 1] : undefined;
    if (!manages || event.ctrlKey || event.metaKey || event.altKey) return;
    if (nth) {
      event.preventDefault();
      write(row, day, { shift_id: nth.id });
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      write(row, day, {});
    }
  }
  return (
    <>
      <div role="region" aria-label={t("roster.title")} tabIndex={0} className="scroll overflow-x-auto rounded-xl border bg-panel">
        <table ref={table} role="grid" aria-label={t("roster.title")} aria-readonly={!manages} className="w-full min-w-[860px] table-fixed border-collapse text-sm">
          <thead>
            <tr className="border-b bg-raise text-xs text-mut">
              <th scope="col" className="sticky left-0 z-10 w-36 bg-raise px-3 py-2 text-left font-medium">
                {t("roster.agent")}
              </th>
              {days.map((day) => (
                <DayHead key={day.day} day={day} today={today} />
              ))}
              <th scope="col" className="w-20 px-2 py-2 text-right font-medium">
                {t("roster.hours")}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, r) => (
              <tr key={row.agent_id} className="border-b last:border-b-0">
                <th scope="row" className="sticky left-0 z-10 bg-panel px-3 py-1.5 text-left font-medium break-words">
                  {row.name}
                </th>
                {days.map((day, d) => (
                  <td key={day.day} className={cn("p-1 align-top", day.holiday && "bg-bad-soft/40", weekend(day.day) && !day.holiday && "bg-raise")}>
                    <CellButton
                      row={row}
                      day={day.day}
                      shifts={shifts}
                      manages={manages}
                      id={`${r}-${d}`}
                      inTabOrder={at.row === r && at.day === d}
                      onFocus={() => setAt({ row: r, day: d })}
                      onKeyDown={(event) => keyDown(event, r, d)}
                      onWrite={(change) => write(row, day.day, change)}
                    />
                  </td>
                ))}
                <td className="num px-2 text-right align-middle text-mut">{t("roster.hours_n", { n: Math.round(row.hours * 10) / 10 })}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr className="border-t bg-raise text-xs text-mut">
              <th scope="row" className="sticky left-0 z-10 bg-raise px-3 py-2 text-left font-medium">
                {t("roster.totals")}
              </th>
              {days.map((day) => (
                <td key={day.day} className="num px-2 py-2">
                  {rows.filter((row) => entryOf(row, day.day)?.kind === "work").length}
                </td>
              ))}
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
      {manages && <p className="mt-2 text-xs text-faint print:hidden">{t("roster.keys")}</p>}
    </>
  );
}

const entryOf = (row: RosterRow, day: string): RosterEntry | undefined => row.entries.find((each) => each.day === day);

function DayHead({ day, today }: { day: RosterDay; today: string }) {
  const { t } = useTranslation();
  return (
    <th scope="col" className="px-2 py-2 text-left align-top font-medium">
      <span className="flex flex-wrap items-baseline gap-x-1.5">
        <span className={cn("num", day.day === today && "font-semibold text-brand-ink")}>
          {weekdayName(day.day)} {shortDay(day.day)}
        </span>
        {day.day === today && <span className="sr-only">{t("roster.today")}</span>}
        {day.holiday && <Pill tone="bad">{day.name || t("roster.off")}</Pill>}
        {day.cause === "makeup" && <Pill tone="warn">{t("roster.makeup")}</Pill>}
      </span>
      {!day.sure && (
        <span className="sr-only">{t("roster.provisional")}</span>
      )}
    </th>
  );
}

interface CellProps {
  row: RosterRow;
  day: string;
  shifts: Shift[];
  manages: boolean;
  id: string;
  inTabOrder: boolean;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onWrite: (change: Partial<RosterCell>) => void;
}

function CellButton({ row, day, shifts, manages, id, inTabOrder, onFocus, onKeyDown, onWrite }: CellProps) {
  const { t } = useTranslation();
  const say = useConflict();
  const entry = entryOf(row, day);
  const conflicts = row.conflicts.filter((each) => each.day === day);
  const label = t("roster.choose", { name: row.name, day: longDay(day) });
  const button = (
    <button
      type="button"
      data-cell={id}
      tabIndex={inTabOrder ? 0 : -1}
      title={conflicts.map(say).join("\n") || undefined}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
      aria-disabled={manages ? undefined : true}
      className={cn("block min-h-10 w-full rounded-md focus-visible:outline-2", manages && "hover:bg-sunk", !entry && "text-faint")}
    >
      <span className="sr-only">{label}</span>
      {entry ? <ShiftChip entry={entry} conflicts={conflicts} /> : <span aria-hidden="true">·</span>}
    </button>
  );
  if (!manages) return button;
  return (
    <Menu
      label={label}
      align="start"
      trigger={button}
      groups={[
        shifts.map((shift, i) => ({ label: shift.name, hint: `${shift.from}–${shift.to}`, keys: i < 9 ? String(i + 1) : undefined, checked: entry?.shift_id === shift.id, onSelect: () => onWrite({ shift_id: shift.id }) })),
        [{ label: t("roster.leave"), checked: entry?.kind === "leave", onSelect: () => onWrite({ leave: true }) }],
        entry ? [{ label: t("roster.clear"), icon: <X size={14} />, keys: "Del", danger: true, onSelect: () => onWrite({}) }] : [],
        conflicts.map((each) => ({ label: say(each), disabled: true, onSelect: () => undefined })),
      ]}
    />
  );
}
