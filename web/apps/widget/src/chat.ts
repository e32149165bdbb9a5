/** What the visitor does and what he sees of it: one state, drawn by the views. What only some visitors do is
 *  fetched when they do it: extras/deeds.ts. */
import { openAPI, type API } from "./api";
import { isRefusal, type Fault } from "./fault";
import { openLive } from "./live";
import { openOutbox, randomID, type Outgoing } from "./outbox";
import type { Shelf } from "./shelf";
import type { Upload } from "./extras/uploads";
import { follow, keep, nothing, speaks, type Timeline } from "./timeline";
import type { Attachment, Config, Contact, ID, Lang, Message, Page, PrechatField, ServerFrame, Session, Suggestion, View } from "./wire";
import type { Words } from "./words/zh";
import type { MoreWords } from "./words/zh-more";

export type Extras = typeof import("./extras");

export interface State {
  lang: Lang;
  words: Words;
  open: boolean;
  screen: "home" | "prechat" | "talk" | "leave";
  phase: "idle" | "loading" | "ready" | "broken";
  config?: Config;
  contact?: Contact;
  view?: View;
  timeline: Timeline;
  outgoing: Outgoing[];
  /** The server can be reached: the line is up, or asking works. */
  linked: boolean;
  /** Who is typing on the other side. */
  typing?: string;
  /** What may be read of it already; the message that follows is what was said. */
  writing?: string;
  sound?: boolean;
  /** Which answers the visitor has judged, and how. */
  judged: Record<ID, boolean>;
  /** The answer of which he may say why it did not help. */
  asking?: ID;
  draft: string;
  /** What the visitor may be about to ask, and which of it the keyboard is at; -1 is none. */
  suggested?: { items: Suggestion[]; at: number };
  uploads: Upload[];
  /** Send as soon as the last upload is complete. */
  sendWhenUploaded?: boolean;
  /** Something went wrong, in words for the visitor. */
  notice?: string;
  /** The picture that covers the page. */
  picture?: Attachment;
  /** What the visitor filled in before his first message, and what he wanted to say when the form came. */
  prechat?: Prechat;
  held?: Saying;
  /** The message that he left for people who were not there. */
  opened?: { number: string; secret: string; promise: string };
  /** What was fetched when it was first needed. */
  extras?: Extras;
  more?: MoreWords;
}

export type Prechat = Partial<Record<PrechatField, string>>;
export type Saying = Pick<Outgoing, "text" | "choice" | "attachments">;

export interface Chat {
  readonly state: State;
  readonly api: API;
  readonly shelf: Shelf;
  update(change: Partial<State>): void;

  open(): void;
  /** Gets settings and session, then goes live; a second call while the first runs waits for the same answer. */
  begin(): Promise<void>;
  /** The host's page says who the visitor is, in a token signed with the inbox's secret. */
  identify(token: string): void;
  /** Asks anew with what has changed, after the beginning that may be under way without it. */
  beginAgain(): void;
  /** The visitor went to another page of the host; the same page twice in a row is told once. */
  visit(page?: Partial<Page>): void;
  /** The browser came back, from the network's or from the reader's absence. */
  wake(): void;
  /** The browser says that there is no network. */
  sleep(): void;

  show(screen: State["screen"]): void;
  /** Sends what the visitor wrote and attached, when the uploads are complete. */
  sendDraft(): void;
  say(saying: Saying): void;
  retry(clientID: string): void;
  flush(): void;
  /** Keeps the draft over reloads, and shows the agent what is being typed, at most once a second. */
  write(draft: string): void;
  human(): void;
  /** Does something that may fail; why it failed is told to the visitor. */
  attempt(work: () => Promise<unknown>): Promise<void>;

  /** Takes the server's word about the conversation. */
  adopt(view: View): void;
  /** Tells the agent that the visitor has read, when he really has it before his eyes. */
  seen(): void;
  /** Asks for messages of the conversation on the screen. */
  messages(where: string): Promise<{ items: Message[]; more: boolean; conversation?: View }>;
  extras(): Promise<Extras>;
  /** Uses what is fetched when it is first needed. */
  later(use: (extras: Extras) => unknown): void;
}

/** There is a conversation that is not over. */
export const talking = ({ view }: State): boolean => !!view && view.state !== "closed";

/** Neither a person nor the assistant answers now. */
export const unattended = ({ config }: State): boolean => !!config && !config.open && !config.assistant;

/** The fields to ask before the first message of a conversation. */
export function asked(state: State): Config["prechat"]["fields"] {
  const { config, contact, outgoing, prechat } = state;
  if (talking(state) || prechat || outgoing.length || !config?.prechat.enabled) return [];
  return config.prechat.fields.filter((field) => !contact?.known.includes(field.name));
}

