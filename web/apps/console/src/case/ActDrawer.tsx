import { api, ApiError, type CaseDetail, type PossibleAct } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Drawer, useToast } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { useState } from "react";
import { focusMistake } from "../form/failure";
import { patchCase } from "../live/cases";
import { problem } from "../problem";
import { keys, queryClient, useCaseWords, useMe } from "../query";
import { load, save } from "../storage";
import { ActFields } from "./ActFields";
import { CollisionWarning, useCaseWriting } from "./Watchers";
import { doingOf, fieldsOf, isEmpty, isWritten, missingIn, type ActValues } from "./doing";
import { useLang } from "./lang";
import { nameOf } from "./tree";

// the names of the server's fields where the form's inputs are called otherwise
const inputs: Record<string, string> = {
  "special.due_at": "special_due", "special.reason": "special_reason", escalation: "rank", "escalation.level": "rank", "escalation.confirmed": "confirmed",
  external: "body", "external.body": "body", "external.reference": "reference", "external.due_at": "external_due",
};

/** What is half written, by case and act; it outlives a reload. */
function useActDraft(caseId: string, act: string, first: ActValues) {
  const me = useMe();
  const name = `case.${me.id}.${caseId}.${act}`;
  const [given] = useState(first);
  const [values, setValues] = useState<ActValues>(() => ({ ...first, ...load<ActValues>(name) }));
  const [restored] = useState(() => load(name) !== undefined);
  return {
    values,
    written: isWritten(values, given),
    restored,
    set: (change: Partial<ActValues>) =>
      setValues((now) => {
        const next = { ...now, ...change };
        save(name, isEmpty(next) ? undefined : next);
        return next;
      }),
    clear() {
      save(name, undefined);
      setValues(first);
    },
  };
}

interface ActDrawerProps {
  detail: CaseDetail;
  act: PossibleAct;
  onClose: () => void;
  onOther: (act: string) => void;
}

/** Asks for what an act needs, and does it. Mounted means open. */
export default function ActDrawer({ detail, act: asked, onClose, onOther }: ActDrawerProps) {
  const { t } = useTranslation();
  const lang = useLang();
  const toast = useToast();
  const words = useCaseWords();
  const { course } = detail.case;
  const act = { ...asked, may: asked.may.filter((each) => each !== "approval") }; // the server finds the approved compensation
  const draft = useActDraft(detail.case.id, act.act, { category: course.category, level: course.level, cause: course.cause, solution: course.solution, findings: act.act === "triage" ? course.findings : undefined });
  useCaseWriting(draft.written);
  const [checked, setChecked] = useState(false);
  const [shownDraft, setShownDraft] = useState(draft.restored);
  const missing = checked ? missingIn(act, draft.values) : [];

  const run = useMutation({
    mutationFn: () => api.cases.act(detail.case.id, doingOf(act, draft.values, detail.case.version)),
    onSuccess(c) {
      draft.clear();
      patchCase(queryClient, c);
      for (const queryKey of [keys.case(c.id), keys.caseCounts, keys.board]) void queryClient.invalidateQueries({ queryKey });
      toast({ text: t("cases.act.done", { act: act.name[lang] }), tone: "ok" });
      onClose();
    },
    onError(error) {
      focusMistake();
      if (error instanceof ApiError && error.status === 409) void queryClient.invalidateQueries({ queryKey: keys.case(detail.case.id) });
    },
  });

  const errors: Record<string, string | undefined> = {};
  if (run.error instanceof ApiError) for (const [field, text] of Object.entries(run.error.fields)) errors[inputs[field] ?? field] = text;
  for (const input of missing) errors[input] = t("cases.act.required");
  const elsewhere = run.error && Object.keys(errors).length === 0;
  const conflict = run.error instanceof ApiError && run.error.status === 409 ? run.error : undefined;
  const possible = detail.possible.some((each) => each.act === act.act);
  const openTasks = (course.tasks ?? []).filter((task) => task.state === "open");
  const askWaivers = openTasks.length > 0 && (act.act === "close" || conflict?.code === "case.tasks_open");

  function submit() {
    setChecked(true);
    if (missingIn(act, draft.values).length > 0) focusMistake();
    else if (possible && !run.isPending) run.mutate();
  }
  return (
    <Drawer
      open
      onOpenChange={(open) => !open && onClose()}
      title={act.name[lang]}
      description={`${detail.case.number} · ${detail.case.subject}`}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" loading={run.isPending} disabled={!possible}>
            {act.name[lang]}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <CollisionWarning id={detail.case.id} />
        {shownDraft && (
          <p role="status" className="flex items-center gap-2 rounded-lg bg-raise px-3 py-2 text-xs text-mut">
            <span className="min-w-0 flex-1">{t("cases.act.draft")}</span>
            <Button
              size="sm"
              variant="ghost"
              onClick={() => {
                draft.clear();
                setShownDraft(false);
              }}
            >
              {t("cases.act.draft_discard")}
            </Button>
          </p>
        )}
        {(elsewhere || !possible) && (
          <div role="alert" className="flex items-start gap-2 rounded-lg bg-bad-soft px-3 py-2 text-xs text-bad">
            <CircleAlert size={14} className="mt-0.5 shrink-0" aria-hidden="true" />
            <div className="min-w-0 flex-1">
              <p>{conflict?.code === "store.changed" ? t("cases.act.reread") : !possible && !run.error ? t("cases.act.gone") : problem(run.error).text}</p>
              {conflict && conflict.possible.length > 0 && (
                <p className="mt-1.5 flex flex-wrap items-center gap-1.5">
                  {t("cases.act.possible")}
                  {conflict.possible.map((code) => (
                    <Button key={code} size="sm" onClick={() => onOther(code)}>
                      {nameOf(words.data?.acts, code, lang)}
                    </Button>
                  ))}
                </p>
              )}
            </div>
          </div>
        )}
        <ActFields act={act} kind={detail.case.kind} values={draft.values} set={draft.set} errors={errors} tasks={askWaivers ? openTasks : undefined} />
        {fieldsOf(act).length === 0 && !askWaivers && <p className="text-sm text-mut">{detail.case.subject}</p>}
      </div>
    </Drawer>
  );
}
