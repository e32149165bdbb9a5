// A mail that is being written; it is kept on this computer until the server has it.

import { api, mails, type Attachment, type ID, type MailDraft, type MailPerson, type Message } from "@yingda/api";
import { useQuery } from "@tanstack/react-query";
import { external } from "../external";
import { newClientId } from "../live/outbox";
import { load, save } from "../storage";
import { isAddress } from "./address";
import { htmlOf, isEmpty, picturesIn, plainOf, type Node } from "./document";

export interface Writing {
  /** Under it a repeat is no second mail. */
  client_id: string;
  /** Absent: those whom an answer goes to. */
  to?: MailPerson[];
  /** Absent: the others who got the mail that is answered. */
  cc?: MailPerson[];
  bcc?: MailPerson[];
  /** Absent: that of the thread. */
  subject?: string;
  doc?: Node;
  no_quote?: boolean;
  /** Files that stand below the text. */
  attachments: Attachment[];
  /** Pictures that were put into the text; those that are still there leave with it. */
  pictures: Attachment[];
  /** Of a new mail: the mailbox. */
  inbox_id?: ID;
  /** The filter warned, and it is meant all the same. */
  sure?: boolean;
}

export const mostPeople = 50;

export function blank(): Writing {
  return { client_id: newClientId(), attachments: [], pictures: [] };
}

/** Whether there is anything to keep of it. */
export function isBlank(w: Writing | undefined): boolean {
  return !w || (isEmpty(w.doc) && w.attachments.length === 0 && !w.subject && !w.to?.length && !w.cc?.length && !w.bcc?.length);
}

/** One mail before another: its people and subject, both texts, all files. */
export function before(first: Writing, second: Writing): Writing {
  return {
    ...first,
    doc: { type: "doc", content: [...(first.doc?.content ?? []), ...(second.doc?.content ?? [])] },
    attachments: [...first.attachments, ...second.attachments],
    pictures: [...first.pictures, ...second.pictures],
  };
}

export type Lack = "nobody" | "bad_addresses" | "too_many" | "no_subject" | "empty";

/** What keeps a mail from leaving, the first thing. */
export function lacks(w: Writing, to: MailPerson[], subject: string): Lack | undefined {
  const people = [...to, ...(w.cc ?? []), ...(w.bcc ?? [])];
  if (people.some((p) => !isAddress(p.address))) return "bad_addresses";
  if (to.length === 0) return "nobody";
  if (people.length > mostPeople) return "too_many";
  if (!subject.trim()) return "no_subject";
  if (isEmpty(w.doc) && w.attachments.length === 0) return "empty";
  return undefined;
}

export interface Leaving {
  text: string;
  attachments: ID[];
  mail: MailDraft;
}

/** As the server takes it. */
export function leaving(w: Writing, more: Partial<MailDraft> = {}): Leaving {
  const doc = w.doc ?? { type: "doc" };
  const standing = new Set(picturesIn(doc));
  const pictures = w.pictures.filter((a) => standing.has(a.id));
  const filled = (people?: MailPerson[]) => (people?.length ? people : undefined);
  const text = plainOf(doc);
  return {
    text,
    attachments: [...new Set([...pictures, ...w.attachments].map((a) => a.id))],
    mail: {
      subject: w.subject?.trim() || undefined,
      to: filled(w.to),
      cc: filled(w.cc),
      bcc: filled(w.bcc),
      html: isEmpty(doc) ? undefined : htmlOf(doc),
      no_quote: w.no_quote || undefined,
      ...more,
    },
  };
}

const newDraft = (agent: ID) => `draft.${agent}.mail.new`;

export function loadNew(agent: ID): Writing | undefined {
  return load<Writing>(newDraft(agent));
}

export function saveNew(agent: ID, w: Writing | undefined): boolean {
  return save(newDraft(agent), isBlank(w) ? undefined : w);
}

/** What was written of mails that can still be taken back, by message. */
const sent = new Map<ID, Writing>();

export function keepSent(message: ID, w: Writing): void {
  sent.set(message, w);
  if (sent.size > 20) sent.delete(sent.keys().next().value!);
}

/** What was taken back goes into the editor of its conversation again. */
export const putBack = external<{ conversation: ID; writing: Writing } | undefined>(undefined);

export function returnMail(m: Message, textDoc: (text: string) => Node): void {
  const had = sent.get(m.id);
  sent.delete(m.id);
  const writing: Writing = had
    ? { ...had, client_id: newClientId() }
    : { ...blank(), subject: m.mail?.subject, to: m.mail?.to, cc: m.mail?.cc, bcc: m.mail?.bcc, doc: textDoc(m.text), attachments: m.attachments ?? [] };
  putBack.set({ conversation: m.conversation_id, writing });
}

export const originalKey = (message: ID) => ["mail-original", message] as const;
export const writingKey = ["mailboxes", "writing"] as const;
export const asideKey = ["mails-aside"] as const;

/** The mailboxes that one can write from. */
export function useMailboxes(enabled = true) {
  return useQuery({ queryKey: writingKey, queryFn: mails.writing, staleTime: 60_000, enabled, retry: false });
}

/** A mail as it came, asked for once. */
export function useOriginal(message: ID, enabled: boolean) {
  return useQuery({ queryKey: originalKey(message), queryFn: () => mails.original(message), enabled, staleTime: Infinity });
}

/** Sends an answer into a conversation. */
export function reply(conversation: ID, w: Writing, more: Partial<MailDraft> = {}): Promise<Message> {
  return api.conversations.send(conversation, { client_id: w.client_id, kind: "text", sure: w.sure, ...leaving(w, more) });
}
