import { api, type CaseDetail, type WorkOrder } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Field, Input, Menu, Pill, Section, Textarea, type Tone } from "@yingda/ui";
import { ChevronDown, Plus } from "lucide-react";
import { useState } from "react";
import { fieldErrors, useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { whenText } from "../form/when";
import { keys } from "../query";
import { moment } from "./doing";

type WorkAct = "accept" | "start" | "finish" | "refuse" | "cancel";

// as ticket.Work.Possible has it
const moves: Record<string, WorkAct[]> = { issued: ["accept", "refuse", "cancel"], accepted: ["start", "finish", "refuse", "cancel"], in_progress: ["finish", "cancel"] };
const tones: Record<string, Tone> = { issued: "brand", accepted: "brand", in_progress: "warn", done: "ok", refused: "bad" };
const silent = new Set<WorkAct>(["accept", "start"]);

interface Moving {
  work: WorkOrder;
  act: WorkAct;
}

/** What third parties are to do. */
export function WorksSection({ detail: { case: c }, edits }: { detail: CaseDetail; edits: boolean }) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const [moving, setMoving] = useState<Moving>();
  const go = useChange(({ work, act }: Moving) => api.cases.moveWork(c.id, work.id, { act }), { done: t("cases.work.moved"), stale: [keys.case(c.id)] });
  const works = c.course.works ?? [];
  return (
    <Section
      title={t("cases.work.title")}
      actions={
        edits &&
        !c.over && (
          <Button size="sm" icon={<Plus size={13} aria-hidden="true" />} onClick={() => setAdding(true)}>
            {t("cases.work.add")}
          </Button>
        )
      }
    >
      {works.length === 0 ? (
        <p className="text-xs text-faint">{t("cases.work.empty")}</p>
      ) : (
        <ul className="flex flex-col divide-y">
          {works.map((work) => (
            <li key={work.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2 first:pt-0 last:pb-0">
              <div className="min-w-0 flex-1 basis-52">
                <p className="text-sm font-medium">{work.provider}</p>
                <p className="text-sm break-words whitespace-pre-wrap">{work.text}</p>
                <p className="text-xs text-faint">{[whenText(work.issued_at), work.due_at && `${t("cases.work.due")} ${whenText(work.due_at)}`, work.result].filter(Boolean).join(" · ")}</p>
              </div>
              <Pill tone={tones[work.state] ?? "plain"}>{t(`cases.work.state.${work.state as "issued"}`)}</Pill>
              {edits && moves[work.state] && (
                <Menu
                  label={t("cases.acts")}
                  groups={[moves[work.state]!.map((act) => ({ label: t(`cases.work.act.${act}`), danger: act === "cancel", onSelect: () => (silent.has(act) ? go.mutate({ work, act }) : setMoving({ work, act })) }))]}
                  trigger={
                    <Button size="sm" loading={go.isPending}>
                      {t("cases.acts")}
                      <ChevronDown size={12} aria-hidden="true" />
                    </Button>
                  }
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {adding && <OrderDialog id={c.id} onClose={() => setAdding(false)} />}
      {moving && <MoveDialog id={c.id} moving={moving} onClose={() => setMoving(undefined)} />}
    </Section>
  );
}

function OrderDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [provider, setProvider] = useState("");
  const [text, setText] = useState("");
  const [due, setDue] = useState("");
  const save = useChange(() => api.cases.orderWork(id, { provider: provider.trim(), text: text.trim(), due_at: moment(due) }), { done: t("cases.work.added"), stale: [keys.case(id)], onDone: onClose, quiet: true });
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer look="dialog" title={t("cases.work.add")} dirty={provider !== "" || text !== ""} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <Field label={t("cases.work.provider")} required error={errors.provider}>
        <Input value={provider} onChange={(event) => setProvider(event.target.value)} />
      </Field>
      <Field label={t("cases.work.text")} hint={t("cases.work.text_hint")} required error={errors.text}>
        <Textarea value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
      <Field label={t("cases.work.due")} error={errors.due_at}>
        <Input type="datetime-local" value={due} onChange={(event) => setDue(event.target.value)} />
      </Field>
    </FormDrawer>
  );
}

function MoveDialog({ id, moving: { work, act }, onClose }: { id: string; moving: Moving; onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const save = useChange(() => api.cases.moveWork(id, work.id, { act, text: text.trim() }), { done: t("cases.work.moved"), stale: [keys.case(id)], onDone: onClose, quiet: true });
  return (
    <FormDrawer look="dialog" title={t(`cases.work.act.${act}`)} description={work.provider} dirty={text !== ""} saving={save.isPending} error={save.error} submitLabel={t(`cases.work.act.${act}`)} onSubmit={() => save.mutate()} onClose={onClose}>
      <Field label={t("cases.work.act_text")} required error={fieldErrors(save.error).text}>
        <Textarea value={text} onChange={(event) => setText(event.target.value)} />
      </Field>
    </FormDrawer>
  );
}
