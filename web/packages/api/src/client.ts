// Calls of the console: typed, same-origin, with the session cookie.

import type {
  Agent, APIKey, Article, AssistantState, Attachment, AuditEntry, BoardRow, BoundedCount, Brought, BulkAct, BulkRun, Canned, Case, CaseAct, CaseDetail,
  CaseHandling, CaseKind, CaseSource, CaseView, CaseWords, ClosingDraft, Consult, Contact, Conversation, ConversationDetail, Counts, Decided, External, Filled,
  Filter, GapStanding, Hit, ID, Inbox, InboxSettings, Job, Kept, KnowledgeCategory, KnowledgeGap, Lang, ListFilter, MailDraft, Me, Message, MessagePage, Notice, Page,
  PageView, Permission, Presence, PresencePast, PresenceState, Question, Review, Role, SavedColour, SavedIcon, SavedView, Session, Settings, Setup, ShownGap,
  Skilled, SpecialTerm, Suggestion, Summary, Team, Tending, Time, Trial, View, Wallboard,
} from "./types";
import { verifiedBy } from "./verification";

/** A refusal of the server (RFC 9457), or `status` 0 when it could not be reached. */
export class ApiError extends Error {
  readonly status: number;
  /** Stable, for programs: "conversation.taken". "network" when there was no answer. */
  readonly code: string;
  /** For the reader, in the reader's language. */
  readonly detail: string;
  readonly requestId?: string;
  /** Messages by field path, "body." left out. */
  readonly fields: Record<string, string>;
  /** Seconds the server asked to wait. */
  readonly retryAfter?: number;
  /** What can be done instead, as codes; empty where the server does not know. */
  readonly possible: string[];

  constructor(problem: { status: number; code: string; detail?: string; requestId?: string; fields?: Record<string, string>; retryAfter?: number; possible?: string[] }) {
    super(problem.detail || problem.code);
    this.name = "ApiError";
    this.status = problem.status;
    this.code = problem.code;
    this.detail = problem.detail ?? "";
    this.requestId = problem.requestId;
    this.fields = problem.fields ?? {};
    this.retryAfter = problem.retryAfter;
    this.possible = problem.possible ?? [];
  }

  /** The same call may succeed later without a change. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

let language: Lang = "zh";
let signedOut: (() => void) | undefined;
let skew = 0;

/** Sets the language in which the server words its refusals. */
export function setApiLanguage(lang: Lang): void {
  language = lang;
}

/** Registers what happens when the server says that the session is over. */
export function onSignedOut(f: () => void): void {
  signedOut = f;
}

/** The server's clock in milliseconds, as near as its Date headers tell. */
export function serverNow(): number {
  return Date.now() + skew;
}

function noteClock(res: Response): void {
  const date = Date.parse(res.headers.get("date") ?? "");
  if (Number.isNaN(date)) return;
  const off = date + 500 - Date.now(); // the header has whole seconds
  skew = Math.abs(off) < 2000 ? 0 : off;
}

type Query = Record<string, string | number | boolean | undefined>;

const base = "/api/v1";

function address(path: string, query?: Query): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== "") search.set(key, String(value));
  }
  const text = search.toString();
  return base + path + (text ? `?${text}` : "");
}

interface Problem {
  status?: number;
  code?: string;
  detail?: string;
  request_id?: string;
  errors?: { location?: string; message: string }[];
  possible?: string[];
}

function refusal(status: number, problem: Problem, headers: { get(name: string): string | null }): ApiError {
  const fields: Record<string, string> = {};
  for (const e of problem.errors ?? []) fields[(e.location ?? "").replace(/^body\./, "")] = e.message;
  const wait = Number(headers.get("retry-after"));
  return new ApiError({
    status,
    code: problem.code ?? `http.${status}`,
    detail: problem.detail,
    requestId: problem.request_id ?? headers.get("x-request-id") ?? undefined,
    fields,
    retryAfter: wait > 0 ? wait : undefined,
    possible: problem.possible,
  });
}

interface Options {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
  headers?: Record<string, string>;
  /** A 401 is an answer here, not the end of the session. */
  anonymous?: boolean;
}

