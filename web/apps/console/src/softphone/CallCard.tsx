import { calls, type CallView } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, cn, ConfirmDialog, IconButton, Pill, Popover, useToast, type ButtonVariant } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeftRight, CircleDot, CirclePause, Ear, Grid3x3, MessageCircleQuestion, Mic, MicOff, Pause, Phone, PhoneForwarded, PhoneOff, Play, Siren, Undo2, UserCheck, Users, Volume2, type LucideIcon } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useExternal } from "../external";
import { problem } from "../problem";
import { can, queryClient, useAgents, useMe } from "../query";
import { span, useNow } from "../time";
import { actsOf, callKey, partIn, queueName, type Act } from "./calls";
import { line, mute } from "./line";
import { useCallActs } from "./useCallActs";

const HandDialog = lazy(() => import("./HandDialog"));

const looks: Record<Act, { icon: LucideIcon; variant?: ButtonVariant; keys?: string }> = {
  answer: { icon: Phone, variant: "primary", keys: "Alt A" },
  hold: { icon: Pause, keys: "Alt H" },
  resume: { icon: Play, variant: "primary", keys: "Alt H" },
  keys: { icon: Grid3x3 },
  transfer: { icon: PhoneForwarded },
  consult: { icon: MessageCircleQuestion },
  return: { icon: Undo2 },
  join: { icon: Users },
  hand_over: { icon: ArrowLeftRight },
  pause: { icon: CirclePause },
  unpause: { icon: CircleDot },
  hangup: { icon: PhoneOff, variant: "danger", keys: "Alt X" },
  listen: { icon: Ear },
  whisper: { icon: Mic },
  barge: { icon: Volume2 },
  takeover: { icon: UserCheck },
  leave: { icon: PhoneOff, variant: "danger", keys: "Alt X" },
};

