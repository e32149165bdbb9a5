import { callRecords, type Call, type Transcript as Text, type TranscriptLine } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Field, Input, Skeleton, Textarea } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Download, Eye, FileText } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { Failure, fieldErrors, useChange } from "../form/failure";
import { can, useAgents, useMe } from "../query";
import { clockTime } from "../time";
import { clock } from "./Player";
import { callsKey } from "./keys";

const again = 3000;

/** What was said in a call: who, at which second; a click plays from there. */
export function Transcript({ call: c, at, onPlay }: { call: Call; at: number; onPlay: (to: number) => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const [reason, setReason] = useState<string>();
  const [asking, setAsking] = useState(false);
  const query = useQuery({
    queryKey: [...callsKey, "transcript", c.id, reason],
    queryFn: () => callRecords.transcript(c.id, reason),
    refetchInterval: ({ state }) => (state.data?.state === "waiting" || state.data?.state === "writing" ? again : false),
    retry: reason === undefined,
  });
  const text = query.data;
  return (
    <section aria-label={t("calls.transcript.title")} className="mt-4">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h3 className="mr-auto text-sm font-semibold">{t("calls.transcript.title")}</h3>
        {text && text.lines.length > 0 && can(me, "recording.download") && (
          <a href={callRecords.text(c.id)} download aria-label={t("calls.transcript.download")} title={t("calls.transcript.download")} className="grid size-8 place-items-center rounded-lg text-mut hover:bg-raise hover:text-fg">
            <Download size={16} aria-hidden="true" />
          </a>
        )}
        {text?.masked && text.lines.length > 0 && can(me, "contact.reveal") && (
          <Button size="sm" icon={<Eye size={13} />} onClick={() => setAsking(true)}>
            {t("calls.transcript.reveal")}
          </Button>
        )}
      </div>
      {query.error ? <Failure error={query.error} onRetry={() => (setReason(undefined), void query.refetch())} /> : !text ? <Skeleton className="h-16 w-full" /> : <Written call={c} text={text} at={at} onPlay={onPlay} />}
      {asking && <RevealForm id={c.id} onClose={() => setAsking(false)} onShown={setReason} />}
    </section>
  );
}

function Written({ call: c, text, at, onPlay }: { call: Call; text: Text; at: number; onPlay: (to: number) => void }) {
  const { t } = useTranslation();
  const ask = useChange(() => callRecords.writeDown(c.id), { stale: [callsKey], done: t("calls.transcript.asked") });
  const why = text.why?.[currentLanguage()] ?? "";
  const states: Record<Text["state"], string> = {
    none: t(text.on ? "calls.transcript.none" : "calls.transcript.off"),
    waiting: why ? t("calls.transcript.waits", { why, when: text.due_at ? clockTime(text.due_at) : "" }) : t("calls.transcript.waiting"),
    writing: text.pieces ? t("calls.transcript.writing", { n: Math.min(text.written + 1, text.pieces), of: text.pieces }) : t("calls.transcript.writing_first"),
    failed: t("calls.transcript.failed", { why }),
    done: text.lines.length ? [text.model && t("calls.transcript.by", { model: text.model }), text.masked && t("calls.transcript.masked")].filter(Boolean).join(" ") : t("calls.transcript.empty"),
  };
  const closed = text.state === "none" || text.state === "failed" || text.state === "done";
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <p role="status" className={text.state === "failed" ? "text-sm text-bad" : text.state === "done" ? "text-2xs text-mut" : "text-sm text-mut"}>
          {states[text.state]}
        </p>
        {closed && text.on && (
          <Button size="sm" icon={<FileText size={13} />} loading={ask.isPending} onClick={() => ask.mutate()}>
            {t(text.state === "none" ? "calls.transcript.ask" : "calls.transcript.again")}
          </Button>
        )}
      </div>
      {text.lines.length > 0 && <Lines lines={text.lines} at={at} onPlay={onPlay} />}
    </>
  );
}

function Lines({ lines, at, onPlay }: { lines: TranscriptLine[]; at: number; onPlay: (to: number) => void }) {
  const { t } = useTranslation();
  const agents = useAgents().data?.items ?? [];
  const [words, setWords] = useState("");
  const wanted = words.trim().toLowerCase();
  const shown = wanted ? lines.filter(({ text }) => text.toLowerCase().includes(wanted)) : lines;
  return (
    <div className="mt-2 rounded-xl border bg-panel">
      <div className="flex items-center gap-3 border-b p-2">
        <Input type="search" aria-label={t("calls.transcript.search")} placeholder={t("calls.transcript.search")} maxLength={80} value={words} onChange={(e) => setWords(e.target.value)} />
        <span role="status" className="num shrink-0 text-xs text-mut">
          {wanted && t("calls.transcript.found", { n: shown.length })}
        </span>
      </div>
      <ol aria-label={t("calls.transcript.title")} className="max-h-96 overflow-y-auto p-1 text-sm">
        {shown.map((line) => {
          const now = at > 0 && at >= line.from && at < line.to;
          const name = agents.find(({ id }) => id === line.agent_id)?.name;
          return (
            <li key={`${line.from} ${line.who} ${line.text}`}>
              <button type="button" aria-current={now} aria-label={`${t("calls.transcript.play", { at: clock(line.from) })} ${t(`calls.transcript.who.${line.who}`)} ${line.text}`} onClick={() => onPlay(line.from)} className={`flex w-full gap-3 rounded-lg px-2 py-1.5 text-left hover:bg-raise ${now ? "bg-brand-soft" : ""}`}>
                <span className="num shrink-0 text-xs leading-5 text-mut">{clock(line.from)}</span>
                <span className={`w-16 shrink-0 truncate text-xs leading-5 ${line.who === "customer" ? "font-semibold" : "text-mut"}`}>{name ?? t(`calls.transcript.who.${line.who}`)}</span>
                <span className="min-w-0 break-words">
                  <Marked text={line.text} words={wanted} />
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/** A text with the words that are looked for. */
function Marked({ text, words }: { text: string; words: string }) {
  const from = words ? text.toLowerCase().indexOf(words) : -1;
  if (from < 0) return text;
  return (
    <>
      {text.slice(0, from)}
      <mark className="rounded-sm bg-warn-soft text-fg">{text.slice(from, from + words.length)}</mark>
      {text.slice(from + words.length)}
    </>
  );
}

function RevealForm({ id, onClose, onShown }: { id: string; onClose: () => void; onShown: (reason: string) => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const look = useChange(() => callRecords.transcript(id, reason.trim()), { quiet: true, onDone: () => (onShown(reason.trim()), onClose()) });
  return (
    <FormDrawer look="dialog" size="sm" title={t("calls.transcript.reveal_title")} description={t("calls.transcript.reveal_hint")} dirty={reason.trim() !== ""} saving={look.isPending} error={look.error} onSubmit={() => look.mutate()} onClose={onClose}>
      <Field label={t("calls.transcript.reveal_reason")} required error={fieldErrors(look.error)["reason"]}>
        <Textarea minRows={2} maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} />
      </Field>
    </FormDrawer>
  );
}
