import type { WallAgent } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, cn, EmptyState, LoadMore, Menu, Section, Table, Tooltip, type Column } from "@yingda/ui";
import { Link } from "@tanstack/react-router";
import { History, MoreHorizontal, UserCog, UsersRound } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { SearchInput } from "../form/SearchInput";
import { useMe } from "../query";
import { usePresenceLabel } from "../shell/PresenceMenu";
import { span, useNow } from "../time";
import { useTelephony } from "../softphone/Unreachable";
import { mute, percent } from "./look";

const ForceDialog = lazy(() => import("./ForceDialog"));
const PresencesDialog = lazy(() => import("./PresencesDialog"));

/** Above this many the seconds are not counted one by one. */
const many = 60;
const page = 100;

type Ask = { what: "force" | "history"; agent: WallAgent } | undefined;

/** Who is there, for how long, and what they hold; a supervisor sets their presence here. */
export function AgentsTable({ agents }: { agents: WallAgent[] }) {
  const { t } = useTranslation();
  const now = useNow(agents.length > many ? 10_000 : 1_000);
  const { calls } = useTelephony();
  const [shown, setShown] = useState(page);
  const me = useMe();
  const [q, setQ] = useState("");
  const [ask, setAsk] = useState<Ask>();
  const presence = usePresenceLabel();
  const found = agents.filter((a) => a.name.toLowerCase().includes(q.toLowerCase()));
  const columns: Column<WallAgent>[] = [
    {
      key: "name",
      header: t("wallboard.agents.name"),
      width: "150px",
      cell: (a) => (
        <span className="flex items-center gap-2">
          <Avatar name={a.name} size={26} presence={a.presence.state} />
          <span className="truncate font-medium">{a.name}</span>
        </span>
      ),
    },
    {
      key: "state",
      header: t("wallboard.agents.state"),
      width: "220px",
      cell: (a) => (
        <span className="block min-w-32">
          <span className="block whitespace-nowrap">
            {presence(a.presence.state, a.presence.reason)} <span className="num text-2xs text-faint">{t("wallboard.agents.for", { time: span(now - Date.parse(a.presence.since)) })}</span>
          </span>
          {a.presence.by_name && <span className="line-clamp-2 text-2xs text-warn">{t("wallboard.agents.set_by", { name: a.presence.by_name, why: a.presence.why })}</span>}
          {!a.connected && a.presence.state !== "offline" && <span className="block text-2xs text-bad">{t("wallboard.agents.not_there")}</span>}
          {calls && mute(a) && <span className="block text-2xs text-warn">{t("wallboard.agents.no_phone")}</span>}
        </span>
      ),
    },
    { key: "load", header: t("wallboard.agents.load"), width: "120px", cell: (a) => <Load agent={a} /> },
    { key: "holds", header: t("wallboard.agents.holds"), cell: (a) => <Holds agent={a} now={now} /> },
    { key: "occupancy", header: t("wallboard.agents.occupancy"), align: "right", wide: true, width: "90px", cell: (a) => <span className="num text-mut">{percent(a.occupancy) ?? t("wallboard.figures.no_value")}</span> },
  ];
  return (
    <Section
      title={
        <span>
          {t("wallboard.agents.title")} <span className="num text-xs font-normal text-faint">{agents.length}</span>
        </span>
      }
      actions={agents.length > 8 && <SearchInput label={t("wallboard.agents.find")} value={q} onSearch={setQ} className="w-44" />}
    >
      {found.length === 0 ? (
        <EmptyState icon={<UsersRound size={20} />} title={agents.length === 0 ? t("wallboard.agents.empty") : t("wallboard.agents.no_match")} className="py-6" />
      ) : (
        <Table
          label={t("wallboard.agents.title")}
          columns={columns}
          rows={found.slice(0, shown)}
          rowKey={(a) => a.id}
          rowClassName={(a) => (a.presence.state === "offline" && a.load === 0 ? "text-faint" : "")}
          rowActions={(a) => (
            <Menu
              label={t("wallboard.agents.actions", { name: a.name })}
              groups={[
                [
                  ...(a.id === me.id ? [] : [{ label: t("wallboard.agents.set"), icon: <UserCog size={15} aria-hidden="true" />, onSelect: () => setAsk({ what: "force", agent: a }) }]),
                  { label: t("wallboard.agents.history"), icon: <History size={15} aria-hidden="true" />, onSelect: () => setAsk({ what: "history", agent: a }) },
                ],
              ]}
              trigger={
                <button type="button" aria-label={t("wallboard.agents.actions", { name: a.name })} className="grid size-7 place-items-center rounded-md text-mut hover:bg-raise hover:text-fg">
                  <MoreHorizontal size={16} aria-hidden="true" />
                </button>
              }
            />
          )}
        />
      )}
      <LoadMore more={found.length > shown} loading={false} onMore={() => setShown(shown + page)} />
      <Suspense>
        {ask?.what === "force" && <ForceDialog agent={agents.find((a) => a.id === ask.agent.id) ?? ask.agent} onClose={() => setAsk(undefined)} />}
        {ask?.what === "history" && <PresencesDialog agent={ask.agent} onClose={() => setAsk(undefined)} />}
      </Suspense>
    </Section>
  );
}

function Load({ agent: a }: { agent: WallAgent }) {
  const { t } = useTranslation();
  const full = a.capacity > 0 && a.load + a.ringing >= a.capacity;
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden="true" className="h-1.5 w-14 overflow-hidden rounded bg-line2">
        <span className={cn("block h-full rounded", full ? "bg-warn-dot" : "bg-ok-dot")} style={{ width: `${Math.min(100, (100 * (a.load + a.ringing)) / Math.max(1, a.capacity))}%` }} />
      </span>
      <span className={cn("num text-xs whitespace-nowrap", full && "text-warn")}>{t("wallboard.agents.load_of", { load: a.load, capacity: a.capacity })}</span>
    </span>
  );
}

const waitsLong = 60_000;

function Holds({ agent: a, now }: { agent: WallAgent; now: number }) {
  const { t } = useTranslation();
  if (a.holds.length === 0) return <span className="text-2xs text-faint">{a.presence.state === "online" ? t("wallboard.agents.nothing") : ""}</span>;
  return (
    <ul className="flex min-w-40 flex-wrap gap-1">
      {a.holds.map((h) => {
        const waits = h.waits_since ? now - Date.parse(h.waits_since) : 0;
        const late = waits > waitsLong;
        const about = [h.id ? h.contact_name : t("wallboard.agents.hidden"), h.rings ? t("wallboard.agents.rings") : "", h.waits_since ? t("wallboard.agents.waits", { time: span(waits) }) : ""].filter(Boolean).join(" · ");
        const look = cn("num inline-flex h-5 items-center gap-1 rounded-[5px] px-1.5 text-2xs", h.rings ? "bg-brand-soft text-brand-ink" : late ? "bg-warn-soft text-warn" : "bg-line2 text-mut");
        return (
          <li key={h.number}>
            <Tooltip text={about}>
              {h.id ? (
                <Link to="/inbox/$view/{-$id}" params={{ view: "all", id: h.id }} className={cn(look, "hover:text-fg")} aria-label={`#${h.number} ${about}`}>
                  #{h.number}
                  <span className="max-w-24 truncate">{h.contact_name}</span>
                </Link>
              ) : (
                <span className={look}>#{h.number}</span>
              )}
            </Tooltip>
          </li>
        );
      })}
    </ul>
  );
}
