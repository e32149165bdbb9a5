// What is true only for a moment and stored nowhere: who types, who looks, who is online.

import type { CaseViewer, ID, Message, PageView, Ref, Sender, ServerFrame } from "@yingda/api";
import { external } from "../external";

export interface Typing {
  name: string;
  from: Sender;
  text?: string;
}

interface Passing {
  contactTyping: Record<ID, Typing>;
  agentTyping: Record<ID, Typing>;
  viewing: Record<ID, Ref[]>;
  cases: Record<ID, CaseViewer[]>;
  /** The last answer of a colleague to the contact that came while this page was open. */
  answered: Record<ID, { seq: number; name: string }>;
  visitors: Record<ID, { online: boolean; page?: PageView }>;
}

const nothing: Passing = { contactTyping: {}, agentTyping: {}, viewing: {}, cases: {}, answered: {}, visitors: {} };

export const passing = external<Passing>(nothing);

export function forgetPassing(): void {
  passing.set(nothing);
}

const typingLasts = 8_000;
const timers = new Map<string, ReturnType<typeof setTimeout>>();

export function setTyping(frame: Extract<ServerFrame, { type: "typing" }>): void {
  const part = frame.from === "contact" ? "contactTyping" : "agentTyping";
  const id = frame.conversation_id;
  const timer = `${part} ${id}`;
  clearTimeout(timers.get(timer));
  const clear = () =>
    passing.set((now) => {
      if (!now[part][id]) return now;
      const { [id]: _, ...rest } = now[part];
      return { ...now, [part]: rest };
    });
  if (!frame.on) return clear();
  passing.set((now) => ({ ...now, [part]: { ...now[part], [id]: { name: frame.name, from: frame.from, text: frame.text } } }));
  timers.set(timer, setTimeout(clear, typingLasts));
}

export function setViewing(id: ID, agents: Ref[]): void {
  passing.set((now) => ({ ...now, viewing: { ...now.viewing, [id]: agents } }));
}

/** Who else has a case open; nobody is known of one that is not on the screen. */
export function setCaseViewers(id: ID, others: CaseViewer[]): void {
  passing.set((now) => ({ ...now, cases: { [id]: others } }));
}

export function setAnswered(m: Message, me: ID | undefined): void {
  if (m.from !== "agent" || m.kind !== "text" || m.author_id === me) return;
  passing.set((now) => ({ ...now, answered: { ...now.answered, [m.conversation_id]: { seq: m.seq, name: m.author_name ?? "" } } }));
}

export function setVisitor(id: ID, online: boolean, page?: PageView): void {
  passing.set((now) => ({ ...now, visitors: { ...now.visitors, [id]: { online, page } } }));
}
