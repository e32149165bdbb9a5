import { api, type Attachment, type Consult, type Conversation, type Filled, type ID, type Me } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, cn, dock, IconButton, isComposing, Kbd, useToast } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { AtSign, ChevronDown, Languages, Lock, Paperclip, RotateCcw, UsersRound, Zap } from "lucide-react";
import { lazy, Suspense, useEffect, useLayoutEffect, useRef, useState, type ClipboardEvent, type Dispatch, type DragEvent, type KeyboardEvent, type SetStateAction } from "react";
import { Menu } from "@yingda/ui";
import { MacroMenu } from "../automation/MacroMenu";
import { useExternal } from "../external";
import { loadDraft, saveDraft, type Draft } from "../live/drafts";
import { tell } from "../live/feed";
import { useKeys } from "../live/keys";
import { send } from "../live/outbox";
import { passing } from "../live/passing";
import { problem } from "../problem";
import { inboxesKey } from "../settings/inboxes";
import { unfilled, variableKey } from "./canned";
import { answerFor, Consults, usedConsult, useConsults } from "./Consults";
import { CannedPicker, MentionPicker, type PickerHandle } from "./pickers";
import { returned } from "./returned";
import type { Rights } from "./rights";
import { Suggestions } from "./Suggestions";
import { tokenAt, type Token } from "./token";
import { acceptedTypes, Uploads, useUploads } from "./uploads";
import type { ConversationActions } from "./useConversationActions";

const MailComposer = lazy(() => import("../mail/MailComposer"));
const TranslateDialog = lazy(() => import("../aid/Translate"));

const longest = 10_000;
const typingPause = 3_000;

interface ComposerProps {
  conversation: Conversation;
  me: Me;
  rights: Rights;
  actions: ConversationActions;
  onClose: () => void;
}

export function Composer(props: ComposerProps) {
  const { t } = useTranslation();
  const { conversation: c, me, rights, actions } = props;
  const [draft, setDraft] = useDraft(me.id, c.id);
  if (!rights.note) {
    return (
      <div ref={dock} className="mx-4 mb-4 flex flex-wrap items-center gap-2 rounded-xl border bg-raise px-4 py-3 text-sm text-mut">
        <Lock size={14} aria-hidden="true" />
        {t("conversation.read_only")}
        {rights.reopen && (
          <Button size="sm" className="ml-auto" icon={<RotateCcw size={13} aria-hidden="true" />} loading={actions.running === "reopen"} onClick={actions.reopen}>
            {t("conversation.actions.reopen")}
          </Button>
        )}
      </div>
    );
  }
  return (
    <div ref={dock}>
      {rights.leave && c.agent_name && <p className="mx-4 mb-2 rounded-lg bg-raise px-3 py-2 text-xs text-mut">{t("conversation.invite.joined", { name: c.agent_name })}</p>}
      {!rights.reply && (
        <p className="mx-4 mb-2 rounded-lg bg-raise px-3 py-2 text-xs text-mut">
          {c.state === "bot" ? t("conversation.with_bot") : c.agent_name ? t("conversation.not_yours", { name: c.agent_name }) : t("conversation.nobody")}
        </p>
      )}
      {c.channel === "email" && rights.reply && draft.kind === "text" ? (
        <Suspense fallback={<p className="mx-4 mb-4 rounded-xl border bg-panel px-4 py-3 text-sm text-mut">{t("mail.composer.loading")}</p>}>
          <MailComposer conversation={c} me={me} draft={draft} onDraft={setDraft} tabs={<MailTabs rights={rights} onKind={(kind) => setDraft((now) => ({ ...now, kind }))} />} />
        </Suspense>
      ) : (
        <Writing {...props} draft={draft} setDraft={setDraft} />
      )}
    </div>
  );
}

