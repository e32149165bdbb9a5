import { callRecords, type Callback } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, EmptyState, Pill, Segmented, Table, type Column, type Tone } from "@yingda/ui";
import { Link } from "@tanstack/react-router";
import { PhoneCall } from "lucide-react";
import { useState } from "react";
import { useChange } from "../form/failure";
import { PagedList } from "../form/PagedList";
import { usePages } from "../form/pages";
import { can, useMe } from "../query";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { fullTime } from "../time";
import { backsKey } from "./keys";

const states = ["waiting", "held", "done", "failed", "cancelled"] as const;
type State = (typeof states)[number];

const tones: Record<State, Tone> = { waiting: "warn", held: "brand", done: "ok", failed: "bad", cancelled: "plain" };

/** Who asked to be called back, and what came of it. */
export default function CallbacksPage() {
  return (
    <Allowed to={["conversation.read"]}>
      <Callbacks />
    </Allowed>
  );
}

function Callbacks() {
  const { t } = useTranslation();
  const me = useMe();
  const [state, setState] = useState<State | "any">("waiting");
  const [cancelling, setCancelling] = useState<Callback>();
  const list = usePages([...backsKey, state], (cursor) => callRecords.backs(state === "any" ? undefined : state, cursor));
  const cancel = useChange((b: Callback) => callRecords.cancelBack(b.id), { stale: [backsKey], done: t("calls.backs.cancelled") });
  const columns: Column<Callback>[] = [
    {
      key: "customer",
      header: t("calls.backs.columns.customer"),
      cell: (b) => (
        <Link to="/inbox/$view/{-$id}" params={{ view: "all", id: b.conversation_id }} className="font-medium hover:text-brand-ink hover:underline">
          {b.contact_name}
        </Link>
      ),
    },
    { key: "number", header: t("calls.backs.columns.number"), cell: (b) => <span className="num">{b.number}</span> },
    { key: "queue", header: t("calls.backs.columns.queue"), wide: true, cell: (b) => b.place.queue },
    { key: "since", header: t("calls.backs.columns.since"), wide: true, cell: (b) => <time dateTime={b.place.since} className="num">{fullTime(b.place.since)}</time> },
    { key: "state", header: t("calls.backs.columns.state"), cell: (b) => <Pill tone={tones[b.state as State] ?? "plain"}>{t(`calls.backs.states.${b.state as State}`, { defaultValue: b.state })}</Pill> },
    { key: "tries", header: t("calls.backs.columns.tries"), align: "right", cell: (b) => <span className="num">{b.attempts}</span> },
  ];
  return (
    <Page title={t("calls.backs.title")} description={t("calls.backs.about")} before={<Link to="/calls" className="text-sm text-brand-ink hover:underline">{t("calls.title")}</Link>}>
      <Segmented<State | "any"> className="mb-4" label={t("calls.backs.which")} value={state} onChange={setState} choices={[{ value: "any", label: t("calls.backs.any") }, ...states.map((value) => ({ value, label: t(`calls.backs.states.${value}`) }))]} />
      <PagedList list={list} empty={<EmptyState icon={<PhoneCall size={20} />} title={t("calls.backs.empty")} />}>
        {(rows) => (
          <Table
            label={t("calls.backs.title")}
            columns={columns}
            rows={rows}
            rowKey={(b) => b.id}
            rowActions={
              can(me, "conversation.reply")
                ? (b) =>
                    b.state === "waiting" ? (
                      <Button size="sm" onClick={() => setCancelling(b)}>
                        {t("calls.backs.cancel")}
                      </Button>
                    ) : null
                : undefined
            }
          />
        )}
      </PagedList>
      <ConfirmDialog open={cancelling !== undefined} onOpenChange={() => setCancelling(undefined)} danger title={t("calls.backs.cancel_title", { name: cancelling?.contact_name })} description={t("calls.backs.cancel_text")} confirmLabel={t("calls.backs.cancel")} onConfirm={() => cancelling && cancel.mutateAsync(cancelling)} />
    </Page>
  );
}
