import { api, ApiError, serverNow, type Conversation } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, Button, Pill, useToast } from "@yingda/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Check, Phone } from "lucide-react";
import { useEffect, useRef } from "react";
import { partOf, ringUntil } from "../conversation/rights";
import { alertOffer } from "../live/alert";
import { patchConversation, refreshCounts } from "../live/feed";
import { useExternal } from "../external";
import { useKeys } from "../live/keys";
import { problem } from "../problem";
import { can, casesOf, keys, queryClient, useMe } from "../query";
import { answerCall } from "../softphone/answer";
import { queueName, useCall } from "../softphone/calls";
import { line, want } from "../softphone/line";
import { span, useNow } from "../time";

const ringEvery = 4_000;
const knownReasons = ["asked", "miss", "transfer", "agent_lost", "no_bot", "reopened"] as const;

function isKnownReason(reason: string | undefined): reason is (typeof knownReasons)[number] {
  return knownReasons.some((each) => each === reason);
}

/** What rings at this agent right now. */
function useOffers(): Conversation[] {
  const me = useMe();
  const now = useNow(1_000);
  const offers = useQuery({
    queryKey: keys.offers,
    queryFn: async () => {
      const [waiting, active] = await Promise.all([api.conversations.list({ view: "queue" }, undefined, 100), api.conversations.list({ view: "all", state: "active" }, undefined, 100)]);
      return [...waiting.items, ...active.items].filter((c) => ringUntil(c, me.id));
    },
    enabled: can(me, "conversation.reply"),
    staleTime: Infinity,
  });
  return (offers.data ?? []).filter((c) => Date.parse(ringUntil(c, me.id) ?? "") > now);
}

export function OfferBar() {
  const offers = useOffers();
  const me = useMe();
  const first = offers[0];
  return <div aria-live="assertive">{first && <Ringing key={`${first.id} ${ringUntil(first, me.id)}`} conversation={first} others={offers.length - 1} />}</div>;
}

function Ringing({ conversation: c, others }: { conversation: Conversation; others: number }) {
  const { t } = useTranslation();
  const toast = useToast();
  const navigate = useNavigate();
  const now = useNow(250);
  const me = useMe();
  const invitation = c.state === "active" ? partOf(c, me.id) : undefined;
  const until = Date.parse(ringUntil(c, me.id) ?? "");
  const whole = useRef(Math.max(until - serverNow(), 1_000));

  useEffect(() => {
    alertOffer(c, true);
    const timer = setInterval(() => alertOffer(c, false), ringEvery);
    return () => clearInterval(timer);
    // one bell for one ring: the key of this component is the ring
  }, [c.id]);

  const byPhone = c.channel === "phone" && !invitation;
  const call = useCall(byPhone ? c.id : undefined).data;
  const connected = useExternal(line, (l) => l.state === "connected");
  useEffect(() => {
    want("ring", byPhone);
    // whoever answers sees at once what is open
    if (byPhone && can(me, "case.read")) void queryClient.prefetchQuery(casesOf(c.contact_id));
    return () => want("ring", false);
  }, [byPhone, c.contact_id, me]);

  const answer = useMutation({
    mutationFn: async (accept: boolean) => {
      if (byPhone) return answerCall(c.id, accept);
      if (invitation) return accept ? api.conversations.join(c.id) : api.conversations.leave(c.id);
      return accept ? api.conversations.accept(c.id) : api.conversations.decline(c.id);
    },
    onSuccess(changed, accept) {
      if (changed) patchConversation(queryClient, changed, accept);
      else if (byPhone && accept) return; // the telephone could not be connected
      if (accept) void navigate({ to: "/inbox/$view/{-$id}", params: { view: "mine", id: c.id } });
    },
    onError(err) {
      const taken = err instanceof ApiError && (err.status === 409 || err.status === 404);
      toast({ text: taken ? t("shell.offer.gone") : problem(err).text, tone: "bad" });
      if (!taken) return;
      queryClient.setQueryData<Conversation[]>(keys.offers, (held) => held?.filter((each) => each.id !== c.id));
      refreshCounts(queryClient);
    },
  });
  useKeys({ "Alt a": () => (byPhone && !answer.isPending ? answer.mutate(true) : false) });
  const reason = invitation ? t("shell.offer.invited", { name: invitation.invited_by_name }) : isKnownReason(c.queue_reason) ? t(`shell.offer.reason.${c.queue_reason}`) : undefined;

  return (
    <section aria-label={t(invitation ? "shell.offer.invite_title" : "shell.offer.title")} className="flex animate-rise flex-wrap items-center gap-x-3 gap-y-2 border-b border-brand/30 bg-brand-soft px-4 py-2">
      <Ring left={(until - now) / whole.current} seconds={Math.max(0, Math.ceil((until - now) / 1000))} />
      <Avatar name={c.contact_name} size={32} />
      <div className="min-w-0 flex-1 basis-48">
        <div className="flex items-baseline gap-2">
          <span className="truncate font-semibold">{c.contact_name}</span>
          {call && <span className="num shrink-0 text-xs text-mut">{call.number || t("phone.call.withheld")}</span>}
          {call?.emergency && <Pill tone="bad">{t("phone.call.emergency")}</Pill>}
          {call?.queue && <Pill>{queueName(call)}</Pill>}
          <span className="truncate text-2xs text-mut">
            {[reason, c.queued_at && t("shell.offer.waited", { time: span(now - Date.parse(c.queued_at)) })].filter(Boolean).join(" · ")}
          </span>
        </div>
        <p className="truncate text-xs text-mut">{c.last_text}</p>
      </div>
      {others > 0 && <span className="num text-xs text-mut">{t("shell.offer.more", { n: others })}</span>}
      <Button disabled={answer.isPending} onClick={() => answer.mutate(false)}>
        {t(byPhone ? "phone.act.decline" : "shell.offer.decline")}
      </Button>
      <Button variant="primary" icon={byPhone ? <Phone size={15} aria-hidden="true" /> : <Check size={15} aria-hidden="true" />} loading={answer.isPending && answer.variables} onClick={() => answer.mutate(true)}>
        {t(byPhone ? (connected ? "phone.act.answer" : "phone.act.connect_answer") : invitation ? "shell.offer.join" : "shell.offer.accept")}
      </Button>
    </section>
  );
}

function Ring({ left, seconds }: { left: number; seconds: number }) {
  const { t } = useTranslation();
  const around = 2 * Math.PI * 15;
  const part = Math.min(1, Math.max(0, left));
  return (
    <span role="timer" aria-live="off" aria-label={t("shell.offer.seconds", { n: seconds })} className={`relative grid size-9 shrink-0 place-items-center ${seconds <= 5 ? "text-bad" : "text-brand"}`}>
      <svg viewBox="0 0 36 36" className="absolute inset-0 -rotate-90" aria-hidden="true">
        <circle cx="18" cy="18" r="15" fill="none" strokeWidth="3" className="ring-track" />
        <circle cx="18" cy="18" r="15" fill="none" stroke="currentColor" strokeWidth="3" strokeLinecap="round" strokeDasharray={around} strokeDashoffset={around * (1 - part)} />
      </svg>
      <span className="num text-xs font-semibold" aria-hidden="true">
        {seconds}
      </span>
    </span>
  );
}
