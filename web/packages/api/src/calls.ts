// Calls and what the hotline is set up with. The types are those of the server's own description.

import { call } from "./client";
import type { Call, Callback, CallEntry, DialPlan, EntryChange, EntryMenu, Hook, HookChange, HookTried, Peaks, PhoneChange, RecordingsKept, Telephone, TelephoneDraft, TelephonePassword, Transcript, TranscriptChange, TranscriptLine, TranscriptSet, TranscriptTrial, Trunk, TrunkChange } from "./schema";
import type { ID, Page } from "./types";

export type { Call, Callback, CallEntry, DialPlan, EntryChange, EntryMenu, Hook, HookChange, HookTried, Peaks, PhoneChange, RecordingsKept, Telephone, TelephoneDraft, TelephonePassword, Transcript, TranscriptChange, TranscriptLine, TranscriptSet, TranscriptTrial, Trunk, TrunkChange };

export interface CallFilter {
  state?: "open" | "ended";
  agent_id?: ID;
  queue?: string;
  direction?: "inbound" | "outbound";
  reason?: string;
  from?: string;
  to?: string;
  recorded?: boolean;
  /** Only those that the customer rated, and how. */
  rated?: "any" | "keys" | "link";
  q?: string;
}

const at = (id: ID) => `/calls/${encodeURIComponent(id)}`;

export const callRecords = {
  list: (filter: CallFilter, cursor?: string) => call<Page<Call>>("GET", "/calls", { query: { ...filter, cursor } }),
  get: (id: ID) => call<Call>("GET", at(id)),
  of: (conversation: ID) => call<Call>("GET", `/conversations/${encodeURIComponent(conversation)}/call`),
  peaks: (id: ID) => call<Peaks>("GET", `${at(id)}/peaks`),
  /** Keeps the recording beyond its time; without a reason no longer. */
  keep: (id: ID, reason: string) => call<Call>("PUT", `${at(id)}/kept`, { body: { reason } }),
  /** Where a player finds the sound; each listening is recorded. */
  sound: (id: ID) => `/api/v1${at(id)}/recording`,
  file: (id: ID) => `/api/v1${at(id)}/recording?download=1`,
  /** What was said; with a reason nothing in it is masked. Each reading is recorded. */
  transcript: (id: ID, reason?: string) => call<Transcript>("GET", `${at(id)}/transcript`, { query: { reason } }),
  /** Has it written down, or once more from the beginning. */
  writeDown: (id: ID) => call<Transcript>("POST", `${at(id)}/transcript`),
  text: (id: ID) => `/api/v1${at(id)}/transcript/text`,
  table: (filter: CallFilter) => `/api/v1/calls/export?${new URLSearchParams(Object.entries(filter).flatMap(([k, v]) => (v === undefined || v === false ? [] : [[k, String(v)]])))}`,
  backs: (state: string | undefined, cursor?: string) => call<Page<Callback>>("GET", "/callbacks", { query: { state, cursor } }),
  cancelBack: (id: ID) => call<void>("POST", `/callbacks/${encodeURIComponent(id)}/cancel`),
  kept: () => call<RecordingsKept>("GET", "/recordings/kept"),
  keepFor: (body: RecordingsKept) => call<RecordingsKept>("PUT", "/recordings/kept", { body }),
};

export const transcripts = {
  get: () => call<TranscriptSet>("GET", "/transcripts/settings"),
  put: (body: TranscriptChange) => call<TranscriptSet>("PUT", "/transcripts/settings", { body }),
  /** Has a prompt written down once under settings that need not be kept. */
  try: (body: TranscriptChange) => call<TranscriptTrial>("POST", "/transcripts/try", { body }),
};

export const hotline = {
  entries: () => call<{ items: CallEntry[] }>("GET", "/call-entries"),
  menus: () => call<{ items: EntryMenu[] }>("GET", "/call-entries/menus"),
  addEntry: (body: EntryChange) => call<CallEntry>("POST", "/call-entries", { body }),
  changeEntry: (id: ID, body: EntryChange) => call<CallEntry>("PUT", `/call-entries/${encodeURIComponent(id)}`, { body }),
  /** One to which nobody has called. */
  removeEntry: (id: ID) => call<void>("DELETE", `/call-entries/${encodeURIComponent(id)}`),
  trunks: () => call<{ items: Trunk[] }>("GET", "/trunks"),
  addTrunk: (body: TrunkChange) => call<Trunk>("POST", "/trunks", { body }),
  changeTrunk: (id: ID, body: TrunkChange) => call<Trunk>("PATCH", `/trunks/${encodeURIComponent(id)}`, { body }),
  removeTrunk: (id: ID) => call<void>("DELETE", `/trunks/${encodeURIComponent(id)}`),
  phones: () => call<{ items: Telephone[] }>("GET", "/phones"),
  /** The answer is the only one that has the password. */
  addPhone: (body: TelephoneDraft) => call<TelephonePassword>("POST", "/phones", { body }),
  changePhone: (user: string, body: PhoneChange) => call<Telephone>("PATCH", `/phones/${encodeURIComponent(user)}`, { body }),
  renewPhone: (user: string) => call<TelephonePassword>("POST", `/phones/${encodeURIComponent(user)}/password`),
  removePhone: (user: string) => call<void>("DELETE", `/phones/${encodeURIComponent(user)}`),
  plan: () => call<DialPlan>("GET", "/dial-plan"),
  hooks: () => call<{ items: Hook[] }>("GET", "/call-hooks"),
  /** Version 0 makes a new one. */
  putHook: (name: string, body: HookChange) => call<Hook>("PUT", `/call-hooks/${encodeURIComponent(name)}`, { body }),
  removeHook: (name: string) => call<void>("DELETE", `/call-hooks/${encodeURIComponent(name)}`),
  /** Really asks. */
  tryHook: (name: string, values: Record<string, string>) => call<HookTried>("POST", `/call-hooks/${encodeURIComponent(name)}/trial`, { body: { values } }),
  savePlan: (body: DialPlan) => call<DialPlan>("PUT", "/dial-plan", { body }),
};
