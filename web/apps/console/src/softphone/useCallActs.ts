import { calls, type CallVerb, type CallView } from "@yingda/api";
import { useToast } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { problem } from "../problem";
import { queryClient } from "../query";
import { callKey, stayBeside } from "./calls";
import { connect } from "./line";

/** Needs the telephone here. */
const spoken: readonly CallVerb[] = ["answer", "listen", "whisper", "barge", "takeover"];

/** What is done with a call by one press. */
export function useCallActs(call: CallView | undefined) {
  const toast = useToast();
  const act = useMutation({
    async mutationFn(verb: CallVerb) {
      if (!call) return;
      if (spoken.includes(verb) && !(await connect())) throw new Error("no phone");
      await calls.act(call.id, verb);
      if (verb === "listen" || verb === "whisper" || verb === "barge") stayBeside(call.conversation_id);
    },
    onError: (err) => err.message !== "no phone" && toast({ text: problem(err).text, tone: "bad" }),
    onSettled: () => call && queryClient.invalidateQueries({ queryKey: callKey(call.conversation_id) }),
  });
  return { run: (verb: CallVerb) => !act.isPending && act.mutate(verb), running: act.isPending ? act.variables : undefined };
}
