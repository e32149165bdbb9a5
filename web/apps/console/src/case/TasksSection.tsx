import { api, type CaseDetail, type CaseTask, type TaskDraft } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, cn, Field, Input, Pill, Section, Select, Textarea } from "@yingda/ui";
import { CircleCheck, Circle, Plus } from "lucide-react";
import { useState } from "react";
import { fieldErrors, useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { whenText } from "../form/when";
import { keys } from "../query";
import { moment } from "./doing";

const kinds = ["callback", "training", "diagnosis", "follow_up", "other"] as const;

/** Parts of the work that are done or waived before the end. */
export function TasksSection({ detail: { case: c }, edits }: { detail: CaseDetail; edits: boolean }) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const [ending, setEnding] = useState<CaseTask>();
  const tasks = c.course.tasks ?? [];
  return (
    <Section
      title={t("cases.task.title")}
      actions={
        edits &&
        !c.over && (
          <Button size="sm" icon={<Plus size={13} aria-hidden="true" />} onClick={() => setAdding(true)}>
            {t("cases.task.add")}
          </Button>
        )
      }
    >
      {tasks.length === 0 ? (
        <p className="text-xs text-faint">{t("cases.task.empty")}</p>
      ) : (
        <ul className="flex flex-col divide-y">
          {tasks.map((task) => {
            const open = task.state === "open";
            return (
              <li key={task.id} className="flex items-center gap-3 py-2 first:pt-0 last:pb-0">
                {open ? <Circle size={16} className="shrink-0 text-faint" aria-hidden="true" /> : <CircleCheck size={16} className="shrink-0 text-ok" aria-hidden="true" />}
                <div className="min-w-0 flex-1">
                  <span className={cn("text-sm", !open && "text-mut")}>{task.title}</span>
                  <p className="text-xs text-faint">
                    {[t(`cases.task.kind.${task.kind as "other"}`), task.assignee, task.due_at && `${t("cases.task.due")} ${whenText(task.due_at)}`, task.result].filter(Boolean).join(" · ")}
                  </p>
                </div>
                <Pill tone={open ? "warn" : "ok"}>{t(`cases.task.state.${task.state as "open"}`)}</Pill>
                {open && edits && (
                  <Button size="sm" onClick={() => setEnding(task)}>
                    {t("cases.task.end")}
                  </Button>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {adding && <AddDialog id={c.id} onClose={() => setAdding(false)} />}
      {ending && <EndDialog id={c.id} task={ending} onClose={() => setEnding(undefined)} />}
    </Section>
  );
}

function AddDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<TaskDraft["kind"]>("callback");
  const [title, setTitle] = useState("");
  const [assignee, setAssignee] = useState("");
  const [due, setDue] = useState("");
  const save = useChange(() => api.cases.addTask(id, { kind, title: title.trim(), assignee: assignee.trim() || undefined, due_at: moment(due) }), { done: t("cases.task.added"), stale: [keys.case(id)], onDone: onClose, quiet: true });
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer look="dialog" title={t("cases.task.add")} dirty={title !== ""} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <Field label={t("cases.task.kind.title")} required error={errors.kind}>
        <Select value={kind} onChange={setKind} options={kinds.map((value) => ({ value, label: t(`cases.task.kind.${value}`) }))} />
      </Field>
      <Field label={t("cases.task.name")} required error={errors.title}>
        <Input value={title} maxLength={200} onChange={(event) => setTitle(event.target.value)} />
      </Field>
      <Field label={t("cases.task.assignee")} error={errors.assignee}>
        <Input value={assignee} onChange={(event) => setAssignee(event.target.value)} />
      </Field>
      <Field label={t("cases.task.due")} error={errors.due_at}>
        <Input type="datetime-local" value={due} onChange={(event) => setDue(event.target.value)} />
      </Field>
    </FormDrawer>
  );
}

function EndDialog({ id, task, onClose }: { id: string; task: CaseTask; onClose: () => void }) {
  const { t } = useTranslation();
  const [result, setResult] = useState("");
  const save = useChange(() => api.cases.endTask(id, task.id, result.trim()), { done: t("cases.task.ended"), stale: [keys.case(id)], onDone: onClose, quiet: true });
  return (
    <FormDrawer look="dialog" title={t("cases.task.end_title")} description={task.title} dirty={result !== ""} saving={save.isPending} error={save.error} submitLabel={t("cases.task.end")} onSubmit={() => save.mutate()} onClose={onClose}>
      <Field label={t("cases.task.result")} required error={fieldErrors(save.error).result}>
        <Textarea value={result} onChange={(event) => setResult(event.target.value)} />
      </Field>
    </FormDrawer>
  );
}
