import { api, type BulkAct, type BulkRun, type BulkWork, type ConversationFilter } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Combobox, Dialog, Field, Input, RadioGroup, Segmented, Textarea, useToast } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useChange } from "../form/failure";
import { keys, queryClient, useAgents, useMe, useSettings, useTeams } from "../query";
import { problem } from "../problem";
import type { Choice } from "./choice";
import { leaves } from "./CloseDialog";

interface BulkDialogProps {
  act: BulkAct;
  choice: Choice;
  filter: ConversationFilter;
  onClose: () => void;
}

/** Asks for what is done to all that is chosen, does it, and says what could not be done and why. */
export default function BulkDialog({ act, choice, filter, onClose }: BulkDialogProps) {
  const { t } = useTranslation();
  const toast = useToast();
  const [work, setWork] = useState<Partial<BulkWork>>({ priority: 1 });
  const [checked, setChecked] = useState(false);
  const [started, setStarted] = useState<BulkRun>();
  const [undoing, setUndoing] = useState(false);
  const run = useBulkRun(started);
  const missing = missingIn(act, work);
  const { view, ...rest } = filter;

  function fresh() {
    for (const queryKey of [keys.lists, keys.counts, keys.viewCounts]) void queryClient.invalidateQueries({ queryKey });
  }
  /** A short run is taken back at once; a longer one is shown as it goes on. */
  const undo = (id: string) =>
    api.conversations.undoBulk(id).then(
      (undone) => {
        const whole = undone.ended_at && count(undone, "refused") === 0;
        if (whole) toast({ text: t("bulk.undone", { n: count(undone, "done") }), tone: "ok" });
        fresh();
        if (whole) onClose();
        else setStarted(undone);
      },
      (err: unknown) => toast({ text: problem(err).text, tone: "bad" }),
    );
  const start = useChange(() => api.conversations.bulk({ ...work, act, ...(choice.whole ? { filter: { list: view, ...rest } } : { ids: choice.ids }) }), {
    onDone(begun: BulkRun) {
      setStarted(begun);
      fresh();
      if (begun.ended_at && count(begun, "refused") === 0) {
        toast({ text: t("bulk.done", { n: count(begun, "done") }), tone: "ok", undo: () => void undo(begun.id) });
        choice.clear();
        onClose();
      }
    },
  });
  const what = choice.whole ? t("bulk.whole") : t("bulk.these", { n: choice.ids.length });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !start.isPending && onClose()}
      title={t(`bulk.title.${act}`, { what })}
      onSubmit={() => {
        setChecked(true);
        if (missing.length === 0 && !started && !start.isPending) start.mutate();
      }}
      footer={
        run ? (
          <>
            {run.ended_at && count(run, "done") > 0 && !run.undone && run.bulk.act !== "undo" && (
              <Button loading={undoing} onClick={() => (setUndoing(true), void undo(run.id).finally(() => setUndoing(false)))}>
                {t("bulk.undo")}
              </Button>
            )}
            <Button variant="primary" onClick={onClose}>
              {t("common.close")}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{t("common.cancel")}</Button>
            <Button type="submit" variant="primary" loading={start.isPending}>
              {t("bulk.run")}
            </Button>
          </>
        )
      }
    >
      {run ? <Result run={run} /> : <Form act={act} work={work} set={(part) => setWork((now) => ({ ...now, ...part }))} missing={checked ? missing : []} />}
    </Dialog>
  );
}

function count(run: BulkRun, outcome: "done" | "refused"): number {
  return run.items.filter((item) => item.outcome === outcome).length;
}

/** A run as it goes on: asked for again until it has ended. */
function useBulkRun(started: BulkRun | undefined): BulkRun | undefined {
  const query = useQuery({
    queryKey: ["bulk", started?.id],
    queryFn: () => api.conversations.bulkRun(started!.id),
    enabled: Boolean(started && !started.ended_at),
    refetchInterval: (q) => (q.state.data?.ended_at ? false : 1_000),
  });
  return query.data ?? started;
}

function missingIn(act: BulkAct, work: Partial<BulkWork>): string[] {
  switch (act) {
    case "transfer":
      return [...(work.agent_id || work.team_id ? [] : ["target"]), ...(work.note?.trim() ? [] : ["note"])];
    case "tag":
      return work.add?.length || work.remove?.length ? [] : ["add"];
    case "close":
      return [...(work.summary?.category ? [] : ["category"]), ...(work.summary?.result ? [] : ["result"])];
    case "prioritise":
      return [];
  }
}

