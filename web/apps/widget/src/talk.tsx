/** The conversation on the screen: who said what, when, and what became of the visitor's own messages. */
import { Component, createRef } from "preact";
import { Icon } from "./icons";
import { splitLinks } from "./links";
import type { Outgoing } from "./outbox";
import { Later, type ViewProps } from "./panel";
import type { Lang, Message } from "./wire";
import type { Words } from "./words";

export { default as css } from "./talk.css?inline";

type RowProps = ViewProps & { message: Message };

export class Talk extends Component<ViewProps, { below: boolean }> {
  #log = createRef<HTMLDivElement>();
  #atEnd = true;
  #height = 0;

  componentDidMount() {
    this.#toEnd();
  }

  /** Keeps the end in sight while the reader is there, and his place while he reads above. */
  componentDidUpdate(before: ViewProps) {
    const log = this.#log.current!;
    const { timeline, outgoing } = this.props.state;
    const grown = log.scrollHeight - this.#height;
    this.#height = log.scrollHeight;
    if (before.state.timeline.messages[0] !== timeline.messages[0] && !this.#atEnd) log.scrollTop += grown;
    else if (this.#atEnd || outgoing.length > before.state.outgoing.length) this.#toEnd();
    else if (grown > 0 && !this.state.below) this.setState({ below: true });
  }

  #toEnd = () => {
    const log = this.#log.current!;
    log.scrollTop = this.#height = log.scrollHeight;
  };

  #scrolled = () => {
    const { scrollTop, scrollHeight, clientHeight } = this.#log.current!;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < 60;
    if (this.#atEnd && this.state.below) this.setState({ below: false });
  };

  render({ chat, state }: ViewProps) {
    const { words, timeline, outgoing, typing, view } = state;
    const { messages } = timeline;
    const acknowledged = new Set(messages.map((message) => message.client_id));
    const waiting = outgoing.filter((message) => !acknowledged.has(message.client_id));
    const latest = waiting.length ? undefined : messages.at(-1);
    const lastOwn = waiting.length ? undefined : messages.findLast((message) => message.from === "contact");
    return (
      <>
        <div class="log" ref={this.#log} role="log" aria-label={words.log} tabIndex={0} onScroll={this.#scrolled}>
          {timeline.more && <button class="pill" onClick={() => void chat.earlier()}>{words.earlier}</button>}
          {messages.map((message, place) => {
            const before = messages[place - 1];
            const paused = !before || Date.parse(message.at) - Date.parse(before.at) > 600_000;
            const first = paused || before.from !== message.from || before.author_name !== message.author_name;
            return [
              paused && <p class="event" key={`${message.id}t`}>{clock(message.at, state.lang, words)}</p>,
              message.kind === "event" ? (
                <Event key={message.id} message={message} words={words} />
              ) : message.from === "contact" ? (
                <div class="row own" key={message.id}>
                  <Bubble message={message} chat={chat} state={state} />
                  {message === lastOwn && <small>{time(message.at, state.lang)} · {(view?.agent_read_seq ?? 0) >= message.seq ? words.read : words.sent}</small>}
                </div>
              ) : (
                <Answer key={message.id} message={message} first={first} latest={message === latest} chat={chat} state={state} />
              ),
            ];
          })}
          {waiting.map((message) => <Waiting key={message.client_id} message={message} chat={chat} state={state} />)}
          <div role="status" class="typing">
            {typing !== undefined && <><span class="unseen">{typing} {words.typing}</span><span class="bubble" aria-hidden="true"><i /><i /><i /></span></>}
          </div>
        </div>
        {this.state.below && <button class="pill newer" onClick={this.#toEnd}>{words.newer}</button>}
        <p class="queue" role="status">{view?.state === "queued" && words.queue(view.queue_position ?? 0)}</p>
      </>
    );
  }
}

function Answer({ message, first, latest, chat, state }: RowProps & { first: boolean; latest: boolean }) {
  const { words, view, judged } = state;
  const { id, from, author_name, choices, sources } = message;
  const bot = from === "bot";
  const answered = bot && sources?.length;
  return (
    <div class={`row ${from}`}>
      {first && (
        <>
          <span class="face" aria-hidden="true">{bot ? <Icon name="bot" /> : author_name?.[0]}</span>
          <small class="who" aria-hidden="true">{author_name}{bot && <em>{words.bot}</em>}</small>
        </>
      )}
      <Bubble message={message} chat={chat} state={state} />
      {latest && choices?.map((choice) => <button class="choice" key={choice.id} onClick={() => chat.say({ text: choice.text, choice: choice.id })}>{choice.text}</button>)}
      {bot && (
        <div class="after">
          {answered && (id in judged ? <span role="status">{words.thanks}</span> : (
            <>
              {words.helpful}
              <button aria-label={words.yes} title={words.yes} onClick={() => void chat.judge(id, true)}><Icon name="up" /></button>
              <button aria-label={words.no} title={words.no} onClick={() => void chat.judge(id, false)}><Icon name="up" turned /></button>
            </>
          ))}
          {view?.state === "bot" && <button class="ask" onClick={() => void chat.human()}><Icon name="person" />{words.human}</button>}
        </div>
      )}
    </div>
  );
}

function Bubble({ message, chat, state }: RowProps) {
  const { words } = state;
  const { from, author_name, text, sources, attachments } = message;
  return (
    <>
      {text && (
        <div class="bubble">
          <span class="unseen">{from === "contact" ? words.you : author_name}{from === "bot" && ` ${words.bot}`}：</span>
          {splitLinks(text).map((piece) => (piece.href ? <a href={piece.href} target="_blank" rel="noopener nofollow">{piece.text}</a> : piece.text))}
          {sources && (
            <div class="sources">
              <span class="unseen">{words.sources}：</span>
              {sources.map(({ id, url, title }) => <a key={id} href={url && chat.address(url)} target="_blank" rel="noopener">{title}</a>)}
            </div>
          )}
        </div>
      )}
      {attachments?.length && <Later part="extras" chat={chat} state={state} draw={({ Files }) => <Files files={attachments} chat={chat} state={state} />} />}
    </>
  );
}

/** What the visitor wrote and the server does not have yet. */
function Waiting({ message, chat, state }: ViewProps & { message: Outgoing }) {
  const { words, linked } = state;
  const { client_id, refused, text, attachments } = message;
  return (
    <div class="row own waiting">
      <Bubble message={{ from: "contact", text, attachments } as Message} chat={chat} state={state} />
      {refused === undefined ? <small>{linked ? words.sending : words.waits}</small> : (
        <button class="failed" onClick={() => chat.retry(client_id)}><Icon name="alert" />{words.failed}{refused && ` (${refused})`}</button>
      )}
    </div>
  );
}

function Event({ message, words }: { message: Message; words: Words }) {
  const { name = "", args = {} } = message.event ?? {};
  const text = words.events[name]?.(args.number ?? args.agent ?? args.to ?? "") ?? message.text;
  return text ? <p class="event"><span>{text}</span></p> : null;
}

const time = (at: string, lang: Lang) => new Date(at).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hour12: false });

function clock(at: string, lang: Lang, words: Words): string {
  const days = (new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000;
  const day = [words.today, words.yesterday][Math.round(days)] ?? new Date(at).toLocaleDateString(lang, { month: "short", day: "numeric" });
  return `${day} ${time(at, lang)}`;
}