/** From an answer by mail to a note, and how the keyboard goes there. */
function MailTabs({ rights, onKind }: { rights: Rights; onKind: (kind: Draft["kind"]) => void }) {
  const { t } = useTranslation();
  useKeys({ n: () => onKind("note"), w: () => (rights.whisper ? onKind("whisper") : false) });
  const tab = (each: Draft["kind"], label: string, keys: string) => (
    <button type="button" role="radio" aria-checked={each === "text"} title={keys} onClick={() => onKind(each)} className={cn("h-7 rounded-md px-2.5 text-mut hover:text-fg", each === "text" && "bg-line2 font-medium text-fg")}>
      {label}
    </button>
  );
  return (
    <div role="radiogroup" aria-label={`${t("conversation.composer.reply")} / ${t("conversation.composer.note")}`} className="flex items-center gap-1 px-2 pt-1.5 pb-1 text-xs">
      {tab("text", t("conversation.composer.reply"), "R")}
      {tab("note", t("conversation.composer.note"), "N")}
      {rights.whisper && tab("whisper", t("conversation.composer.whisper"), "W")}
    </div>
  );
}

function useDraft(me: string, conversation: string) {
  const [draft, setDraft] = useState<Draft>(() => loadDraft(me, conversation));
  const latest = useRef(draft);
  latest.current = draft;
  useEffect(() => {
    const timer = setTimeout(() => saveDraft(me, conversation, draft), 250);
    return () => clearTimeout(timer);
  }, [draft, me, conversation]);
  useEffect(() => {
    const keep = () => saveDraft(me, conversation, latest.current);
    addEventListener("pagehide", keep);
    return () => {
      removeEventListener("pagehide", keep);
      keep();
    };
  }, [me, conversation]);
  return [draft, setDraft] as const;
}

