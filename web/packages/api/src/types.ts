// The nouns of the wire as docs/develop/protocol.md describes them.

import type { ModelDid } from "./schema";

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
  /** The agent made sure that the contact understood the answer. */
  understood?: boolean;
  /** The category that closed work suggested when it was written. */
  suggested?: string;
}

export interface Conversation {
  id: ID;
  number: number;
  inbox_id: ID;
  channel: "webchat" | "email" | "phone";
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
  /** Place in the queue: the earlier, the sooner. */
  rank_at?: Time;
  /** Skills of whoever answers. */
  needs?: SkillNeed[];
  /** Who served this customer last. */
  prefers_id?: ID;
  priority: number;
  language: Lang;
  last_seq: number;
  last_text: string;
  last_from: Sender;
  last_at: Time;
  unread: number;
  /** How the contact feels by what they wrote, 0 to 100, and its level. */
  tension?: number;
  mood?: "calm" | "worried" | "angry";
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
  taken_at?: Time;
  /** Our last word that the contact has not answered. */
  silent_since?: Time;
  warned_at?: Time;
  /** The agent waits for the contact. */
  held?: boolean;
  /** Who takes part besides who answers for it, with those who declined or left. */
  participants?: Participant[];
  /** By when the contact was told that a specialist answers. */
  expected_at?: Time;
  version: number;
}

/** What a colleague is asked beside a conversation. */
export interface Consult {
  id: ID;
  conversation_id: ID;
  asker_id: ID;
  asker_name: string;
  asked_id: ID;
  asked_name: string;
  state: "pending" | "answered" | "withdrawn";
  question: string;
  answer?: string;
  at: Time;
  ended_at?: Time;
}

export interface Participant {
  agent_id: ID;
  name: string;
  state: "invited" | "joined" | "declined" | "missed" | "left";
  team_id?: ID;
  invited_by: ID;
  invited_by_name: string;
  until?: Time;
  at: Time;
}

export interface Source {
  id: ID;
  kind: "question" | "article";
  title: string;
  url?: string;
  /** The message does not rest on it: it may be worth a look. */
  offered?: boolean;
}

export interface Message {
  id: ID;
  conversation_id: ID;
  seq: number;
  from: Sender;
  author_id?: ID;
  author_name?: string;
  kind: "text" | "note" | "whisper" | "event";
  text: string;
  /** The text without words that are not to be said; shown first. */
  masked?: string;
  /** What the agent wrote before it was translated; only agents see it. */
  original?: string;
  client_id?: string;
  event?: { name: string; args: Record<string, string> };
  choices?: { id: ID; text: string }[];
  sources?: Source[];
  /** What the assistant learnt before people took over. */
  card?: HandoverCard;
  attachments?: Attachment[];
  mentions?: ID[];
  /** What it is more, if it came or leaves by e-mail. */
  mail?: Mail;
  at: Time;
}

/** Somebody in a header of a mail. */
export interface MailPerson {
  name?: string;
  address: string;
}

/** What a message has more than its text as a mail; the text is what is new in it. */
export interface Mail {
  subject?: string;
  from: MailPerson;
  to?: MailPerson[];
  cc?: MailPerson[];
  bcc?: MailPerson[];
  /** The original has more than the text: a quote, a signature. */
  folded?: boolean;
  html?: boolean;
  /** A program wrote it. */
  automatic?: boolean;
  /** Sent on to a third party. */
  forwarded?: boolean;
  verdicts?: { spf?: string; dkim?: string; dmarc?: string; by?: string };
  notes?: string[];
  /** Where one of ours stands; reason and code say why it does not arrive. */
  delivery?: MailDelivery;
  reason?: string;
  code?: string;
}

export type MailDelivery = "waiting" | "sending" | "sent" | "uncertain" | "delayed" | "delivered" | "opened" | "bounced" | "failed" | "taken_back";

