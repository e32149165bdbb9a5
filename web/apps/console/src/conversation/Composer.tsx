import type { Attachment, Consult, Conversation, Me } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, cn, dock, IconButton, isComposing, Kbd } from "@yingda/ui";
import { AtSign, ChevronDown, Lock, Paperclip, RotateCcw, UsersRound, Zap } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState, type ClipboardEvent, type DragEvent, type KeyboardEvent } from "react";
import { Menu } from "@yingda/ui";
import { MacroMenu } from "../automation/MacroMenu";
import { useExternal } from "../external";
import { loadDraft, saveDraft, type Draft } from "../live/drafts";
import { tell } from "../live/feed";
import { useKeys } from "../live/keys";
import { send } from "../live/outbox";
import { passing } from "../live/passing";
import { useSettings } from "../query";
import { answerFor, Consults, usedConsult, useConsults } from "./Consults";
import { CannedPicker, MentionPicker, type PickerHandle } from "./pickers";
import { returned } from "./returned";
import type { Rights } from "./rights";
import { tokenAt, type Token } from "./token";
import { acceptedTypes, Uploads, useUploads } from "./uploads";
import type { ConversationActions } from "./useConversationActions";

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
  const { conversation: c, rights, actions } = props;
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
      <Writing {...props} />
    </div>
  );
}

/** A canned reply with the names that stand in it as {{contact.name}}, {{agent.name}} and {{company}}. */
function filled(text: string, c: Conversation, me: Me, company = ""): string {
  const names: Record<string, string> = { "contact.name": c.contact_name, "agent.name": me.nickname || me.name, company };
  return text.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (whole, name: string) => names[name] || whole);
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

