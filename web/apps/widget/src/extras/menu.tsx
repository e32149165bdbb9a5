/** The menu of the title bar: sound, language, leaving a message, calling, ending. */
import { Component, createRef } from "preact";
import type { ViewProps } from "../panel";

export class Menu extends Component<ViewProps & { close: () => void }, { ending: boolean }> {
  #box = createRef<HTMLDivElement>();

  componentDidMount() {
    this.#focus();
  }

  componentDidUpdate(_: unknown, before: { ending?: boolean }) {
    if (before.ending !== this.state.ending) this.#focus();
  }

  #focus() {
    this.#box.current!.querySelector("button")!.focus();
  }

  // Safari gives no focus to a clicked button: then nothing is known about where the focus went.
  #leave = (event: FocusEvent) => {
    if (event.relatedTarget && !this.#box.current!.contains(event.relatedTarget as Node)) this.props.close();
  };

  render() {
    const { chat, state, close } = this.props;
    const { words, config, sound, lang } = state;
    const choose = (act?: () => unknown) => () => {
      close();
      act?.();
    };
    return (
      <div class="menu" ref={this.#box} onFocusOut={this.#leave}>
        {this.state.ending ? (
          <>
            <p>{words.endSure}</p>
            <button class="danger" onClick={choose(() => chat.end())}>{words.end}</button>
            <button onClick={choose()}>{words.cancel}</button>
          </>
        ) : (
          <>
            <button role="switch" aria-checked={sound} onClick={() => chat.setSound(!sound)}>{words.sound}<i /></button>
            {config!.languages.length > 1 && (
              <button lang={lang === "zh" ? "en" : "zh-CN"} onClick={choose(() => chat.speak(lang === "zh" ? "en" : "zh"))}>{words.language}</button>
            )}
            <button onClick={choose(() => chat.show("leave"))}>{words.leave}</button>
            {config!.phone && <a href={`tel:${config!.phone.replace(/[^+\d]/g, "")}`}>{words.call}<span>{config!.phone}</span></a>}
            {chat.talking && <button class="danger" onClick={() => this.setState({ ending: true })}>{words.end}</button>}
          </>
        )}
      </div>
    );
  }
}