/** What an agent writes by e-mail, more than the text. */
export interface MailDraft {
  /** Empty: that of the thread. */
  subject?: string;
  /** Empty: who wrote last. */
  to?: MailPerson[];
  cc?: MailPerson[];
  bcc?: MailPerson[];
  /** Pictures are cid:ID with the id of an attachment. */
  html?: string;
  no_quote?: boolean;
  /** Sends a message on to a third party instead of answering. */
  forward?: ID;
}

/** An answer of the knowledge base that the agent may be about to write. */
export interface Suggestion {
  id: ID;
  question: string;
  answer: string;
  score: number;
}

export interface HandoverCard {
  title: Bilingual;
  why: Bilingual[];
  /** Of each flow that was open, or beside the flows. */
  parts: { title?: Bilingual; lines: { name: Bilingual; value: Bilingual }[] }[];
}

/** Why the assistant said a message. */
export interface Decided {
  action: "answer" | "choose" | "flow" | "reply" | "hand_over" | "join" | "none";
  at: Time;
  took_us: number;
  why: Bilingual[];
  probability?: number;
  needed?: number;
  candidates: { question: string; score: number }[];
  flow: { act: FlowAct; flow?: string; slot?: string; step?: string; why: Bilingual }[];
  /** What a language model had to do with it; absent if none was thought of. */
  model?: ModelDid;
}

export type FlowAct =
  | "start" | "set" | "correct" | "affirm" | "deny" | "cancel" | "skip" | "back" | "repeat" | "answer" | "miss" | "hand_over" | "look_up" | "write" | "end" | "resume" | "expire";

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
  /** The supervisor who set it, and what they said; only on wallboards and of oneself. */
  by_id?: ID;
  by_name?: string;
  why?: string;
}

export interface PresencePast extends Presence {
  until: Time;
}

/** A second look at a decision: both the decision and the verdict are kept. */
export interface Review {
  id: ID;
  conversation_id?: ID;
  case_id?: ID;
  state: "open" | "upheld" | "replaced";
  decision: string;
  decider: Ref;
  why: string;
  customer: boolean;
  asker: Ref;
  asked_at: Time;
  instead?: string;
  reason?: string;
  reviewer?: Ref;
  reviewed_at?: Time;
  version: number;
}

/** The house as a supervisor may see it. A percent of nothing is absent. */
export interface Wallboard {
  at: Time;
  figures: WallFigures;
  queue: WallQueued[];
  risks: WallRisk[];
  agents: WallAgent[];
  defined: { field: string; means: Bilingual }[];
}

export interface WallFigures {
  waiting: number;
  oldest_at?: Time;
  ringing: number;
  open: number;
  active: number;
  bot: number;
  owed: number;
  level: {
    offered: number;
    answered: number;
    kept: number;
    left: number;
    short: number;
    all?: number;
    of_taken?: number;
    fair?: number;
    abandon?: number;
    rate?: number;
  };
  late: number;
  online: number;
  busy: number;
  away: number;
  free: number;
  occupancy?: number;
}

export interface WallQueued {
  id: ID;
  number: number;
  contact_name: string;
  since: Time;
  reason?: string;
  priority: number;
  rings_at?: ID;
  rings_at_name?: string;
  team_id?: ID;
  limit_at?: Time;
}

export interface WallRisk {
  kind: "conversation" | "case";
  id: ID;
  number: string;
  metric: string;
  name: Bilingual;
  received_at: Time;
  limit_at: Time;
  agent_name?: string;
}

export interface WallAgent {
  id: ID;
  name: string;
  presence: Presence;
  connected: boolean;
  /** A telephone of theirs can ring. */
  phone: boolean;
  load: number;
  ringing: number;
  capacity: number;
  holds: { id?: ID; number: number; contact_name: string; rings?: boolean; since: Time; waits_since?: Time }[];
  occupancy?: number;
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
  /** A telephone of theirs can ring. */
  phone: boolean;
  capacity: number;
  load: number;
  /** Of the work, against that of others; 100 is usual. */
  share: number;
  skills: Skilled[];
  language: Lang;
  disabled: boolean;
  invited: boolean;
  last_seen_at?: Time;
  created_at: Time;
}