function Result({ run }: { run: BulkRun }) {
  const { t, i18n } = useTranslation();
  const refused = run.items.filter((item) => item.outcome === "refused");
  const done = count(run, "done");
  return (
    <div role="status" className="flex flex-col gap-3">
      {!run.ended_at && (
        <p className="num text-sm">
          {t("bulk.running", { done: done + refused.length, all: run.items.length })}
          <span className="block text-xs text-mut">{t("bulk.later")}</span>
        </p>
      )}
      {run.ended_at && <p className="text-sm">{done > 0 ? t("bulk.done", { n: done }) : t("bulk.none")}</p>}
      {refused.length > 0 && (
        <div>
          <p className="font-medium text-bad">{t("bulk.refused", { n: refused.length })}</p>
          <ul className="scroll mt-2 flex max-h-72 flex-col gap-1.5 overflow-y-auto text-xs">
            {refused.map((item) => (
              <li key={item.conversation_id}>
                <span className="font-medium">{item.contact_name || item.conversation_id}</span> {item.number > 0 && <span className="num text-faint">#{item.number}</span>}{" "}
                <span className="text-mut">{i18n.language === "en" ? item.why?.en : item.why?.zh}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

interface FormProps {
  act: BulkAct;
  work: Partial<BulkWork>;
  set: (part: Partial<BulkWork>) => void;
  missing: string[];
}

function Form(props: FormProps) {
  const { t } = useTranslation();
  const { act, work, set, missing } = props;
  switch (act) {
    case "transfer":
      return <Target {...props} />;
    case "close":
      return <SummaryFields {...props} />;
    case "tag":
      return (
        <div className="flex flex-col gap-4">
          <Field label={t("bulk.add")} hint={t("bulk.tags_hint")} error={missing.includes("add") ? t("bulk.tags_required") : undefined}>
            <Words onChange={(add) => set({ add })} />
          </Field>
          <Field label={t("bulk.remove")} hint={t("bulk.tags_hint")}>
            <Words onChange={(remove) => set({ remove })} />
          </Field>
        </div>
      );
    case "prioritise":
      return (
        <RadioGroup
          label={t("bulk.prioritise")}
          value={String(work.priority ?? 1)}
          onChange={(value) => set({ priority: Number(value) })}
          choices={(["0", "1", "2"] as const).map((value) => ({ value: value as string, label: t(`inbox.priority.${value}`) }))}
        />
      );
  }
}

function Words({ onChange }: { onChange: (words: string[]) => void }) {
  return <Input maxLength={200} onChange={(e) => onChange(e.target.value.split(/[,，、;；]/).map((word) => word.trim()).filter(Boolean))} />;
}

function Target({ work, set, missing }: FormProps) {
  const { t } = useTranslation();
  const me = useMe();
  const agents = useAgents();
  const teams = useTeams();
  const [to, setTo] = useState<"agent" | "team">("agent");
  const error = missing.includes("target") ? t("bulk.pick") : undefined;
  return (
    <div className="flex flex-col gap-4">
      <Segmented
        label={t("bulk.target")}
        value={to}
        onChange={(next) => {
          setTo(next);
          set({ agent_id: undefined, team_id: undefined });
        }}
        choices={[
          { value: "agent", label: t("bulk.target_agent") },
          { value: "team", label: t("bulk.target_team") },
        ]}
      />
      <Field label={t(to === "agent" ? "bulk.target_agent" : "bulk.target_team")} required error={error}>
        {to === "agent" ? (
          <Combobox value={work.agent_id} onChange={(agent_id) => set({ agent_id })} options={(agents.data?.items ?? []).filter((a) => a.id !== me.id && !a.disabled && !a.invited).map((a) => ({ value: a.id, label: a.name }))} />
        ) : (
          <Combobox value={work.team_id} onChange={(team_id) => set({ team_id })} options={(teams.data?.items ?? []).map((team) => ({ value: team.id, label: team.name }))} />
        )}
      </Field>
      <Field label={t("conversation.transfer.note")} required hint={t("conversation.transfer.note_hint")} error={missing.includes("note") ? t("conversation.transfer.note_required") : undefined}>
        <Textarea minRows={3} value={work.note ?? ""} onChange={(e) => set({ note: e.target.value })} />
      </Field>
    </div>
  );
}

function SummaryFields({ work, set, missing }: FormProps) {
  const { t, i18n } = useTranslation();
  const settings = useSettings().data;
  const language = i18n.language === "en" ? "en" : "zh";
  const summary = work.summary ?? { category: "", result: "", note: "" };
  const change = (part: Partial<typeof summary>) => set({ summary: { ...summary, ...part } });
  return (
    <div className="flex flex-col gap-4">
      <Field label={t("conversation.close.category")} required error={missing.includes("category") ? t("conversation.close.category_required") : undefined}>
        <Combobox value={summary.category || undefined} onChange={(category) => change({ category: category ?? "" })} placeholder={t("conversation.close.category_pick")} options={leaves(settings?.categories ?? [], language).map((leaf) => ({ value: leaf.id, label: leaf.path }))} />
      </Field>
      <Field label={t("conversation.close.result")} required error={missing.includes("result") ? t("conversation.close.result_required") : undefined}>
        <RadioGroup inline value={summary.result || undefined} onChange={(result) => change({ result })} choices={(settings?.results ?? []).map((each) => ({ value: each.id, label: each[language] || each.zh }))} />
      </Field>
      <Field label={t("conversation.close.note")} aside={t("common.optional")}>
        <Textarea minRows={3} value={summary.note} onChange={(e) => change({ note: e.target.value })} />
      </Field>
    </div>
  );
}
