// The telephone: the console's own connection, and what is done with calls.

import { call } from "./client";
import type { ID, Time } from "./types";

/** How the console's telephone is, as the server sees it. */
export interface PhoneView {
  available: boolean;
  /** Calls come in here. */
  calls: boolean;
  connected: boolean;
  since?: Time;
  id?: string;
  ice?: string;
  path?: "udp" | "tcp";
  servers: { urls: string[]; username: string; credential: string }[];
}

export type CallState = "ringing" | "menu" | "queued" | "offered" | "talking" | "held" | "consulting" | "conference" | "survey" | "voicemail" | "callback" | "wrap_up" | "ended";
export type Hearing = "listen" | "whisper" | "barge";

/** A call as far as the telephone needs it. */
export interface CallView {
  id: ID;
  conversation_id: ID;
  conversation_number: number;
  state: CallState;
  contact_id: ID;
  contact_name?: string;
  inbox_id: ID;
  /** At whom it rings. */
  rings?: ID;
  agent_id?: ID;
  queue?: string;
  /** What people call the queues of this call. */
  queue_names?: Record<string, { zh: string; en: string }>;
  record: { steps: { state: CallState; at: Time }[] };
  emergency: boolean;
  direction: "inbound" | "outbound";
  /** The customer's, masked; empty: withheld. */
  number: string;
  line: string;
  began_at: Time;
  answered_at?: Time;
  ended_at?: Time;
  notice_at?: Time;
  supervisors?: { agent_id: ID; how: Hearing }[];
  recording_paused?: boolean;
  /** Whom the agent asks, or makes three with. */
  third?: { agent_id?: ID; number?: string; reached: boolean; joined: boolean };
}

export type CallVerb = "answer" | "decline" | "hangup" | "hold" | "resume" | "return" | "join" | "pause" | "unpause" | "listen" | "whisper" | "barge" | "takeover" | "leave";

const seg = encodeURIComponent;

export const phones = {
  get: () => call<PhoneView>("GET", "/phone"),
  connect: (sdp: string) => call<{ id: string; sdp: string }>("POST", "/phone", { body: { sdp } }),
  disconnect: () => call<void>("DELETE", "/phone"),
};

export const calls = {
  ofConversation: (id: ID) => call<CallView>("GET", `/conversations/${seg(id)}/call`),
  dial: (number: string, contact?: ID) => call<{ id: ID }>("POST", "/calls", { body: contact ? { number, contact_id: contact } : { number } }),
  act: (id: ID, verb: CallVerb) => call<void>("POST", `/calls/${seg(id)}/${verb}`),
  keys: (id: ID, keys: string) => call<void>("POST", `/calls/${seg(id)}/keys`, { body: { keys } }),
  /** To a number outside; without one to whoever is asked. */
  transfer: (id: ID, number?: string) => call<void>("POST", `/calls/${seg(id)}/transfer`, { body: number ? { number } : {} }),
  consult: (id: ID, whom: { agent_id?: ID; number?: string }) => call<void>("POST", `/calls/${seg(id)}/consult`, { body: whom }),
};
