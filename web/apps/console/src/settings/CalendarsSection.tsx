import { useQuery } from "@tanstack/react-query";
import { promises, serverNow, type Calendar, type CalendarDay, type Terms } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, IconButton, PageHeader, Pill, Section, SkeletonRows, Table, cn, type Column } from "@yingda/ui";
import { ChevronLeft, ChevronRight, Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { Failure, Loaded } from "../form/failure";
import { can, useMe } from "../query";
import { CalendarEditor } from "./CalendarEditor";
import { DueTester } from "./DueTester";
import { MissingNotices } from "./MissingNotices";
import { lookOf, monthsOf, spansText, weekGroups, type DayLook } from "./calendar";
import { promiseKeys, useTerms } from "./promiseQueries";
import { inLanguage } from "./terms";

/** When work is done: the calendars that promises count on, day by day, and when something would be due. */
export function CalendarsSection() {
  const { t } = useTranslation();
  const query = useTerms();
  return (
    <>
      <PageHeader title={t("settings.sections.calendars")} description={t("promises.calendars.about")} />
      <MissingNotices />
      <Loaded query={query}>{(terms) => <Calendars terms={terms} />}</Loaded>
    </>
  );
}

/** The calendars that count: the company's own win over those of the preset. */
function inUse(terms: Terms): { calendar: Calendar; own: boolean }[] {
  const own = new Map(terms.calendars.map((calendar) => [calendar.code, calendar]));
  const found = terms.preset.calendars.map((calendar) => ({ calendar: own.get(calendar.code) ?? calendar, own: own.has(calendar.code) }));
  const more = terms.calendars.filter((calendar) => !found.some((each) => each.calendar.code === calendar.code));
  return [...found, ...more.map((calendar) => ({ calendar, own: true }))];
}

function Calendars({ terms }: { terms: Terms }) {
  const { t } = useTranslation();
  const may = can(useMe(), "promise.manage");
  const language = currentLanguage();
  const all = inUse(terms);
  const [shown, setShown] = useState("office");
  const [editing, setEditing] = useState<Calendar | "new">();
  const current = all.find((each) => each.calendar.code === shown) ?? all[0];
  const columns: Column<(typeof all)[number]>[] = [
    {
      key: "name",
      header: t("promises.calendar"),
      cell: ({ calendar, own }) => (
        <span className="flex flex-wrap items-center gap-1.5">
          <button type="button" aria-pressed={calendar.code === current?.calendar.code} className="font-medium underline-offset-2 hover:underline aria-pressed:text-brand-ink" onClick={() => setShown(calendar.code)}>
            {inLanguage(calendar.name, language)}
          </button>
          <code className="font-mono text-2xs text-faint">{calendar.code}</code>
          {own && <Pill tone="brand">{t("promises.calendars.own")}</Pill>}
        </span>
      ),
    },
    { key: "hours", header: t("promises.calendars.hours"), cell: ({ calendar }) => <Week calendar={calendar} /> },
    { key: "holidays", header: t("promises.calendars.holidays"), wide: true, cell: ({ calendar }) => <span className="text-mut">{calendar.always || !calendar.holidays ? t("promises.calendars.no_holidays") : calendar.open_on_makeup_days ? t("promises.calendars.with_makeup") : t("promises.calendars.without_makeup")}</span> },
    { key: "exceptions", header: t("promises.calendars.exceptions"), wide: true, align: "right", cell: ({ calendar }) => calendar.exceptions.length },
  ];
  return (
    <>
      <Section
        title={t("promises.calendars.list")}
        description={t("promises.calendars.list_hint")}
        actions={
          may && (
            <Button icon={<Plus size={14} />} onClick={() => setEditing("new")}>
              {t("promises.calendars.add")}
            </Button>
          )
        }
      >
        <Table
          label={t("promises.calendars.list")}
          columns={columns}
          rows={all}
          rowKey={({ calendar }) => calendar.code}
          rowActions={may ? ({ calendar }) => <IconButton label={t("settings.edit_named", { name: inLanguage(calendar.name, language) })} icon={<Pencil size={15} />} onClick={() => setEditing(calendar)} /> : undefined}
        />
      </Section>
      {current && <YearView key={current.calendar.code} calendar={current.calendar} version={terms.version} />}
      <DueTester terms={terms} />
      {editing && <CalendarEditor calendar={editing === "new" ? undefined : editing} taken={all.map(({ calendar }) => calendar.code)} version={terms.version} onClose={() => setEditing(undefined)} onDone={(code) => (setShown(code), setEditing(undefined))} />}
    </>
  );
}

function Week({ calendar }: { calendar: Calendar }) {
  const { t } = useTranslation();
  if (calendar.always) return <span>{t("settings.hours.always")}</span>;
  const day = (n: number) => t(`settings.hours.days.${n as 0 | 1 | 2 | 3 | 4 | 5 | 6}`);
  return (
    <span className="flex flex-col">
      {weekGroups(calendar)
        .filter(({ spans }) => spans.length > 0)
        .map(({ first, last, spans }) => (
          <span key={first} className="num">
            {first === last ? day(first) : t("promises.calendars.days", { first: day(first), last: day(last) })} {spansText(spans)}
          </span>
        ))}
    </span>
  );
}

const looks: Record<DayLook, string> = {
  open: "bg-ok-soft text-ok",
  closed: "text-faint",
  holiday: "bg-bad-soft text-bad",
  makeup: "bg-warn-soft text-warn font-semibold",
  special: "bg-brand-soft text-brand-ink font-semibold",
};

function YearView({ calendar, version }: { calendar: Calendar; version: number }) {
  const { t } = useTranslation();
  const language = currentLanguage();
  const [year, setYear] = useState(() => new Date(serverNow()).getFullYear());
  const query = useQuery({ queryKey: promiseKeys.days(calendar.code, year, version), queryFn: () => promises.days(calendar.code, year), staleTime: Infinity });
  const days = query.data?.items;
  const open = days?.filter((day) => day.open).length ?? 0;
  const unsure = days?.some((day) => !day.sure) ?? false;
  const name = inLanguage(calendar.name, language);
  return (
    <Section
      title={t("promises.calendars.year_of", { name, year })}
      description={days ? t("promises.calendars.open_days", { n: open }) : undefined}
      actions={
        <>
          <IconButton label={t("promises.calendars.year_before")} icon={<ChevronLeft size={16} />} disabled={year <= 2000} onClick={() => setYear(year - 1)} />
          <span className="num w-10 text-center font-medium" aria-live="polite">{year}</span>
          <IconButton label={t("promises.calendars.year_after")} icon={<ChevronRight size={16} />} disabled={year >= 2100} onClick={() => setYear(year + 1)} />
        </>
      }
    >
      {unsure && <p role="status" className="mb-3 rounded-lg bg-warn-soft px-3 py-1.5 text-xs text-warn">{t("promises.calendars.unsure", { year })}</p>}
      {query.isError ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
      ) : !days ? (
        <SkeletonRows rows={4} />
      ) : (
        <>
          <ul aria-label={t("promises.calendars.legend")} className="mb-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-mut">
            {(Object.keys(looks) as DayLook[]).map((look) => (
              <li key={look} className="flex items-center gap-1.5">
                <span aria-hidden="true" className={cn("grid size-5 place-items-center rounded-[5px] border text-2xs", looks[look])}>
                  {t(`promises.calendars.mark.${look}`)}
                </span>
                {t(`promises.calendars.look.${look}`)}
              </li>
            ))}
          </ul>
          <div className="grid grid-cols-1 gap-x-6 gap-y-5 sm:grid-cols-2 lg:grid-cols-3">
            {monthsOf(days).map((month, i) => (
              <Month key={i} year={year} n={i + 1} days={month} />
            ))}
          </div>
          <Named days={days} />
        </>
      )}
    </Section>
  );
}

