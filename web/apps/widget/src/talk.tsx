/** The conversation on the screen: who said what, when, and what became of the visitor's own messages. */
import { Component, createRef } from "preact";
import type { State } from "./chat";
import { Icon } from "./icons";
import { splitLinks } from "./links";
import type { Outgoing } from "./outbox";
import { Later, type ViewProps } from "./panel";
import type { Lang, Message } from "./wire";
import type { Words } from "./words/zh";

interface TalkProps extends ViewProps {
  /** What is on the screen, so that it can be compared with what was. */
  state: State;
}

type RowProps = ViewProps & { message: Message };

export class Talk extends Component<TalkProps, { below: boolean }> {
  #log = createRef<HTMLDivElement>();
  #atEnd = true;
  #height = 0;

  componentDidMount() {
    this.#toEnd();
  }

  /** Keeps the end in sight while the reader is there, and his place while he reads above. */
  componentDidUpdate(before: TalkProps) {
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

  render({ chat, state }: TalkProps) {
    const { words, timeline, outgoing, typing, writing, view } = state;
    const { messages } = timeline;
    const acknowledged = new Set(messages.map((message) => message.client_id));
    const waiting = outgoing.filter((message) => !acknowledged.has(message.client_id));
    const latest = waiting.length ? undefined : messages.at(-1);
    const lastOwn = waiting.length ? undefined : messages.findLast((message) => message.from === "contact");
    return (
      <>
        <div class="log" ref={this.#log} role="log" aria-label={words.log} tabIndex={0} onScroll={this.#scrolled}>
          {timeline.more && <Later chat={chat} draw={({ Earlier }) => <Earlier chat={chat} />} />}
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
                  <Bubble message={message} chat={chat} />
                  {message === lastOwn && <small>{time(message.at, state.lang)} · {state.config?.receipts && (view?.agent_read_seq ?? 0) >= message.seq ? words.read : words.sent}</small>}
                  {!!state.config?.recall && <Later chat={chat} draw={({ Recall }) => <Recall chat={chat} message={message} />} />}
                </div>
              ) : (
                <Answer key={message.id} message={message} first={first} latest={message === latest} chat={chat} />
              ),
            ];
          })}
          {waiting.map((message) => <Waiting key={message.client_id} message={message} chat={chat} />)}
          <div role="status" class="typing">
            {typing !== undefined && <><span class="unseen">{typing} {words.typing}</span><span class="bubble" aria-hidden="true">{writing}<i /><i /><i /></span></>}
          </div>
        </div>
        {this.state.below && <Later chat={chat} draw={({ Newer }) => <Newer chat={chat} toEnd={this.#toEnd} />} />}
        <p class="queue" role="status">{view?.state === "queued" && words.queue(view.queue_position ?? 0, view.wait)}</p>
      </>
    );
  }
}

function Answer({ message, first, latest, chat }: RowProps & { first: boolean; latest: boolean }) {
  const { words, view } = chat.state;
  const { from, author_name, choices, sources } = message;
  const bot = from === "bot";
  return (
    <div class={`row ${from}`}>
      {first && (
        <>
          <span class="face" aria-hidden="true">{bot ? <Icon name="bot" /> : author_name?.[0]}</span>
          <small class="who" aria-hidden="true">{author_name}{bot && <em>{words.bot}</em>}</small>
        </>
      )}
      <Bubble message={message} chat={chat} />
      {latest && choices?.map((choice) => <button class="choice" key={choice.id} onClick={() => chat.say({ text: choice.text, choice: choice.id })}>{choice.text}</button>)}
      {bot && (
        <div class="after">
          {sources?.some((source) => !source.offered) && <Later chat={chat} draw={({ Judge }) => <Judge chat={chat} message={message} />} />}
          {view?.state === "bot" && <button class="ask" onClick={chat.human}><Icon name="person" />{words.human}</button>}
        </div>
      )}
    </div>
  );
}

function Bubble({ message, chat }: RowProps) {
  const { words } = chat.state;
  const { from, author_name, text, sources, attachments } = message;
  return (
    <>
      {text && (
        <div class="bubble">
          <span class="unseen">{from === "contact" ? words.you : author_name}{from === "bot" && ` ${words.bot}`}：</span>
          {splitLinks(text).map((piece) => (piece.href ? <a href={piece.href} target="_blank" rel="noopener nofollow">{piece.text}</a> : piece.text))}
          {!!sources?.length && (
            <div class="sources">
              <span class="unseen">{words.sources}：</span>
              {sources.map(({ id, url, title }) => <a key={id} href={url && chat.api.address(url)} target="_blank" rel="noopener">{title}</a>)}
            </div>
          )}
        </div>
      )}
      {!!attachments?.length && <Later chat={chat} draw={({ Files }) => <Files files={attachments} chat={chat} />} />}
    </>
  );
}

/** What the visitor wrote and the server does not have yet. */
function Waiting({ message, chat }: ViewProps & { message: Outgoing }) {
  const { words, linked } = chat.state;
  const { refused, text, attachments } = message;
  return (
    <div class="row own waiting">
      <Bubble message={{ from: "contact", text, attachments } as Message} chat={chat} />
      {refused === undefined ? <small>{linked ? words.sending : words.waits}</small> : <Later chat={chat} draw={({ Refused }) => <Refused chat={chat} message={message} />} />}
    </div>
  );
}

function Event({ message, words }: { message: Message; words: Words }) {
  const { name = "", args = {} } = message.event ?? {};
  const text = words.events[name]?.(args.number ?? args.agent ?? args.to ?? "") ?? message.text;
  return text ? <p class="event"><span>{text} {args.told}</span></p> : null;
}

const time = (at: string, lang: Lang) => new Date(at).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hour12: false });

function clock(at: string, lang: Lang, words: Words): string {
  const days = (new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000;
  const day = [words.today, words.yesterday][Math.round(days)] ?? new Date(at).toLocaleDateString(lang, { month: "short", day: "numeric" });
  return `${day} ${time(at, lang)}`;
}
