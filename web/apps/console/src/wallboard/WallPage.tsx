import type { WallAgent, WallFigures, Wallboard } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { cn, ErrorState } from "@yingda/ui";
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useEffect, type ReactNode } from "react";
import { startFeed } from "../live/feed";
import { problem } from "../problem";
import { useMe, useSettings } from "../query";
import { leaveForSignIn } from "../router";
import { Allowed } from "../shell/pages";
import { usePresenceLabel } from "../shell/PresenceMenu";
import { useTelephony } from "../softphone/Unreachable";
import { clockTime, useNow } from "../time";
import { abandonMood, levelMood, mute, occupancyMood, queueMood, stopwatch, waitingMood, type Mood } from "./look";
import { useWallboard } from "./useWallboard";
import { inks, wallNeeds } from "./WallboardPage";

/** The wallboard for a screen on the wall: nothing to press, nothing to scroll, readable from five metres. */
export default function WallPage() {
  const me = useMe();
  useEffect(() => startFeed(leaveForSignIn), [me.id]);
  useAwake();
  return (
    <Allowed to={wallNeeds}>
      <Screen />
    </Allowed>
  );
}

/** Keeps the screen from going dark, where the browser can. */
function useAwake(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    const ask = async () => {
      if (document.hidden || !("wakeLock" in navigator)) return;
      lock = await navigator.wakeLock.request("screen").catch(() => undefined);
    };
    void ask();
    document.addEventListener("visibilitychange", ask);
    return () => {
      document.removeEventListener("visibilitychange", ask);
      void lock?.release();
    };
  }, []);
}

function Screen() {
  const { t } = useTranslation();
  const company = useSettings().data?.company[currentLanguage()];
  const { board, live } = useWallboard();
  const now = useNow(1_000);
  return (
    <main className="flex h-dvh w-screen flex-col gap-[1.2vmin] overflow-hidden bg-canvas p-[1.6vmin] text-fg" style={{ containerType: "size" }}>
      <header className="flex shrink-0 items-center gap-[2vmin] text-[max(2.9vmin,14px)] leading-tight">
        <h1 className="truncate font-semibold">{company || t("wallboard.title")}</h1>
        <span role="status" className={cn("ml-auto flex items-center gap-[1vmin]", live ? "text-ok" : "text-bad")}>
          <span aria-hidden="true" className={cn("size-[1.6vmin] rounded-full", live ? "bg-ok-dot" : "animate-pulse bg-bad-dot")} />
          {t(live ? "wallboard.screen.live" : "wallboard.screen.reconnecting")}
        </span>
        <time className="num font-semibold">{clockTime(new Date(now).toISOString())}</time>
        <Link to="/wallboard" aria-label={t("wallboard.screen.exit")} className="grid size-[max(3.4vmin,24px)] place-items-center rounded-md text-faint hover:bg-raise hover:text-fg">
          <X size="70%" aria-hidden="true" />
        </Link>
      </header>
      {board.data ? <Board board={board.data} now={now} /> : board.error ? <ErrorState title={t("common.error.title")} detail={problem(board.error).text} onRetry={() => void board.refetch()} /> : null}
    </main>
  );
}

function Board({ board, now }: { board: Wallboard; now: number }) {
  const { t } = useTranslation();
  const { figures: f, queue } = board;
  const none = t("wallboard.figures.no_value");
  return (
    <>
      <div className="grid min-h-0 flex-[3] grid-cols-4 grid-rows-2 gap-[1.2vmin] portrait:grid-cols-2 portrait:grid-rows-4">
        <Figure label={t("wallboard.figures.waiting")} mood={waitingMood(f, queue, now)}>
          {f.waiting}
        </Figure>
        <Figure label={t("wallboard.figures.oldest")} mood={f.oldest_at ? queueMood(queue, now) : "ok"}>
          {f.oldest_at ? stopwatch(now - Date.parse(f.oldest_at)) : none}
        </Figure>
        <Figure label={t("wallboard.figures.level")} mood={levelMood(f.level.all)}>
          {whole(f.level.all) ?? none}
        </Figure>
        <Figure label={t("wallboard.figures.late")} mood={f.late > 0 ? "bad" : "ok"}>
          {f.late}
        </Figure>
        <Figure label={t("wallboard.figures.open")}>{f.open}</Figure>
        <Figure label={t("wallboard.figures.agents")} mood={f.online === 0 ? "warn" : "plain"}>
          {f.online}
        </Figure>
        <Figure label={t("wallboard.figures.occupancy")} mood={occupancyMood(f.occupancy)}>
          {whole(f.occupancy) ?? none}
        </Figure>
        <Figure label={t("wallboard.figures.abandon")} mood={abandonMood(f.level.abandon)}>
          {whole(f.level.abandon) ?? none}
        </Figure>
      </div>
      <People agents={board.agents} figures={f} now={now} />
    </>
  );
}

