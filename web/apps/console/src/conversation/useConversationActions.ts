import { api, ApiError, type Conversation, type ID } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { useToast } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { patchConversation } from "../live/feed";
import { problem } from "../problem";
import { keys, queryClient } from "../query";
import { answerCall } from "../softphone/answer";

type Verb = "accept" | "decline" | "take" | "reopen" | "leave";

export interface ConversationActions {
  accept(): void;
  decline(): void;
  take(): void;
  reopen(): void;
  leave(): void;
  takeOut(agent: ID): void;
  handOwner(agent: ID): void;
  running?: Verb;
}

/** The verbs that need no further question. */
export function useConversationActions(c: Conversation): ConversationActions {
  const { t } = useTranslation();
  const toast = useToast();
  const navigate = useNavigate();
  const act = useMutation({
    mutationFn: (verb: Verb) => (c.channel === "phone" && (verb === "accept" || verb === "decline") ? answerCall(c.id, verb === "accept") : api.conversations[verb](c.id)),
    onSuccess(changed, verb) {
      if (!changed) return;
      patchConversation(queryClient, changed, true);
      if (verb === "accept" || verb === "take") {
        toast({ text: t("conversation.done.accepted"), tone: "ok" });
        void navigate({ to: "/inbox/$view/{-$id}", params: { view: "mine", id: c.id } });
      }
      if (verb === "reopen") toast({ text: t("conversation.done.reopened"), tone: "ok" });
    },
    onError(err) {
      toast({ text: problem(err).text, tone: "bad" });
      if (err instanceof ApiError && (err.status === 409 || err.status === 404)) void queryClient.invalidateQueries({ queryKey: keys.conversation(c.id) });
    },
  });
  const steer = useMutation({
    mutationFn: ({ agent, own }: { agent: ID; own: boolean }) => (own ? api.conversations.handOwner(c.id, agent) : api.conversations.takeOut(c.id, agent)),
    onSuccess: (changed) => patchConversation(queryClient, changed, true),
    onError: (err) => toast({ text: problem(err).text, tone: "bad" }),
  });
  const run = (verb: Verb) => () => {
    if (!act.isPending) act.mutate(verb);
  };
  return { accept: run("accept"), decline: run("decline"), take: run("take"), reopen: run("reopen"), leave: run("leave"), takeOut: (agent) => steer.mutate({ agent, own: false }), handOwner: (agent) => steer.mutate({ agent, own: true }), running: act.isPending ? act.variables : undefined };
}
