import { api, type Job } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, Drawer, EmptyState, IconButton, PageHeader, Pill, Segmented, Table, type Column, type Tone } from "@yingda/ui";
import { CircleCheck, Eye, RefreshCw, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { CodeBlock } from "../form/CodeBlock";
import { PagedList } from "../form/PagedList";
import { useChange } from "../form/failure";
import { usePages } from "../form/pages";
import { whenText } from "../form/when";
import { fullTime } from "../time";

const key = ["jobs"] as const;

type State = "dead" | "ready" | "running";
const tones: Record<State, Tone> = { dead: "bad", ready: "plain", running: "brand" };

/** Work the program does by itself. What failed too often waits here for a decision. */
export function JobsSection() {
  const { t } = useTranslation();
  const [state, setState] = useState<State>("dead");
  const [open, setOpen] = useState<Job>();
  const [removing, setRemoving] = useState<Job>();
  const list = usePages([...key, state], (cursor) => api.jobs.list(state, cursor));
  const retry = useChange((job: Job) => api.jobs.retry(job.id), { stale: [key], done: t("settings.jobs.retried"), onDone: () => setOpen(undefined) });
  const remove = useChange((job: Job) => api.jobs.remove(job.id), { stale: [key], done: t("settings.removed"), onDone: () => setOpen(undefined) });
  const columns: Column<Job>[] = [
    {
      key: "kind",
      header: t("settings.jobs.kind"),
      cell: (job) => (
        <>
          <code className="font-mono text-xs font-medium">{job.kind}</code>
          {job.last_error && <span className="line-clamp-1 max-w-md text-xs text-bad">{job.last_error}</span>}
        </>
      ),
    },
    { key: "state", header: t("settings.jobs.state"), cell: (job) => <Pill tone={tones[job.state]}>{t(`settings.jobs.states.${job.state}`)}</Pill> },
    { key: "attempt", header: t("settings.jobs.attempt"), align: "right", cell: (job) => job.attempt },
    { key: "run_at", header: t("settings.jobs.run_at"), cell: (job) => <span className="num text-xs whitespace-nowrap text-mut">{whenText(job.run_at)}</span> },
  ];
  return (
    <>
      <PageHeader
        title={t("settings.sections.jobs")}
        description={t("settings.jobs.about")}
        actions={
          <>
            <Segmented<State> label={t("settings.jobs.state")} value={state} onChange={setState} choices={(["dead", "ready", "running"] as const).map((value) => ({ value, label: t(`settings.jobs.states.${value}`) }))} />
            <IconButton variant="default" className="size-8" label={t("settings.jobs.refresh")} icon={<RefreshCw size={14} />} loading={list.query.isRefetching} onClick={() => void list.query.refetch()} />
          </>
        }
      />
      <PagedList list={list} empty={<EmptyState icon={<CircleCheck size={20} />} title={t(`settings.jobs.empty.${state}`)} detail={state === "dead" ? t("settings.jobs.empty_hint") : undefined} />}>
        {(rows) => (
          <Table
            label={t("settings.sections.jobs")}
            columns={columns}
            rows={rows}
            rowKey={(job) => job.id}
            rowActions={(job) => (
              <>
                <IconButton label={t("settings.jobs.look_at", { kind: job.kind })} icon={<Eye size={15} />} onClick={() => setOpen(job)} />
                {job.state === "dead" && <IconButton label={t("settings.jobs.retry_named", { kind: job.kind })} icon={<RotateCcw size={15} />} onClick={() => retry.mutate(job)} />}
                {job.state === "dead" && <IconButton label={t("settings.remove_named", { name: job.kind })} icon={<Trash2 size={15} />} onClick={() => setRemoving(job)} />}
              </>
            )}
          />
        )}
      </PagedList>
      {open && (
        <Drawer
          open
          onOpenChange={() => setOpen(undefined)}
          title={<code className="font-mono">{open.kind}</code>}
          description={t("settings.jobs.about_one", { attempt: open.attempt, made: fullTime(open.created_at) })}
          footer={
            open.state === "dead" && (
              <>
                <Button className="mr-auto" onClick={() => setRemoving(open)}>
                  {t("common.delete")}
                </Button>
                <Button variant="primary" icon={<RotateCcw size={14} />} loading={retry.isPending} onClick={() => retry.mutate(open)}>
                  {t("common.retry")}
                </Button>
              </>
            )
          }
        >
          <div className="flex flex-col gap-4">
            {open.last_error && (
              <section>
                <h3 className="mb-1 text-xs font-medium text-mut">{t("settings.jobs.error")}</h3>
                <p className="rounded-lg bg-bad-soft px-3 py-2 font-mono text-xs break-words whitespace-pre-wrap text-bad">{open.last_error}</p>
              </section>
            )}
            <section>
              <h3 className="mb-1 text-xs font-medium text-mut">{t("settings.jobs.payload")}</h3>
              <CodeBlock label={t("settings.jobs.payload")} code={pretty(open.payload)} />
            </section>
          </div>
        </Drawer>
      )}
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={() => setRemoving(undefined)}
        danger
        title={t("settings.remove_title", { name: removing?.kind })}
        description={t("settings.jobs.remove_text")}
        confirmLabel={t("common.delete")}
        onConfirm={() => removing && remove.mutateAsync(removing)}
      />
    </>
  );
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
