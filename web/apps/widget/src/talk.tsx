/** The conversation on the screen: who said what, when, and what became of the visitor's own messages. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { size } from "./composer";
import { Icon } from "./icons";
import { splitLinks } from "./links";
import type { Outgoing } from "./outbox";
import type { ViewProps } from "./panel";
import type { Attachment, Lang, Message } from "./wire";
import type { Words } from "./words";

export function Talk({ chat, state }: ViewProps) {
  const { words, timeline, outgoing, typing, view } = state;
  const log = useRef<HTMLDivElement>(null);
  const [image, setImage] = useState<Attachment>();
  const held = useScroll(log, timeline.messages, outgoing.length);
  const acknowledged = new Set(timeline.messages.map((message) => message.client_id));
  const waiting = outgoing.filter((message) => !acknowledged.has(message.client_id));
  const lastOwn = timeline.messages.findLast((message) => message.from === "contact");
  const last = timeline.messages.at(-1);
  return (
    <>
      <div class="log" ref={log} role="log" aria-label={words.log} tabIndex={0} onScroll={held.onScroll}>
        {timeline.more && <button class="pill" onClick={() => void chat.earlier()}>{words.earlier}</button>}
        {timeline.messages.map((message, place) => {
          const before = timeline.messages[place - 1];
          return [
            pause(before, message) && <p class="event" key={`t${message.id}`}><time dateTime={message.at}>{clock(message.at, state.lang, words)}</time></p>,
            message.kind === "event" ? (
              <Event key={message.id} message={message} words={words} />
            ) : message.from === "contact" ? (
              <div class="row own" key={message.client_id ?? message.id}>
                <Bubble message={message} chat={chat} state={state} onImage={setImage} />
                {message === lastOwn && !waiting.length && (
                  <small class="fate">{shortTime(message.at, state.lang)} · {(view?.agent_read_seq ?? 0) >= message.seq ? words.read : words.sent}</small>
                )}
              </div>
            ) : (
              <Answer key={message.id} message={message} first={!sameSpeaker(before, message)} latest={message === last && !waiting.length} chat={chat} state={state} onImage={setImage} />
            ),
          ];
        })}
        {waiting.map((message) => <Waiting key={message.client_id} message={message} chat={chat} state={state} />)}
        <div role="status" class="typing">
          {typing !== undefined && (
            <>
              <span class="unseen">{typing} {words.typing}</span>
              <span class="bubble" aria-hidden="true"><i /><i /><i /></span>
            </>
          )}
        </div>
      </div>
      {held.below && <button class="pill newer" onClick={held.toEnd}>{words.newer}<Icon name="down" /></button>}
      <p class="queue" role="status">{view?.state === "queued" && words.queue(view.queue_position ?? 0)}</p>
      {image && <Viewer attachment={image} chat={chat} state={state} close={() => setImage(undefined)} />}
    </>
  );
}

/** Keeps the end in sight while the reader is there, and his place while he reads above. */
function useScroll(log: { current: HTMLDivElement | null }, messages: Message[], outgoing: number) {
  const place = useRef({ atEnd: true, height: 0, first: messages[0]?.id, outgoing });
  const [below, setBelow] = useState(false);
  const toEnd = () => {
    log.current!.scrollTop = log.current!.scrollHeight;
  };
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = log.current!;
    place.current.atEnd = scrollHeight - scrollTop - clientHeight < 60;
    if (place.current.atEnd) setBelow(false);
  };
  useLayoutEffect(() => {
    const held = place.current;
    const { scrollHeight } = log.current!;
    if (messages[0]?.id !== held.first && held.height && !held.atEnd) log.current!.scrollTop += scrollHeight - held.height;
    else if (held.atEnd || outgoing > held.outgoing) toEnd();
    else if (scrollHeight > held.height) setBelow(true);
    place.current = { ...held, height: scrollHeight, first: messages[0]?.id, outgoing };
  });
  return { below, toEnd, onScroll };
}

interface RowProps extends ViewProps {
  message: Message;
  onImage: (attachment: Attachment) => void;
}

function Answer({ message, first, latest, chat, state, onImage }: RowProps & { first: boolean; latest: boolean }) {
  const { words, view, judged } = state;
  const bot = message.from === "bot";
  const helpful = judged[message.id];
  const answered = bot && !!message.sources?.length;
  const canAsk = bot && view?.state === "bot";
  return (
    <div class={`row ${message.from}`}>
      {first && <span class="face" aria-hidden="true">{bot ? <Icon name="bot" /> : message.author_name?.[0]}</span>}
      {first && <small class="who" aria-hidden="true">{message.author_name}{bot && <em>{words.bot}</em>}</small>}
      <Bubble message={message} chat={chat} state={state} onImage={onImage} />
      {latest && message.choices && (
        <div class="choices">
          {message.choices.map((choice) => <button key={choice.id} onClick={() => chat.say({ text: choice.text, choice: choice.id })}>{choice.text}</button>)}
        </div>
      )}
      {(answered || canAsk) && (
        <div class="after">
          {answered && helpful === undefined && (
            <>
              <span>{words.helpful}</span>
              <button aria-label={words.yes} title={words.yes} onClick={() => void chat.judge(message.id, true)}><Icon name="up" /></button>
              <button aria-label={words.no} title={words.no} onClick={() => void chat.judge(message.id, false)}><Icon name="up" turned /></button>
            </>
          )}
          {answered && helpful !== undefined && <span role="status">{words.thanks}</span>}
          {canAsk && <button class="ask" onClick={() => void chat.human()}><Icon name="person" />{words.human}</button>}
        </div>
      )}
    </div>
  );
}

