import { useTranslation } from "@yingda/i18n";
import { cn } from "@yingda/ui";
import { CircleAlert, Clock, Ear, LoaderCircle, RotateCcw, StickyNote, Undo2 } from "lucide-react";
import { discardOutgoing, retryOutgoing, type Outgoing } from "../live/outbox";
import { Attachments } from "./Attachments";
import { returnToComposer } from "./returned";
import { RichText } from "./RichText";

/** A message that the server does not have yet. */
export function OutgoingView({ message: m }: { message: Outgoing }) {
  const { t } = useTranslation();
  const failed = m.state === "failed";
  function discard() {
    discardOutgoing(m);
    returnToComposer(m);
  }
  return (
    <div className="mb-2.5 ml-auto flex max-w-[78%] flex-col items-end">
      {m.text && (
        <div className={cn("w-fit max-w-full rounded-2xl rounded-br-md px-3.5 py-2 text-base", m.kind === "note" ? "border border-note-line bg-note" : m.kind === "whisper" ? "border border-dashed border-warn-dot bg-warn-soft" : "bg-out text-out-fg", failed && "ring-2 ring-bad")}>
          {m.kind !== "text" && (
            <div className="mb-0.5 flex items-center gap-1.5 text-2xs font-medium text-warn">
              {m.kind === "whisper" ? <Ear size={12} aria-hidden="true" /> : <StickyNote size={12} aria-hidden="true" />}
              {t(m.kind === "whisper" ? "conversation.whisper_plain" : "conversation.note_label")}
            </div>
          )}
          <RichText text={m.text} inverse={m.kind === "text"} />
        </div>
      )}
      <Attachments items={m.attachments} onImage={() => {}} end />
      <div role="status" className={cn("mt-1 flex flex-wrap items-center justify-end gap-x-2 gap-y-1 px-1 text-2xs", failed ? "text-bad" : "text-faint")}>
        {m.state === "sending" && <State icon={<LoaderCircle size={12} className="animate-spin" aria-hidden="true" />} text={t("conversation.sending")} />}
        {m.state === "waiting" && <State icon={<Clock size={12} aria-hidden="true" />} text={t("conversation.waiting")} />}
        {failed && <State icon={<CircleAlert size={12} aria-hidden="true" />} text={m.asks ? m.why! : m.why ? `${t("conversation.failed")}: ${m.why}` : t("conversation.failed")} />}
        {m.state !== "sending" && <Act icon={<RotateCcw size={12} aria-hidden="true" />} text={m.asks ? t("conversation.filter.anyway") : t("conversation.retry")} onClick={() => retryOutgoing(m)} />}
        {failed && <Act icon={<Undo2 size={12} aria-hidden="true" />} text={t("conversation.discard")} onClick={discard} />}
      </div>
    </div>
  );
}

function State({ icon, text }: { icon: React.ReactNode; text: string }) {
  return (
    <span className="flex items-center gap-1">
      {icon}
      {text}
    </span>
  );
}

function Act({ icon, text, onClick }: { icon: React.ReactNode; text: string; onClick: () => void }) {
  return (
    <button type="button" onClick={onClick} className="flex items-center gap-1 rounded font-medium text-brand-ink hover:underline">
      {icon}
      {text}
    </button>
  );
}
