/** Small parts of the conversation that few visitors see. */
import { Icon } from "../icons";
import type { Outgoing } from "../outbox";
import type { ViewProps } from "../panel";
import { earlier } from "./deeds";

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

export const DropHere = ({ chat }: ViewProps) => <div class="drop">{chat.state.more!.drop}</div>;
