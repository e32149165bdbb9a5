import { callRecords, serverNow, type Call, type CallFilter } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Checkbox, Combobox, EmptyState, Input, Pill, Select, Table, type Column, type Tone } from "@yingda/ui";
import { Link, useNavigate } from "@tanstack/react-router";
import { Download, PhoneCall, PhoneIncoming, PhoneOutgoing, Search, TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { PagedList } from "../form/PagedList";
import { usePages } from "../form/pages";
import { can, useAgents, useMe } from "../query";
import { callsRoute, type CallsSearch } from "../router";
import { queueName } from "../softphone/calls";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { fullTime, span, useNow } from "../time";
import { CallDrawer } from "./CallDrawer";
import { callsKey, dayStart } from "./keys";

const reasons = ["completed", "abandoned", "left_menu", "off_hours", "message", "callback", "no_answer", "engaged", "refused", "forwarded", "vanished", "failed", "drained", "lost"] as const;

/** Every call: those on the line now, and those that are over. */
export default function CallsPage() {
  return (
    <Allowed to={["conversation.read"]}>
      <Calls />
    </Allowed>
  );
}

function Calls() {
  const { t } = useTranslation();
  const search = callsRoute.useSearch();
  const navigate = useNavigate();
  const me = useMe();
  const go = (change: Partial<CallsSearch>) => void navigate({ to: "/calls", search: { ...search, ...change }, replace: true });
  const filter: CallFilter = {
    direction: search.direction,
    reason: search.reason,
    agent_id: search.agent,
    from: dayStart(search.from),
    to: dayStart(search.to, true),
    recorded: search.recorded,
    rated: search.rated,
    q: search.q,
  };
  const asked = Object.values(filter).some(Boolean);
  const live = usePages([...callsKey, "open", filter], (cursor) => callRecords.list({ ...filter, state: "open" }, cursor));
  const over = usePages([...callsKey, "ended", filter], (cursor) => callRecords.list({ ...filter, state: "ended" }, cursor));
  const actions = (
    <>
      <Link to="/calls/back" className="inline-flex h-8 items-center rounded-lg border px-3 text-sm hover:bg-raise">
        {t("calls.back")}
      </Link>
      {can(me, "call.export") && (
        <a href={callRecords.table(filter)} download className="inline-flex h-8 items-center gap-1.5 rounded-lg border px-3 text-sm hover:bg-raise">
          <Download size={15} aria-hidden="true" />
          {t("calls.export")}
        </a>
      )}
    </>
  );
  return (
    <Page wide title={t("calls.title")} description={t("calls.about")} actions={actions}>
      <Filters search={search} onChange={go} asked={asked} />
      {!search.reason && !search.rated && (
        <section aria-label={t("calls.live")} className="mb-6">
          <h2 className="mb-2 text-sm font-semibold">{t("calls.live")}</h2>
          <PagedList list={live} empty={<p className="rounded-xl border border-dashed px-4 py-3 text-sm text-mut">{t("calls.none_live")}</p>}>
            {(rows) => <CallTable label={t("calls.live")} rows={rows} onOpen={(id) => go({ id })} live />}
          </PagedList>
        </section>
      )}
      <section aria-label={t("calls.ended")}>
        <h2 className="mb-2 text-sm font-semibold">{t("calls.ended")}</h2>
        <PagedList list={over} empty={<EmptyState icon={<PhoneCall size={20} />} title={t("calls.none")} detail={asked ? t("calls.none_hint") : undefined} />}>
          {(rows) => <CallTable label={t("calls.ended")} rows={rows} onOpen={(id) => go({ id })} />}
        </PagedList>
      </section>
      {search.id && <CallDrawer id={search.id} onClose={() => go({ id: undefined })} />}
    </Page>
  );
}

function Filters({ search, onChange, asked }: { search: CallsSearch; onChange: (change: Partial<CallsSearch>) => void; asked: boolean }) {
  const { t } = useTranslation();
  const agents = useAgents().data?.items ?? [];
  const [words, setWords] = useState(search.q ?? "");
  useEffect(() => setWords(search.q ?? ""), [search.q]);
  return (
    <form
      role="search"
      className="mb-5 flex flex-wrap items-end gap-2"
      onSubmit={(e) => {
        e.preventDefault();
        onChange({ q: words.trim() || undefined });
      }}
    >
      <Input className="w-72" type="search" aria-label={t("calls.search")} placeholder={t("calls.search")} prefix={<Search size={14} aria-hidden="true" />} value={words} maxLength={80} onChange={(e) => setWords(e.target.value)} onBlur={() => words.trim() !== (search.q ?? "") && onChange({ q: words.trim() || undefined })} />
      <Select<"any" | "inbound" | "outbound">
        className="w-36"
        label={t("calls.any_direction")}
        value={search.direction ?? "any"}
        onChange={(v) => onChange({ direction: v === "any" ? undefined : v })}
        options={(["any", "inbound", "outbound"] as const).map((value) => ({ value, label: value === "any" ? t("calls.any_direction") : t(`calls.directions.${value}`) }))}
      />
      <Select
        className="w-36"
        label={t("calls.any_reason")}
        value={search.reason ?? "any"}
        onChange={(v) => onChange({ reason: v === "any" ? undefined : v })}
        options={[{ value: "any", label: t("calls.any_reason") }, ...reasons.map((value) => ({ value: value as string, label: t(`calls.reasons.${value}`) }))]}
      />
      <Select<"all" | "any" | "keys" | "link">
        className="w-36"
        label={t("calls.any_rated")}
        value={search.rated ?? "all"}
        onChange={(v) => onChange({ rated: v === "all" ? undefined : v })}
        options={[{ value: "all", label: t("calls.any_rated") }, ...(["any", "keys", "link"] as const).map((value) => ({ value, label: t(`calls.rated.${value}`) }))]}
      />
      <Combobox className="w-40" label={t("calls.agent")} placeholder={t("calls.any_agent")} clearable value={search.agent} onChange={(agent) => onChange({ agent })} options={agents.map(({ id, name }) => ({ value: id, label: name }))} />
      <Input className="w-40" type="date" aria-label={t("calls.from")} title={t("calls.from")} value={search.from ?? ""} onChange={(e) => onChange({ from: e.target.value || undefined })} />
      <Input className="w-40" type="date" aria-label={t("calls.to")} title={t("calls.to")} value={search.to ?? ""} onChange={(e) => onChange({ to: e.target.value || undefined })} />
      <Checkbox className="h-8 items-center" checked={search.recorded === true} onChange={(on) => onChange({ recorded: on || undefined })} label={t("calls.recorded_only")} />
      {asked && (
        <Button type="button" variant="ghost" onClick={() => onChange({ direction: undefined, reason: undefined, agent: undefined, from: undefined, to: undefined, recorded: undefined, rated: undefined, q: undefined })}>
          {t("calls.clear")}
        </Button>
      )}
    </form>
  );
}

const tones: Record<string, Tone> = { ringing: "brand", queued: "warn", offered: "brand", talking: "ok", held: "warn", consulting: "ok", conference: "ok", wrap_up: "plain" };

/** Names what a call is in, and how it ended. */
export function useCallWords() {
  const { t } = useTranslation();
  return {
    state: (state: string) => t(`calls.states.${state}` as "calls.states.ended", { defaultValue: state }),
    reason: (reason?: string) => (reason ? t(`calls.reasons.${reason}` as "calls.reasons.failed", { defaultValue: reason }) : "—"),
  };
}

function CallTable({ label, rows, onOpen, live }: { label: string; rows: Call[]; onOpen: (id: string) => void; live?: boolean }) {
  const { t } = useTranslation();
  const words = useCallWords();
  const agents = useAgents().data?.items ?? [];
  useNow(live ? 5000 : 600_000);
  const nameOf = (id?: string) => agents.find((each) => each.id === id)?.name ?? (id ? "—" : t("calls.nobody"));
  const columns: Column<Call>[] = [
    {
      key: "customer",
      header: t("calls.columns.customer"),
      cell: (c) => {
        const Icon = c.direction === "outbound" ? PhoneOutgoing : PhoneIncoming;
        return (
          <span className="flex min-w-0 items-center gap-2">
            <Icon size={15} className="shrink-0 text-mut" role="img" aria-label={t(`calls.directions.${c.direction === "outbound" ? "outbound" : "inbound"}`)} />
            <span className="flex min-w-0 flex-col">
              <button type="button" className="truncate text-left font-medium hover:text-brand-ink hover:underline" onClick={() => onOpen(c.id)}>
                {c.contact_name}
              </button>
              <span className="num text-2xs text-mut">{c.number || t("calls.withheld")}</span>
            </span>
            {c.emergency && <Pill tone="bad" icon={<TriangleAlert size={11} />}>{t("calls.emergency")}</Pill>}
          </span>
        );
      },
    },
    { key: "at", header: t("calls.columns.at"), cell: (c) => <time dateTime={c.began_at} className="num whitespace-nowrap">{fullTime(c.began_at)}</time> },
    live
      ? { key: "state", header: t("calls.columns.state"), cell: (c) => <Pill tone={tones[c.state] ?? "plain"}>{words.state(c.state)}</Pill> }
      : { key: "result", header: t("calls.columns.result"), cell: (c) => <span className="whitespace-nowrap">{words.reason(c.record.result)}</span> },
    { key: "agent", header: t("calls.columns.agent"), wide: true, cell: (c) => nameOf(c.rings ?? c.agent_id) },
    { key: "queue", header: t("calls.columns.queue"), wide: true, cell: (c) => queueName(c) || "—" },
    { key: "wait", header: t("calls.columns.wait"), align: "right", wide: true, cell: (c) => <span className="num whitespace-nowrap">{span(waited(c) * 1000)}</span> },
    { key: "talk", header: t("calls.columns.talk"), align: "right", cell: (c) => <span className="num whitespace-nowrap">{span(talked(c) * 1000)}</span> },
  ];
  return <Table label={label} columns={columns} rows={rows} rowKey={(c) => c.id} />;
}

/** How long since the call came into the state that it is in. */
function since(c: Call): number {
  const at = c.record.steps.at(-1)?.at;
  return at ? Math.max(0, (serverNow() - Date.parse(at)) / 1000) : 0;
}

/** The server counts up to when it answered; what goes on goes on here. */
function onwards(c: Call, states: string[], counted: number): number {
  return !c.ended_at && states.includes(c.state) ? Math.max(counted, since(c)) : counted;
}

const waited = (c: Call) => onwards(c, ["queued", "offered"], c.times.wait);
const talked = (c: Call) => onwards(c, ["talking", "conference"], c.times.talk);