/** One call; throws ApiError. Prefer the named calls in `api`. */
export async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": language, ...options.headers };
  const form = options.body instanceof FormData ? options.body : undefined; // the browser names its type
  if (options.body !== undefined && !form) headers["Content-Type"] = "application/json";
  let res: Response;
  try {
    res = await fetch(address(path, options.query), {
      method,
      headers,
      body: form ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
      signal: options.signal,
      credentials: "same-origin",
    });
  } catch (err) {
    if (err instanceof DOMException && err.name === "AbortError") throw err;
    throw new ApiError({ status: 0, code: "network" });
  }
  noteClock(res);
  if (res.status === 204) return undefined as T;
  if (res.ok) return (await res.json()) as T;
  const problem = (await res.json().catch(() => ({}))) as Problem;
  if (res.status === 401 && !options.anonymous) signedOut?.();
  throw refusal(res.status, problem, res.headers);
}

/** Sends one file for a conversation; `progress` gets 0 to 1. Throws ApiError, or an AbortError when `signal` fires. */
export function upload(conversation: ID, file: File, progress: (part: number) => void, signal?: AbortSignal): Promise<Attachment> {
  return send("/attachments", { conversation_id: conversation }, file, progress, signal);
}

/** Sends the file of a certificate, as `upload` does; the certificate takes it by its id. */
export function uploadForCertificate(file: File, progress: (part: number) => void, signal?: AbortSignal): Promise<Attachment> {
  return send("/certificate-files", {}, file, progress, signal);
}

/** Sends one file for a case, as `upload` does; the case takes it as evidence, or with what is handed in. */
export function uploadForCase(file: File, progress: (part: number) => void, signal?: AbortSignal): Promise<Attachment> {
  return send("/case-files", {}, file, progress, signal);
}

/** Sends one file for a mail that begins a conversation, as `upload` does. */
export function uploadForMail(file: File, progress: (part: number) => void, signal?: AbortSignal): Promise<Attachment> {
  return send("/mail-files", {}, file, progress, signal);
}

function send(path: string, fields: Record<string, string>, file: File, progress: (part: number) => void, signal?: AbortSignal): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set("file", file, file.name);
    xhr.open("POST", address(path));
    xhr.setRequestHeader("Accept-Language", language);
    xhr.upload.onprogress = (e) => e.lengthComputable && progress(e.loaded / e.total);
    xhr.onload = () => {
      let body: unknown = {};
      try {
        body = JSON.parse(xhr.responseText);
      } catch {
        // not JSON: the status says enough
      }
      if (xhr.status >= 200 && xhr.status < 300) return resolve(body as Attachment);
      if (xhr.status === 401) signedOut?.();
      reject(refusal(xhr.status, body as Problem, { get: (name) => xhr.getResponseHeader(name) }));
    };
    xhr.onerror = () => reject(new ApiError({ status: 0, code: "network" }));
    xhr.onabort = () => reject(new DOMException("aborted", "AbortError"));
    signal?.addEventListener("abort", () => xhr.abort());
    xhr.send(form);
  });
}

const get = <T>(path: string, query?: Query, signal?: AbortSignal) => call<T>("GET", path, { query, signal });
const post = <T>(path: string, body: unknown = {}) => call<T>("POST", path, { body });
const put = <T>(path: string, body: unknown) => call<T>("PUT", path, { body });
const patch = <T>(path: string, body: unknown) => call<T>("PATCH", path, { body });
const del = (path: string) => call<void>("DELETE", path);
const seg = encodeURIComponent;

export interface ConversationFilter {
  view: View;
  state?: string;
  agent_id?: ID;
  team_id?: ID;
  inbox_id?: ID;
  priority?: number;
  tag?: string;
  language?: string;
  /** Minutes that the contact has waited longer than. */
  waiting?: number;
  unread?: boolean;
  /** The contact sounds at least so. */
  mood?: string;
  /** In the contact's name or the last word said. */
  q?: string;
}

export interface BulkWork {
  ids?: ID[];
  filter?: ListFilter;
  act: BulkAct;
  agent_id?: ID;
  team_id?: ID;
  note?: string;
  add?: string[];
  remove?: string[];
  summary?: Summary;
  priority?: number;
}

export interface ViewDraft {
  subject: SavedView["subject"];
  name: string;
  icon: SavedIcon;
  colour: SavedColour;
  shared: boolean;
  filter: ListFilter;
}

