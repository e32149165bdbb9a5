import { ApiError, type Wallboard, type WallQueued, type WallRisk } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, buttonClass, cn, Dialog, EmptyState, ErrorState, Pill, Section, Skeleton, SkeletonRows } from "@yingda/ui";
import { Link } from "@tanstack/react-router";
import { CircleHelp, Monitor, Siren, UsersRound } from "lucide-react";
import { useState, type ReactNode } from "react";
import { roughText } from "../case/ClockPill";
import { useLang } from "../case/lang";
import { problem } from "../problem";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { span, useNow } from "../time";
import { AgentsTable } from "./AgentsTable";
import { abandonMood, levelMood, occupancyMood, percent, promiseMood, queueMood, riskMood, stopwatch, waitingMood, type Mood } from "./look";
import { useWallboard } from "./useWallboard";

export const wallNeeds = ["conversation.monitor"];

export default function WallboardPage() {
  const { t } = useTranslation();
  return (
    <Allowed to={wallNeeds}>
      <Live title={t("wallboard.title")} />
    </Allowed>
  );
}

function Live({ title }: { title: string }) {
  const { t } = useTranslation();
  const { board } = useWallboard();
  const [defined, setDefined] = useState(false);
  return (
    <Page
      wide
      title={title}
      description={t("wallboard.hint")}
      actions={
        <>
          <Button variant="ghost" icon={<CircleHelp size={15} aria-hidden="true" />} disabled={!board.data} onClick={() => setDefined(true)}>
            {t("wallboard.defined")}
          </Button>
          <Link to="/wall" className={buttonClass("default")}>
            <Monitor size={15} aria-hidden="true" />
            {t("wallboard.wall")}
          </Link>
        </>
      }
    >
      {board.isPending && <Loading />}
      {board.error && !board.data && (
        <ErrorState title={t("common.error.title")} detail={problem(board.error).text} requestId={board.error instanceof ApiError ? board.error.requestId : undefined} onRetry={() => void board.refetch()} retrying={board.isFetching} />
      )}
      {board.data && (
        <>
          <Figures board={board.data} />
          <div className="grid grid-cols-1 gap-x-4 lg:grid-cols-2">
            <Queue board={board.data} />
            <Risks rows={board.data.risks} />
          </div>
          <AgentsTable agents={board.data.agents} />
        </>
      )}
      {defined && board.data && <Definitions board={board.data} onClose={() => setDefined(false)} />}
    </Page>
  );
}

function Loading() {
  return (
    <>
      <div className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-4">
        {Array.from({ length: 8 }, (_, i) => (
          <Skeleton key={i} className="h-24" />
        ))}
      </div>
      <SkeletonRows rows={6} />
    </>
  );
}

export const inks: Record<Mood, string> = { plain: "text-fg", ok: "text-ok", warn: "text-warn", bad: "text-bad" };
const edges: Record<Mood, string> = { plain: "", ok: "", warn: "border-warn-dot/60 bg-warn-soft", bad: "border-bad-dot/60 bg-bad-soft" };

function Tile({ label, value, mood = "plain", children }: { label: string; value: ReactNode; mood?: Mood; children?: ReactNode }) {
  return (
    <li className={cn("rounded-xl border bg-panel px-4 py-3", edges[mood])}>
      <p className="text-xs text-mut">{label}</p>
      <p className={cn("num text-2xl leading-tight font-semibold", inks[mood])}>{value}</p>
      <div className="num text-2xs text-mut">{children}</div>
    </li>
  );
}

function Figures({ board: { figures: f, queue } }: { board: Wallboard }) {
  const { t } = useTranslation();
  const now = useNow(1_000);
  const none = t("wallboard.figures.no_value");
  const level = percent(f.level.all);
  const more = [
    f.level.of_taken !== undefined && t("wallboard.levels.of_taken", { value: percent(f.level.of_taken) }),
    f.level.fair !== undefined && t("wallboard.levels.fair", { value: percent(f.level.fair) }),
    f.level.rate !== undefined && t("wallboard.levels.rate", { value: percent(f.level.rate) }),
  ].filter(Boolean);
  return (
    <ul className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-4" data-testid="figures">
      <Tile label={t("wallboard.figures.waiting")} value={f.waiting} mood={waitingMood(f, queue, now)}>
        {f.ringing > 0 ? t("wallboard.figures.ringing", { n: f.ringing }) : t("wallboard.figures.nobody_rings")}
      </Tile>
      <Tile label={t("wallboard.figures.oldest")} value={f.oldest_at ? stopwatch(now - Date.parse(f.oldest_at)) : none} mood={f.oldest_at ? queueMood(queue, now) : "plain"}>
        {!f.oldest_at && t("wallboard.figures.none")}
      </Tile>
      <Tile label={t("wallboard.figures.level")} value={level ?? none} mood={levelMood(f.level.all)}>
        {level ? t("wallboard.figures.level_of", { kept: f.level.kept, offered: f.level.offered }) : t("wallboard.figures.level_none")}
        {more.length > 0 && <p className="text-faint">{more.join(" · ")}</p>}
      </Tile>
      <Tile label={t("wallboard.figures.abandon")} value={percent(f.level.abandon) ?? none} mood={abandonMood(f.level.abandon)}>
        {t("wallboard.figures.abandon_of", { left: f.level.left, short: f.level.short })}
      </Tile>
      <Tile label={t("wallboard.figures.late")} value={f.late} mood={f.late > 0 ? "bad" : "ok"}>
        {t("wallboard.figures.late_hint")}
      </Tile>
      <Tile label={t("wallboard.figures.open")} value={f.open}>
        {t("wallboard.figures.open_of", { active: f.active, waiting: f.waiting, bot: f.bot })}
        {f.owed > 0 && <p>{t("wallboard.figures.owed", { n: f.owed })}</p>}
      </Tile>
      <Tile label={t("wallboard.figures.agents")} value={f.online} mood={f.online === 0 ? "warn" : "plain"}>
        {t("wallboard.figures.agents_of", { busy: f.busy, away: f.away, free: f.free })}
      </Tile>
      <Tile label={t("wallboard.figures.occupancy")} value={percent(f.occupancy) ?? none} mood={occupancyMood(f.occupancy)}>
        {t("wallboard.figures.occupancy_hint")}
      </Tile>
    </ul>
  );
}