function Writing({ conversation: c, me, rights, onClose, draft, setDraft }: ComposerProps & { draft: Draft; setDraft: Dispatch<SetStateAction<Draft>> }) {
  const { t } = useTranslation();
  const toast = useToast();
  // a kind that is not allowed now falls back to the note, which always is
  const kind = draft.kind === "text" && rights.reply ? "text" : draft.kind === "whisper" && rights.whisper ? "whisper" : "note";
  const note = kind === "note";
  const whisper = kind === "whisper";
  const text = draft[kind];
  const box = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const picker = useRef<PickerHandle>(null);
  const [token, setToken] = useState<Token>();
  const [dragging, setDragging] = useState(false);
  const [translating, setTranslating] = useState(false);
  const typing = useTyping(c.id, kind === "text");
  const consults = useConsults(c.id);
  const suggested = rights.reply ? answerFor(consults, me.id) : undefined;
  const meanwhile = useMeanwhile(c, kind === "text" ? text : "");
  const uploads = useUploads({ conversation: c.id }, (a) => setDraft((now) => ({ ...now, attachments: [...now.attachments, a] })));

  const setText = (value: string) => setDraft((now) => ({ ...now, [kind]: value }));
  const setKind = (kind: Draft["kind"]) => {
    setDraft((now) => ({ ...now, kind }));
    setToken(undefined);
    requestAnimationFrame(() => box.current?.focus());
  };

  // whoever has just taken the conversation wants to answer
  const could = useRef(rights.reply);
  useEffect(() => {
    if (rights.reply && !could.current) setDraft((now) => ({ ...now, kind: "text" }));
    could.current = rights.reply;
  }, [rights.reply, setDraft]);

  useKeys({ r: () => (rights.reply ? setKind("text") : false), n: () => setKind("note"), w: () => (rights.whisper ? setKind("whisper") : false) });

  // what was taken back from the outbox
  const back = useExternal(returned, (m) => (m?.conversation_id === c.id ? m : undefined));
  useEffect(() => {
    if (!back) return;
    returned.set(undefined);
    setDraft((now) => ({ ...now, kind: back.kind, [back.kind]: [back.text, now[back.kind]].filter(Boolean).join("\n"), attachments: [...now.attachments, ...back.attachments] }));
    box.current?.focus();
  }, [back, setDraft]);

  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return;
    el.style.height = "auto";
    el.style.height = `${Math.min(el.scrollHeight, 200)}px`;
  }, [text]);

  const words = text.trim();
  const tooLong = words.length > longest;
  const missing = kind === "text" ? unfilled(words) : [];
  const attached = whisper ? [] : draft.attachments;
  const ready = missing.length === 0 && (words !== "" || attached.length > 0) && !tooLong && !uploads.running;

  function insertAnswer(q: Consult) {
    usedConsult(q.id);
    setDraft((now) => ({ ...now, kind: "text", text: [now.text, q.answer].filter(Boolean).join("\n") }));
    requestAnimationFrame(() => box.current?.focus());
  }

  /** Sends what is written, or what was made of it in another language. */
  function submit(made = words, original?: string): boolean {
    if (!ready) return false;
    if (!note && meanwhile.ask()) return false;
    const mentions = note ? draft.mentions.filter((m) => words.includes(`@${m.name}`)).map((m) => m.id) : [];
    send({ conversation_id: c.id, kind, text: made, attachments: attached, mentions, original });
    setDraft((now) => ({ ...now, [kind]: "", attachments: whisper ? now.attachments : [], mentions: note ? [] : now.mentions }));
    setToken(undefined);
    typing.stop();
    box.current?.focus();
    return true;
  }

  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (isComposing(event)) return;
    if (token && picker.current?.onKey(event)) return;
    if (event.key === "Escape") {
      if (token) setToken(undefined);
      else event.currentTarget.blur();
      return;
    }
    if (event.key === "Tab" && !event.shiftKey && suggested && !note && words === "") {
      event.preventDefault();
      insertAnswer(suggested);
      return;
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    const closing = event.ctrlKey || event.metaKey;
    if (closing && rights.close && kind === "text") {
      if (words === "" || submit()) onClose();
    } else submit();
  }

  /** Puts text where the token stands. */
  function insert(value: string, from = token?.from ?? box.current?.selectionStart ?? text.length) {
    const caret = box.current?.selectionStart ?? text.length;
    setText(text.slice(0, from) + value + text.slice(caret));
    setToken(undefined);
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(from + value.length, from + value.length);
    });
  }

  /** Puts in a text that the server fills in, and marks the first name that is missing. */
  async function fetchIn(ask: () => Promise<Filled>) {
    const from = token?.from;
    try {
      const { text: value } = await ask();
      insert(value, from);
      const gap = /\{\{.*?\}\}/.exec(value);
      if (gap && unfilled(gap[0]).length) requestAnimationFrame(() => {
        const at = box.current?.value.indexOf(gap[0]) ?? -1;
        if (at >= 0) box.current?.setSelectionRange(at, at + gap[0].length);
      });
    } catch (err) {
      toast({ text: t("conversation.composer.canned_failed"), detail: problem(err).text, tone: "bad" });
    }
  }

  /** Begins a token from its button. */
  function begin(mark: "/" | "@") {
    const caret = box.current?.selectionStart ?? text.length;
    const gap = caret > 0 && !/\s/.test(text[caret - 1]!) ? " " : "";
    setText(text.slice(0, caret) + gap + mark + text.slice(caret));
    const at = caret + gap.length;
    setToken({ kind: mark === "/" ? "canned" : "mention", query: "", from: at });
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(at + 1, at + 1);
    });
  }

  function look() {
    const el = box.current;
    if (el) setToken(tokenAt(el.value, el.selectionStart, note));
  }

  function onPaste(event: ClipboardEvent) {
    if (event.clipboardData.files.length === 0 || whisper) return;
    event.preventDefault();
    uploads.add([...event.clipboardData.files]);
  }

  function onDrop(event: DragEvent) {
    event.preventDefault();
    setDragging(false);
    if (whisper) return;
    uploads.add([...event.dataTransfer.files]);
  }

  const tab = (each: Draft["kind"], label: string, keys: string) => (
    <button
      type="button"
      role="radio"
      aria-checked={kind === each}
      disabled={each === "text" && !rights.reply}
      onClick={() => setKind(each)}
      title={keys}
      className={cn("h-7 rounded-md px-2.5 text-mut hover:text-fg disabled:pointer-events-none disabled:opacity-50", kind === each && (each === "text" ? "bg-line2 font-medium text-fg" : "bg-note-line/60 font-medium text-fg"))}
    >
      {label}
    </button>
  );

  return (
    <>
      {translating && (
        <Suspense>
          <TranslateDialog
            conversation={c}
            text={words}
            said={c.last_from === "contact" ? c.last_text : undefined}
            onSend={(made, original) => {
              setTranslating(false);
              submit(made, original);
            }}
            onClose={() => setTranslating(false)}
          />
        </Suspense>
      )}
      <Consults consults={consults} me={me} onInsert={rights.reply ? insertAnswer : undefined} />
      {kind === "text" && text === "" && <Suggestions conversation={c} onInsert={(answer) => insert(answer, 0)} />}
      {meanwhile.by && (
        <p role="alert" className="mx-4 mb-2 flex items-center gap-2 rounded-lg bg-warn-soft px-3 py-2 text-xs text-warn">
          <UsersRound size={13} className="shrink-0" aria-hidden="true" />
          {t("conversation.meanwhile", { name: meanwhile.by })}
        </p>
      )}
    <div
      onDragOver={(e) => {
        if (!e.dataTransfer.types.includes("Files") || whisper) return;
        e.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(e) => !e.currentTarget.contains(e.relatedTarget as Node) && setDragging(false)}
      onDrop={onDrop}
      className={cn("relative mx-4 mb-4 rounded-xl border shadow-[0_2px_8px_#0000000a] focus-within:border-brand max-md:mx-2 max-md:mb-2", note ? "border-note-line bg-note" : whisper ? "border-dashed border-warn-dot bg-warn-soft" : "bg-panel", dragging && "border-brand")}
    >
      {token?.kind === "canned" && <CannedPicker ref={picker} query={token.query} language={c.language} onPick={(reply) => void fetchIn(() => api.canned.fill(reply.id, c.id))} />}
      {token?.kind === "mention" && (
        <MentionPicker
          ref={picker}
          query={token.query}
          onPick={(agent) => {
            insert(`@${agent.name} `);
            setDraft((now) => ({ ...now, mentions: [...now.mentions.filter((m) => m.id !== agent.id), { id: agent.id, name: agent.name }] }));
          }}
        />
      )}
      <div role="radiogroup" aria-label={`${t("conversation.composer.reply")} / ${t("conversation.composer.note")}`} className="flex items-center gap-1 px-2 pt-1.5 text-xs">
        {tab("text", t("conversation.composer.reply"), "R")}
        {tab("note", t("conversation.composer.note"), "N")}
        {rights.whisper && tab("whisper", t("conversation.composer.whisper"), "W")}
      </div>
      <textarea
        ref={box}
        rows={1}
        aria-label={t(whisper ? "conversation.composer.whisper_label" : note ? "conversation.composer.note_label" : "conversation.composer.reply_label")}
        aria-invalid={tooLong || undefined}
        placeholder={whisper ? (rights.reply ? t("conversation.composer.whisper_back") : t("conversation.composer.whisper_placeholder", { name: c.agent_name })) : note ? t("conversation.composer.note_placeholder") : t("conversation.composer.reply_placeholder")}
        value={text}
        onChange={(e) => {
          setText(e.target.value);
          if (!(e.nativeEvent as InputEvent).isComposing) look();
          typing.pulse();
        }}
        onCompositionEnd={look}
        onSelect={look}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        className="scroll block min-h-[34px] w-full resize-none bg-transparent px-3.5 pt-1.5 pb-1 text-base outline-none"
      />
      <Uploads uploads={uploads} attachments={attached} onRemove={(a: Attachment) => setDraft((now) => ({ ...now, attachments: now.attachments.filter((each) => each.id !== a.id) }))} />
      {tooLong && (
        <p role="alert" className="num px-3.5 pb-1 text-xs text-bad">
          {t("conversation.composer.too_long", { max: longest, n: words.length })}
        </p>
      )}
      {missing.length > 0 && (
        <p role="alert" className="px-3.5 pb-1 text-xs text-bad">
          {t("conversation.composer.unfilled", { names: missing.map((v) => t(`settings.canned.variable.${variableKey[v]}`)).join("、") })}
        </p>
      )}
      <div className="flex items-center gap-0.5 px-2 pb-2">
        <input
          ref={files}
          type="file"
          multiple
          hidden
          accept={acceptedTypes}
          onChange={(e) => {
            uploads.add([...(e.target.files ?? [])]);
            e.target.value = "";
          }}
        />
        <IconButton label={t("conversation.composer.canned")} keys="/" icon={<Zap size={16} />} onClick={() => begin("/")} />
        {!note && !c.first_reply_at && text === "" && <OpeningButton inbox={c.inbox_id} onClick={() => void fetchIn(() => api.canned.opening(c.id))} />}
        <MacroMenu target={{ conversation_id: c.id }} onText={(macro) => insert(macro)} />
        {!whisper && <IconButton label={t("conversation.composer.attach")} icon={<Paperclip size={16} />} onClick={() => files.current?.click()} />}
        {kind === "text" && words !== "" && <IconButton label={t("aids.translate.reply")} icon={<Languages size={16} />} onClick={() => setTranslating(true)} />}
        {note && <IconButton label={t("conversation.composer.mention")} keys="@" icon={<AtSign size={16} />} onClick={() => begin("@")} />}
        <span className="flex-1" />
        <span className="mr-2 flex items-center gap-1 text-2xs text-faint max-md:hidden">
          <Kbd>Enter</Kbd>
          {t("conversation.composer.enter")}
        </span>
        <div className="flex h-8 shrink-0">
          <Button variant="primary" disabled={!ready} onClick={() => submit()} className={cn(kind === "text" && rights.close && "rounded-r-none")}>
            {t(whisper ? "conversation.composer.add_whisper" : note ? "conversation.composer.add_note" : "conversation.composer.send")}
          </Button>
          {kind === "text" && rights.close && (
            <Menu
              label={t("conversation.composer.send_close")}
              side="top"
              groups={[[{ label: t("conversation.composer.send_close"), keys: "Ctrl Enter", disabled: !ready, onSelect: () => submit() && onClose() }]]}
              trigger={
                <button type="button" disabled={!ready} aria-label={t("conversation.actions.more")} className="grid w-7 place-items-center rounded-r-lg border-l border-white/25 bg-out text-out-fg hover:bg-out-hover disabled:opacity-50">
                  <ChevronDown size={14} aria-hidden="true" />
                </button>
              }
            />
          )}
        </div>
      </div>
      {dragging && <div className="pointer-events-none absolute inset-0 grid place-items-center rounded-xl bg-brand-soft/95 font-medium text-brand-ink">{t("conversation.composer.drop")}</div>}
    </div>
    </>
  );
}

