// What is known of customers beside the contact itself, as docs/develop/protocol.md describes it.

import { call } from "./client";
import { verifiedBy } from "./verification";
import type { Bilingual, Contact, ID, Page, Time } from "./types";

export type IdentityKind = "phone" | "email" | "external";

/** By what somebody is known; masked. */
export interface Known {
  contact_id: ID;
  kind: IdentityKind;
  shown: string;
  main: boolean;
  at: Time;
  by_name?: string;
}

export interface Twin {
  contact: Contact;
  by: IdentityKind[];
}

export interface MergeLine {
  field: string;
  kept: string;
  other: string;
  wins: "kept" | "other" | "both";
  choice: boolean;
}

export interface MergePreview {
  kept: Contact;
  other: Contact;
  lines: MergeLine[];
  moves: { contacts: number; conversations: number; cases: number; rewards: number; pages: number; notes: number; identities: number };
  refused?: string;
}

export interface Merge {
  id: ID;
  contact_id: ID;
  other_id: ID;
  contact_name: string;
  other_name: string;
  behind: ID[];
  changes: { field: string; from: string; to: string }[];
  why?: string;
  at: Time;
  by_name: string;
  undone_at?: Time;
  undone_by?: string;
}

export interface Duplicate {
  kind: IdentityKind;
  shown: string;
  people: Contact[];
}

export interface ContactNote {
  id: ID;
  contact_id: ID;
  agent_id?: ID;
  by_name: string;
  text: string;
  pinned: boolean;
  at: Time;
  changed_at?: Time;
}

export type Helped = "no" | "partly" | "yes" | "unknown";

/** What was tried already. */
export interface Step {
  id: ID;
  contact_id: ID;
  conversation_id?: ID;
  text: string;
  helped: Helped;
  at: Time;
  by_name: string;
}

export interface ContactField {
  code: string;
  name: Bilingual;
  kind: "text" | "number" | "date" | "choice";
  choices?: { code: string; name: Bilingual }[];
  sight: "all" | "masked" | "restricted";
  required_for?: string[];
  version: number;
}

export type BlockKind = "contact" | "phone" | "email" | "network";

export interface Block {
  id: ID;
  kind: BlockKind;
  shown: string;
  contact_id?: ID;
  reason: string;
  at: Time;
  by_name: string;
  until?: Time;
  lifted_at?: Time;
  lifted_by?: string;
  lifted_why?: string;
}

const seg = encodeURIComponent;
const get = <T>(path: string, query?: Record<string, string | number | boolean | undefined>) => call<T>("GET", path, { query });
const post = <T>(path: string, body?: unknown) => call<T>("POST", path, { body });
const put = <T>(path: string, body: unknown) => call<T>("PUT", path, { body });
const patch = <T>(path: string, body: unknown) => call<T>("PATCH", path, { body });
const del = (path: string) => call<void>("DELETE", path);

