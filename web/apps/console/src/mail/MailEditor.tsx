import type { Attachment } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, cn, IconButton, Input, isComposing, Popover } from "@yingda/ui";
import Image from "@tiptap/extension-image";
import { Placeholder } from "@tiptap/extensions";
import { EditorContent, useEditor, useEditorState, type Editor } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { Bold, Italic, Link2, List, ListOrdered, TextQuote, Underline } from "lucide-react";
import { useImperativeHandle, useRef, useState, type KeyboardEvent, type ReactNode, type Ref } from "react";
import { tokenAt, type Token } from "../conversation/token";
import { paragraphs, type Node } from "./document";

// Only pictures that are attachments come in: one from elsewhere would tell its owner that it was looked at.
const Picture = Image.extend({
  addAttributes() {
    return {
      ...this.parent?.(),
      attachment: {
        default: null,
        parseHTML: (element: HTMLElement) => element.getAttribute("data-attachment"),
        renderHTML: (attributes: Record<string, unknown>) => (attributes.attachment ? { "data-attachment": attributes.attachment } : {}),
      },
    };
  },
  parseHTML: () => [{ tag: 'img[data-attachment][src^="/api/v1/attachments/"]' }],
}).configure({ inline: true });

export interface EditorHandle {
  focus(): void;
  /** Puts text in where the token stands, or the caret. */
  insertText(text: string): void;
  insertPicture(a: Attachment): void;
  /** Types a mark, as its button does. */
  begin(mark: "/"): void;
  setDoc(doc: Node | undefined): void;
}

interface MailEditorProps {
  doc?: Node;
  label: string;
  placeholder: string;
  /** Describes what is wrong, for assistive technology. */
  describedBy?: string;
  onChange: (doc: Node) => void;
  onFiles: (files: File[]) => void;
  onToken: (token: Token | undefined) => void;
  /** Keys before the editor has them; true: it was somebody else's. */
  onKey: (event: KeyboardEvent) => boolean;
  /** Further buttons at the end of the tools. */
  tools?: ReactNode;
  autoFocus?: boolean;
  tall?: boolean;
  ref: Ref<EditorHandle>;
}