function Writing({ conversation: c, me, rights, onClose }: ComposerProps) {
  const { t, i18n } = useTranslation();
  const company = useSettings().data?.company[i18n.language === "en" ? "en" : "zh"];
  const [draft, setDraft] = useDraft(me.id, c.id);
  const note = draft.kind === "note" || !rights.reply;
  const text = note ? draft.note : draft.text;
  const box = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const picker = useRef<PickerHandle>(null);
  const [token, setToken] = useState<Token>();
  const [dragging, setDragging] = useState(false);
  const typing = useTyping(c.id, !note);
  const consults = useConsults(c.id);
  const suggested = rights.reply ? answerFor(consults, me.id) : undefined;
  const meanwhile = useMeanwhile(c, note ? "" : text);
  const uploads = useUploads({ conversation: c.id }, (a) => setDraft((now) => ({ ...now, attachments: [...now.attachments, a] })));

  const setText = (value: string) => setDraft((now) => (note ? { ...now, note: value } : { ...now, text: value }));
  const setKind = (kind: Draft["kind"]) => {
    setDraft((now) => ({ ...now, kind }));
    setToken(undefined);
    requestAnimationFrame(() => box.current?.focus());
  };

  useKeys({ r: () => (rights.reply ? setKind("text") : false), n: () => setKind("note") });

  // what was taken back from the outbox
  const back = useExternal(returned, (m) => (m?.conversation_id === c.id ? m : undefined));
  useEffect(() => {
    if (!back) return;
    returned.set(undefined);
    const field = back.kind === "note" ? "note" : "text";
    setDraft((now) => ({ ...now, kind: back.kind, [field]: [back.text, now[field]].filter(Boolean).join("\n"), attachments: [...now.attachments, ...back.attachments] }));
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
  const ready = (words !== "" || draft.attachments.length > 0) && !tooLong && !uploads.running;

  function insertAnswer(q: Consult) {
    usedConsult(q.id);
    setDraft((now) => ({ ...now, kind: "text", text: [now.text, q.answer].filter(Boolean).join("\n") }));
    requestAnimationFrame(() => box.current?.focus());
  }

  function submit(): boolean {
    if (!ready) return false;
    if (!note && meanwhile.ask()) return false;
    const mentions = note ? draft.mentions.filter((m) => words.includes(`@${m.name}`)).map((m) => m.id) : [];
    send({ conversation_id: c.id, kind: note ? "note" : "text", text: words, attachments: draft.attachments, mentions });
    setDraft((now) => (note ? { ...now, note: "", attachments: [], mentions: [] } : { ...now, text: "", attachments: [] }));
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
    if (closing && rights.close && !note) {
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
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    uploads.add([...event.clipboardData.files]);
  }

  function onDrop(event: DragEvent) {
    event.preventDefault();
    setDragging(false);
    uploads.add([...event.dataTransfer.files]);
  }

  const tab = (kind: Draft["kind"], label: string, keys: string) => (
    <button
      type="button"
      role="radio"
      aria-checked={note === (kind === "note")}
      disabled={kind === "text" && !rights.reply}
      onClick={() => setKind(kind)}
      title={keys}
      className={cn("h-7 rounded-md px-2.5 text-mut hover:text-fg disabled:pointer-events-none disabled:opacity-50", note === (kind === "note") && (kind === "note" ? "bg-note-line/60 font-medium text-fg" : "bg-line2 font-medium text-fg"))}
    >
      {label}
    </button>
  );

  return (
    <>
      <Consults consults={consults} me={me} onInsert={rights.reply ? insertAnswer : undefined} />
      {meanwhile.by && (
        <p role="alert" className="mx-4 mb-2 flex items-center gap-2 rounded-lg bg-warn-soft px-3 py-2 text-xs text-warn">
          <UsersRound size={13} className="shrink-0" aria-hidden="true" />
          {t("conversation.meanwhile", { name: meanwhile.by })}
        </p>
      )}
    <div
      onDragOver={(e) => {
        if (!e.dataTransfer.types.includes("Files")) return;
        e.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(e) => !e.currentTarget.contains(e.relatedTarget as Node) && setDragging(false)}
      onDrop={onDrop}
      className={cn("relative mx-4 mb-4 rounded-xl border shadow-[0_2px_8px_#0000000a] focus-within:border-brand max-md:mx-2 max-md:mb-2", note ? "border-note-line bg-note" : "bg-panel", dragging && "border-brand")}
    >
      {token?.kind === "canned" && <CannedPicker ref={picker} query={token.query} onPick={(text) => insert(filled(text, c, me, company))} />}
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
      </div>
      <textarea
        ref={box}
        rows={1}
        aria-label={note ? t("conversation.composer.note_label") : t("conversation.composer.reply_label")}
        aria-invalid={tooLong || undefined}
        placeholder={note ? t("conversation.composer.note_placeholder") : t("conversation.composer.reply_placeholder")}
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
      <Uploads uploads={uploads} attachments={draft.attachments} onRemove={(a: Attachment) => setDraft((now) => ({ ...now, attachments: now.attachments.filter((each) => each.id !== a.id) }))} />
      {tooLong && (
        <p role="alert" className="num px-3.5 pb-1 text-xs text-bad">
          {t("conversation.composer.too_long", { max: longest, n: words.length })}
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
        <MacroMenu target={{ conversation_id: c.id }} onText={(macro) => insert(macro)} />
        <IconButton label={t("conversation.composer.attach")} icon={<Paperclip size={16} />} onClick={() => files.current?.click()} />
        {note && <IconButton label={t("conversation.composer.mention")} keys="@" icon={<AtSign size={16} />} onClick={() => begin("@")} />}
        <span className="flex-1" />
        <span className="mr-2 flex items-center gap-1 text-2xs text-faint max-md:hidden">
          <Kbd>Enter</Kbd>
          {t("conversation.composer.enter")}
        </span>
        <div className="flex h-8 shrink-0">
          <Button variant="primary" disabled={!ready} onClick={submit} className={cn(!note && rights.close && "rounded-r-none")}>
            {note ? t("conversation.composer.add_note") : t("conversation.composer.send")}
          </Button>
          {!note && rights.close && (
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