export const people = {
  identities: (id: ID) => get<Page<Known>>(`/contacts/${seg(id)}/identities`),
  addIdentity: (id: ID, kind: IdentityKind, value: string, verification?: ID) =>
    call<void>("POST", `/contacts/${seg(id)}/identities`, { body: { kind, value }, headers: verifiedBy(verification) }),
  dropIdentity: (id: ID, { contact_id, kind, shown, at }: Known) => post<void>(`/contacts/${seg(id)}/identities/drop`, { contact_id, kind, shown, at }),
  twins: (id: ID) => get<Page<Twin>>(`/contacts/${seg(id)}/twins`),
  merges: (id: ID) => get<Page<Merge>>(`/contacts/${seg(id)}/merges`),
  preview: (id: ID, other: ID, take: string[]) => post<MergePreview>(`/contacts/${seg(id)}/merge/preview`, { other, take }),
  merge: (id: ID, other: ID, take: string[], why: string, verification?: ID) =>
    call<Contact>("POST", `/contacts/${seg(id)}/merge`, { body: { other, take, why }, headers: verifiedBy(verification) }),
  notSame: (id: ID, other: ID) => post<void>(`/contacts/${seg(id)}/not-same`, { other }),
  undo: (merge: ID) => post<{ kept: Contact; other: Contact; stay: string[] }>(`/merges/${seg(merge)}/undo`),
  duplicates: (cursor?: string) => get<Page<Duplicate>>("/duplicates", { cursor }),

  notes: (id: ID, cursor?: string) => get<Page<ContactNote>>(`/contacts/${seg(id)}/notes`, { cursor }),
  addNote: (id: ID, text: string, pinned: boolean) => post<ContactNote>(`/contacts/${seg(id)}/notes`, { text, pinned }),
  changeNote: (note: ID, body: { text?: string; pinned?: boolean }) => patch<ContactNote>(`/notes/${seg(note)}`, body),
  dropNote: (note: ID) => del(`/notes/${seg(note)}`),
  steps: (id: ID) => get<Page<Step>>(`/contacts/${seg(id)}/steps`),
  addStep: (id: ID, body: { text: string; helped: Helped; conversation_id?: ID }) => post<Step>(`/contacts/${seg(id)}/steps`, body),
  dropStep: (step: ID) => del(`/steps/${seg(step)}`),

  fields: () => get<Page<ContactField>>("/contact-fields"),
  putField: (field: ContactField) => put<ContactField>(`/contact-fields/${seg(field.code)}`, field),
  dropField: (code: string) => del(`/contact-fields/${seg(code)}`),
  tags: () => get<Page<{ tag: string; uses: number }>>("/contact-tags"),

  blocks: (past: boolean, kind?: BlockKind, cursor?: string) => get<Page<Block>>("/blocks", { past: past ? "true" : undefined, kind, cursor }),
  block: (body: { kind: BlockKind; value?: string; contact_id?: ID; reason: string; until?: Time }) => post<Block>("/blocks", body),
  lift: (block: ID, reason: string) => post<Block>(`/blocks/${seg(block)}/lift`, { reason }),
};

export type OnDuplicate = "skip" | "update" | "ask";

/** A table of customers that is taken in. */
export interface ContactImport {
  id: ID;
  state: "draft" | "running" | "asking" | "done" | "cancelled";
  name: string;
  encoding: string;
  comma: string;
  columns: string[];
  /** The field that each column fills; empty fills none. */
  map: string[];
  on_duplicate: OnDuplicate;
  rows: number;
  looked: number;
  added: number;
  updated: number;
  skipped: number;
  refused: number;
  asked: number;
  at: Time;
  ended_at?: Time;
  lost_at?: Time;
  agent_id?: ID;
  by_name: string;
  version: number;
}

/** A row that was not taken in. */
export interface ImportLeft {
  line: number;
  outcome: "refused" | "asked";
  cells: string[];
  faults: { column: number; code: string; args?: unknown[]; message: string }[];
  known_id?: ID;
  known_name?: string;
}

export interface ImportCheck {
  import: ContactImport;
  rows: number;
  good: number;
  bad: number;
  faults: ImportLeft[];
}

export const contactImports = {
  list: (cursor?: string) => get<Page<ContactImport>>("/contact-imports", { cursor }),
  get: (id: ID) => get<ContactImport>(`/contact-imports/${seg(id)}`),
  upload(file: File) {
    const form = new FormData();
    form.append("file", file);
    return call<{ import: ContactImport; sample: string[][] }>("POST", "/contact-imports", { body: form });
  },
  match: (id: ID, map: string[], on_duplicate: OnDuplicate) => put<ImportCheck>(`/contact-imports/${seg(id)}`, { map, on_duplicate }),
  start: (id: ID) => post<ContactImport>(`/contact-imports/${seg(id)}/start`),
  cancel: (id: ID) => post<ContactImport>(`/contact-imports/${seg(id)}/cancel`),
  answer: (id: ID, answer: "skip" | "update") => post<ContactImport>(`/contact-imports/${seg(id)}/answer`, { answer }),
  left: (id: ID, after?: string) => get<Page<ImportLeft>>(`/contact-imports/${seg(id)}/rows`, { after }),
  /** Where the browser downloads the rows that were not taken in. */
  leftAddress: (id: ID) => `/api/v1/contact-imports/${seg(id)}/left.csv`,
  /** Where the browser downloads all customers: masked, or with a reason whole. */
  exportAddress: (reason?: string) => `/api/v1/contacts-export${reason ? `?reason=${seg(reason)}` : ""}`,
};
