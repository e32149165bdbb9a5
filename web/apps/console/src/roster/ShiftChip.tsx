import type { RosterConflict, RosterEntry } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { TriangleAlert } from "lucide-react";
import { colorStyle } from "./days";

/** An entry of the roster: name and hours, in the color of its shift. */
export function ShiftChip({ entry, conflicts = [] }: { entry: RosterEntry; conflicts?: RosterConflict[] }) {
  const { t } = useTranslation();
  const say = useConflict();
  const work = entry.kind === "work";
  return (
    <span className="flex min-w-0 flex-col rounded-md px-1.5 py-1 text-left text-xs leading-tight" style={colorStyle[entry.color]}>
      <span className="flex items-center gap-1 font-medium">
        <span className="truncate">{work ? entry.name : t("roster.leave")}</span>
        {conflicts.length > 0 && (
          <>
            <TriangleAlert size={12} className="ml-auto shrink-0 text-bad" aria-hidden="true" />
            <span className="sr-only">{conflicts.map(say).join("；")}</span>
          </>
        )}
      </span>
      <span className="num truncate text-2xs">{work ? `${entry.from}–${entry.to}` : (entry.note ?? "")}</span>
    </span>
  );
}

/** What speaks against an entry, in words. */
export function useConflict(): (conflict: RosterConflict) => string {
  const { t } = useTranslation();
  return (conflict) => {
    const n = Math.round(conflict.value * 10) / 10;
    switch (conflict.code) {
      case "overlap":
        return t("roster.conflict.overlap");
      case "rest":
        return t("roster.conflict.rest", { n, limit: conflict.limit });
      case "week_hours":
        return t("roster.conflict.week_hours", { n, limit: conflict.limit });
      case "days_in_row":
        return t("roster.conflict.days_in_row", { n, limit: conflict.limit });
      default:
        return t("roster.conflict.holiday", { name: conflict.name });
    }
  };
}
