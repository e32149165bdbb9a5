import { useTranslation } from "@yingda/i18n";
import { Button, cn } from "@yingda/ui";
import { CloudOff, LoaderCircle } from "lucide-react";
import { useEffect, useState } from "react";
import { useExternal } from "../external";
import { liveStatus, retryFeed } from "../live/feed";
import { useOutboxCount } from "../live/outbox";

const patience = 2_000; // a quick reconnect is nobody's business

/** Says when the console does not hear the server, and what waits to be sent. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const status = useExternal(liveStatus, (s) => s);
  const queued = useOutboxCount();
  const lost = status.state === "waiting" || status.state === "offline" || status.state === "connecting";
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!lost) return setLate(false);
    const timer = setTimeout(() => setLate(true), patience);
    return () => clearTimeout(timer);
  }, [lost]);
  const shown = late || status.state === "offline";

  return (
    <div role="status" aria-live="polite" className={cn(shown && "flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b bg-warn-soft px-4 py-1 text-xs text-warn")}>
      {shown && (
        <>
          {status.state === "connecting" ? <LoaderCircle size={14} className="animate-spin" aria-hidden="true" /> : <CloudOff size={14} aria-hidden="true" />}
          <span>
            {status.state === "offline" && t("shell.connection.offline")}
            {status.state === "connecting" && t("shell.connection.connecting")}
            {status.state === "waiting" && <Countdown until={status.retryAt ?? 0} />}
          </span>
          {queued > 0 && <span className="num font-medium">{t("shell.connection.queued", { n: queued })}</span>}
          {status.state === "waiting" && (
            <Button size="sm" variant="ghost" className="ml-auto text-warn hover:bg-warn/10 hover:text-warn" onClick={retryFeed}>
              {t("shell.connection.retry")}
            </Button>
          )}
        </>
      )}
    </div>
  );
}

function Countdown({ until }: { until: number }) {
  const { t } = useTranslation();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return <span aria-live="off">{t("shell.connection.waiting", { n: Math.max(0, Math.ceil((until - now) / 1000)) })}</span>;
}
