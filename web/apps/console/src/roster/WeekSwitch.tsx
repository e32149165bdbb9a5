import { useTranslation } from "@yingda/i18n";
import { Button, IconButton } from "@yingda/ui";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { plusDays, weekOf } from "./days";
import type { Place } from "./tabs";

/** The week that is shown, with the ways to others. */
export function WeekSwitch({ at, today, onDay }: Pick<Place, "at" | "today" | "onDay">) {
  const { t } = useTranslation();
  const week = weekOf(at);
  return (
    <div className="flex items-center gap-1.5">
      <IconButton label={t("roster.earlier")} icon={<ChevronLeft size={16} />} onClick={() => onDay(plusDays(week.from, -7))} />
      <span className="num min-w-44 text-center text-sm font-medium">{t("roster.week", week)}</span>
      <IconButton label={t("roster.later")} icon={<ChevronRight size={16} />} onClick={() => onDay(plusDays(week.from, 7))} />
      {weekOf(today).from !== week.from && <Button onClick={() => onDay(today)}>{t("roster.this_week")}</Button>}
    </div>
  );
}