/** A call with what can be done with it. `inside`: the conversation is open around it. */
export default function CallCard({ call, inside = false }: { call: CallView; inside?: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const now = useNow(1_000);
  const agents = useAgents();
  const { state: lineState, muted } = useExternal(line, (l) => l);
  const { run, running } = useCallActs(call);
  const [ask, setAsk] = useState<"transfer" | "consult" | "takeover">();
  const part = partIn(call, me.id);
  const acts = actsOf(call, me.id, can(me, "conversation.monitor"));
  const speaks = part !== undefined && part !== "listen" && part !== "asked";
  const nameOf = (id: string | undefined) => agents.data?.items.find((a) => a.id === id)?.name ?? "";
  const since = call.answered_at ?? call.began_at;
  const third = call.third && (nameOf(call.third.agent_id) || call.third.number);
  const others = (call.supervisors ?? []).filter((s) => s.agent_id !== me.id && s.how !== "listen").map((s) => nameOf(s.agent_id));
  const handOver = useMutation({
    mutationFn: () => calls.transfer(call.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: callKey(call.conversation_id) }),
  });

  function press(act: Act) {
    if (act === "transfer" || act === "consult" || act === "takeover") return setAsk(act);
    if (act === "hand_over") return handOver.mutate();
    if (act !== "keys") run(act);
  }

  return (
    <section aria-label={t("phone.call.region")} className={cn("flex flex-wrap items-center gap-x-3 gap-y-2 border-b px-4 py-2", call.emergency ? "bg-bad-soft" : "bg-ok-soft", inside && "max-sm:px-2")}>
      <span aria-hidden="true" className={cn("grid size-8 shrink-0 place-items-center rounded-full text-white", call.emergency ? "bg-bad-fill" : "bg-ok")}>
        {call.emergency ? <Siren size={16} /> : <Phone size={15} />}
      </span>
      <div className="min-w-0 flex-1 basis-56">
        <div className="flex min-w-0 items-baseline gap-2">
          {inside ? (
            <span className="num truncate font-semibold">{call.number || t("phone.call.withheld")}</span>
          ) : (
            <Link to="/inbox/$view/{-$id}" params={{ view: part === "own" ? "mine" : "all", id: call.conversation_id }} className="truncate font-semibold underline-offset-2 hover:underline" title={t("phone.act.open")}>
              {call.contact_name || `#${call.conversation_number}`}
            </Link>
          )}
          {!inside && <span className="num shrink-0 text-xs text-mut">{call.number || t("phone.call.withheld")}</span>}
          {call.emergency && <Pill tone="bad">{t("phone.call.emergency")}</Pill>}
          {call.direction === "outbound" && <Pill>{t("phone.call.outbound")}</Pill>}
        </div>
        <p className="truncate text-xs text-mut">
          <span className="font-medium text-fg">{t(`phone.call.state.${call.state}`)}</span>
          {part && part !== "own" && ` · ${t(`phone.call.part.${part}`)}`}
          {call.queue && ` · ${t("phone.call.queue", { name: queueName(call) })}`}
          {third && ` · ${third}`}
          {call.answered_at && <span className="num"> · {t("phone.call.since", { time: span(Math.max(0, now - Date.parse(since))) })}</span>}
        </p>
        <p role="status" className="text-xs empty:hidden">
          {speaks && lineState !== "connected" && <span className="text-bad">{t("phone.call.not_connected")}</span>}
          {speaks && lineState === "connected" && muted && <span className="text-warn">{t("phone.call.muted")}</span>}
          {call.recording_paused && <span className="text-warn"> {t("phone.call.paused")}</span>}
          {others.length > 0 && <span className="text-ai"> {t("phone.call.heard_by", { names: others.join("、") })}</span>}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-1.5">
        {speaks && !inside && <IconButton variant="default" label={t(muted ? "phone.act.unmute" : "phone.act.mute")} keys="Alt M" aria-pressed={muted} icon={muted ? <MicOff size={16} /> : <Mic size={16} />} onClick={() => mute(!muted)} className={cn("size-8", muted && "bg-warn-soft text-warn")} />}
        {acts.map((act) => {
          const { icon: Icon, variant, keys } = looks[act];
          if (act === "keys") return <Keypad key={act} call={call} />;
          if (variant) {
            return (
              <Button key={act} variant={variant} icon={<Icon size={14} aria-hidden="true" />} loading={running === act} onClick={() => press(act)}>
                {t(`phone.act.${act}`)}
              </Button>
            );
          }
          return <IconButton key={act} variant="default" label={t(`phone.act.${act}`)} keys={keys} icon={<Icon size={16} />} loading={running === act || (act === "hand_over" && handOver.isPending)} onClick={() => press(act)} className="size-8" />;
        })}
      </div>
      <Suspense>
        {(ask === "transfer" || ask === "consult") && <HandDialog call={call} how={ask} onClose={() => setAsk(undefined)} />}
        {ask === "takeover" && (
          <ConfirmDialog
            open
            onOpenChange={(open) => !open && setAsk(undefined)}
            title={t("phone.takeover.title")}
            description={t("phone.takeover.hint", { name: nameOf(call.agent_id) })}
            confirmLabel={t("phone.act.takeover")}
            onConfirm={() => void run("takeover")}
          />
        )}
      </Suspense>
    </section>
  );
}

function Keypad({ call }: { call: CallView }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [pressed, setPressed] = useState("");
  const send = useMutation({ mutationFn: (key: string) => calls.keys(call.id, key), onError: (err) => toast({ text: problem(err).text, tone: "bad" }) });
  function press(key: string) {
    setPressed((now) => (now + key).slice(-20));
    send.mutate(key);
  }
  return (
    <Popover
      label={t("phone.keypad.label")}
      align="end"
      className="w-52"
      trigger={
        <button type="button" aria-label={t("phone.act.keys")} title={t("phone.act.keys")} className="grid size-8 place-items-center rounded-md border bg-panel text-mut hover:bg-raise hover:text-fg">
          <Grid3x3 size={16} aria-hidden="true" />
        </button>
      }
    >
      <div onKeyDown={(e) => /^[0-9*#]$/.test(e.key) && press(e.key)}>
        <p role="status" className="num mb-2 h-6 truncate text-center text-base" aria-label={t("phone.keypad.pressed", { keys: pressed })}>
          {pressed}
        </p>
        <div className="grid grid-cols-3 gap-1.5">
          {[..."123456789*0#"].map((key) => (
            <Button key={key} aria-label={t("phone.keypad.key", { key })} onClick={() => press(key)} className="num h-10 text-base">
              {key}
            </Button>
          ))}
        </div>
      </div>
    </Popover>
  );
}