/** From five metres nobody reads a tenth. */
const whole = (percent: number | undefined) => (percent === undefined ? undefined : `${Math.round(percent)}%`);

const grounds: Record<Mood, string> = { plain: "bg-panel", ok: "bg-panel", warn: "bg-warn-soft border-warn-dot", bad: "bg-bad-soft border-bad-dot" };

function Figure({ label, mood = "plain", children }: { label: string; mood?: Mood; children: ReactNode }) {
  return (
    <section className={cn("flex min-h-0 min-w-0 flex-col justify-between overflow-hidden rounded-[1.6vmin] border-[0.3vmin] px-[2.4vmin] py-[1.4vmin]", grounds[mood])}>
      <h2 className="truncate text-[max(3.1vmin,13px)] leading-tight text-mut">{label}</h2>
      <p className={cn("num truncate text-[min(13vmin,8.2vw)] leading-none font-semibold", inks[mood])}>{children}</p>
    </section>
  );
}

/** How many agents fit on the screen. */
const fits = 10;

const chips = { online: "bg-ok-dot", busy: "bg-warn-dot", break: "bg-brand", offline: "bg-off-dot" };

function People({ agents, figures: f, now }: { agents: WallAgent[]; figures: WallFigures; now: number }) {
  const { t } = useTranslation();
  const presence = usePresenceLabel();
  const { calls } = useTelephony();
  const there = agents.filter((a) => a.presence.state !== "offline" || a.load > 0);
  const shown = there.slice(0, there.length > fits ? fits - 1 : fits);
  return (
    <section aria-label={t("wallboard.agents.title")} className={cn("flex min-h-0 flex-col overflow-hidden portrait:flex-[1.35]", there.length > fits / 2 ? "flex-[1.35]" : "flex-[0.8]")}>
      <h2 className="sr-only">{t("wallboard.screen.agents", { n: f.online + f.busy + f.away })}</h2>
      <ul className={cn("grid min-h-0 flex-1 grid-cols-5 gap-[1.2vmin] portrait:grid-cols-2 portrait:grid-rows-5", there.length > fits / 2 ? "grid-rows-2" : "grid-rows-1")}>
        {shown.map((a) => (
          <li key={a.id} className="flex min-h-0 min-w-0 items-center gap-[1.4vmin] overflow-hidden rounded-[1.2vmin] border bg-panel px-[1.6vmin]">
            <span aria-hidden="true" className={cn("h-[70%] w-[0.8vmin] shrink-0 rounded", chips[a.presence.state])} />
            <span className="min-w-0 flex-1">
              <span className="flex items-baseline gap-[1vmin]">
                <span className="truncate text-[max(3vmin,13px)] leading-tight font-semibold">{a.name}</span>
                <span className={cn("num ml-auto shrink-0 text-[max(3vmin,13px)] leading-tight", a.load + a.ringing >= a.capacity ? "text-warn" : "text-mut")}>
                  {a.load}/{a.capacity}
                </span>
              </span>
              <span className="num block truncate text-[max(2.5vmin,12px)] leading-tight text-mut">
                {presence(a.presence.state, a.presence.reason)} {stopwatch(now - Date.parse(a.presence.since))}
                {calls && mute(a) && <span className="text-warn"> · {t("wallboard.agents.no_phone")}</span>}
              </span>
            </span>
          </li>
        ))}
        {there.length > shown.length && <li className="num grid place-items-center rounded-[1.2vmin] border bg-panel text-[max(3vmin,13px)] text-mut">{t("wallboard.screen.more", { n: there.length - shown.length })}</li>}
      </ul>
    </section>
  );
}
