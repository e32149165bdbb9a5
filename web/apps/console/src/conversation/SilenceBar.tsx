import { api, type Conversation, type Inbox, type Me } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, useToast } from "@yingda/ui";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Hourglass, PauseCircle } from "lucide-react";
import { patchConversation } from "../live/feed";
import { problem } from "../problem";
import { queryClient } from "../query";
import { inboxesKey } from "../settings/inboxes";
import { span, useNow } from "../time";

/** When a silent contact is reminded or let go; undefined where nothing happens by itself. */
export function silenceEnds(c: Conversation, inbox: Inbox | undefined): { at: number; warned: boolean } | undefined {
  const silence = inbox?.settings.silence;
  if (!silence?.warn_seconds || c.state !== "active" || c.waiting_since || !c.silent_since || c.held) return undefined;
  if (c.warned_at) return { at: Date.parse(c.warned_at) + silence.close_seconds * 1_000, warned: true };
  return { at: Date.parse(c.silent_since) + silence.warn_seconds * 1_000, warned: false };
}

/** Above the composer: what the silence of the contact leads to, and waiting for them all the same. */
export function SilenceBar({ conversation: c, me }: { conversation: Conversation; me: Me }) {
  const { t } = useTranslation();
  const toast = useToast();
  const inboxes = useQuery({ queryKey: inboxesKey, queryFn: api.inboxes.list, staleTime: 5 * 60_000, enabled: !!c.silent_since });
  const hold = useMutation({
    mutationFn: (on: boolean) => api.conversations.hold(c.id, on),
    onSuccess: (changed) => patchConversation(queryClient, changed, true),
    onError: (err) => toast({ text: problem(err).text, tone: "bad" }),
  });
  const ends = silenceEnds(c, inboxes.data?.items.find((inbox) => inbox.id === c.inbox_id));
  const mine = c.agent_id === me.id;
  if (c.state !== "active" || (!ends && !c.held)) return null;
  return (
    <div role="group" aria-label={t("conversation.silence.label")} className="mx-4 mb-2 flex items-center gap-2 rounded-lg bg-raise px-3 py-1.5 text-xs text-mut max-md:mx-2">
      {c.held ? <PauseCircle size={14} aria-hidden="true" className="shrink-0" /> : <Hourglass size={14} aria-hidden="true" className="shrink-0" />}
      {ends ? <Countdown at={ends.at} warned={ends.warned} /> : <span className="min-w-0 flex-1">{t("conversation.silence.held")}</span>}
      {mine && (
        <Button size="sm" variant="ghost" loading={hold.isPending} onClick={() => hold.mutate(!c.held)}>
          {c.held ? t("conversation.silence.release") : t("conversation.silence.hold")}
        </Button>
      )}
    </div>
  );
}

function Countdown({ at, warned }: { at: number; warned: boolean }) {
  const { t } = useTranslation();
  const left = at - useNow(1_000);
  return <span className="num min-w-0 flex-1">{left <= 0 ? t("conversation.silence.now") : t(warned ? "conversation.silence.ends" : "conversation.silence.warns", { time: span(left) })}</span>;
}