/** How well an agent has a skill, and by which certificate. */
export interface Skilled {
  skill_id: ID;
  /** 1 to 5. */
  level: number;
  certificate_id?: ID;
  /** What it is called; only read. */
  certificate?: string;
  /** The last day on which it holds, without it for good; only read. */
  expires_on?: string;
}

/** A certificate that a skill can be held by. */
export interface Voucher {
  id: ID;
  name: string;
  expires_on: string;
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
  attributes: Record<string, string>;
  tags?: string[];
  /** Who stands for this person: the contact itself, or the one into which it was merged. */
  person_id: ID;
  /** Other contacts that are the same person. */
  also: ID[];
  /** The contact that was asked for, if it was merged into this one. */
  asked_id?: ID;
  blocked: boolean;
  blocked_reason?: string;
  blocked_until?: Time;
  conversations: number;
  created_at: Time;
  /** Absent for somebody who was only written down. */
  last_seen_at?: Time;
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
  /** To find it by; empty: in none. */
  folder: string;
  shared: boolean;
  uses: number;
}

/** Words of one sort that are not to be said, with what is done about them. */
export interface FilterList {
  id: string;
  name: Bilingual;
  enabled: boolean;
  /** Looked for in what agents write, and in what contacts write. */
  agents: boolean;
  contacts: boolean;
  action: "mask" | "warn" | "refuse" | "notify";
  words: string[];
}

export interface Filter {
  lists: FilterList[];
  version: number;
}

/** A reply as it is about to be sent; what is missing stands in the text in double braces. */
export interface Filled {
  text: string;
  missing: string[];
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
  /** Shown to who opens a chat, before what is asked most. */
  pinned: boolean;
  helpful: number;
  unhelpful: number;
  /** Days of the company, such as 2026-11-30. */
  valid_from?: string;
  valid_until?: string;
  review_on?: string;
  /** By channel: what is said there instead. */
  answers?: Record<string, string>;
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
  helpful: number;
  unhelpful: number;
  updated_at: Time;
  updated_by?: string;
  published_at?: Time;
}

export interface KnowledgeCategory {
  name: string;
  questions: number;
  articles: number;
}

/** What a conversation may be closed with. */
export interface ClosingDraft {
  /** The likeliest first; none until enough was closed. */
  categories: { id: string; probability: number }[];
  /** Share of conversations that were not learnt from in which the first was right. */
  accuracy: number;
  /** Why categories are suggested, or why not. */
  why: Bilingual;
  examples: number;
  note: string;
}

/** How far the assistant can answer in one language. */
export interface AssistantState {
  language: Lang;
  standing: "clear" | "learning" | "small_base" | "unsure";
  questions: number;
  phrasings: number;
  /** Questions with at least five ways to ask them; missing is how many more of those it needs. */
  tended: number;
  missing: number;
  precision: number;
  coverage: number;
}

/** What customers ask and the knowledge base does not answer well. What is counted was asked after it was dealt with. */
export interface KnowledgeGap {
  id: ID;
  state: "open" | "dealt";
  /** Of the first who asked, masked. */
  text: string;
  language: string;
  asked: number;
  /** After how many of these people took over. */
  handed: number;
  cost: number;
  first_at: Time;
  last_at: Time;
  /** Of an open one: what was done before it was asked again. */
  deal?: GapDeal;
  version: number;
}

export interface GapDeal {
  act: "phrase" | "draft" | "ignore";
  at: Time;
  by: string;
  reason?: string;
  question_id?: ID;
  title?: string;
  phrasings?: string[];
}

export type GapSignal = "missed" | "unsure" | "after_answer" | "asked_again" | "unhelpful";