/** The rich text of a mail: bold, lists, links, quotes and pictures; nothing that a program of mail may not show. */
export default function MailEditor({ doc, label, placeholder, onChange, onFiles, onToken, onKey, tools, autoFocus, tall, ref }: MailEditorProps) {
  const token = useRef<Token>(undefined);
  const latest = useRef({ onChange, onFiles, onToken });
  latest.current = { onChange, onFiles, onToken };

  function look(editor: Editor) {
    const { $from, empty } = editor.state.selection;
    const before = empty && $from.parent.isTextblock ? $from.parent.textBetween(0, $from.parentOffset, undefined, "\ufffc") : "";
    const found = tokenAt(before, before.length, false);
    // as a place in the document
    token.current = found && { ...found, from: $from.pos - (before.length - found.from) };
    latest.current.onToken(token.current);
  }

  const editor = useEditor({
    extensions: [
      StarterKit.configure({ heading: false, horizontalRule: false, codeBlock: false, link: { openOnClick: false, autolink: true, defaultProtocol: "https", protocols: ["mailto", "tel"] } }),
      Picture,
      Placeholder.configure({ placeholder }),
    ],
    content: doc ?? "",
    autofocus: autoFocus ? "end" : false,
    editorProps: {
      attributes: { role: "textbox", "aria-multiline": "true", "aria-label": label, class: cn("mail-doc scroll overflow-y-auto px-3.5 py-2 text-base outline-none", tall ? "min-h-48 max-h-[46dvh]" : "min-h-24 max-h-[34dvh]") },
      handlePaste(_, event) {
        const files = [...(event.clipboardData?.files ?? [])];
        // programs of the office put a picture of the text beside the text
        if (files.length === 0 || event.clipboardData?.getData("text/plain").trim()) return false;
        latest.current.onFiles(files);
        return true;
      },
      handleDrop(view, event, _slice, moved) {
        const files = [...(event.dataTransfer?.files ?? [])];
        if (moved || files.length === 0) return false;
        event.preventDefault();
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
        if (at) editor?.commands.setTextSelection(at.pos);
        latest.current.onFiles(files);
        return true;
      },
    },
    onUpdate({ editor: changed }) {
      latest.current.onChange(changed.getJSON() as Node);
      if (!changed.view.composing) look(changed);
    },
    onSelectionUpdate: ({ editor: changed }) => {
      if (!changed.view.composing) look(changed);
    },
  });

  useImperativeHandle(ref, () => ({
    focus: () => editor.commands.focus(),
    insertText(text) {
      const at = token.current;
      const parts = paragraphs(text);
      const chain = editor.chain().focus();
      if (at) chain.deleteRange({ from: at.from, to: editor.state.selection.from });
      // one line goes on in the paragraph where the caret stands
      if (parts.length === 1) chain.insertContent(text ? { type: "text", text } : []);
      else chain.insertContent(parts);
      chain.run();
    },
    insertPicture: (a) => void editor.chain().focus().insertContent({ type: "image", attrs: { src: a.url, alt: a.name, attachment: a.id } }).run(),
    begin(mark) {
      const { $from } = editor.state.selection;
      const before = $from.parent.textBetween(0, $from.parentOffset, undefined, "\ufffc");
      editor.chain().focus().insertContent((before && !/\s$/.test(before) ? " " : "") + mark).run();
    },
    setDoc: (next) => void editor.commands.setContent(next ?? ""),
  }), [editor]);

  return (
    <div
      onKeyDownCapture={(event) => {
        if (isComposing(event) || !(event.target instanceof HTMLElement) || !event.target.isContentEditable) return;
        if (!onKey(event)) return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <EditorContent editor={editor} />
      <Tools editor={editor}>{tools}</Tools>
    </div>
  );
}

function Tools({ editor, children }: { editor: Editor; children?: ReactNode }) {
  const { t } = useTranslation();
  const on = useEditorState({
    editor,
    selector: ({ editor: e }) => ({ bold: e.isActive("bold"), italic: e.isActive("italic"), underline: e.isActive("underline"), bullets: e.isActive("bulletList"), numbers: e.isActive("orderedList"), quote: e.isActive("blockquote"), link: e.isActive("link") }),
  });
  const tool = (label: string, icon: ReactNode, active: boolean, run: () => void, keys?: string) => <IconButton label={label} keys={keys} icon={icon} aria-pressed={active} onClick={run} className={cn(active && "bg-line2 text-fg")} />;
  return (
    <div role="toolbar" aria-label={t("mail.composer.tools")} className="flex flex-wrap items-center gap-0.5 px-2 pb-1">
      {tool(t("mail.composer.bold"), <Bold size={15} />, on.bold, () => editor.chain().focus().toggleBold().run(), "Ctrl B")}
      {tool(t("mail.composer.italic"), <Italic size={15} />, on.italic, () => editor.chain().focus().toggleItalic().run(), "Ctrl I")}
      {tool(t("mail.composer.underline"), <Underline size={15} />, on.underline, () => editor.chain().focus().toggleUnderline().run(), "Ctrl U")}
      {tool(t("mail.composer.bullets"), <List size={15} />, on.bullets, () => editor.chain().focus().toggleBulletList().run())}
      {tool(t("mail.composer.numbers"), <ListOrdered size={15} />, on.numbers, () => editor.chain().focus().toggleOrderedList().run())}
      {tool(t("mail.composer.quote_block"), <TextQuote size={15} />, on.quote, () => editor.chain().focus().toggleBlockquote().run())}
      <LinkTool editor={editor} on={on.link} />
      {children}
    </div>
  );
}

function LinkTool({ editor, on }: { editor: Editor; on: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [address, setAddress] = useState("");
  const full = /^[\w-]+(\.[\w-]+)+(\/|$)/.test(address.trim()) ? `https://${address.trim()}` : address.trim();
  const bad = full !== "" && !/^(https?:\/\/|mailto:|tel:)\S+$/i.test(full);
  function show(next: boolean) {
    if (next) setAddress(String(editor.getAttributes("link").href ?? ""));
    setOpen(next);
  }
  function set() {
    if (bad || !full) return;
    const { empty } = editor.state.selection;
    if (empty && !on) editor.chain().focus().insertContent({ type: "text", text: full, marks: [{ type: "link", attrs: { href: full } }] }).run();
    else editor.chain().focus().extendMarkRange("link").setLink({ href: full }).run();
    setOpen(false);
  }
  return (
    <Popover
      open={open}
      onOpenChange={show}
      label={t("mail.composer.link")}
      trigger={
        <button type="button" aria-label={t("mail.composer.link")} title={t("mail.composer.link")} aria-pressed={on} className={cn("grid size-7 place-items-center rounded-md text-mut hover:bg-line2 hover:text-fg", on && "bg-line2 text-fg")}>
          <Link2 size={15} aria-hidden="true" />
        </button>
      }
    >
      <div className="flex w-72 flex-col gap-2 p-1">
        <Input
          aria-label={t("mail.composer.link_address")}
          placeholder="https://"
          value={address}
          aria-invalid={bad || undefined}
          onChange={(e) => setAddress(e.target.value)}
          onKeyDown={(e) => {
            if (isComposing(e) || e.key !== "Enter") return;
            e.preventDefault();
            set();
          }}
        />
        {bad && <p className="text-xs text-bad">{t("mail.composer.link_bad")}</p>}
        <div className="flex justify-end gap-2">
          {on && (
            <Button size="sm" onClick={() => (editor.chain().focus().extendMarkRange("link").unsetLink().run(), setOpen(false))}>
              {t("mail.composer.link_remove")}
            </Button>
          )}
          <Button size="sm" variant="primary" disabled={bad || !full} onClick={set}>
            {t("mail.composer.link_set")}
          </Button>
        </div>
      </div>
    </Popover>
  );
}
