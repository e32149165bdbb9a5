/** Where the visitor writes and attaches files. */
import { Component, createRef } from "preact";
import { Icon, Tool } from "./icons";
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
    const { chat } = this.props;
    if (event.isComposing || event.keyCode === 229 || chat.state.extras?.steer(chat, event) || event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    chat.sendDraft();
  };

  /** What is typed with an input method counts when it is chosen. */
  #typed = (event: Event) => {
    const { chat } = this.props;
    chat.write((event.currentTarget as HTMLTextAreaElement).value);
    if (chat.state.config?.suggestions && !(event as InputEvent).isComposing) chat.extras().then(({ suggest }) => suggest(chat), () => {});
  };

  #attach(files: FileList) {
    const chosen = [...files];
    this.props.chat.later(({ attach }) => attach(this.props.chat, chosen));
  }

  #paste = (event: ClipboardEvent) => {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    this.#attach(files);
  };

  #pick = () => {
    const picker = this.#picker.current!;
    this.#attach(picker.files!);
    picker.value = "";
    this.#area.current!.focus();
  };

  render({ chat }: ViewProps) {
    const { words, draft, uploads, view, screen, outgoing, sendWhenUploaded, config, extras } = chat.state;
    if (screen === "talk" && view?.state === "closed" && !outgoing.length) {
      return <Later chat={chat} draw={({ Ended }) => <Ended chat={chat} />} />;
    }
    return (
      <div class="composer">
        {extras && <extras.Suggestions chat={chat} />}
        {uploads.length > 0 && <Later chat={chat} draw={({ Tray }) => <Tray chat={chat} />} />}
        <div class="write">
          <Tool icon="clip" label={words.attach} onClick={() => this.#picker.current!.click()} />
          <input ref={this.#picker} type="file" multiple hidden onChange={this.#pick} />
          <textarea
            ref={this.#area}
            rows={1}
            placeholder={words.write}
            aria-label={words.write}
            value={draft}
            maxLength={8000}
            {...extras?.combobox(chat)}
            onInput={this.#typed}
            onCompositionEnd={this.#typed}
            onBlur={() => extras?.forget(chat)}
            onKeyDown={this.#keyDown}
            onPaste={this.#paste}
          />
          <button class="send" aria-label={words.send} disabled={!draft.trim() && !uploads.some((upload) => !upload.failed)} aria-busy={!!sendWhenUploaded} onClick={chat.sendDraft}>
            <Icon name="send" />
          </button>
        </div>
        <p class="small">{words.recorded} {config?.typing_preview}</p>
      </div>
    );
  }
}
