/** Where the visitor writes and attaches files. */
import { Component, createRef } from "preact";
import { Icon } from "./icons";
import { Later, type ViewProps } from "./panel";

export class Composer extends Component<ViewProps> {
  #area = createRef<HTMLTextAreaElement>();
  #picker = createRef<HTMLInputElement>();

  componentDidMount() {
    this.componentDidUpdate();
  }

  /** The field grows with the text, to six lines. */
  componentDidUpdate() {
    const area = this.#area.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 144)}px`;
  }

  // Enter that chooses a word of an input method is not for sending; Safari tells only by the number 229.
  #keyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.props.chat.sendDraft();
  };

  #paste = (event: ClipboardEvent) => {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    void this.props.chat.attach(files);
  };

  #pick = () => {
    const picker = this.#picker.current!;
    void this.props.chat.attach(picker.files!);
    picker.value = "";
    this.#area.current!.focus();
  };

  render({ chat, state }: ViewProps) {
    const { words, draft, uploads, view, screen, outgoing } = state;
    if (screen === "talk" && view?.state === "closed" && !outgoing.length) {
      return (
        <div class="composer over">
          <p>{words.ended}</p>
          <button class="main" onClick={() => chat.show("home")}>{words.again}</button>
        </div>
      );
    }
    return (
      <div class="composer">
        {uploads.length > 0 && <Later part="extras" chat={chat} state={state} draw={({ Tray }) => <Tray chat={chat} state={state} />} />}
        <div class="write">
          <button class="tool" aria-label={words.attach} title={words.attach} onClick={() => this.#picker.current!.click()}><Icon name="clip" /></button>
          <input ref={this.#picker} type="file" multiple hidden onChange={this.#pick} />
          <textarea
            ref={this.#area}
            rows={1}
            placeholder={words.write}
            aria-label={words.write}
            value={draft}
            maxLength={8000}
            onInput={(event) => chat.write(event.currentTarget.value)}
            onKeyDown={this.#keyDown}
            onPaste={this.#paste}
          />
          <button class="send" aria-label={words.send} disabled={!draft.trim() && !uploads.some((upload) => !upload.failed)} aria-busy={state.sendWhenUploaded} onClick={() => chat.sendDraft()}>
            <Icon name="send" />
          </button>
        </div>
        <p class="small">{words.recorded}</p>
      </div>
    );
  }
}
