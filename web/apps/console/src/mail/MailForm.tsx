import type { Attachment, Canned, ID, Lang, MailPerson, WritingMailbox } from "@yingda/api";
import { ApiError } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, cn, IconButton, Kbd, useToast } from "@yingda/ui";
import { CircleAlert, ImagePlus, Paperclip, Zap } from "lucide-react";
import { useImperativeHandle, useRef, useState, type DragEvent, type KeyboardEvent, type ReactNode, type Ref } from "react";
import { unfilled, variableKey } from "../conversation/canned";
import { CannedPicker, type PickerHandle } from "../conversation/pickers";
import type { Token } from "../conversation/token";
import { acceptedTypes, Uploads, useUploads } from "../conversation/uploads";
import { problem } from "../problem";
import { AddressField } from "./AddressField";
import { plainOf, type Node } from "./document";
import MailEditor, { type EditorHandle } from "./MailEditor";
import { lacks, mostPeople, type Lack, type Writing } from "./writing";

export interface FormHandle {
  focus(): void;
  /** Shows another mail in the editor. */
  show(w: Writing): void;
}

interface MailFormProps {
  writing: Writing;
  onChange: (change: (now: Writing) => Writing) => void;
  /** Whom it goes to, and under which subject, unless it says otherwise. */
  to: MailPerson[];
  cc?: MailPerson[];
  subject: string;
  upload: { conversation: ID } | "mail";
  language: Lang;
  /** Fills in the names of a canned reply. */
  fill: (canned: Canned) => Promise<string>;
  mailbox?: WritingMailbox;
  /** There is a mail that can stand below it. */
  quotable?: boolean;
  /** It may leave without words of its own. */
  mayBeEmpty?: boolean;
  /** The subject's line is always there. */
  subjectShown?: boolean;
  submitLabel: string;
  sending: boolean;
  error?: unknown;
  onSend: (w: Writing) => void;
  /** Above the lines of people. */
  above?: ReactNode;
  /** Between the text and the buttons. */
  below?: ReactNode;
  aside?: ReactNode;
  placeholder?: string;
  tall?: boolean;
  autoFocus?: "to" | "text";
  ref?: Ref<FormHandle>;
}

const pictureTypes = /^image\/(png|jpeg|gif|webp)$/;