export interface NewMessage {
  client_id: string;
  kind: "text" | "note" | "whisper";
  text: string;
  attachments?: ID[];
  mentions?: ID[];
  /** Sent although the filter warned. */
  sure?: boolean;
  /** What was written before it was translated; only agents see it. */
  original?: string;
  /** In a conversation by e-mail. */
  mail?: MailDraft;
}

export interface AgentDraft {
  email: string;
  name: string;
  nickname?: string;
  role_ids: ID[];
  team_ids: ID[];
  capacity: number;
  share: number;
  skills: Skilled[];
  language: Lang;
}

export type QuestionDraft = Pick<Question, "question" | "answer" | "phrasings" | "category" | "language" | "audience" | "valid_from" | "valid_until" | "review_on" | "answers"> & { pinned?: boolean };
export type ArticleDraft = Pick<Article, "slug" | "title" | "body" | "category" | "language" | "audience">;
export type CannedDraft = Pick<Canned, "shortcut" | "title" | "text" | "language" | "folder" | "shared">;
export type RoleDraft = Pick<Role, "name" | "permissions" | "scope">;
export interface TeamDraft { name: string; agent_ids: ID[] }
export interface InboxDraft { name: string; enabled: boolean; team_id?: ID; settings: InboxSettings }
export type KnowledgeFilter = { q?: string; status?: string; category?: string; language?: string };
export type AuditFilter = { actor?: string; action?: string; object_kind?: string; object_id?: string; from?: string; to?: string };

export interface CaseFilter {
  view?: CaseView;
  kind?: string;
  state?: string;
  category?: string;
  level?: string;
  source?: string;
  number?: string;
  team_id?: ID;
  agent_id?: ID;
  contact_id?: ID;
  tag?: string;
  priority?: number;
  /** In the subject or the name. */
  q?: string;
}

export interface CaseDraft {
  client_id: string;
  kind: CaseKind;
  source: Exclude<CaseSource, "portal" | "widget">;
  category?: string;
  subject?: string;
  text: string;
  name?: string;
  phone?: string;
  email?: string;
  order?: string;
  tried?: string;
  fields?: Record<string, string>;
  about_staff?: boolean;
  accused_id?: ID;
  received_at?: Time;
  contact_id?: ID;
  conversation_id?: ID;
  files?: ID[];
  /** What closed work suggested first; what is done with suggestions is counted. */
  suggested?: { kind?: string; category?: string };
}

/** An act with all that can be said with it. */
export interface CaseDoing {
  act: CaseAct;
  /** The version that was read; a newer one is a conflict. */
  version?: number;
  reason?: string;
  text?: string;
  team_id?: ID;
  /** The team that closed work suggested; what is done with suggestions is counted. */
  suggested_team_id?: ID;
  agent_id?: ID;
  category?: string;
  level?: string;
  special?: SpecialTerm;
  contacted?: boolean;
  expected_at?: Time;
  until?: Time;
  findings?: string;
  solution?: string;
  cause?: string;
  outcome?: string;
  approval?: string;
  verification?: string;
  announcement?: string;
  ways_told?: boolean;
  external?: External;
  escalation?: { level: number; confirmed: string };
  into?: ID;
  waived?: { task_id: ID; reason: string }[];
}

export interface Classification {
  kind: CaseKind;
  category: string;
  level: string;
  special?: SpecialTerm;
  reason: string;
}

export interface Testimony {
  name: string;
  role: "customer" | "company" | "dealer" | "repairer" | "other";
  reach?: string;
  text: string;
}

export interface TaskDraft {
  kind: "callback" | "training" | "diagnosis" | "follow_up" | "other";
  title: string;
  assignee?: string;
  due_at?: Time;
}

export interface WorkDraft {
  provider: string;
  text: string;
  due_at?: Time;
}

export interface CasePart {
  client_id: string;
  kind: CaseKind;
  subject?: string;
  text: string;
}

export type CustodyAct = "viewed" | "exported" | "passed_on" | "checked";
export type CaseRelation = "related" | "duplicate" | "child_of";

