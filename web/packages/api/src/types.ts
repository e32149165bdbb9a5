// The nouns of the wire as docs/develop/protocol.md describes them.

export type ID = string;
export type Time = string;
export type Lang = "zh" | "en";

export interface Page<T> {
  items: T[];
  next?: string;
}

export interface Ref {
  id: ID;
  name: string;
}

export type Bilingual = Record<Lang, string>;

export type ConversationState = "bot" | "queued" | "active" | "wrap_up" | "closed";
export type Sender = "contact" | "agent" | "bot" | "system";

export interface Summary {
  category: string;
  result: string;
  note: string;
}

export interface Conversation {
  id: ID;
  number: number;
  inbox_id: ID;
  channel: "webchat";
  contact_id: ID;
  contact_name: string;
  state: ConversationState;
  team_id?: ID;
  agent_id?: ID;
  agent_name?: string;
  offer?: { agent_id: ID; until: Time };
  queue_reason?: string;
  waiting_since?: Time;
  queued_at?: Time;
  priority: number;
  language: Lang;
  last_seq: number;
  last_text: string;
  last_from: Sender;
  last_at: Time;
  unread: number;
  contact_read_seq: number;
  contact_delivered_seq: number;
  agent_read_seq: number;
  started_at: Time;
  closed_at?: Time;
  closed_by?: "contact" | "agent" | "system";
  summary?: Summary;
  first_reply_at?: Time;
  page_url?: string;
  page_title?: string;
  /** Words to find it by. */
  tags?: string[];
  version: number;
}

export interface Source {
  id: ID;
  kind: "question" | "article";
  title: string;
  url?: string;
}

export interface Message {
  id: ID;
  conversation_id: ID;
  seq: number;
  from: Sender;
  author_id?: ID;
  author_name?: string;
  kind: "text" | "note" | "event";
  text: string;
  client_id?: string;
  event?: { name: string; args: Record<string, string> };
  choices?: { id: ID; text: string }[];
  sources?: Source[];
  attachments?: Attachment[];
  mentions?: ID[];
  at: Time;
}

export interface Attachment {
  id: ID;
  name: string;
  type: string;
  size: number;
  sha256: string;
  kind: "image" | "video" | "audio" | "document";
  width?: number;
  height?: number;
  url: string;
  thumb_url?: string;
  scan: "clean" | "skipped" | "pending" | "infected";
}

export type PresenceState = "online" | "busy" | "break" | "offline";

export interface Presence {
  state: PresenceState;
  reason?: string;
  since: Time;
}

export interface Agent {
  id: ID;
  name: string;
  nickname: string;
  email: string;
  roles: Ref[];
  teams: Ref[];
  presence: Presence;
  connected: boolean;
  capacity: number;
  load: number;
  language: Lang;
  disabled: boolean;
  invited: boolean;
  last_seen_at?: Time;
  created_at: Time;
}

export type Scope = "own" | "team" | "all";

export interface Me extends Agent {
  permissions: string[];
  scope: Scope;
  assistant?: string;
}

export interface Role {
  id: ID;
  name: string;
  builtin: boolean;
  permissions: string[];
  scope: Scope;
  agents: number;
}

export interface Team {
  id: ID;
  name: string;
  agents: Ref[];
}

export interface Permission {
  name: string;
  group: string;
}

export interface Contact {
  id: ID;
  name: string;
  phone?: string;
  email?: string;
  external_id?: string;
  signed: boolean;
  language: Lang;
  note: string;
  attributes: Record<string, string>;
  blocked: boolean;
  blocked_reason?: string;
  conversations: number;
  created_at: Time;
  last_seen_at: Time;
  online: boolean;
  device?: string;
  version: number;
}

export interface PageView {
  at: Time;
  url: string;
  title: string;
  referrer?: string;
  seconds?: number;
}

export interface Canned {
  id: ID;
  shortcut: string;
  title: string;
  text: string;
  language: Lang;
  shared: boolean;
  uses: number;
}

export type Publication = "draft" | "published";
export type Audience = "public" | "internal";

export interface Question {
  id: ID;
  question: string;
  answer: string;
  phrasings: string[];
  category: string;
  language: Lang;
  status: Publication;
  audience: Audience;
  version: number;
  views: number;
  updated_at: Time;
  updated_by?: string;
  published_at?: Time;
}

export interface Article {
  id: ID;
  slug: string;
  title: string;
  /** Markdown. */
  body: string;
  category: string;
  language: Lang;
  status: Publication;
  audience: Audience;
  version: number;
  views: number;
  updated_at: Time;
  updated_by?: string;
  published_at?: Time;
}

export interface KnowledgeCategory {
  name: string;
  questions: number;
  articles: number;
}

export interface Trial {
  action: "none" | "answer" | "choose" | "hand_over";
  code: string;
  why: string;
  candidates: { id: ID; question: string; score: number }[];
}

export interface Inbox {
  id: ID;
  key: string;
  kind: "webchat";
  name: string;
  enabled: boolean;
  team_id?: ID;
  settings: InboxSettings;
  snippet: string;
  signing_secret_set: boolean;
  version: number;
}

