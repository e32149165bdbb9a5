/** How the conversation goes on where WebSockets do not pass: server-sent events, and asking every now and then. */
import type { Chat } from "./chat";
import type { Opening } from "./live";
import { follow } from "./timeline";

export const openEvents: Opening = (address, token, position, hear, broken) => {
  const { conversation, after } = position();
  const query = new URLSearchParams({ token });
  if (conversation) query.set("conversation", conversation);
  if (after) query.set("after", String(after));
  const events = new EventSource(address(`/widget/v1/live/events?${query}`));
  events.onmessage = (event) => hear(event.data);
  events.onerror = broken;
  return { close: () => events.close() };
};

/** Asks for everything that is new. */
export async function poll(chat: Chat): Promise<void> {
  const { conversation, cursor } = chat.state.timeline;
  if (!conversation) return;
  try {
    const answer = await chat.messages(`after=${cursor}`);
    if (conversation !== chat.state.timeline.conversation) return;
    chat.update({ timeline: follow(chat.state.timeline, answer.items), linked: true });
    if (answer.conversation) chat.adopt(answer.conversation);
    chat.flush();
    chat.seen();
    if (answer.more) return poll(chat);
  } catch {
    chat.update({ linked: false });
  }
}
