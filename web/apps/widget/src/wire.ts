/** The nouns and frames of docs/develop/protocol.md, section "Widget", as far as a visitor meets them. */

export type ID = string;
export type Lang = "zh" | "en";

export interface Attachment {
  id: ID;
  name: string;
  type: string;
  size: number;
  kind: "image" | "video" | "audio" | "document";
  width?: number;
  height?: number;
  url: string;
  thumb_url?: string;
  scan: "clean" | "skipped" | "pending" | "infected";
}

export interface Message {
  id: ID;
  conversation_id: ID;
  seq: number;
  from: "contact" | "agent" | "bot" | "system";
  author_name?: string;
  kind: "text" | "event";
  text: string;
  client_id?: string;
  event?: { name: string; args?: Record<string, string> };
  choices?: { id: ID; text: string }[];
  sources?: { id: ID; kind: "question" | "article"; title: string; url?: string; offered?: boolean }[];
  attachments?: Attachment[];
  at: string;
}

/** The visitor's sight of a conversation. */
export interface View {
  id: ID;
  number: number;
  state: "bot" | "queued" | "active" | "wrap_up" | "closed";
  agent_name?: string;
  queue_position?: number;
  /** How long the wait will be, in minutes. */
  wait?: { least: number; most: number };
  last_seq: number;
  agent_read_seq: number;
  contact_read_seq: number;
  closed_by?: "contact" | "agent" | "system";
}

export type PrechatField = "name" | "phone" | "email" | "order" | "question";

export interface Config {
  inbox: ID;
  company: string;
  title: string;
  greeting: string;
  color: string;
  position: "right" | "left";
  languages: Lang[];
  open: boolean;
  hours_text: string;
  agents_online: boolean | number;
  assistant: boolean;
  assistant_name: string;
  prechat: { enabled: boolean; fields: { name: PrechatField; required: boolean }[] };
  after_hours: string;
  max_file_mb: number;
  typing_preview?: string;
  hot_questions: Suggestion[];
  /** Questions are suggested to who types, while the assistant answers. */
  suggestions: boolean;
  phone: string;
  /** For how many seconds the visitor may take back what he said; 0 is never. */
  recall: number;
  /** The visitor sees whether an agent has read what he wrote. */
  receipts: boolean;
}

/** A question that is answered for certain when it is asked by its id. */
export interface Suggestion {
  id: ID;
  question: string;
}

/** Why an answer did not help. */
export type Reason = "unrelated" | "wrong" | "unclear" | "incomplete";

export interface Contact {
  id: ID;
  name: string;
  signed: boolean;
  known: string[];
}

export interface Session {
  token: string;
  contact: Contact;
  conversation?: View;
  messages: Message[];
  more: boolean;
}

export interface Page {
  url: string;
  title: string;
  referrer: string;
}

/** A message as the visitor sends it. */
export interface Posting {
  client_id: string;
  text: string;
  attachments?: ID[];
  choice?: ID;
  prechat?: Partial<Record<PrechatField, string>>;
}

export type CaseKind = "consultation" | "complaint" | "feedback" | "suggestion";

export interface CaseForm {
  client_id: string;
  kind: CaseKind;
  text: string;
  name: string;
  phone?: string;
  email?: string;
  order?: string;
}

export type ClientFrame =
  | { type: "resume"; conversation?: ID; after?: number }
  | { type: "typing"; on: boolean; text?: string }
  | { type: "read" | "delivered"; conversation: ID; seq: number }
  | { type: "ping" };

export type ServerFrame =
  | { type: "message"; message: Message; conversation: View }
  | { type: "conversation"; conversation: View }
  | { type: "typing"; on: boolean; name: string; text?: string }
  | { type: "hello"; conversation?: View }
  | { type: "pong" }
  | { type: "reset" };
