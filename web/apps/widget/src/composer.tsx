/** Where the visitor writes and attaches files. */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Upload } from "./chat";
import { Icon } from "./icons";
import type { ViewProps } from "./panel";

export function Composer({ chat, state }: ViewProps) {
  const { words, draft, uploads, view, screen, outgoing } = state;
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    const { style, scrollHeight } = shrink(area.current);
    style.height = `${Math.min(scrollHeight, 120)}px`;
  }, [draft, screen, view?.state]);

  if (screen === "talk" && view?.state === "closed" && !outgoing.length) {
    return (
      <div class="over">
        <p>{words.ended}</p>
        <button class="main" onClick={() => chat.show("home")}>{words.again}</button>
      </div>
    );
  }
  // Enter that chooses a word of an input method is not for sending; Safari tells only by the number 229.
  const keyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    chat.sendDraft();
  };
  const paste = (event: ClipboardEvent) => {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    chat.attach(files);
  };
  const pick = () => {
    chat.attach(picker.current!.files!);
    picker.current!.value = "";
    area.current!.focus();
  };
  return (
    <div class="composer">
      {uploads.length > 0 && (
        <ul class="tray">
          {uploads.map((upload) => <Tray key={upload.key} chat={chat} state={state} upload={upload} />)}
        </ul>
      )}
      <div class="write">
        <button class="tool" aria-label={words.attach} title={words.attach} onClick={() => picker.current!.click()}><Icon name="clip" /></button>
        <input ref={picker} type="file" multiple hidden onChange={pick} />
        <textarea
          ref={area}
          rows={1}
          placeholder={words.write}
          aria-label={words.write}
          value={draft}
          maxLength={8000}
          onInput={(event) => chat.write(event.currentTarget.value)}
          onKeyDown={keyDown}
          onPaste={paste}
        />
        <button class="send" aria-label={words.send} disabled={!draft.trim() && !uploads.some((upload) => !upload.failed)} aria-busy={state.sendWhenUploaded} onClick={() => chat.sendDraft()}>
          <Icon name="send" />
        </button>
      </div>
      <p class="small">{words.recorded}</p>
    </div>
  );
}

/** The height that the text needs shows only when the field is not higher already. */
function shrink(area: HTMLTextAreaElement | null): { style: { height: string }; scrollHeight: number } {
  if (!area) return { style: { height: "" }, scrollHeight: 0 };
  area.style.height = "auto";
  return area;
}

function Tray({ chat, state, upload }: ViewProps & { upload: Upload }) {
  const { words } = state;
  const { key, file, preview, failed, progress, attachment } = upload;
  return (
    <li class={failed ? "failed" : undefined}>
      {preview ? <img src={preview} alt="" /> : <Icon name="file" />}
      <span>
        <b>{file.name}</b>
        <small>{failed || size(file.size)}</small>
        {!failed && !attachment && <progress value={progress} aria-label={file.name} />}
      </span>
      {failed && <button class="tool" aria-label={`${words.retry} ${file.name}`} title={words.retry} onClick={() => void chat.upload(upload)}><Icon name="send" /></button>}
      <button class="tool" aria-label={`${words.remove} ${file.name}`} title={words.remove} onClick={() => chat.detach(key)}><Icon name="close" /></button>
    </li>
  );
}

/** A file's size for people. */
export function size(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