/** Every call of docs/develop/protocol.md, by noun. */
export const api = {
  session: {
    open: (email: string, password: string) => call<Me>("POST", "/session", { body: { email, password }, anonymous: true }),
    close: () => del("/session"),
  },
  setup: {
    get: (token: string) => call<Setup>("GET", `/setup/${seg(token)}`, { anonymous: true }),
    finish: (token: string, body: { email?: string; name: string; password: string }) =>
      call<Me>("POST", `/setup/${seg(token)}`, { body, anonymous: true }),
  },
  me: {
    get: () => call<Me>("GET", "/me", { anonymous: true }),
    change: (body: { name?: string; nickname?: string; language?: Lang; old_password?: string; new_password?: string }) => patch<Me>("/me", body),
    presence: (state: PresenceState, reason?: string) => put<Me>("/me/presence", { state, reason }),
    sessions: () => get<Page<Session>>("/me/sessions"),
    endSession: (id: ID) => del(`/me/sessions/${seg(id)}`),
    notices: () => get<{ items: Notice[]; unread: number }>("/me/notices"),
    readNotices: () => post<void>("/me/notices/read"),
  },
  agents: {
    list: () => get<Page<Agent>>("/agents"),
    add: (body: AgentDraft) => post<{ agent: Agent; invite_url: string }>("/agents", body),
    change: (id: ID, body: Partial<AgentDraft> & { disabled?: boolean }) => patch<Agent>(`/agents/${seg(id)}`, body),
    invite: (id: ID) => post<{ invite_url: string }>(`/agents/${seg(id)}/invite`),
    /** Sets another agent's presence; they are told why. */
    setPresence: (id: ID, body: { state: PresenceState; reason?: string; why: string }) => put<Presence>(`/agents/${seg(id)}/presence`, body),
    presences: (id: ID) => get<Page<PresencePast>>(`/agents/${seg(id)}/presences`),
  },
  wallboard: () => get<Wallboard>("/wallboard"),
  reviews: {
    list: (of: "conversations" | "cases", id: ID) => get<Page<Review>>(`/${of}/${seg(id)}/reviews`),
    ask: (of: "conversations" | "cases", id: ID, body: { client_id: string; decision: string; why: string; customer?: boolean }) => post<Review>(`/${of}/${seg(id)}/reviews`, body),
    judge: (id: ID, body: { replace: boolean; instead?: string; reason: string }) => post<Review>(`/reviews/${seg(id)}/verdict`, body),
  },
  roles: {
    list: () => get<Page<Role>>("/roles"),
    add: (body: RoleDraft) => post<Role>("/roles", body),
    change: (id: ID, body: Partial<RoleDraft>) => patch<Role>(`/roles/${seg(id)}`, body),
    remove: (id: ID) => del(`/roles/${seg(id)}`),
    permissions: () => get<Page<Permission>>("/permissions"),
  },
  teams: {
    list: () => get<Page<Team>>("/teams"),
    add: (body: TeamDraft) => post<Team>("/teams", body),
    change: (id: ID, body: Partial<TeamDraft>) => patch<Team>(`/teams/${seg(id)}`, body),
    remove: (id: ID) => del(`/teams/${seg(id)}`),
  },
  keys: {
    list: () => get<Page<APIKey>>("/api-keys"),
    add: (body: { name: string; permissions: string[]; expires_at?: string }) => post<APIKey & { secret: string }>("/api-keys", body),
    remove: (id: ID) => del(`/api-keys/${seg(id)}`),
  },
  audit: {
    list: (filter: AuditFilter, cursor?: string, limit = 50) => get<Page<AuditEntry>>("/audit", { ...filter, cursor, limit }),
  },
  jobs: {
    list: (state?: string, cursor?: string) => get<Page<Job>>("/jobs", { state, cursor }),
    retry: (id: ID) => post<void>(`/jobs/${seg(id)}/retry`),
    remove: (id: ID) => del(`/jobs/${seg(id)}`),
  },
  conversations: {
    list: (filter: ConversationFilter, cursor?: string, limit = 50, signal?: AbortSignal) =>
      get<Page<Conversation>>("/conversations", { ...filter, cursor, limit }, signal),
    counts: () => get<Counts>("/conversations/counts"),
    get: (id: ID) => get<ConversationDetail>(`/conversations/${seg(id)}`),
    /** Without `after` and `before`: the newest. */
    messages: (id: ID, at: { after?: number; before?: number; limit?: number } = {}) =>
      get<MessagePage>(`/conversations/${seg(id)}/messages`, at),
    send: (id: ID, body: NewMessage) => post<Message>(`/conversations/${seg(id)}/messages`, body),
    recall: (message: ID) => post<Message>(`/messages/${seg(message)}/recall`),
    suggestions: (id: ID) => get<Page<Suggestion>>(`/conversations/${seg(id)}/suggestions`),
    closing: (id: ID, language: Lang) => get<ClosingDraft>(`/conversations/${seg(id)}/closing`, { language }),
    why: (message: ID) => get<Decided>(`/messages/${seg(message)}/why`),
    recalled: (message: ID) => get<Message>(`/messages/${seg(message)}/recalled`),
    read: (id: ID, seq: number) => post<void>(`/conversations/${seg(id)}/read`, { seq }),
    accept: (id: ID) => post<Conversation>(`/conversations/${seg(id)}/accept`),
    decline: (id: ID) => post<Conversation>(`/conversations/${seg(id)}/decline`),
    take: (id: ID) => post<Conversation>(`/conversations/${seg(id)}/take`),
    transfer: (id: ID, body: { agent_id?: ID; team_id?: ID; assistant?: boolean; note: string; within_minutes?: number; suggested_team_id?: ID }) => post<Conversation>(`/conversations/${seg(id)}/transfer`, body),
    close: (id: ID, body: Omit<Summary, "note"> & { note?: string }) => post<Conversation>(`/conversations/${seg(id)}/close`, body),
    reopen: (id: ID) => post<Conversation>(`/conversations/${seg(id)}/reopen`),
    hold: (id: ID, on: boolean) => post<Conversation>(`/conversations/${seg(id)}/hold`, { on }),
    invite: (id: ID, body: { agent_id?: ID; team_id?: ID; note?: string }) => post<Conversation>(`/conversations/${seg(id)}/participants`, body),
    join: (id: ID) => post<Conversation>(`/conversations/${seg(id)}/join`),
    leave: (id: ID) => post<Conversation>(`/conversations/${seg(id)}/leave`),
    takeOut: (id: ID, agent: ID) => post<Conversation>(`/conversations/${seg(id)}/participants/${seg(agent)}/remove`),
    handOwner: (id: ID, agent: ID) => post<Conversation>(`/conversations/${seg(id)}/owner`, { agent_id: agent }),
    consults: (id: ID) => get<Page<Consult>>(`/conversations/${seg(id)}/consults`),
    consult: (id: ID, body: { agent_id: ID; question: string }) => post<Consult>(`/conversations/${seg(id)}/consults`, body),
    answerConsult: (id: ID, answer: string) => post<Consult>(`/consults/${seg(id)}/answer`, { answer }),
    withdrawConsult: (id: ID) => post<Consult>(`/consults/${seg(id)}/withdraw`),
    bulk: (body: BulkWork) => post<BulkRun>("/conversations/bulk", body),
    bulkRun: (id: ID) => get<BulkRun>(`/bulk/${seg(id)}`),
    undoBulk: (id: ID) => post<BulkRun>(`/bulk/${seg(id)}/undo`),
  },
  contacts: {
    list: (filter: { q?: string; tag?: string; attribute?: string }, cursor?: string) => get<Page<Contact>>("/contacts", { ...filter, cursor }),
    get: (id: ID) => get<Contact>(`/contacts/${seg(id)}`),
    change: (id: ID, body: Partial<Pick<Contact, "name" | "phone" | "email" | "language" | "attributes" | "tags">>, verification?: ID) =>
      call<Contact>("PATCH", `/contacts/${seg(id)}`, { body, headers: verifiedBy(verification) }),
    reveal: (id: ID, field: string, reason: string, verification?: ID) =>
      call<{ value: string }>("POST", `/contacts/${seg(id)}/reveal`, { body: { field, reason }, headers: verifiedBy(verification) }),
    block: (id: ID, blocked: boolean, reason: string, until?: string) => post<Contact>(`/contacts/${seg(id)}/block`, { blocked, reason, until }),
    conversations: (id: ID, cursor?: string) => get<Page<Conversation>>(`/contacts/${seg(id)}/conversations`, { cursor }),
    pages: (id: ID, cursor?: string) => get<Page<PageView>>(`/contacts/${seg(id)}/pages`, { cursor }),
  },
  search: (query: { q: string; kind?: string; sort?: string; cursor?: string; limit?: number }, signal?: AbortSignal) =>
    get<Page<Hit>>("/search", query, signal),
  filter: {
    get: () => get<Filter>("/filter"),
    save: (body: Filter) => put<Filter>("/filter", body),
  },
  canned: {
    list: (q?: string, signal?: AbortSignal) => get<Page<Canned>>("/canned", { q }, signal),
    add: (body: CannedDraft) => post<Canned>("/canned", body),
    change: (id: ID, body: Partial<CannedDraft>) => patch<Canned>(`/canned/${seg(id)}`, body),
    remove: (id: ID) => del(`/canned/${seg(id)}`),
    /** With the names of a conversation; counts as used. */
    fill: (id: ID, conversation_id: ID) => post<Filled>(`/canned/${seg(id)}/fill`, { conversation_id }),
    /** For whom a mail is being written to. */
    fillFor: (id: ID, to: { contact_id?: ID; address?: string; name?: string; language: Lang }) => post<Filled>(`/canned/${seg(id)}/fill`, to),
    opening: (conversation: ID) => get<Filled>(`/conversations/${seg(conversation)}/opening`),
  },
  views: {
    list: () => get<Page<SavedView>>("/views"),
    counts: () => get<{ counts: Record<ID, BoundedCount> }>("/views/counts"),
    add: (body: ViewDraft) => post<SavedView>("/views", body),
    change: (id: ID, body: Partial<ViewDraft> & { version?: number }) => patch<SavedView>(`/views/${seg(id)}`, body),
    order: (order: ID[]) => put<void>("/views/order", { order }),
    remove: (id: ID) => del(`/views/${seg(id)}`),
  },
  questions: {
    list: (filter: KnowledgeFilter, cursor?: string) => get<Page<Question>>("/questions", { ...filter, cursor }),
    get: (id: ID) => get<Question>(`/questions/${seg(id)}`),
    add: (body: QuestionDraft) => post<Question>("/questions", body),
    save: (id: ID, body: QuestionDraft & { version?: number }) => put<Question>(`/questions/${seg(id)}`, body),
    remove: (id: ID) => del(`/questions/${seg(id)}`),
    publish: (id: ID) => post<Question>(`/questions/${seg(id)}/publish`),
    unpublish: (id: ID) => post<Question>(`/questions/${seg(id)}/unpublish`),
    versions: (id: ID) => get<Page<Question>>(`/questions/${seg(id)}/versions`),
    restore: (id: ID, version: number) => post<Question>(`/questions/${seg(id)}/restore`, { version }),
    absorb: (id: ID, other_id: ID) => post<Question>(`/questions/${seg(id)}/absorb`, { other_id }),
    move: (id: ID, other_id: ID, text: string) => post<Question>(`/questions/${seg(id)}/move`, { other_id, text }),
    try: (text: string, language: Lang) => post<Trial>("/questions/try", { text, language }),
  },
  articles: {
    list: (filter: KnowledgeFilter, cursor?: string) => get<Page<Article>>("/articles", { ...filter, cursor }),
    get: (id: ID) => get<Article>(`/articles/${seg(id)}`),
    add: (body: ArticleDraft) => post<Article>("/articles", body),
    save: (id: ID, body: ArticleDraft & { version?: number }) => put<Article>(`/articles/${seg(id)}`, body),
    remove: (id: ID) => del(`/articles/${seg(id)}`),
    publish: (id: ID) => post<Article>(`/articles/${seg(id)}/publish`),
    unpublish: (id: ID) => post<Article>(`/articles/${seg(id)}/unpublish`),
  },
  knowledge: {
    categories: () => get<Page<KnowledgeCategory>>("/knowledge/categories"),
    assistant: () => get<Page<AssistantState>>("/knowledge/assistant"),
    tending: () => get<Tending>("/knowledge/tending"),
    /** Says what comes of a file of questions or of an article; keeps it as drafts if told to. */
    bring: (file: File, language: Lang, keep: boolean) => {
      const form = new FormData();
      form.append("language", language);
      if (keep) form.append("keep", "yes");
      form.append("file", file);
      return post<Brought>("/knowledge/import", form);
    },
  },
  gaps: {
    list: (state: KnowledgeGap["state"], cursor?: string) => get<Page<KnowledgeGap>>("/gaps", { state, cursor }),
    standing: () => get<GapStanding>("/gaps/standing"),
    gather: () => post<void>("/gaps/gather"),
    get: (id: ID) => get<ShownGap>(`/gaps/${seg(id)}`),
    phrase: (id: ID, question_id: ID, texts?: string[]) => post<KnowledgeGap>(`/gaps/${seg(id)}/phrase`, { question_id, texts }),
    draft: (id: ID, body: QuestionDraft) => post<Question>(`/gaps/${seg(id)}/draft`, body),
    ignore: (id: ID, reason: string) => post<KnowledgeGap>(`/gaps/${seg(id)}/ignore`, { reason }),
    reopen: (id: ID) => post<KnowledgeGap>(`/gaps/${seg(id)}/reopen`),
  },
  inboxes: {
    list: () => get<Page<Inbox>>("/inboxes"),
    add: (body: { name: string } & Partial<InboxDraft>) => post<Inbox>("/inboxes", body),
    change: (id: ID, body: Partial<InboxDraft> & { version?: number }) => patch<Inbox>(`/inboxes/${seg(id)}`, body),
    secret: (id: ID) => post<{ secret: string }>(`/inboxes/${seg(id)}/secret`),
  },
  settings: {
    get: () => get<Settings>("/settings"),
    change: (body: Partial<Settings>) => patch<Settings>("/settings", body),
  },
  cases: {
    list: (filter: CaseFilter, cursor?: string, limit = 50, signal?: AbortSignal) => get<Page<Case>>("/cases", { ...filter, cursor, limit }, signal),
    counts: () => get<Record<CaseView, number>>("/cases/counts"),
    get: (id: ID) => get<CaseDetail>(`/cases/${seg(id)}`),
    /** A number or an address unmasked: phone, email, or party.<place>. */
    reveal: (id: ID, field: string, reason: string, verification?: ID) =>
      call<{ value: string }>("POST", `/cases/${seg(id)}/reveal`, { body: { field, reason }, headers: verifiedBy(verification) }),
    add: (body: CaseDraft) => post<Case>("/cases", body),
    prioritise: (id: ID, body: { urgency: number; impact: number; suggested?: "low" | "normal" | "high" }) => post<Case>(`/cases/${seg(id)}/priority`, body),
    act: (id: ID, body: CaseDoing) => post<Case>(`/cases/${seg(id)}/acts`, body),
    classify: (id: ID, body: Classification) => post<Case>(`/cases/${seg(id)}/classification`, body),
    accuse: (id: ID, agent: ID) => post<Case>(`/cases/${seg(id)}/accused`, { agent_id: agent }),
    prove: (id: ID, files: ID[]) => post<Case>(`/cases/${seg(id)}/evidence`, { files }),
    hold: (id: ID, body: { evidence: string; act: CustodyAct; note?: string }) => post<void>(`/cases/${seg(id)}/custody`, body),
    state: (id: ID, body: Testimony) => post<Case>(`/cases/${seg(id)}/statements`, body),
    addTask: (id: ID, body: TaskDraft) => post<Case>(`/cases/${seg(id)}/tasks`, body),
    endTask: (id: ID, task: ID, result: string) => post<Case>(`/cases/${seg(id)}/tasks/${seg(task)}/end`, { result }),
    orderWork: (id: ID, body: WorkDraft) => post<Case>(`/cases/${seg(id)}/works`, body),
    moveWork: (id: ID, work: ID, body: { act: string; text?: string }) => post<Case>(`/cases/${seg(id)}/works/${seg(work)}/acts`, body),
    tie: (id: ID, other: ID, relation: CaseRelation) => post<Case>(`/cases/${seg(id)}/ties`, { case_id: other, relation }),
    split: (id: ID, body: CasePart) => post<Case>(`/cases/${seg(id)}/parts`, body),
    words: () => get<CaseWords>("/case-kinds"),
    handling: () => get<CaseHandling>("/case-handling"),
  },
  promises: {
    board: (cursor?: string, limit = 100) => get<Page<BoardRow>>("/promises/board", { cursor, limit }),
    kept: (days: number) => get<Page<Kept>>("/promises/kept", { days }),
  },
};