/** One message that was not helped; its texts are masked. */
export interface GapAsk {
  message_id: ID;
  conversation_id: ID;
  at: Time;
  text: string;
  language: string;
  signal: GapSignal;
  handed: boolean;
  /** Why the answer did not help, as they said. */
  reason?: "unrelated" | "wrong" | "unclear" | "incomplete";
  /** Said on the public page of the text: there is no conversation. */
  page?: boolean;
  answered?: string;
  chosen?: string;
  replies?: GapReply[];
}

export interface GapReply {
  by: string;
  at: Time;
  text: string;
}

export interface ShownGap {
  gap: KnowledgeGap;
  asks: GapAsk[];
  nearest: GapQuestion[];
}

export interface GapQuestion {
  id: ID;
  question: string;
  score: number;
  /** How many customers chose it when it was offered. */
  chosen: number;
}

export interface GapStanding {
  open: number;
  /** When the board was brought up to date; left out if never. */
  at?: Time;
}

/** What editors should look at; each list is cut, with how many there are in all. */
export interface Tending {
  collisions: Collision[];
  few: TendQuestion[];
  due: TendQuestion[];
  unhelpful: TendQuestion[];
  collisions_in_all: number;
  few_in_all: number;
  due_in_all: number;
  unhelpful_in_all: number;
}

/** Two questions that are taken for each other. */
export interface Collision {
  a: TendQuestion;
  b: TendQuestion;
  mixed: { text: string; of_id: ID; same: boolean; beside?: string }[];
}

export interface TendQuestion {
  id: ID;
  question: string;
  ways: number;
  review_on?: string;
  helpful: number;
  unhelpful: number;
}

/** What comes of a file of questions, or of an article. */
export interface Brought {
  /** Drafts were written. */
  kept: boolean;
  questions: number;
  sample: BroughtQuestion[];
  bad: number;
  refused: BroughtRefused[];
  article?: Article;
  /** How many pictures of the article were left out. */
  pictures: number;
}

export type BroughtQuestion = Pick<Question, "question" | "answer" | "phrasings" | "category" | "language" | "audience">;

export interface BroughtRefused {
  line: number;
  field?: string;
  code: string;
  message: string;
  text: string;
}

export interface Trial {
  action: "none" | "answer" | "choose" | "hand_over";
  code: string;
  why: { zh: string; en: string }[];
  candidates: { id: ID; question: string; score: number }[];
}

export interface Inbox {
  id: ID;
  key: string;
  kind: "webchat" | "email" | "phone";
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
  /** Agents read what a visitor types before it is sent. */
  typing_preview: boolean;
  suggestions: boolean;
  prechat: { enabled: boolean; fields: { name: PrechatField; required: boolean }[] };
  hours: Hours;
  after_hours: Bilingual;
  /** Who waits is told when it takes long. */
  busy: Bilingual;
  max_file_mb: number;
  hot_questions: number;
  ring_seconds: number;
  /** With which an agent asks what a contact needs; may hold variables. */
  opening: Bilingual;
  silence: Silence;
  /** Who may take back what they said: for so many seconds, contacts too or not. */
  recall: { seconds: number; contact: boolean };
  /** Contacts see whether an agent has read what they wrote. */
  receipts: boolean;
  /** Invitations that pages show by themselves; the first that fits a page. */
  proactive?: Proactive[];
  /** What whoever answers here is to have. */
  skills: SkillNeed[];
}

export interface Proactive {
  /** Part of the address of the pages; empty is all. */
  page: string;
  after_seconds: number;
  text: Bilingual;
}

/** What happens when somebody says nothing for long, in seconds; 0 is never. */
export interface Silence {
  warn_seconds: number;
  close_seconds: number;
  warning: Bilingual;
  remind_seconds: number;
  alarm_seconds: number;
}

