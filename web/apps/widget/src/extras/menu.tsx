/** The menu of the title bar: sound, language, leaving a message, calling, ending. */
import { Component, createRef } from "preact";
import { talking } from "../chat";
import type { ViewProps } from "../panel";
import { end, speak } from "./deeds";
import { chime } from "./sound";

/** `close` puts the menu away. */
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

  #switchSound = () => {
    const { chat } = this.props;
    const sound = !chat.state.sound;
    chat.shelf.set("sound", sound);
    chat.update({ sound });
    if (sound) chime();
  };

  render() {
    const { chat, close } = this.props;
    const { words, more, config, sound, lang } = chat.state;
    const other = lang === "zh" ? "en" : "zh";
    const choose = (act?: () => unknown) => () => {
      close();
      act?.();
    };
    return (
      <div class="menu" ref={this.#box} onFocusOut={this.#leave}>
        {this.state.ending ? (
          <>
            <p>{more!.endSure}</p>
            <button class="danger" onClick={choose(() => end(chat))}>{more!.end}</button>
            <button onClick={choose()}>{words.cancel}</button>
          </>
        ) : (
          <>
            <button role="switch" aria-checked={!!sound} onClick={this.#switchSound}>{more!.sound}<i /></button>
            {config!.languages.length > 1 && <button lang={other} onClick={choose(() => chat.attempt(() => speak(chat, other)))}>{more!.language}</button>}
            <button onClick={choose(() => chat.show("leave"))}>{words.leave}</button>
            {config!.phone && <a href={`tel:${config!.phone.replace(/[^+\d]/g, "")}`}>{more!.call}<span>{config!.phone}</span></a>}
            {talking(chat.state) && <button class="danger" onClick={() => this.setState({ ending: true })}>{more!.end}</button>}
          </>
        )}
      </div>
    );
  }
}
