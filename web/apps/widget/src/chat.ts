/** What the visitor does and what he sees of it: one state, changed only here, drawn by the views. */
import { API } from "./api";
import { Fault, isRefusal } from "./fault";
import { Live } from "./live";
import { Outbox, randomID, type Outgoing } from "./outbox";
import type { Shelf } from "./shelf";
import type { Upload, Uploads } from "./extras/uploads";
import { follow, keep, nothing, unread, type Timeline } from "./timeline";
import type { Attachment, CaseForm, Config, Contact, ID, Lang, Message, Page, PrechatField, ServerFrame, Session, View } from "./wire";
import { wordsOf, type Words } from "./words";

/** What is not needed to open the window: the conversation is fetched at opening, the rest when it is first used. */
const parts = {
  talk: () => import("./talk"),
  extras: () => import("./extras"),
};

export type Parts = { [Name in keyof typeof parts]: Awaited<ReturnType<(typeof parts)[Name]>> };

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
  sound: boolean;
  /** Which answers the visitor has judged, and how. */
  judged: Record<ID, boolean>;
  draft: string;
  uploads: Upload[];
  /** Send as soon as the last upload is complete. */
  sendWhenUploaded: boolean;
  /** Something went wrong, in words for the visitor. */
  notice?: string;
  /** The picture that covers the page. */
  picture?: Attachment;
  /** The parts of the widget that have been fetched. */
  parts: Partial<Parts>;
  opened?: { number: string; promise: string };
}

type Prechat = Partial<Record<PrechatField, string>>;
type Saying = Pick<Outgoing, "text" | "choice" | "attachments">;

export class Chat {
  #inbox: string;
  #changed: () => void;
  state: State;
  #shelf: Shelf;
  #api: API;
  #fetched: { [Name in keyof Parts]?: Promise<Parts[Name]> } = {};
  #uploads?: Uploads;
  #live: Live;
  #outbox: Outbox;
  #identity?: string;
  #starting?: Promise<void>;
  #page?: Page;
  /** What the visitor filled in before his first message, and what he wanted to say when the form came. */
  #prechat?: Prechat;
  #held?: Saying;
  #caseID?: string;
  #typingEnds?: ReturnType<typeof setTimeout>;
  #preview?: ReturnType<typeof setTimeout>;