export type PrechatField = "name" | "phone" | "email" | "order" | "question";

export interface InboxSettings {
  greeting: Bilingual;
  title: Bilingual;
  color: string;
  position: "right" | "left";
  allowed_origins: string[];
  assistant: boolean;
  require_signed: boolean;
  prechat: { enabled: boolean; fields: { name: PrechatField; required: boolean }[] };
  hours: Hours;
  after_hours: Bilingual;
  max_file_mb: number;
  hot_questions: number;
  ring_seconds: number;
}

export interface Hours {
  zone: string;
  always: boolean;
  /** Monday first; several spans a day. */
  week: { from: string; to: string }[][];
  closed: string[];
  open: string[];
}

export interface Category {
  id: string;
  zh: string;
  en: string;
  children?: Category[];
}

export interface Choice {
  id: string;
  zh: string;
  en: string;
}

export interface Settings {
  company: Bilingual;
  phone: string;
  email: string;
  complaint_email: string;
  address: Bilingual;
  phone_hours: Hours;
  promise_chat: Bilingual;
  promise_phone: Bilingual;
  promise_email: Bilingual;
  categories: Category[];
  results: Choice[];
  languages: Lang[];
  break_reasons: Choice[];
}

export type CaseKind = "feedback" | "complaint" | "suggestion" | "consultation";
export type CaseState = "new" | "open" | "closed";

export interface Case {
  id: ID;
  number: string;
  kind: CaseKind;
  state: CaseState;
  subject: string;
  text: string;
  name: string;
  phone?: string;
  email?: string;
  order?: string;
  contact_id?: ID;
  conversation_id?: ID;
  source: "portal" | "widget";
  /** A complaint about someone who works here; only some may read it. */
  about_staff: boolean;
  attachments: Attachment[];
  created_at: Time;
}

export interface AuditEntry {
  id: ID;
  at: Time;
  actor_kind: "agent" | "api_key" | "system" | "contact";
  actor_id?: ID;
  actor_name: string;
  action: string;
  object_kind: string;
  object_id?: ID;
  object_name?: string;
  detail: Record<string, unknown>;
  address: string;
}

export interface Job {
  id: ID;
  kind: string;
  state: "ready" | "running" | "dead";
  attempt: number;
  run_at: Time;
  last_error?: string;
  payload: string;
  created_at: Time;
}

export interface APIKey {
  id: ID;
  name: string;
  prefix: string;
  permissions: string[];
  created_at: Time;
  last_used_at?: Time;
  expires_at?: Time;
  created_by: string;
}

export interface Notice {
  id: ID;
  at: Time;
  kind: "mention" | "transfer" | "automation";
  conversation_id: ID;
  text: string;
  from_name: string;
  read: boolean;
}

export interface Session {
  id: ID;
  current: boolean;
  created_at: Time;
  last_seen_at: Time;
  address: string;
  device: string;
}

export interface Setup {
  kind: "first_admin" | "invite" | "reset";
  email?: string;
}

export type View = "mine" | "queue" | "unassigned" | "bot" | "all" | "closed" | "mentions";

export type Counts = Record<View | "unread", number>;

export interface ConversationDetail {
  conversation: Conversation;
  contact: Contact;
  pages: PageView[];
  previous: Conversation[];
}

export interface MessagePage {
  items: Message[];
  more: boolean;
}

export type HitKind = "message" | "conversation" | "contact";

export interface Hit {
  kind: HitKind;
  conversation?: Conversation;
  message?: Message;
  contact?: Contact;
  hit: { text: string; mark: boolean }[];
}

// ── frames of the live feed ────────────────────────────────────────────────

export type ConversationChange =
  | "queued" | "offered" | "missed" | "declined" | "accepted"
  | "transferred" | "closed" | "reopened" | "changed" | "read";

export type ServerFrame =
  | { type: "hello"; seq: number }
  | { type: "message"; seq: number; conversation: Conversation; message: Message }
  | { type: "conversation"; seq: number; what: ConversationChange; conversation: Conversation }
  | { type: "gone"; seq: number; conversation_id: ID }
  | { type: "presence"; seq: number; agent_id: ID; presence: Presence; connected: boolean; load: number }
  | { type: "notice"; seq: number; notice: Notice }
  | { type: "knowledge"; seq: number }
  | { type: "settings"; seq: number }
  | { type: "typing"; conversation_id: ID; from: Sender; name: string; on: boolean; text?: string }
  | { type: "viewing"; conversation_id: ID; agents: Ref[] }
  | { type: "visitor"; contact_id: ID; online: boolean; page?: PageView }
  | { type: "at"; seq: number }
  | { type: "reset"; seq: number }
  | { type: "pong" };

export type ClientFrame =
  | { type: "resume"; after?: number }
  | { type: "ping" }
  | { type: "typing"; conversation: ID; on: boolean }
  | { type: "viewing"; conversation?: ID };
