import { serverNow } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn } from "@yingda/ui";
import { useEffect, useState } from "react";

const target = 60;
const warnAt = 45;

/** Counts to the 60 seconds that a verification is to take; warns at 45, for the eye and for the ear. */
export function Timer({ startedAt }: { startedAt: string }) {
  const { t } = useTranslation();
  const seconds = useSeconds(startedAt);
  const late = seconds >= target ? "over" : seconds >= warnAt ? "warn" : undefined;
  return (
    <div>
      <div className="flex items-baseline gap-2 text-xs">
        <span className="text-mut">{t("verification.timer")}</span>
        <span role="timer" aria-live="off" className={cn("num text-base font-semibold", late === "warn" && "text-warn", late === "over" && "text-bad")}>
          {Math.floor(seconds / 60)}:{String(seconds % 60).padStart(2, "0")}
        </span>
        <span className="ml-auto text-faint">{t("verification.target")}</span>
      </div>
      <div aria-hidden="true" className="mt-1 h-1 overflow-hidden rounded bg-line2">
        <div className={cn("h-full rounded", late === "over" ? "bg-bad" : late === "warn" ? "bg-warn" : "bg-brand")} style={{ width: `${Math.min(100, (seconds / target) * 100)}%` }} />
      </div>
      <p role="status" className={cn("mt-1 text-xs", late === "over" ? "text-bad" : "text-warn")}>
        {late ? t(`verification.${late}`) : ""}
      </p>
    </div>
  );
}

function useSeconds(from: string): number {
  const since = () => Math.max(0, Math.floor((serverNow() - Date.parse(from)) / 1000));
  const [seconds, setSeconds] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(since()), 500);
    return () => clearInterval(timer);
  });
  return seconds;
}
