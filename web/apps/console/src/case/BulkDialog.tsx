import { api, type Case, type PossibleAct } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Dialog, useToast } from "@yingda/ui";
import { useState } from "react";
import { patchCase } from "../live/cases";
import { problem } from "../problem";
import { keys, queryClient } from "../query";
import { ActFields } from "./ActFields";
import { doingOf, missingIn, type ActValues } from "./doing";

const acts: Record<"assign" | "escalate", PossibleAct> = {
  assign: { act: "assign", name: { zh: "分配", en: "Assign" }, needs: ["assignee"], may: [] },
  escalate: { act: "escalate", name: { zh: "升级", en: "Escalate" }, needs: ["reason", "escalation"], may: ["assignee"] },
};

interface Failed {
  case: Case;
  why: string;
}

/** Does the same to several cases, one after the other, and says which did not go. */
export default function BulkDialog({ what, cases, onClose, onDone }: { what: "assign" | "escalate"; cases: Case[]; onClose: () => void; onDone: (failed: Case[]) => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [values, setValues] = useState<ActValues>({});
  const [checked, setChecked] = useState(false);
  const [done, setDone] = useState<number>();
  const [failed, setFailed] = useState<Failed[]>();
  const act = acts[what];
  const missing = checked ? missingIn(act, values) : [];

  async function run() {
    setChecked(true);
    if (missingIn(act, values).length > 0 || done !== undefined) return;
    const left: Failed[] = [];
    for (const [i, each] of cases.entries()) {
      setDone(i);
      try {
        patchCase(queryClient, { ...(await api.cases.act(each.id, doingOf(act, values, undefined))), next: each.next });
      } catch (error) {
        left.push({ case: each, why: problem(error).text });
      }
    }
    setDone(undefined);
    for (const queryKey of [keys.caseCounts, keys.board]) void queryClient.invalidateQueries({ queryKey });
    onDone(left.map((each) => each.case));
    const went = cases.length - left.length;
    if (went > 0) toast({ text: t("cases.bulk.done", { n: went }), tone: "ok" });
    if (left.length === 0) onClose();
    else setFailed(left);
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && done === undefined && onClose()}
      title={t(`cases.bulk.${what}_title`, { n: cases.length })}
      onSubmit={() => void run()}
      footer={
        failed ? (
          <Button variant="primary" onClick={onClose}>
            {t("common.close")}
          </Button>
        ) : (
          <>
            {done !== undefined && (
              <span role="status" className="num mr-auto text-xs text-mut">
                {t("cases.bulk.running", { done, all: cases.length })}
              </span>
            )}
            <Button onClick={onClose} disabled={done !== undefined}>
              {t("common.cancel")}
            </Button>
            <Button type="submit" variant="primary" loading={done !== undefined}>
              {t(`cases.bulk.${what}`)}
            </Button>
          </>
        )
      }
    >
      {failed ? (
        <div role="alert">
          <p className="font-medium text-bad">{t("cases.bulk.failed", { n: failed.length })}</p>
          <ul className="mt-2 flex flex-col gap-1.5 text-xs">
            {failed.map((each) => (
              <li key={each.case.id}>
                <span className="num font-medium">{each.case.number}</span> <span className="text-mut">{each.why}</span>
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <ActFields act={act} values={values} set={(change) => setValues((now) => ({ ...now, ...change }))} errors={Object.fromEntries(missing.map((input) => [input, t("cases.act.required")]))} />
      )}
    </Dialog>
  );
}