function Month({ year, n, days }: { year: number; n: number; days: (CalendarDay | undefined)[] }) {
  const { t } = useTranslation();
  const language = currentLanguage();
  const title = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { month: "long", timeZone: "UTC" }).format(new Date(Date.UTC(year, n - 1, 1)));
  const weeks = Array.from({ length: days.length / 7 }, (_, i) => days.slice(i * 7, i * 7 + 7));
  return (
    <table className="w-full table-fixed self-start border-separate border-spacing-0.5 text-center text-xs">
      <caption className="pb-1 text-left text-xs font-semibold">{title}</caption>
      <thead>
        <tr>
          {[0, 1, 2, 3, 4, 5, 6].map((day) => (
            <th key={day} scope="col" abbr={t(`settings.hours.days.${day as 0}`)} className="font-normal text-2xs text-faint">
              {t(`promises.calendars.weekday.${day as 0}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week, i) => (
          <tr key={i}>
            {week.map((day, at) => (day ? <DayCell key={day.date} day={day} /> : <td key={at} />))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function DayCell({ day }: { day: CalendarDay }) {
  const { t } = useTranslation();
  const look = lookOf(day);
  const said = [day.date, t(`promises.calendars.look.${look}`), day.name, spansText(day.spans), day.sure ? "" : t("promises.provisional")].filter(Boolean).join(" ");
  return (
    <td title={said} data-date={day.date} data-look={look} className={cn("num relative h-7 rounded-[5px]", looks[look], !day.sure && "border border-dashed border-edge")}>
      <span aria-hidden="true">
        {Number(day.date.slice(8))}
        {(look === "makeup" || look === "holiday" || look === "special") && <span className="absolute top-0 right-0.5 text-[9px] leading-3">{t(`promises.calendars.mark.${look}`)}</span>}
      </span>
      <span className="sr-only">{said}</span>
    </td>
  );
}

/** The days that are not as their week says, for those who would rather read. */
function Named({ days }: { days: CalendarDay[] }) {
  const { t } = useTranslation();
  const named = days.filter((day) => day.as !== "week");
  if (named.length === 0) return null;
  return (
    <details className="mt-4">
      <summary className="text-xs text-mut">{t("promises.calendars.named", { n: named.length })}</summary>
      <ul className="mt-2 grid gap-x-6 gap-y-0.5 text-xs sm:grid-cols-2 lg:grid-cols-3">
        {named.map((day) => (
          <li key={day.date} className="flex gap-2">
            <span className="num text-mut">{day.date}</span>
            <span>{[day.name, t(`promises.calendars.look.${lookOf(day)}`)].filter(Boolean).join(" · ")}</span>
            <span className="num ml-auto text-mut">{spansText(day.spans)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