/** Offers the channel's opening words until the first reply. */
function OpeningButton({ inbox, onClick }: { inbox: ID; onClick: () => void }) {
  const { t } = useTranslation();
  const inboxes = useQuery({ queryKey: inboxesKey, queryFn: api.inboxes.list, staleTime: 5 * 60_000 });
  const opening = inboxes.data?.items.find((each) => each.id === inbox)?.settings.opening;
  if (!opening?.zh && !opening?.en) return null;
  return (
    <Button size="sm" onClick={onClick}>
      {t("conversation.composer.opening")}
    </Button>
  );
}

/** Notices that a colleague answered while one was writing: the text stays, and is sent only when it is sent once more. */
function useMeanwhile(c: Conversation, text: string) {
  const answered = useExternal(passing, (p) => p.answered[c.id]);
  const began = useRef(c.last_seq);
  const asked = useRef(0);
  const [, again] = useState(0);
  const empty = text.trim() === "";
  useEffect(() => {
    if (empty) began.current = c.last_seq;
  }, [empty, c.last_seq]);
  const newer = !empty && answered && answered.seq > began.current ? answered : undefined;
  return {
    by: newer && newer.name,
    /** True the first time: the text is not sent yet. */
    ask(): boolean {
      if (!newer || asked.current === newer.seq) return false;
      asked.current = newer.seq;
      again((n) => n + 1);
      return true;
    },
  };
}

/** Tells the contact that someone types: at the first key, and again every 3 s while it goes on. */
function useTyping(conversation: string, enabled: boolean) {
  const since = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  function stop() {
    clearTimeout(timer.current);
    if (since.current) tell({ type: "typing", conversation, on: false });
    since.current = 0;
  }
  function pulse() {
    if (!enabled) return;
    if (Date.now() - since.current > typingPause) {
      since.current = Date.now();
      tell({ type: "typing", conversation, on: true });
    }
    clearTimeout(timer.current);
    timer.current = setTimeout(stop, typingPause + 1_000);
  }
  const latest = useRef(stop);
  latest.current = stop;
  useEffect(() => () => latest.current(), []);
  return { pulse, stop };
}
