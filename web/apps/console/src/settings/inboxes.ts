import type { Inbox } from "@yingda/api";

/** The name of the list of inboxes in the query cache. */
export const inboxesKey = ["inboxes"] as const;

/** Those with a widget; mailboxes have a page of their own. */
export const isChat = (inbox: Inbox) => inbox.kind === "webchat";
