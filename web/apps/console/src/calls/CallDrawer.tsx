import { callRecords, type Call } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Drawer, Field, Pill, Textarea } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ShieldCheck } from "lucide-react";
import { useState, type ReactNode } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { queueName } from "../softphone/calls";
import { can, useAgents, useMe } from "../query";
import { clockTime, fullTime, span } from "../time";
import { useCallWords } from "./CallsPage";
import { Player } from "./Player";
import { Transcript } from "./Transcript";
import { callsKey } from "./keys";

/** One call: its record, what happened in it, its recording. */
export function CallDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [...callsKey, "one", id], queryFn: () => callRecords.get(id) });
  return (
    <Drawer open size="lg" onOpenChange={(open) => !open && onClose()} title={query.data ? `${t("calls.record.title")} · ${query.data.contact_name}` : t("calls.record.title")}>
      <Loaded query={query}>{(c) => <CallRecord call={c} />}</Loaded>
    </Drawer>
  );
}

/** All that is known of a call. */
export function CallRecord({ call: c }: { call: Call }) {
  const { t } = useTranslation();
  const words = useCallWords();
  const agents = useAgents().data?.items ?? [];
  const quality = c.record.quality;
  const ratings = ({ record }: Call) => {
    const marks = Object.entries(record.ratings ?? {}).map(([q, mark]) => `${t(`calls.questions.${q}` as "calls.questions.overall", { defaultValue: q })} ${mark}`);
    if (record.rated_by === "keys" || record.rated_by === "link") marks.push(t(`calls.rated.${record.rated_by}`));
    return marks.join(" · ") || "—";
  };
  const facts: [string, ReactNode][] = [
    [t("calls.columns.state"), <Pill key="state">{words.state(c.state)}</Pill>],
    [t("calls.record.number"), <span key="n" className="num">{c.number || t("calls.withheld")}</span>],
    [t("calls.record.line"), <span key="l" className="num">{c.line}</span>],
    [t("calls.columns.queue"), queueName(c) || "—"],
    [t("calls.columns.agent"), agents.find((a) => a.id === c.agent_id)?.name ?? t("calls.nobody")],
    [t("calls.record.began"), fullTime(c.began_at)],
    [t("calls.record.answered"), c.answered_at ? fullTime(c.answered_at) : "—"],
    [t("calls.record.ended"), c.ended_at ? fullTime(c.ended_at) : "—"],
    [t("calls.record.reason"), words.reason(c.record.result)],
    [t("calls.record.node"), <span key="at" className="num">{c.record.node || "—"}</span>],
    [t("calls.record.menu"), c.record.menu ? `${c.record.menu}${c.record.version ? ` · ${t("calls.record.version", { n: c.record.version })}` : ""}` : "—"],
    [t("calls.record.path"), c.record.path?.join(" → ") || "—"],
    [t("calls.record.asked"), c.asked?.map(({ hook, ok, why }) => `${hook}${ok ? " ✓" : `：${why?.[currentLanguage()] ?? "✗"}`}`).join(" · ") || "—"],
    [t("calls.record.ratings"), ratings(c)],
    [t("calls.record.quality"), quality && quality.mos > 0 ? t("calls.record.mos", { mos: quality.mos.toFixed(1), lost: (quality.lost * 100).toFixed(1), jitter: quality.jitter.toFixed(0) }) : "—"],
    [t("calls.record.notice"), c.notice_at ? fullTime(c.notice_at) : t("calls.record.notice_none")],
  ];
  return (
    <div className="flex flex-col gap-6">
      <Link to="/inbox/$view/{-$id}" params={{ view: "all", id: c.conversation_id }} className="self-start text-sm text-brand-ink hover:underline">
        {t("calls.record.conversation", { n: c.conversation_number })}
      </Link>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-mut">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
      <section aria-label={t("calls.record.times")}>
        <h3 className="mb-2 text-sm font-semibold">{t("calls.record.times")}</h3>
        <dl className="flex flex-wrap gap-2">
          {(["ring", "menu", "wait", "talk", "hold", "wrap_up", "total"] as const).map((what) => (
            <div key={what} className="rounded-lg border px-3 py-1.5">
              <dt className="text-2xs text-mut">{t(`calls.times.${what}`)}</dt>
              <dd className="num text-sm">{span(c.times[what] * 1000)}</dd>
            </div>
          ))}
        </dl>
      </section>
      <Recording call={c} />
      <section aria-label={t("calls.record.steps")}>
        <h3 className="mb-2 text-sm font-semibold">{t("calls.record.steps")}</h3>
        <ol className="flex flex-col gap-1 text-sm">
          {c.record.steps.map((step, i) => (
            <li key={`${step.at} ${i}`} className="flex flex-wrap gap-x-3">
              <time dateTime={step.at} className="num text-mut">
                {clockTime(step.at)}
              </time>
              <span>{words.state(step.state)}</span>
              {step.queue && <span className="text-mut">{queueName(c, step.queue)}</span>}
              {step.agent && <span className="text-mut">{agents.find((a) => a.id === step.agent)?.name}</span>}
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

function Recording({ call: c }: { call: Call }) {
  const { t } = useTranslation();
  const me = useMe();
  const [keeping, setKeeping] = useState(false);
  const release = useChange(() => callRecords.keep(c.id, ""), { stale: [callsKey], done: t("calls.recording.release_done") });
  const rec = c.record.recording;
  return (
    <section aria-label={t("calls.recording.title")}>
      <h3 className="mb-2 text-sm font-semibold">{t("calls.recording.title")}</h3>
      {rec?.removed ? (
        <p className="text-sm text-mut">{t("calls.recording.removed", { when: fullTime(rec.removed) })}</p>
      ) : !c.recorded ? (
        <p className="text-sm text-mut">{t("calls.recording.none")}</p>
      ) : !can(me, "recording.listen") ? (
        <p className="text-sm text-mut">{t("calls.recording.forbidden")}</p>
      ) : (
        <Player id={c.id} download={can(me, "recording.download")}>
          {(at, playFrom) => <Transcript call={c} at={at} onPlay={playFrom} />}
        </Player>
      )}
      {rec?.cut && <p className="mt-2 text-xs text-warn">{t("calls.recording.cut", { why: t(`calls.recording.cuts.${rec.cut as "disk"}`) })}</p>}
      {c.recorded && rec?.sha256 && (
        <p className="mt-2 text-2xs break-all text-faint">
          {t("calls.recording.hash")} <code>{rec.sha256}</code>
        </p>
      )}
      {c.recorded && (c.kept || can(me, "recording.keep")) && (
        <div className="mt-3 flex flex-wrap items-center gap-2">
          {c.kept && (
            <Pill tone="warn" icon={<ShieldCheck size={11} />}>
              {t("calls.recording.kept", { why: c.kept })}
            </Pill>
          )}
          {can(me, "recording.keep") &&
            (c.kept ? (
              <Button size="sm" loading={release.isPending} onClick={() => release.mutate()}>
                {t("calls.recording.release")}
              </Button>
            ) : (
              <Button size="sm" icon={<ShieldCheck size={13} />} onClick={() => setKeeping(true)}>
                {t("calls.recording.keep")}
              </Button>
            ))}
        </div>
      )}
      {keeping && <KeepForm id={c.id} onClose={() => setKeeping(false)} />}
    </section>
  );
}

function KeepForm({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const save = useChange(() => callRecords.keep(id, reason.trim()), { stale: [callsKey], done: t("calls.recording.keep_done"), onDone: onClose, quiet: true });
  return (
    <FormDrawer look="dialog" size="sm" title={t("calls.recording.keep_title")} description={t("calls.recording.keep_hint")} dirty={reason.trim() !== ""} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <Field label={t("calls.recording.keep_reason")} required error={fieldErrors(save.error)["reason"]}>
        <Textarea minRows={2} maxLength={200} value={reason} onChange={(e) => setReason(e.target.value)} />
      </Field>
    </FormDrawer>
  );
}