function Queue({ board: { queue, figures } }: { board: Wallboard }) {
  const { t } = useTranslation();
  const now = useNow(1_000);
  return (
    <Section title={t("wallboard.queue.title")}>
      {queue.length === 0 && <EmptyState icon={<UsersRound size={20} />} title={t("wallboard.queue.empty")} className="py-6" />}
      <ul className="scroll -mx-2 max-h-72 overflow-auto">
        {queue.map((each) => (
          <QueueRow key={each.id} row={each} now={now} />
        ))}
      </ul>
      {figures.waiting > queue.length && <p className="num mt-2 text-2xs text-faint">{t("wallboard.queue.more", { n: figures.waiting - queue.length })}</p>}
    </Section>
  );
}

function QueueRow({ row, now }: { row: WallQueued; now: number }) {
  const { t } = useTranslation();
  return (
    <li>
      <Link to="/inbox/$view/{-$id}" params={{ view: "all", id: row.id }} className="flex items-center gap-3 rounded-lg px-2 py-1.5 outline-offset-[-2px] hover:bg-raise">
        <Pill tone={tones[promiseMood(row.since, row.limit_at, now)]} className="num min-w-14 justify-center">
          {stopwatch(now - Date.parse(row.since))}
        </Pill>
        <span className="min-w-0 flex-1 truncate">
          <span className="font-medium">{row.contact_name}</span> <span className="num text-2xs text-faint">#{row.number}</span>
        </span>
        {row.priority > 0 && <Siren size={14} className="shrink-0 text-bad" aria-hidden="true" />}
        <span className="truncate text-xs text-mut">{row.rings_at_name ? t("wallboard.queue.rings_at", { name: row.rings_at_name }) : t("wallboard.queue.waits")}</span>
      </Link>
    </li>
  );
}

const hour = 3_600_000;

const tones = { plain: "plain", ok: "ok", warn: "warn", bad: "bad" } as const;

function Risks({ rows }: { rows: WallRisk[] }) {
  const { t } = useTranslation();
  const lang = useLang();
  const now = useNow(1_000);
  return (
    <Section title={t("wallboard.risks.title")}>
      {rows.length === 0 && <EmptyState icon={<Siren size={20} />} title={t("wallboard.risks.empty")} className="py-6" />}
      <ul className="scroll -mx-2 max-h-72 overflow-auto">
        {rows.map((risk) => {
          const left = Date.parse(risk.limit_at) - now;
          const inner = (
            <>
              <Pill tone={tones[riskMood(risk, now)]} className="num min-w-24 justify-center">
                {t(left > 0 ? "wallboard.risks.left" : "wallboard.risks.over", { time: Math.abs(left) < hour ? span(Math.abs(left)) : roughText(Math.abs(left)) })}
              </Pill>
              <span className="min-w-0 flex-1 truncate">
                <span className="num font-medium">{risk.number}</span> <span className="text-xs text-mut">{risk.name[lang]}</span>
              </span>
              <span className="truncate text-xs text-mut">{risk.agent_name ?? t("wallboard.risks.nobody")}</span>
            </>
          );
          const look = "flex items-center gap-3 rounded-lg px-2 py-1.5 outline-offset-[-2px] hover:bg-raise";
          return (
            <li key={`${risk.kind} ${risk.id} ${risk.metric}`}>
              {risk.kind === "case" ? (
                <Link to="/cases/$id" params={{ id: risk.id }} className={look}>
                  {inner}
                </Link>
              ) : (
                <Link to="/inbox/$view/{-$id}" params={{ view: "all", id: risk.id }} className={look}>
                  {inner}
                </Link>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function Definitions({ board, onClose }: { board: Wallboard; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const lang = useLang();
  const names: Record<string, string> = {
    waiting: t("wallboard.figures.waiting"),
    oldest_at: t("wallboard.figures.oldest"),
    open: t("wallboard.figures.open"),
    owed: t("wallboard.figures.owed", { n: "" }),
    "level.all": t("wallboard.figures.level"),
    "level.abandon": t("wallboard.figures.abandon"),
    late: t("wallboard.figures.late"),
    online: t("wallboard.figures.agents"),
    occupancy: t("wallboard.figures.occupancy"),
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("wallboard.defined_title")} size="lg">
      <dl className="flex flex-col gap-3" lang={i18n.language}>
        {board.defined.map((each) => (
          <div key={each.field}>
            {names[each.field] && <dt className="text-sm font-medium">{names[each.field]}</dt>}
            <dd className="text-sm text-mut">{each.means[lang]}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
