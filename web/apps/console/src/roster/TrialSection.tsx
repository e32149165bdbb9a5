import { staffing, type StaffingAsk, type StaffingDay, type StaffingTrial } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Section, Spinner, Table, type Column } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { Failure, useChange } from "../form/failure";
import { fullTime, span } from "../time";
import { rosterKeys } from "./queries";
import { one, percent } from "./StaffingTab";

/** The day simulated with the roster as it was when it was asked for. */
export function TrialSection({ day, ask }: { day: StaffingDay; ask: StaffingAsk }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<StaffingTrial>();
  const begin = useChange(() => staffing.askTrial({ day: day.day, channel: ask.channel, team_id: ask.team_id }), { onDone: setAsked });
  const last = asked ?? day.trial;
  const running = useQuery({
    queryKey: [...rosterKeys.all, "trial", last?.id],
    queryFn: () => staffing.trial(last?.id ?? ""),
    enabled: last?.state === "asked",
    refetchInterval: (query) => (query.state.data?.state === "asked" || !query.state.data ? 1000 : false),
  });
  const shown = running.data ?? last;
  return (
    <Section
      title={t("staffing.trial.title")}
      description={t("staffing.trial.hint")}
      actions={
        <Button icon={<FlaskConical size={15} />} loading={begin.isPending || shown?.state === "asked"} onClick={() => begin.mutate()} className="print:hidden">
          {t("staffing.trial.run")}
        </Button>
      }
    >
      {running.error && <Failure error={running.error} onRetry={() => void running.refetch()} />}
      {shown?.state === "asked" && (
        <p role="status" className="flex items-center gap-2 text-sm text-mut">
          <Spinner />
          {t("staffing.trial.running")}
        </p>
      )}
      {shown?.state === "failed" && <p className="text-sm text-bad">{t("staffing.trial.failed")}</p>}
      {shown?.state === "done" && <Result trial={shown} />}
      {!shown && <p className="text-xs text-faint">{t("staffing.trial.none")}</p>}
    </Section>
  );
}

function Result({ trial }: { trial: StaffingTrial }) {
  const { t } = useTranslation();
  type Row = StaffingTrial["slots"][number];
  const columns: Column<Row>[] = [
    { key: "at", header: t("staffing.head.time"), cell: (row) => <span className="num font-medium">{row.at}</span> },
    { key: "contacts", header: t("staffing.head.contacts"), align: "right", cell: (row) => one(row.contacts) },
    { key: "people", header: t("staffing.trial.people"), align: "right", cell: (row) => row.people },
    { key: "level", header: t("staffing.head.level"), align: "right", cell: (row) => percent(row.service_level) },
    { key: "range", header: t("staffing.trial.range"), align: "right", cell: (row) => <span className="text-mut">{`${percent(row.worst)}–${percent(row.best)}`}</span> },
    { key: "wait", header: t("staffing.head.wait"), align: "right", cell: (row) => span(row.mean_wait_s * 1000) },
    { key: "abandon", header: t("staffing.head.abandon"), align: "right", cell: (row) => percent(row.abandon) },
    { key: "occupancy", header: t("staffing.head.occupancy"), align: "right", cell: (row) => percent(row.occupancy) },
  ];
  return (
    <>
      <p className="mb-2 text-sm">
        {t("staffing.trial.whole", { level: percent(trial.day.service_level), worst: percent(trial.day.worst), best: percent(trial.day.best), wait: span(trial.day.mean_wait_s * 1000), abandon: percent(trial.day.abandon) })}
        {trial.done_at && <span className="text-xs text-faint"> {fullTime(trial.done_at)}</span>}
      </p>
      <ul className="mb-3 list-inside list-disc text-xs text-mut">
        {trial.why.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Table label={t("staffing.trial.title")} columns={columns} rows={trial.slots.filter((row) => row.contacts > 0)} rowKey={(row) => row.at} />
    </>
  );
}