/** A skill that an agent is to have, at least at a level from 1 to 5. */
export interface SkillNeed {
  skill_id: ID;
  level: number;
  /** It is never let go. */
  must: boolean;
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

/** How a conversation ends; who came to the wrong place is told of the right line, or handed to a team. */
export interface Result extends Choice {
  tell?: { zh: string; en: string };
  team_id?: ID;
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
  results: Result[];
  languages: Lang[];
  break_reasons: Choice[];
}

export type CaseKind = "consultation" | "fault" | "complaint" | "suggestion" | "feedback" | "account" | "order" | "privacy";
export type CaseLevel = "simple" | "general" | "complex" | "special";
export type CaseSource = "portal" | "widget" | "phone" | "letter" | "email" | "visit" | "chat" | "survey";
export type CaseView = "mine" | "unassigned" | "open" | "escalated" | "snoozed" | "over" | "all";
/** Their words come with GET /case-kinds. */
export type CaseState = string;
export type CaseAct = string;

export interface CaseStage {
  code: string;
  name: Bilingual;
}

export interface Case {
  id: ID;
  number: string;
  kind: CaseKind;
  state: CaseState;
  state_name: Bilingual;
  stage: CaseStage;
  over: boolean;
  subject: string;
  text: string;
  name: string;
  phone?: string;
  email?: string;
  order?: string;
  contact_id?: ID;
  conversation_id?: ID;
  source: CaseSource;
  /** A complaint about someone who works here; only some may read it. */
  about_staff: boolean;
  attachments: Attachment[];
  course: CaseCourse;
  created_at: Time;
  /** From when promises count. */
  received_at: Time;
  updated_at: Time;
  due_at?: Time;
  /** In lists: the open clock that falls due next. */
  next?: Clock;
  version?: number;
}

/** What became of a case since it was handed in. */
export interface CaseCourse {
  tags?: string[];
  accused_id?: ID;
  agent_id?: ID;
  agent_name?: string;
  announcement?: string;
  approval?: string;
  before?: CaseState;
  category?: string;
  cause?: string;
  claim?: { amount: number; basis: string; type: string };
  closed_at?: Time;
  cools_off_at?: Time;
  escalated?: number;
  escalation?: Escalation;
  expected_at?: Time;
  external?: External[];
  fields?: Record<string, string>;
  findings?: string;
  first?: { category: string; kind: CaseKind; level: string };
  follow_up_at?: Time;
  impact?: number;
  /** What closed work suggested when it was handed in, by topic. */
  suggested?: Record<string, string>;
  investigators?: ID[];
  level?: string;
  merged_into?: ID;
  moved_at?: Time;
  outcome?: string;
  parent_id?: ID;
  parties?: Party[];
  priority?: number;
  reached?: CaseState;
  reinvestigated?: boolean;
  rejected?: number;
  reminded?: number;
  reminded_at?: Time;
  reopened?: number;
  snoozed_until?: Time;
  solution?: string;
  special?: SpecialTerm;
  submitters?: ID[];
  tasks?: CaseTask[];
  team_id?: ID;
  tried?: string;
  urged?: number;
  urged_at?: Time;
  urgency?: number;
  verification?: string;
  votes?: number;
  ways_told?: boolean;
  works?: WorkOrder[];
}

export interface Escalation {
  at: Time;
  by: string;
  confirmed?: { at: Time; by: string; text: string };
  /** 1 senior, 2 supervisor, 3 manager. */
  level: number;
  reason: string;
  why: string;
}

export interface External {
  at?: Time;
  body: string;
  due_at: Time;
  reference: string;
}

export interface SpecialTerm {
  by?: ID;
  by_name?: string;
  due_at: Time;
  reason: string;
}

export interface Party {
  name: string;
  reach?: string;
  role: string;
  statements?: { at: Time; by: string; text: string }[];
}

export interface CaseTask {
  assignee?: string;
  due_at?: Time;
  ended_at?: Time;
  ended_by?: string;
  id: ID;
  kind: string;
  result?: string;
  state: string;
  title: string;
}

export interface WorkOrder {
  due_at?: Time;
  id: ID;
  issued_at: Time;
  provider: string;
  result?: string;
  state: string;
  text: string;
  updated_at: Time;
}

/** A promise that runs for a case. */
export interface Clock {
  breached_at?: Time;
  calendar: string;
  cancelled_at?: Time;
  /** ok, target (amber), limit (red), paused or done. */
  colour: string;
  counted: Time;
  counts_bot: boolean;
  fired?: { at: Time; kind: string; percent?: number }[];
  floor?: Time;
  /** What was promised before it was computed anew. */
  history?: { at: Time; limit: Time; order: number; preset: string; target?: Time; version: number; why: { code: string; args?: string[] }[] }[];
  id: ID;
  limit: Time;
  met_at?: Time;
  metric: string;
  name: Bilingual;
  order: number;
  pause_states?: CaseState[];
  paused_at?: Time;
  pauses?: { from: Time; to: Time }[];
  preset: string;
  provisional: boolean;
  received: Time;
  reopens?: number;
  started_at: Time;
  /** running, paused, breached, met or cancelled. */
  state: string;
  target?: Time;
  unit: string;
  warnings: { at: Time; percent: number }[];
  why: { code: string; args?: string[] }[];
  why_en: string[];
  why_zh: string[];
}

export interface CaseEntry {
  act: CaseAct;
  agent_id?: ID;
  at: Time;
  by: string;
  by_name?: string;
  clocks?: { again?: string[]; cancels?: string[]; meets?: string[]; pauses?: string[]; resumes?: string[]; revives?: string[]; starts?: string[] };
  fields?: { field: string; new: string; old: string }[];
  from: CaseState;
  name: Bilingual;
  /** The customer reads it too. */
  public: boolean;
  reason?: string;
  stage: CaseStage;
  state_name: Bilingual;
  text?: string;
  to: CaseState;
}

export interface Exhibit {
  added_by: string;
  at: Time;
  file_id: ID;
  name: string;
  prev: string;
  seal: string;
  sha256: string;
  size: number;
  type: string;
}

export interface Custody {
  act: string;
  at: Time;
  by: string;
  /** The seal of the piece. */
  evidence: string;
  note?: string;
  prev: string;
  seal: string;
}

export interface Tie {
  case_id: ID;
  from: boolean;
  number: string;
  relation: string;
  state: CaseState;
  subject: string;
}

/** An act that is possible now, and what is said with it. */
export interface PossibleAct {
  act: CaseAct;
  name: Bilingual;
  needs: string[];
  may: string[];
}

export interface CaseDetail {
  case: Case;
  clocks: Clock[];
  custody: Custody[];
  evidence: Exhibit[];
  /** The place of the first piece that is not what it was; -1 if all are. */
  evidence_broken: number;
  history: CaseEntry[];
  possible: PossibleAct[];
  /** With the number it lets the customer look the case up. */
  secret?: string;
  ties: Tie[];
}

export interface Named {
  code: string;
  name: Bilingual;
}

/** The words of cases, in both languages. */
export interface CaseWords {
  acts: Named[];
  bodies: string[];
  kinds: { kind: CaseKind; name: Bilingual; stages: CaseStage[]; states: { state: CaseState; name: Bilingual; over: boolean }[] }[];
  levels: Named[];
  metrics: Named[];
  outcomes: (Named & { needs_approval: boolean })[];
  ways: Bilingual;
}

export interface CaseField {
  choices?: { id: string; name: Bilingual }[];
  id: string;
  max?: number;
  min?: number;
  name: Bilingual;
  required: boolean;
  type: string;
}

/** What a category does not say itself it has from the one above. */
export interface CaseCategory {
  children?: CaseCategory[];
  form?: CaseField[];
  id: string;
  kind?: CaseKind;
  level?: string;
  name: Bilingual;
  needs?: string[];
  prepare?: Bilingual[];
  process?: string;
  team?: string;
}

export interface CaseHandling {
  categories: CaseCategory[];
  confirm_hours: number;
  remind_hours: number;
  reminders: number;
  reopen_hours: number;
  rises: { at?: number; on: string; to: number }[];
}

export interface BoardRow {
  clock: Clock;
  case: Case;
}

export interface Kept {
  metric: string;
  name: Bilingual;
  channel: string;
  ended: number;
  kept: number;
  percent: number;
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
  /** mention, transfer, whisper, taken, chat.warning, chat.limit, presence.<state>; of a case: assigned, follow_up, snooze, clock.warning, clock.target, clock.limit … */
  kind: string;
  conversation_id?: ID;
  case_id?: ID;
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

export type SavedIcon = "list" | "star" | "flag" | "flame" | "clock" | "user" | "users" | "tag" | "globe" | "heart" | "wrench" | "car";
export type SavedColour = "grey" | "blue" | "green" | "amber" | "red" | "violet";

/** All fields that are set must fit. */
export interface ListFilter {
  list: string;
  state?: string;
  team_id?: ID;
  agent_id?: ID;
  tag?: string;
  q?: string;
  priority?: number;
  inbox_id?: ID;
  language?: string;
  /** Minutes that the contact has waited longer than. */
  waiting?: number;
  unread?: boolean;
  /** The contact sounds at least so. */
  mood?: string;
  kind?: string;
  level?: string;
  category?: string;
  source?: string;
}

/** A list that is kept under a name. */
export interface SavedView {
  id: ID;
  subject: "conversation" | "case";
  name: string;
  icon: SavedIcon;
  colour: SavedColour;
  shared: boolean;
  filter: ListFilter;
  position: number;
  version: number;
  /** Fields of the filter that point to something deleted. */
  missing: string[];
}

export type BulkAct = "transfer" | "tag" | "close" | "prioritise";

/** The same done to many conversations, and what came of each. */
export interface BulkRun {
  id: ID;
  bulk: { act: BulkAct | "undo" };
  undone: boolean;
  at: Time;
  ended_at?: Time;
  items: { conversation_id: ID; number: number; contact_name: string; outcome: "" | "done" | "refused"; why?: { code: string; zh: string; en: string } }[];
}

/** `more`: there may be more than were counted. */
export interface BoundedCount {
  n: number;
  more: boolean;
}

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
  | "transferred" | "closed" | "reopened" | "changed" | "read" | "invited" | "joined" | "left" | "owner" | "consult" | "tags" | "priority";

export type ServerFrame =
  | { type: "hello"; seq: number }
  | { type: "message"; seq: number; conversation: Conversation; message: Message }
  | { type: "conversation"; seq: number; what: ConversationChange; conversation: Conversation }
  | { type: "gone"; seq: number; conversation_id: ID }
  | { type: "presence"; seq: number; agent_id: ID; presence: Presence; connected: boolean; phone: boolean; load: number }
  | { type: "case"; seq: number; id: ID; number: string; what: string; version: number; about_staff?: boolean; accused_id?: ID }
  | { type: "verification"; seq: number; contact_id: ID; id: ID; state: string }
  | { type: "notice"; seq: number; notice: Notice }
  | ({ type: "wallboard"; full: boolean; gone: ID[] } & Omit<Wallboard, "defined">)
  | { type: "contact"; seq: number; contact_id: ID }
  | { type: "knowledge"; seq: number }
  | { type: "settings"; seq: number }
  | { type: "typing"; conversation_id: ID; from: Sender; name: string; on: boolean; text?: string }
  | { type: "viewing"; conversation_id: ID; agents: Ref[] }
  | { type: "viewing_case"; case_id: ID; others: CaseViewer[] }
  | { type: "visitor"; contact_id: ID; online: boolean; page?: PageView }
  | { type: "at"; seq: number }
  | { type: "reset"; seq: number }
  | { type: "pong" };

export type ClientFrame =
  | { type: "resume"; after?: number }
  | { type: "ping" }
  | { type: "typing"; conversation: ID; on: boolean }
  | { type: "viewing"; conversation?: ID }
  | { type: "viewing_case"; case?: ID; on: boolean }
  | { type: "wallboard"; on: boolean };

/** Another agent who has a case open; `typing`: something stands in the form of an act. */
export interface CaseViewer {
  agent_id: ID;
  name: string;
  typing: boolean;
  seen_at: Time;
}
