// What is half written, by conversation; it outlives a reload.

import type { Attachment, ID } from "@yingda/api";
import { external, useExternal } from "../external";
import { isBlank, type Writing } from "../mail/writing";
import { load, save } from "../storage";

export interface Draft {
  kind: "text" | "note" | "whisper";
  text: string;
  note: string;
  whisper: string;
  attachments: Attachment[];
  mentions: { id: ID; name: string }[];
  /** Of a conversation by e-mail: the answer. */
  mail?: Writing;
}

export const emptyDraft: Draft = { kind: "text", text: "", note: "", whisper: "", attachments: [], mentions: [] };

const name = (agent: ID, conversation: ID) => `draft.${agent}.${conversation}`;

export function loadDraft(agent: ID, conversation: ID): Draft {
  return { ...emptyDraft, ...load<Partial<Draft>>(name(agent, conversation)) };
}

export function saveDraft(agent: ID, conversation: ID, draft: Draft): void {
  const empty = !draft.text && !draft.note && !draft.whisper && draft.attachments.length === 0 && isBlank(draft.mail);
  save(name(agent, conversation), empty ? undefined : draft);
  held.set((now) => (now[conversation] === !empty ? now : { ...now, [conversation]: !empty }));
}

// which conversations have one, as far as this page has asked
const held = external<Record<ID, boolean>>({});

export function useHasDraft(agent: ID, conversation: ID): boolean {
  return useExternal(held, (now) => now[conversation] ?? load(name(agent, conversation)) !== undefined);
}