function Bubble({ message, chat, state, onImage }: RowProps) {
  const { words } = state;
  const speaker = message.from === "contact" ? words.you : `${message.from === "bot" ? `${words.bot} ` : ""}${message.author_name ?? ""}`;
  return (
    <>
      {(message.text || message.sources?.length) && (
        <div class="bubble">
          <span class="unseen">{speaker}：</span>
          <Text text={message.text} />
          {!!message.sources?.length && (
            <div class="sources">
              <span class="unseen">{words.sources}：</span>
              {message.sources.map((source) =>
                source.url ? <a key={source.id} href={chat.address(source.url)} target="_blank" rel="noopener">{source.title}</a> : <span key={source.id}>{source.title}</span>,
              )}
            </div>
          )}
        </div>
      )}
      {message.attachments?.map((attachment) => <File key={attachment.id} attachment={attachment} chat={chat} words={words} onImage={onImage} />)}
    </>
  );
}

const Text = ({ text }: { text: string }) => (
  <>
    {splitLinks(text).map((piece) => (piece.href ? <a href={piece.href} target="_blank" rel="noopener nofollow">{piece.text}</a> : piece.text))}
  </>
);

function File({ attachment, chat, words, onImage }: { attachment: Attachment; chat: ViewProps["chat"]; words: Words; onImage: RowProps["onImage"] }) {
  const { kind, name, url, thumb_url, width, height } = attachment;
  const address = chat.address(url);
  if (kind === "image") {
    return (
      <button class="image" aria-label={`${words.preview} ${name}`} onClick={() => onImage(attachment)}>
        <img src={chat.address(thumb_url || url)} alt={name} width={width} height={height} />
      </button>
    );
  }
  if (kind === "video") return <video src={address} controls preload="metadata" aria-label={name} />;
  if (kind === "audio") return <audio src={address} controls preload="metadata" aria-label={name} />;
  return (
    <a class="file" href={address} target="_blank" rel="noopener" download={name}>
      <Icon name="file" />
      <span><b>{name}</b><small>{size(attachment.size)}</small></span>
    </a>
  );
}

/** What the visitor wrote and the server does not have yet. */
function Waiting({ message, chat, state }: ViewProps & { message: Outgoing }) {
  const { words, linked } = state;
  const shown: Message = { id: message.client_id, conversation_id: "", seq: 0, from: "contact", kind: "text", at: "", text: message.text, attachments: message.attachments };
  return (
    <div class="row own waiting">
      <Bubble message={shown} chat={chat} state={state} onImage={() => {}} />
      {message.refused === undefined ? (
        <small class="fate">{linked ? words.sending : words.waits}</small>
      ) : (
        <button class="fate failed" onClick={() => chat.retry(message.client_id)}><Icon name="alert" />{words.failed}{message.refused && ` (${message.refused})`}</button>
      )}
    </div>
  );
}

function Event({ message, words }: { message: Message; words: Words }) {
  const { name = "", args = {} } = message.event ?? {};
  const text = words.events[name]?.(args.number ?? args.agent_name ?? args.agent ?? message.author_name ?? "") ?? message.text;
  return text ? <p class="event"><span>{text}</span></p> : null;
}

function Viewer({ attachment, chat, state, close }: ViewProps & { attachment: Attachment; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current!.showModal(), []);
  return (
    <dialog class="viewer" ref={dialog} aria-label={attachment.name} onClose={close} onClick={() => dialog.current!.close()} onKeyDown={(event) => event.stopPropagation()}>
      <img src={chat.address(attachment.url)} alt={attachment.name} />
      <button class="tool" aria-label={state.words.close}><Icon name="close" /></button>
    </dialog>
  );
}

const sameSpeaker = (a: Message | undefined, b: Message) => a?.kind === "text" && a.from === b.from && a.author_name === b.author_name && !pause(a, b);

/** Ten minutes of silence, or the beginning, call for the time. */
const pause = (a: Message | undefined, b: Message) => !a || Date.parse(b.at) - Date.parse(a.at) > 600_000;

const shortTime = (at: string, lang: Lang) => new Date(at).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hour12: false });

function clock(at: string, lang: Lang, words: Words): string {
  const days = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  const day = [words.today, words.yesterday][days] ?? new Date(at).toLocaleDateString(lang, { month: "short", day: "numeric" });
  return `${day} ${shortTime(at, lang)}`;
}