  constructor(
    { origin, inbox }: { origin: string; inbox: string },
    shelf: Shelf,
    lang: Lang,
    words: Words,
    changed: () => void,
  ) {
    this.#inbox = inbox;
    this.#changed = changed;
    this.#shelf = shelf;
    this.#api = new API(origin, lang, () => this.begin());
    this.#api.token = this.#shelf.get("token") ?? "";
    this.#live = new Live((path) => this.#api.address(path), () => this.#api.token, {
      frame: (frame) => this.#take(frame),
      position: () => ({ conversation: this.state.timeline.conversation, after: this.state.timeline.cursor }),
      poll: () => void this.#poll(),
      up: (up) => this.#lineChanged(up),
    });
    this.#outbox = new Outbox(this.#shelf, (message) => this.#post(message), () => this.#update({ outgoing: this.#outbox.list() }));
    this.state = {
      lang,
      words,
      open: false,
      screen: "home",
      phase: "idle",
      timeline: nothing,
      outgoing: this.#outbox.list(),
      linked: true,
      sound: this.#shelf.get("sound") ?? false,
      judged: this.#shelf.get("judged") ?? {},
      draft: this.#shelf.get("draft") ?? "",
      uploads: [],
      parts: {},
      sendWhenUploaded: false,
    };
  }

  // ── opening ──────────────────────────────────────────────────────────────

  /** Gets settings and session, then goes live; a second call while the first runs waits for the same answer. */
  begin(): Promise<void> {
    return (this.#starting ??= this.#connect().finally(() => (this.#starting = undefined)));
  }

  async #connect(): Promise<void> {
    if (this.state.phase !== "ready") this.#update({ phase: "loading" });
    this.#page = here();
    const body = { inbox: this.#inbox, identity: this.#identity, language: this.state.lang, page: this.#page };
    try {
      const [config, session] = await Promise.all([
        this.#api.call<Config>(`config?${new URLSearchParams({ inbox: this.#inbox, lang: this.state.lang })}`, undefined, "anonymous"),
        this.#api.call<Session>("session", { ...body, token: this.#api.token || undefined }, "anonymous").catch((reason) => {
          if (!this.#api.token || (!isRefusal(reason) && (reason as Fault).status !== 401)) throw reason;
          return this.#api.call<Session>("session", body, "anonymous");
        }),
      ]);
      this.#settle(config, session);
    } catch (reason) {
      if (this.state.phase === "loading") this.#update({ phase: "broken", notice: (reason as Error).message });
      throw reason;
    }
  }

  #settle(config: Config, session: Session): void {
    this.#api.token = session.token;
    this.#shelf.set("token", session.token);
    this.#shelf.set("color", config.color);
    this.#shelf.set("position", config.position);
    const first = this.state.phase !== "ready";
    const conversation = session.conversation?.id;
    this.#update({
      phase: "ready",
      notice: undefined,
      config,
      contact: session.contact,
      view: undefined,
      timeline: follow({ ...nothing, conversation, more: session.more }, session.messages),
    });
    if (session.conversation) this.#adopt(session.conversation);
    if (first) this.#update({ screen: this.talking || this.state.outgoing.length ? "talk" : this.unattended ? "leave" : "home" });
    this.#live.restart();
    void this.#outbox.flush();
    this.seen();
  }

  /** The inbox's colour, as it is or as it was on the page before. */
  get color(): string {
    return this.state.config?.color ?? this.#shelf.get("color") ?? "#2f5bea";
  }

  /** A conversation was open on the page before, so an answer may be waiting. */
  get expected(): boolean {
    return this.#shelf.get("waiting") ?? this.state.outgoing.length > 0;
  }

  open(): void {
    this.#update({ open: true });
    this.fetch("talk").catch(ignore);
    if (this.state.phase === "idle" || this.state.phase === "broken") this.begin().catch(ignore);
    this.seen();
  }

  close(): void {
    this.#update({ open: false });
  }

  /** The host's page says who the visitor is, in a token signed with the inbox's secret. */
  identify(token: string): void {
    this.#identity = token;
    this.#beginAgain();
  }

  async speak(lang: Lang): Promise<void> {
    const words = await wordsOf(lang);
    this.#shelf.set("lang", lang);
    this.#api.lang = lang;
    this.#update({ lang, words });
    this.#beginAgain();
  }

  /** Asks anew with what has changed, after the beginning that may be under way without it. */
  #beginAgain(): void {
    const again = () => void this.begin().catch(ignore);
    if (this.#starting) this.#starting.then(again, again);
    else if (this.state.phase !== "idle") again();
  }

  /** The visitor went to another page of the host; the same page twice in a row is told once. */
  visit(page: Partial<Page> = {}): void {
    const next = { ...here(), referrer: this.#page?.url ?? document.referrer, ...page };
    if (!this.#api.token || this.state.phase !== "ready" || next.url === this.#page?.url) return;
    this.#page = next;
    this.#api.call("pages", next).catch(ignore);
  }

  /** The browser came back, from the network's or from the reader's absence. */
  wake(): void {
    if (this.state.phase === "broken") return void this.begin().catch(ignore);
    if (this.state.phase !== "ready") return;
    this.#live.start();
    void this.#outbox.flush();
    this.seen();
  }

  sleep(): void {
    this.#live.lost();
  }

  // ── saying ───────────────────────────────────────────────────────────────

  /** There is a conversation that is not over. */
  get talking(): boolean {
    return !!this.state.view && this.state.view.state !== "closed";
  }

  /** Neither a person nor the assistant answers now. */
  get unattended(): boolean {
    const { config } = this.state;
    return !!config && !config.open && !config.assistant;
  }

  /** The fields to ask before the first message of a conversation. */
  get asked(): Config["prechat"]["fields"] {
    const { config, contact, outgoing } = this.state;
    if (this.talking || this.#prechat || outgoing.length || !config?.prechat.enabled) return [];
    return config.prechat.fields.filter((field) => !contact?.known.includes(field.name));
  }

  /** Sends what the visitor wrote and attached, when the uploads are complete. */
  sendDraft(): void {
    const { draft, uploads } = this.state;
    if (uploads.some((upload) => !upload.attachment && !upload.failed)) return this.#update({ sendWhenUploaded: true });
    const attachments = this.#uploads?.take();
    this.#update({ sendWhenUploaded: false });
    if (!draft.trim() && !attachments?.length) return;
    this.write("");
    this.say({ text: draft.trim(), attachments });
  }

  say(saying: Saying): void {
    if (this.asked.length) {
      this.#held = saying;
      return this.#update({ screen: "prechat" });
    }
    if (!this.talking) this.#update({ view: undefined, timeline: nothing });
    this.#update({ screen: "talk" });
    this.#outbox.add({ client_id: randomID(), ...saying, prechat: this.#prechat });
    this.#prechat = undefined;
  }

  begun(fields: Prechat): void {
    const { question, ...known } = fields;
    this.#prechat = known;
    const saying = this.#held ?? (question ? { text: question } : undefined);
    this.#held = undefined;
    const { contact } = this.state;
    this.#update({ screen: "talk", contact: contact && { ...contact, known: [...contact.known, ...Object.keys(known)] } });
    if (saying) this.say(saying);
  }

  retry(clientID: string): void {
    this.#outbox.retry(clientID);
  }

  /** Keeps the draft over reloads, and shows the agent what is being typed, at most once a second. */
  write(draft: string): void {
    this.#shelf.set("draft", draft || undefined);
    this.#update({ draft });
    if (!draft) return this.#showTyping();
    this.#preview ??= setTimeout(() => this.#showTyping(), 1_000);
  }

  #showTyping(): void {
    clearTimeout(this.#preview);
    this.#preview = undefined;
    const text = this.state.draft;
    if (this.talking) this.#live.send({ type: "typing", on: !!text, text });
  }

  async #post({ client_id, text, attachments, choice, prechat }: Outgoing): Promise<void> {
    if (!this.#api.token) await this.begin();
    const answer = await this.#api.call<{ message: Message; conversation: View }>("messages", { client_id, text, attachments: attachments?.map((file) => file.id), choice, prechat });
    this.#add(answer.message, keep);
    this.#adopt(answer.conversation);
  }

  async human(): Promise<void> {
    this.#update({ screen: "talk" });
    await this.#try(async () => {
      const answer = await this.#api.call<{ conversation: View; offline: boolean }>("human", { client_id: randomID() });
      this.#adopt(answer.conversation);
      if (answer.offline) this.#update({ screen: "leave" });
    });
  }

  async end(): Promise<void> {
    await this.#try(async () => this.#adopt((await this.#api.call<{ conversation: View }>("end", {})).conversation));
  }

  /** Leaves a message for people who are not there now; repeated after a failure it becomes one case, not two. */
  async leave(form: Omit<CaseForm, "client_id">): Promise<void> {
    await this.#try(async () => {
      this.#caseID ??= randomID();
      const opened = await this.#api.call<State["opened"]>("cases", { ...form, client_id: this.#caseID });
      this.#caseID = undefined;
      this.#update({ opened });
    });
  }

  async judge(message: ID, helpful: boolean): Promise<void> {
    const judged = Object.fromEntries([...Object.entries(this.state.judged), [message, helpful]].slice(-50)) as Record<ID, boolean>;
    this.#shelf.set("judged", judged);
    this.#update({ judged });
    await this.#api.call("helpful", { message, helpful }).catch(ignore);
  }

  show(screen: State["screen"]): void {
    this.#update({ screen, opened: undefined, notice: undefined });
    this.seen();
  }

  setSound(sound: boolean): void {
    this.#shelf.set("sound", sound);
    this.#update({ sound });
    if (sound) this.#ring();
  }

  #ring(): void {
    this.fetch("extras").then(({ chime }) => chime(), ignore);
  }

  /** Tells the visitor what is wrong; without words, takes the notice away. */
  warn(notice?: string): void {
    this.#update({ notice });
  }

  // ── files ────────────────────────────────────────────────────────────────

  async attach(files: Iterable<File>): Promise<void> {
    const { config, words } = this.state;
    const limit = config!.max_file_mb;
    const chosen = [...files];
    const { Uploads } = await this.fetch("extras");
    this.#uploads ??= new Uploads(this.#api, (uploads) => this.#uploaded(uploads));
    for (const file of chosen) {
      if (file.size > limit * 1024 * 1024) this.warn(words.tooBig(file.name, limit));
      else this.#uploads.add(file, words.failed);
    }
  }

  #uploaded(uploads: Upload[]): void {
    this.#update({ uploads });
    if (uploads.some((upload) => upload.failed)) this.#update({ sendWhenUploaded: false });
    else if (this.state.sendWhenUploaded && uploads.every((upload) => upload.attachment)) this.sendDraft();
  }

  /** Shows a picture over the whole page, or puts it away. */
  look(picture: Attachment | undefined): void {
    this.#update({ picture });
  }

  /** Fetches a part of the widget; asked again, it is there at once. */
  fetch<Name extends keyof Parts>(name: Name): Promise<Parts[Name]> {
    return ((this.#fetched as Record<string, Promise<unknown>>)[name] ??= parts[name]().then(
      (part) => {
        this.#update({ parts: { ...this.state.parts, [name]: part } });
        return part;
      },
      (reason) => {
        delete this.#fetched[name];
        throw reason;
      },
    )) as Promise<Parts[Name]>;
  }

  // ── hearing ──────────────────────────────────────────────────────────────

  /** The full address of a path that the server gave. */
  address = (path: string) => this.#api.address(path);

  get unread(): number {
    return this.state.view ? unread(this.state.timeline, this.state.view.contact_read_seq) : 0;
  }

  async earlier(): Promise<void> {
    const { conversation, messages } = this.state.timeline;
    if (!conversation || !messages[0]) return;
    await this.#try(async () => {
      const { items, more } = await this.#messages(`before=${messages[0]!.seq}`);
      this.#update({ timeline: { ...keep(this.state.timeline, items), more } });
    });
  }

  /** Tells the agent that the visitor has read, when he really has it before his eyes. */
  seen(): void {
    const { view, open, screen, timeline } = this.state;
    const seq = timeline.messages.at(-1)?.seq ?? 0;
    if (!view || !open || screen !== "talk" || document.hidden || seq <= view.contact_read_seq) return;
    this.#update({ view: { ...view, contact_read_seq: seq } });
    if (!this.#live.send({ type: "read", conversation: view.id, seq })) this.#api.call("read", { conversation: view.id, seq }).catch(ignore);
  }

  #take(frame: ServerFrame): void {
    if (frame.type === "message") this.#hear(frame.message, frame.conversation);
    else if (frame.type === "reset") this.begin().catch(ignore);
    else if (frame.type === "typing") this.#showTypist(frame.on ? frame.name : undefined);
    else if ("conversation" in frame && frame.conversation) this.#adopt(frame.conversation);
  }

  #hear(message: Message, conversation: View): void {
    if (conversation.number < (this.state.view?.number ?? 0)) return;
    this.#add(message, follow);
    this.#adopt(conversation);
    if (message.client_id) this.#outbox.drop(message.client_id);
    if (message.from === "contact" || message.from === "system") return;
    this.#showTypist(undefined);
    this.#live.send({ type: "delivered", conversation: conversation.id, seq: message.seq });
    if (this.state.sound && this.#live.isUp && (!this.state.open || document.hidden)) this.#ring();
    this.seen();
  }

  /** A message of another conversation than the one on the screen may continue an old one: the rest is fetched. */
  #add(message: Message, add: typeof keep): void {
    const { timeline } = this.state;
    this.#update({ timeline: add(timeline, [message]) });
    if (timeline.conversation !== message.conversation_id && message.seq > 1) void this.earlier();
  }

  #adopt(view: View): void {
    const held = this.state.view;
    if (held && view.number < held.number) return;
    const contact_read_seq = held?.id === view.id ? Math.max(held.contact_read_seq, view.contact_read_seq) : view.contact_read_seq;
    this.#shelf.set("waiting", view.state === "closed" ? undefined : true);
    this.#update({ view: { ...view, contact_read_seq } });
    if (view.state === "closed") this.#showTypist(undefined);
  }

  #showTypist(name: string | undefined): void {
    clearTimeout(this.#typingEnds);
    if (name !== undefined) this.#typingEnds = setTimeout(() => this.#showTypist(undefined), 8_000);
    if (name !== this.state.typing) this.#update({ typing: name });
  }

  #lineChanged(up: boolean): void {
    this.#update({ linked: up, typing: undefined });
    if (up) void this.#outbox.flush();
    if (up) this.seen();
  }

  #messages(where: string) {
    return this.#api.call<{ items: Message[]; more: boolean; conversation?: View }>(`messages?conversation=${this.state.timeline.conversation}&${where}`);
  }

  async #poll(): Promise<void> {
    const { conversation, cursor } = this.state.timeline;
    if (!conversation) return;
    try {
      const answer = await this.#messages(`after=${cursor}`);
      if (conversation !== this.state.timeline.conversation) return;
      this.#update({ timeline: follow(this.state.timeline, answer.items), linked: true });
      if (answer.conversation) this.#adopt(answer.conversation);
      void this.#outbox.flush();
      this.seen();
      if (answer.more) return this.#poll();
    } catch {
      this.#update({ linked: false });
    }
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.warn();
    try {
      await work();
    } catch (reason) {
      this.warn((reason as Error).message || this.state.words.broken);
    }
  }

  #update(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.#changed();
  }
}

const ignore = () => {};

const here = (): Page => ({ url: location.href, title: document.title, referrer: document.referrer });
