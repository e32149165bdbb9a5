// Which calls are this agent's now, and what may be done with them.

import { ApiError, api, calls, type CallState, type CallView, type Conversation, type ID } from "@yingda/api";
import { currentLanguage } from "@yingda/i18n";
import { useQueries, useQuery } from "@tanstack/react-query";
import { external, useExternal } from "../external";
import { can, queryClient, useMe } from "../query";

export const callKey = (conversation: ID) => ["call", conversation] as const;
const mineKey = ["my-calls"] as const;

/** Conversations of others whose call the agent hears, or is asked into. */
const beside = external<readonly ID[]>([]);

/** A call that one listens to stands in the bar, too. */
export function stayBeside(conversation: ID): void {
  beside.set((now) => (now.includes(conversation) ? now : [...now, conversation]));
}

/** Takes that something about a conversation by telephone has changed. */
export function callChanged(c: Conversation, what: string, me: ID | undefined): void {
  if (c.channel !== "phone") return;
  void queryClient.invalidateQueries({ queryKey: callKey(c.id) });
  const ids = queryClient.getQueryData<ID[]>(mineKey);
  const mine = c.agent_id === me && c.state === "active";
  if (ids && mine !== ids.includes(c.id)) queryClient.setQueryData<ID[]>(mineKey, mine ? [...ids, c.id] : ids.filter((id) => id !== c.id));
  if (what === "call" && c.state === "active" && c.agent_id !== me) void asked(c.id, me);
}

/** A colleague may be asking for this agent in their call. */
async function asked(conversation: ID, me: ID | undefined): Promise<void> {
  const call = await queryClient.fetchQuery({ queryKey: callKey(conversation), queryFn: () => calls.ofConversation(conversation), staleTime: 0 }).catch(() => undefined);
  if (call && me && (call.third?.agent_id === me || call.supervisors?.some((s) => s.agent_id === me))) stayBeside(conversation);
}

export function useCall(conversation: ID | undefined) {
  return useQuery({
    queryKey: callKey(conversation ?? ""),
    queryFn: () => calls.ofConversation(conversation!),
    enabled: conversation !== undefined,
    staleTime: 10_000,
    retry: (count, err) => count < 3 && err instanceof ApiError && err.passing,
  });
}

/** The calls that this agent speaks in or hears. */
export function useMyCalls(): CallView[] {
  const me = useMe();
  const others = useExternal(beside, (ids) => ids);
  const mine = useQuery({
    queryKey: mineKey,
    queryFn: async () => (await api.conversations.list({ view: "mine" }, undefined, 100)).items.filter((c) => c.channel === "phone" && c.state === "active").map((c) => c.id),
    enabled: can(me, "conversation.reply"),
    staleTime: Infinity,
  });
  const ids = [...new Set([...(mine.data ?? []), ...others])];
  const found = useQueries({ queries: ids.map((id) => ({ queryKey: callKey(id), queryFn: () => calls.ofConversation(id), staleTime: 10_000, retry: false })) });
  return found.flatMap((q) => (q.data && partIn(q.data, me.id) ? [q.data] : []));
}

/** What people call a queue of a call. */
export function queueName(call: { queue?: string; queue_names?: Record<string, { zh: string; en: string }> }, queue = call.queue): string {
  return (queue && (call.queue_names?.[queue]?.[currentLanguage()] ?? queue)) || "";
}

export type Part = "own" | "asked" | "consulted" | "listen" | "whisper" | "barge";

const open: readonly CallState[] = ["ringing", "talking", "held", "consulting", "conference"];

/** What part an agent has in a call now; undefined: none. */
export function partIn(call: CallView, me: ID): Part | undefined {
  if (!open.includes(call.state) || (call.state === "ringing" && call.direction === "inbound")) return undefined;
  if (call.agent_id === me) return "own";
  if (call.third?.agent_id === me) return call.third.reached ? "consulted" : "asked";
  return call.supervisors?.find((s) => s.agent_id === me)?.how;
}

export type Act = "hold" | "resume" | "keys" | "transfer" | "consult" | "return" | "join" | "hand_over" | "pause" | "unpause" | "hangup" | "answer" | "listen" | "whisper" | "barge" | "takeover" | "leave";

/** What an agent may do with a call as it is now. The server decides; this only hides what it would refuse. */
export function actsOf(call: CallView, me: ID, monitor: boolean): readonly Act[] {
  const part = partIn(call, me);
  switch (part) {
    case "asked":
      return ["answer"];
    case "consulted":
      return ["hangup"];
    case "listen":
    case "whisper":
    case "barge":
      return [...(["listen", "whisper", "barge"] as const).filter((how) => how !== part), "takeover", "leave"];
    case "own": {
      const record: Act[] = call.notice_at ? [call.recording_paused ? "unpause" : "pause"] : [];
      switch (call.state) {
        case "ringing":
          return ["hangup"];
        case "held":
          return ["resume", "transfer", "consult", ...record, "hangup"];
        case "consulting":
          return call.third?.reached ? ["return", "join", "hand_over", "keys", "hangup"] : ["return", "hangup"];
        case "conference":
          return ["return", "hand_over", "keys", ...record, "hangup"];
        default:
          return ["hold", "keys", "transfer", "consult", ...record, "hangup"];
      }
    }
    default:
      return monitor && call.agent_id && open.includes(call.state) && call.state !== "ringing" ? ["listen", "whisper", "barge", "takeover"] : [];
  }
}