export function openChat({ origin, inbox }: { origin: string; inbox: string }, shelf: Shelf, lang: Lang, words: Words, changed: () => void): Chat {
  let identity: string | undefined;
  let starting: Promise<void> | undefined;
  let extras: Promise<Extras> | undefined;
  let page: Page | undefined;
  let typingEnds: ReturnType<typeof setTimeout> | undefined;
  let preview: ReturnType<typeof setTimeout> | undefined;

  const api = openAPI(origin, lang, shelf.get("token") ?? "", begin);
  const outbox = openOutbox(shelf, post, () => update({ outgoing: outbox.list() }));
  const live = openLive(
    api.address,
    () => api.token,
    {
      frame: take,
      position: () => ({ conversation: state.timeline.conversation, after: state.timeline.cursor }),
      poll: () => void detour().then(({ poll }) => poll(chat), ignore),
      up(up) {
        update({ linked: up, typing: undefined, writing: undefined });
        if (up) void outbox.flush();
        if (up) seen();
      },
    },
    () => detour().then(({ openEvents }) => openEvents),
  );
  let state: State = {
    lang,
    words,
    open: false,
    screen: "home",
    phase: "idle",
    timeline: nothing,
    outgoing: outbox.list(),
    linked: true,
    sound: shelf.get("sound"),
    judged: shelf.get("judged") ?? {},
    draft: shelf.get("draft") ?? "",
    uploads: [],
  };

  function update(change: Partial<State>): void {
    state = { ...state, ...change };
    changed();
  }

  // ── opening ──────────────────────────────────────────────────────────────

  function begin(): Promise<void> {
    return (starting ??= connect().finally(() => (starting = undefined)));
  }

  async function connect(): Promise<void> {
    if (state.phase !== "ready") update({ phase: "loading" });
    page = here();
    const session = (token?: string) => api.call<Session>("session", { inbox, identity, language: state.lang, page, token }, "anonymous");
    try {
      const [config, answer] = await Promise.all([
        api.call<Config>(`config?${new URLSearchParams({ inbox, lang: state.lang })}`, undefined, "anonymous"),
        session(api.token || undefined).catch((reason) => {
          if (!api.token || (!isRefusal(reason) && (reason as Fault).status !== 401)) throw reason;
          return session();
        }),
      ]);
      settle(config, answer);
    } catch (reason) {
      if (state.phase === "loading") update({ phase: "broken", notice: (reason as Error).message });
      throw reason;
    }
  }

  function settle(config: Config, { token, contact, conversation, messages, more }: Session): void {
    api.token = token;
    shelf.set("token", token);
    shelf.set("color", config.color);
    shelf.set("position", config.position);
    const first = state.phase !== "ready";
    update({
      phase: "ready",
      notice: undefined,
      config,
      contact,
      view: undefined,
      timeline: follow({ ...nothing, conversation: conversation?.id, more }, messages),
    });
    if (conversation) adopt(conversation);
    if (first) update({ screen: talking(state) || state.outgoing.length ? "talk" : unattended(state) ? "leave" : "home" });
    live.restart();
    void outbox.flush();
    seen();
  }

  function beginAgain(): void {
    const again = () => void begin().catch(ignore);
    if (starting) starting.then(again, again);
    else if (state.phase !== "idle") again();
  }

  // ── saying ───────────────────────────────────────────────────────────────

  function sendDraft(): void {
    const { draft, uploads } = state;
    const sendWhenUploaded = uploads.some((upload) => !upload.attachment && !upload.failed);
    update({ sendWhenUploaded });
    if (sendWhenUploaded) return;
    const attachments = uploads.flatMap(({ attachment, remove }) => (attachment ? (remove(), attachment) : []));
    const text = draft.trim();
    if (!text && !attachments.length) return;
    write("");
    say({ text, attachments });
  }

  function say(saying: Saying): void {
    if (asked(state).length) return update({ screen: "prechat", held: saying });
    if (!talking(state)) update({ view: undefined, timeline: nothing });
    const { prechat } = state;
    update({ screen: "talk", prechat: undefined });
    outbox.add({ client_id: randomID(), ...saying, prechat });
  }

  function write(draft: string): void {
    shelf.set("draft", draft || undefined);
    update({ draft });
    if (draft) preview ??= setTimeout(showTyping, 1_000);
    else showTyping();
  }

  function showTyping(): void {
    clearTimeout(preview);
    preview = undefined;
    const text = state.draft;
    if (talking(state)) live.send({ type: "typing", on: !!text, text: state.config?.typing_preview && text });
  }

  async function post({ client_id, text, attachments, choice, prechat }: Outgoing): Promise<void> {
    if (!api.token) await begin();
    const answer = await api.call<{ message: Message; conversation: View }>("messages", { client_id, text, attachments: attachments?.map((file) => file.id), choice, prechat });
    add(answer.message, keep);
    adopt(answer.conversation);
  }

  async function attempt(work: () => Promise<unknown>): Promise<void> {
    update({ notice: undefined });
    try {
      await work();
    } catch (reason) {
      update({ notice: (reason as Error).message || state.words.broken });
    }
  }

  // ── hearing ──────────────────────────────────────────────────────────────

  function take(frame: ServerFrame): void {
    if (frame.type === "message") hear(frame.message, frame.conversation);
    else if (frame.type === "reset") begin().catch(ignore);
    else if (frame.type === "typing") showTypist(frame.on ? frame.name : undefined, frame.text);
    else if ("conversation" in frame && frame.conversation) adopt(frame.conversation);
  }

  function hear(message: Message, conversation: View): void {
    if (conversation.number < (state.view?.number ?? 0)) return;
    add(message, follow);
    adopt(conversation);
    if (message.client_id) outbox.drop(message.client_id);
    if (!speaks(message)) return;
    showTypist();
    live.send({ type: "delivered", conversation: conversation.id, seq: message.seq });
    if (state.sound && live.isUp && (!state.open || document.hidden)) later(({ chime }) => chime());
    seen();
  }

  /** A message of another conversation than the one on the screen may continue an old one: the rest is fetched. */
  function add(message: Message, how: typeof keep): void {
    const { timeline } = state;
    update({ timeline: how(timeline, [message]) });
    if (timeline.conversation !== message.conversation_id && message.seq > 1) later(({ earlier }) => earlier(chat));
  }

  function adopt(view: View): void {
    const held = state.view;
    if (held && view.number < held.number) return;
    const contact_read_seq = held?.id === view.id ? Math.max(held.contact_read_seq, view.contact_read_seq) : view.contact_read_seq;
    const closed = view.state === "closed";
    shelf.set("waiting", closed ? undefined : true);
    update({ view: { ...view, contact_read_seq } });
    if (closed) showTypist();
  }

  function showTypist(name?: string, writing?: string): void {
    clearTimeout(typingEnds);
    if (name !== undefined) typingEnds = setTimeout(showTypist, 8_000);
    if (name !== state.typing || writing !== state.writing) update({ typing: name, writing });
  }

  function seen(): void {
    const { view, open, screen, timeline } = state;
    const seq = timeline.messages.at(-1)?.seq ?? 0;
    if (!view || !open || screen !== "talk" || document.hidden || seq <= view.contact_read_seq) return;
    update({ view: { ...view, contact_read_seq: seq } });
    if (!live.send({ type: "read", conversation: view.id, seq })) api.call("read", { conversation: view.id, seq }).catch(ignore);
  }

  function later(use: (extras: Extras) => unknown): void {
    void attempt(async () => use(await chat.extras()));
  }

  const chat: Chat = {
    get state() {
      return state;
    },
    api,
    shelf,
    update,
    begin,
    beginAgain,
    sendDraft,
    say,
    write,
    attempt,
    adopt,
    seen,
    later,
    retry: outbox.retry,
    flush: () => void outbox.flush(),
    sleep: live.lost,
    messages: (where) => api.call(`messages?conversation=${state.timeline.conversation}&${where}`),

    open() {
      update({ open: true });
      if (state.phase === "idle" || state.phase === "broken") begin().catch(ignore);
      seen();
    },

    identify(token) {
      identity = token;
      beginAgain();
    },

    visit(change) {
      const next = { ...here(), referrer: page?.url ?? document.referrer, ...change };
      if (state.phase !== "ready" || next.url === page?.url) return;
      page = next;
      api.call("pages", next).catch(ignore);
    },

    wake() {
      if (state.phase === "broken") begin().catch(ignore);
      if (state.phase !== "ready") return;
      live.start();
      void outbox.flush();
      seen();
    },

    show(screen) {
      update({ screen, opened: undefined, notice: undefined });
      seen();
    },

    human() {
      update({ screen: "talk" });
      void attempt(async () => {
        const answer = await api.call<{ conversation: View; offline: boolean }>("human", { client_id: randomID() });
        adopt(answer.conversation);
        if (answer.offline) update({ screen: "leave" });
      });
    },

    extras: () =>
      (extras ??= import("./extras").then(
        async (extras) => {
          update({ more: await extras.moreWordsOf(state.lang), extras });
          return extras;
        },
      ).catch((reason) => {
        extras = undefined;
        throw reason;
      })),
  };
  return chat;
}

const detour = () => import("./detour");

const ignore = () => {};

const here = (): Page => ({ url: location.href, title: document.title, referrer: document.referrer });
