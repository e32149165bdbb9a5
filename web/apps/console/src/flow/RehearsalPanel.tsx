import { flows, type Flow, type FlowReply, type FlowScript, type FlowSeam, type Lang, type Rehearsal } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, EmptyState, Field, Input, Pill, Segmented, cn, isComposing } from "@yingda/ui";
import { Bot, FilePlus2, MessageCircle, RotateCcw, SendHorizontal } from "lucide-react";
import { useState } from "react";
import { Failure, useChange } from "../form/failure";

export interface RehearsalPanelProps {
  flow: Flow;
  seams: readonly FlowSeam[];
  /** Keeps the dialogue as a script of the flow. */
  onKeep?: (script: FlowScript) => void;
}

type Outcome = "found" | "none" | "fails";

/** Tries a flow as it is being written: what a customer says and is told, what is known, what would be written. Nothing is looked up or written. */
export function RehearsalPanel({ flow, seams, onKeep }: RehearsalPanelProps) {
  const { t } = useTranslation();
  const [says, setSays] = useState<string[]>([]);
  const [text, setText] = useState("");
  const [language, setLanguage] = useState<Lang>(currentLanguage());
  const [replies, setReplies] = useState<Record<string, FlowReply>>({});
  const [known, setKnown] = useState<Record<string, string>>({});
  const used = [...new Set(flow.steps.flatMap(({ seam }) => (seam ? [seam] : [])))].flatMap((name) => seams.filter((seam) => seam.name === name));
  const prefills = [...new Set(flow.slots.flatMap(({ prefill }) => (prefill ? [prefill] : [])))];
  const given = { replies: used.map((seam) => replies[seam.name] ?? sample(seam)), known: Object.fromEntries(Object.entries(known).filter(([, value]) => value).map(([name, value]) => [name, [value]])) };
  const play = useChange((all: string[]) => flows.rehearse(flow, { language, says: all, ...given }), { quiet: true, onFail: () => setText((held) => held || says.at(-1) || "") });
  function say(said: string) {
    if (!said.trim() || play.isPending) return;
    const all = [...says, said.trim()];
    setSays(all);
    setText("");
    play.mutate(all);
  }
  function restart() {
    setSays([]);
    play.reset();
  }
  const turns = play.data?.turns ?? [];
  const last = turns.at(-1);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-2">
        <Segmented<Lang> label={t("common.language.title")} value={language} onChange={(next) => { setLanguage(next); restart(); }} choices={(["zh", "en"] as const).map((value) => ({ value, label: t(`common.language.${value}`) }))} />
        <Button size="sm" variant="ghost" icon={<RotateCcw size={14} />} onClick={restart} disabled={says.length === 0}>
          {t("flow.try.restart")}
        </Button>
        {onKeep && (
          <Button size="sm" className="ml-auto" icon={<FilePlus2 size={14} />} disabled={turns.length === 0 || turns.length !== says.length} onClick={() => onKeep(scriptOf(flow, language, says, play.data!, given))}>
            {t("flow.try.keep")}
          </Button>
        )}
      </div>
      <div aria-live="polite" className="flex min-h-40 flex-col gap-2 rounded-lg bg-sunk p-3">
        {says.length === 0 && <EmptyState className="py-6" icon={<MessageCircle size={20} />} title={t("flow.try.empty")} detail={t("flow.try.empty_hint")} />}
        {says.map((said, i) => (
          <div key={i} className="flex flex-col gap-2">
            <p className="max-w-[85%] self-end rounded-xl rounded-br-sm bg-out px-3 py-1.5 text-sm whitespace-pre-wrap text-out-fg">{said}</p>
            {turns[i]?.lines.map((line, j) => (
              <div key={j} className="flex max-w-[92%] flex-col gap-1.5 self-start">
                <p className="rounded-xl rounded-bl-sm border border-ai-line bg-ai-soft px-3 py-1.5 text-sm whitespace-pre-wrap">{line.text}</p>
                {i === turns.length - 1 && (line.options ?? []).length > 0 && (
                  <span className="flex flex-wrap gap-1.5">
                    {line.options!.map((option) => (
                      <Button key={option} size="sm" onClick={() => say(option)}>
                        {option}
                      </Button>
                    ))}
                  </span>
                )}
              </div>
            ))}
          </div>
        ))}
        {play.isPending && <p className="text-xs text-faint">…</p>}
        {play.isError && <Failure error={play.error} onRetry={() => play.mutate(says)} />}
        {play.data && play.data.problems.length > 0 && <p className="text-xs text-bad">{t("flow.try.wrong", { n: play.data.problems.length })}</p>}
        {last && <Ending asks={last.asks} writes={last.writes} />}
      </div>
      <form
        className="flex items-center gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          say(text);
        }}
      >
        <Input aria-label={t("flow.try.say")} placeholder={t("flow.try.say")} maxLength={500} value={text} onChange={(event) => setText(event.target.value)} onKeyDown={(event) => event.key === "Enter" && isComposing(event) && event.preventDefault()} />
        <Button type="submit" variant="primary" icon={<SendHorizontal size={14} />} disabled={!text.trim()}>
          {t("flow.try.send")}
        </Button>
      </form>
      {last && Object.keys(last.values).length > 0 && (
        <dl className="grid grid-cols-[8rem_1fr] gap-x-3 gap-y-1 text-xs">
          {Object.entries(last.values).map(([slot, value]) => (
            <div key={slot} className="contents">
              <dt className="truncate text-mut">{flow.slots.find(({ id }) => id === slot)?.name[currentLanguage()] || slot}</dt>
              <dd className="num break-words">{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {(used.length > 0 || prefills.length > 0) && (
        <details className="rounded-lg border px-3 py-2">
          <summary className="cursor-pointer text-xs font-medium text-mut">{t("flow.try.world")}</summary>
          <div className="flex flex-col gap-4 pt-3">
            {prefills.map((name) => (
              <Field key={name} label={t(`flow.prefills.${name.slice("contact.".length) as "phone"}`)}>
                <Input value={known[name] ?? ""} onChange={(event) => setKnown({ ...known, [name]: event.target.value })} />
              </Field>
            ))}
            {used.map((seam) => (
              <SeamReply key={seam.name} seam={seam} reply={replies[seam.name] ?? sample(seam)} onChange={(reply) => setReplies({ ...replies, [seam.name]: reply })} />
            ))}
            {says.length > 0 && (
              <Button size="sm" className="self-start" icon={<RotateCcw size={14} />} onClick={() => play.mutate(says)} loading={play.isPending}>
                {t("flow.try.again")}
              </Button>
            )}
          </div>
        </details>
      )}
    </div>
  );
}

/** How a turn ended: what is waited for, and what would have been written. */
function Ending({ asks, writes }: { asks: string; writes: string[] }) {
  const { t } = useTranslation();
  const word = asks === "done" ? t("flow.try.done") : asks === "person" ? t("flow.try.person") : asks === "confirm" || asks === "change" || asks === "offer" ? t(`flow.try.${asks}`) : t("flow.try.asks", { slot: asks });
  return (
    <p className="flex flex-wrap items-center gap-1.5 border-t pt-2 text-2xs text-mut">
      <Bot size={13} aria-hidden="true" />
      {word}
      {writes.map((seam, i) => (
        <Pill key={i} tone="ok">
          {t("flow.try.wrote", { seam })}
        </Pill>
      ))}
    </p>
  );
}

function SeamReply({ seam, reply, onChange }: { seam: FlowSeam; reply: FlowReply; onChange: (reply: FlowReply) => void }) {
  const { t } = useTranslation();
  const outcome: Outcome = reply.fails ? "fails" : reply.none ? "none" : "found";
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="num pb-1 text-xs text-mut">{seam.name}</legend>
      <Segmented<Outcome>
        label={seam.name}
        value={outcome}
        onChange={(next) => onChange({ ...(next === "found" ? sample(seam) : { seam: seam.name }), none: next === "none" || undefined, fails: next === "fails" || undefined })}
        choices={(seam.writes ? (["found", "fails"] as const) : (["found", "none", "fails"] as const)).map((value) => ({ value, label: t(`flow.try.outcomes.${value}`) }))}
      />
      {outcome === "found" &&
        (seam.tells ?? []).map((field) => (
          <label key={field} className="grid grid-cols-[6rem_1fr] items-center gap-2 text-xs">
            <span className="num truncate text-mut">{field}</span>
            <Input value={reply.found?.[field] ?? ""} onChange={(event) => onChange({ ...reply, found: { ...reply.found, [field]: event.target.value } })} />
          </label>
        ))}
    </fieldset>
  );
}

/** Something that a look-up might find, so that the texts can be read. */
function sample(seam: FlowSeam): FlowReply {
  const of: Record<string, string> = { number: "GD-1001", due: "12月1日 18:00", model: "星途 E5", count: "1", stage: "处理中", what: "工单", place: "浦东店", time: "12月1日 10:00", covered: "yes" };
  return { seam: seam.name, found: Object.fromEntries((seam.tells ?? []).map((field) => [field, of[field] ?? "…"])) };
}

/** The dialogue as a script: it has to end each turn as it did now, and write no more and no less. */
function scriptOf(flow: Flow, language: Lang, says: string[], played: Rehearsal, given: { replies: FlowReply[]; known: Record<string, string[]> }): FlowScript {
  const taken = (flow.scripts ?? []).map(({ name }) => name);
  let name = says[0]!.slice(0, 20);
  for (let n = 2; taken.includes(name); n++) name = `${says[0]!.slice(0, 20)} ${n}`;
  const writes = played.turns.at(-1)?.writes ?? [];
  return {
    name,
    ...(language === "en" ? { language } : {}),
    ...(Object.keys(given.known).length > 0 ? { known: given.known } : {}),
    replies: given.replies,
    turns: says.map((said, i) => ({ says: said, asks: played.turns[i]!.asks })),
    ...(writes.length > 0 ? { writes } : {}),
  };
}

/** The stored dialogues of a flow. */
export function ScriptsPanel({ flow, wrong, onChange, disabled }: { flow: Flow; wrong: readonly string[]; onChange: (flow: Flow) => void; disabled?: boolean }) {
  const { t } = useTranslation();
  const scripts = flow.scripts ?? [];
  if (scripts.length === 0) return <EmptyState className="py-8" icon={<MessageCircle size={20} />} title={t("flow.scripts.empty")} detail={t("flow.scripts.empty_hint")} />;
  return (
    <div className="flex flex-col gap-2">
      <p className="text-xs text-mut">{t("flow.scripts.about")}</p>
      {wrong.map((text, i) => (
        <p key={i} className="rounded-md bg-bad-soft px-2 py-1 text-xs text-bad">
          {text}
        </p>
      ))}
      {scripts.map((script, i) => (
        <details key={`${script.name} ${i}`} className="rounded-lg border px-3 py-2">
          <summary className="cursor-pointer text-sm">
            {script.name} <span className="num text-2xs text-faint">{script.turns.length}</span>
          </summary>
          <ol className="flex flex-col gap-1 pt-2 text-xs">
            {script.turns.map((turn, j) => (
              <li key={j} className="flex flex-wrap items-baseline gap-x-2">
                <span>{turn.says}</span>
                <span className={cn("num text-faint")}>→ {turn.asks}</span>
              </li>
            ))}
          </ol>
          {!disabled && (
            <Button size="sm" variant="ghost" className="mt-2" onClick={() => onChange({ ...flow, scripts: scripts.filter((_, j) => j !== i) })}>
              {t("flow.scripts.remove")}
            </Button>
          )}
        </details>
      ))}
    </div>
  );
}
