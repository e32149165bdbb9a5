// Conversations by e-mail: originals, what is put aside, new mails. What a message is more as a mail stands in types.ts.

import { call } from "./client";
import type { AsideMail, AsideView, MailHeader, MailOriginal, WritingMailbox } from "./schema";
import type { Conversation, ID, MailDraft, Message, Page } from "./types";

export type { AsideMail, AsideView, MailHeader, MailOriginal, WritingMailbox };

/** A mail to somebody that begins a conversation. */
export interface NewMail {
  client_id: string;
  inbox_id: ID;
  /** Whose address is written to, besides those of mail.to. */
  contact_id?: ID;
  text: string;
  mail: MailDraft;
  attachments?: ID[];
  /** Sent although the filter warned. */
  sure?: boolean;
}

export interface Composed {
  conversation: Conversation;
  message: Message;
}

const seg = encodeURIComponent;

export const mails = {
  /** The mailboxes that one can write from. */
  writing: () => call<Page<WritingMailbox>>("GET", "/mailboxes/writing"),
  original: (message: ID) => call<MailOriginal>("GET", `/messages/${seg(message)}/mail`),
  /** The address of the formatted text as a page for a sandboxed frame. */
  page: (message: ID, pictures: boolean) => `/api/v1/messages/${seg(message)}/mail/page${pictures ? "?pictures=all" : ""}`,
  /** The address of the mail as it came, a file .eml. */
  raw: (message: ID) => `/api/v1/messages/${seg(message)}/mail/raw`,
  takeBack: (message: ID) => call<Message>("POST", `/messages/${seg(message)}/take-back`, { body: {} }),
  split: (message: ID) => call<Conversation>("POST", `/messages/${seg(message)}/split`, { body: {} }),
  compose: (body: NewMail) => call<Composed>("POST", "/mails", { body }),
  transcript: (conversation: ID, to: string) => call<void>("POST", `/conversations/${seg(conversation)}/transcript`, { body: { to } }),
  aside: (cursor?: string) => call<Page<AsideMail>>("GET", "/mails/aside", { query: { cursor } }),
  asideOne: (id: ID) => call<AsideView>("GET", `/mails/aside/${seg(id)}`),
  release: (id: ID) => call<void>("POST", `/mails/aside/${seg(id)}/release`, { body: {} }),
};


