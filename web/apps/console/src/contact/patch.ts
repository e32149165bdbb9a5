import type { Contact, ConversationDetail, ID } from "@yingda/api";
import { keys, queryClient } from "../query";

/** Works a changed contact into everything that shows it. */
export function patchContact(contact: Contact, conversation?: ID): void {
  queryClient.setQueryData(keys.contact(contact.id), contact);
  if (conversation) queryClient.setQueryData<ConversationDetail>(keys.conversation(conversation), (d) => d && { ...d, contact });
  void queryClient.invalidateQueries({ queryKey: ["contacts"] });
}