/** Whom a mail goes to, its subject, its text, its files. */
export function MailForm(props: MailFormProps) {
  const { writing: w, onChange, upload, language, mailbox, tall, ref } = props;
  const { t } = useTranslation();
  const toast = useToast();
  const to = w.to ?? props.to;
  const cc = w.cc ?? props.cc ?? [];
  const subject = w.subject ?? props.subject;
  const editor = useRef<EditorHandle>(null);
  const picker = useRef<PickerHandle>(null);
  const files = useRef<HTMLInputElement>(null);
  const pictures = useRef<HTMLInputElement>(null);
  const [token, setToken] = useState<Token>();
  const [dragging, setDragging] = useState(false);
  const [copies, setCopies] = useState(Boolean(w.cc?.length || w.bcc?.length));
  const [titled, setTitled] = useState(Boolean(props.subjectShown || w.subject));
  const [asked, setAsked] = useState<Lack>();
  const [signed, setSigned] = useState(false);
  const attached = useUploads(upload, (a) => onChange((now) => ({ ...now, attachments: [...now.attachments, a] })));
  const inline = useUploads(upload, (a) => {
    onChange((now) => ({ ...now, pictures: [...now.pictures, a] }));
    editor.current?.insertPicture(a);
  });

  useImperativeHandle(ref, () => ({
    focus: () => editor.current?.focus(),
    show(next) {
      editor.current?.setDoc(next.doc);
      setCopies(Boolean(next.cc?.length || next.bcc?.length));
      setTitled(Boolean(props.subjectShown || next.subject));
    },
  }));

  const copied = copies || cc.length > 0;
  const running = attached.running || inline.running;
  const missing = unfilled(w.doc ? plainOf(w.doc) : "");
  const found = lacks({ ...w, cc }, to, subject);
  const lack = found === "empty" && props.mayBeEmpty ? undefined : found;
  const shownLack = asked && lack === asked ? asked : undefined;
  const ready = !running && !props.sending && missing.length === 0;

  const leave = (more?: Partial<Writing>) => props.onSend({ ...w, cc, ...more });

  function send() {
    if (!ready) return;
    setAsked(lack);
    if (lack === "empty") editor.current?.focus();
    if (lack === "no_subject") setTitled(true);
    if (!lack) leave();
  }

  function take(list: File[]) {
    const shown = list.filter((f) => pictureTypes.test(f.type));
    const others = list.filter((f) => !pictureTypes.test(f.type));
    if (shown.length > 0) inline.add(shown);
    if (others.length > 0) {
      attached.add(others);
      if (shown.length > 0) toast({ text: t("mail.composer.file_only") });
    }
  }

  async function pick(canned: Canned) {
    try {
      editor.current?.insertText(await props.fill(canned));
    } catch (err) {
      toast({ text: t("conversation.composer.canned_failed"), detail: problem(err).text, tone: "bad" });
    }
  }

  function onKey(event: KeyboardEvent): boolean {
    if (token && picker.current?.onKey(event)) return true;
    if (event.key === "Escape" && token) {
      setToken(undefined);
      return true;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      send();
      return true;
    }
    return false;
  }

  function onDrop(event: DragEvent) {
    setDragging(false);
    // what falls on the text stands where it falls
    if (event.defaultPrevented || (event.target as HTMLElement).closest(".mail-doc")) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  }

  const warned = props.error instanceof ApiError && props.error.code === "filter.warned";
  const signature = mailbox?.signature[language] || mailbox?.signature.zh || mailbox?.signature.en;
  const line = "flex items-center gap-2 border-b border-line2 px-3.5 py-1";

  return (
    <div
      onKeyDown={(e) => {
        // from the lines above the text too
        if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && !e.defaultPrevented && !e.nativeEvent.isComposing) {
          e.preventDefault();
          send();
        }
      }}
      onDragOver={(e) => {
        if (!e.dataTransfer.types.includes("Files")) return;
        e.preventDefault();
        setDragging(true);
      }}
      onDragLeave={(e) => !e.currentTarget.contains(e.relatedTarget as globalThis.Node) && setDragging(false)}
      onDrop={onDrop}
      onDropCapture={() => setDragging(false)}
      className={cn("relative", dragging && "outline-2 outline-brand")}
    >
      {token && <CannedPicker ref={picker} query={token.query} language={language} onPick={(canned) => void pick(canned)} />}
      {props.above}
      <AddressField label={t("mail.to")} people={to} onChange={(people) => onChange((now) => ({ ...now, to: people }))} autoFocus={props.autoFocus === "to"}>
        {!copied && (
          <Button size="sm" variant="ghost" onClick={() => setCopies(true)}>
            {t("mail.composer.add_cc")}
          </Button>
        )}
        {!titled && (
          <Button size="sm" variant="ghost" onClick={() => setTitled(true)}>
            {t("mail.composer.add_subject")}
          </Button>
        )}
      </AddressField>
      {copied && (
        <>
          <AddressField label={t("mail.cc")} people={cc} onChange={(people) => (setCopies(true), onChange((now) => ({ ...now, cc: people })))} />
          <AddressField label={t("mail.bcc")} people={w.bcc ?? []} onChange={(people) => onChange((now) => ({ ...now, bcc: people }))} />
        </>
      )}
      {titled && (
        <label className={line}>
          <span className="w-12 shrink-0 text-xs text-mut">{t("mail.subject")}</span>
          <input type="text" value={subject} maxLength={300} aria-invalid={shownLack === "no_subject" || undefined} onChange={(e) => onChange((now) => ({ ...now, subject: e.target.value.replace(/[\r\n]+/g, " ") }))} className="h-6 min-w-0 flex-1 bg-transparent text-sm outline-none" />
        </label>
      )}
      <MailEditor
        ref={editor}
        doc={w.doc}
        label={t("mail.composer.label")}
        placeholder={props.placeholder ?? t("mail.composer.placeholder")}
        onChange={(doc: Node) => onChange((now) => ({ ...now, doc }))}
        onFiles={take}
        onToken={setToken}
        onKey={onKey}
        autoFocus={props.autoFocus === "text"}
        tall={tall}
        tools={
          <>
            <span className="mx-1 h-4 w-px bg-line" aria-hidden="true" />
            <IconButton label={t("mail.composer.picture")} icon={<ImagePlus size={15} />} onClick={() => pictures.current?.click()} />
            <IconButton label={t("mail.composer.attach")} icon={<Paperclip size={15} />} onClick={() => files.current?.click()} />
            <IconButton label={t("mail.composer.canned")} keys="/" icon={<Zap size={15} />} onClick={() => editor.current?.begin("/")} />
            {props.quotable && (
              <label title={t("mail.composer.quote_hint")} className="ml-1 flex h-7 items-center gap-1.5 px-1 text-xs text-mut">
                <input type="checkbox" checked={!w.no_quote} onChange={(e) => onChange((now) => ({ ...now, no_quote: !e.target.checked }))} className="accent-(--out)" />
                {t("mail.composer.quote")}
              </label>
            )}
            {mailbox && (
              <Button size="sm" variant="ghost" aria-expanded={signed} onClick={() => setSigned(!signed)}>
                {t("mail.composer.signature_show")}
              </Button>
            )}
          </>
        }
      />
      {signed && mailbox && (
        <div className="mx-3.5 mb-2 border-l-2 border-line pl-2.5 text-xs whitespace-pre-wrap text-mut" role="note" aria-label={t("mail.composer.signature")}>
          {signature || t("mail.composer.signature_none")}
        </div>
      )}
      <input ref={files} type="file" multiple hidden accept={acceptedTypes} onChange={(e) => (attached.add([...(e.target.files ?? [])]), (e.target.value = ""))} />
      <input ref={pictures} type="file" multiple hidden accept="image/png,image/jpeg,image/gif,image/webp" onChange={(e) => (take([...(e.target.files ?? [])]), (e.target.value = ""))} />
      <Uploads uploads={attached} attachments={w.attachments} onRemove={(a: Attachment) => onChange((now) => ({ ...now, attachments: now.attachments.filter((each) => each.id !== a.id) }))} />
      <Uploads uploads={inline} attachments={[]} onRemove={() => {}} />
      {props.below}
      {missing.length > 0 && (
        <Trouble>{t("conversation.composer.unfilled", { names: missing.map((v) => t(`settings.canned.variable.${variableKey[v]}`)).join("、") })}</Trouble>
      )}
      {shownLack && shownLack !== "empty" && <Trouble>{t(`mail.composer.${shownLack}`, { n: mostPeople })}</Trouble>}
      {Boolean(props.error) && (
        <Trouble>
          {warned ? problem(props.error).text : t("mail.composer.failed", { why: problem(props.error).text })}
          {warned && (
            <Button size="sm" className="ml-2" onClick={() => leave({ sure: true })}>
              {t("conversation.filter.anyway")}
            </Button>
          )}
        </Trouble>
      )}
      <div className="flex items-center gap-2 px-2 pb-2">
        {props.aside}
        <span className="flex-1" />
        <span className="flex items-center gap-1 text-2xs text-faint max-md:hidden">
          <Kbd>Ctrl Enter</Kbd>
          {t("mail.composer.keys")}
        </span>
        <Button variant="primary" loading={props.sending} disabled={running || missing.length > 0} title={running ? t("mail.composer.uploading_wait") : undefined} onClick={send}>
          {props.submitLabel}
        </Button>
      </div>
      {dragging && <div className="pointer-events-none absolute inset-x-0 top-0 rounded-t-xl bg-brand-soft py-1 text-center text-xs font-medium text-brand-ink">{t("conversation.composer.drop")}</div>}
    </div>
  );
}

function Trouble({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="flex items-center gap-1.5 px-3.5 pb-1.5 text-xs text-bad">
      <CircleAlert size={13} className="shrink-0" aria-hidden="true" />
      <span className="min-w-0">{children}</span>
    </p>
  );
}
