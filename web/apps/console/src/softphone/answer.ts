import { api, calls, type Conversation, type ID } from "@yingda/api";
import { keys, queryClient } from "../query";
import { callKey } from "./calls";
import { connect } from "./line";

/** Answers or declines the call of a conversation that rings here. Nothing comes back when the telephone could not be connected. */
export async function answerCall(conversation: ID, accept: boolean): Promise<Conversation | undefined> {
  if (accept && !(await connect())) return undefined;
  const { id } = await queryClient.fetchQuery({ queryKey: callKey(conversation), queryFn: () => calls.ofConversation(conversation), staleTime: 5_000 });
  await calls.act(id, accept ? "answer" : "decline");
  void queryClient.invalidateQueries({ queryKey: callKey(conversation) });
  const detail = await queryClient.fetchQuery({ queryKey: keys.conversation(conversation), queryFn: () => api.conversations.get(conversation), staleTime: 0 }); // the page that opens now has it
  return detail.conversation;
}
