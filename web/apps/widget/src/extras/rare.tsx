/** Small parts of the conversation that few visitors see. */
import { Icon } from "../icons";
import type { Outgoing } from "../outbox";
import type { ViewProps } from "../panel";
import type { ID, Message, Reason } from "../wire";
import { earlier, judge, recall } from "./deeds";

export const Earlier = ({ chat }: ViewProps) => <button class="pill" onClick={() => earlier(chat)}>{chat.state.more!.earlier}</button>;

export const Newer = ({ chat, toEnd }: ViewProps & { toEnd: () => void }) => <button class="pill newer" onClick={toEnd}>{chat.state.more!.newer}</button>;

/** Under a message that the server refused: why, and once more. */
export const Refused = ({ chat, message }: ViewProps & { message: Outgoing }) => (
  <button class="failed" onClick={() => chat.retry(message.client_id)}>
    <Icon name="alert" />{chat.state.more!.failed}{message.refused && ` (${message.refused})`}
  </button>
);

/** In place of the composer, when the conversation is over. */
export const Ended = ({ chat }: ViewProps) => (
  <div class="composer over">
    <p>{chat.state.more!.ended}</p>
    <button class="main" onClick={() => chat.show("home")}>{chat.state.more!.again}</button>
  </div>
);

/** Those for which the screen will be drawn again when their time is over. */
const waits = new Set<ID>();

/** Under one's own message, while it can be taken back. */
export function Recall({ chat, message: { id, at } }: ViewProps & { message: Message }) {
  const left = Date.parse(at) + chat.state.config!.recall * 1_000 - Date.now();
  if (left <= 0) return null;
  if (!waits.has(id)) setTimeout(() => chat.update({}), left);
  waits.add(id);
  return <button class="undo" onClick={() => recall(chat, id)}>{chat.state.more!.recall}</button>;
}

const reasons: Reason[] = ["unrelated", "wrong", "unclear", "incomplete"];

/** Under an answer: whether it helped; then thanks, and after "no" the question why, which need not be answered. */
export function Judge({ chat, message: { id } }: ViewProps & { message: Message }) {
  const { more, asking, judged } = chat.state;
  if (!(id in judged)) {
    return (
      <>
        {more!.helpful}
        {([true, false] as const).map((helpful) => (
          <button key={helpful} class={helpful ? "tool" : "tool turned"} aria-label={helpful ? more!.yes : more!.no} title={helpful ? more!.yes : more!.no} onClick={() => judge(chat, id, helpful)}>
            <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 11v9H4v-9zm0 0 4-8a2 2 0 0 1 3 2l-1 4h5.5a2 2 0 0 1 2 2.4l-1.3 7a2 2 0 0 1-2 1.6H7" /></svg>
          </button>
        ))}
      </>
    );
  }
  return asking === id ? (
    <div class="reasons" role="group" aria-label={more!.why}>
      <span role="status">{more!.why}</span>
      {reasons.map((reason) => <button key={reason} onClick={() => judge(chat, id, false, reason)}>{more!.reasons[reason]}</button>)}
    </div>
  ) : <span role="status">{more!.thanks}</span>;
}

export const DropHere = ({ chat }: ViewProps) => <div class="drop">{chat.state.more!.drop}</div>;
