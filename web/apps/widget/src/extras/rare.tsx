/** Small parts of the conversation that few visitors see. */
import { Icon } from "../icons";
import type { Outgoing } from "../outbox";
import type { ViewProps } from "../panel";
import type { ID, Message } from "../wire";
import { earlier, recall } from "./deeds";

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

export const DropHere = ({ chat }: ViewProps) => <div class="drop">{chat.state.more!.drop}</div>;
