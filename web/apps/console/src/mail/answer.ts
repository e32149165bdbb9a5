// Which mail of a conversation an answer is to, and who gets it.

import type { MailPerson, Message } from "@yingda/api";
import { added, isAddress } from "./address";

type Answerable = Message & { mail: NonNullable<Message["mail"]> };

/** The mail that the next answer is to: the customer's last, not what a program or a third party wrote, nor what went into a conversation of its own. */
export function answered(items: Message[]): Answerable | undefined {
  const gone = new Set(items.map((m) => m.event?.name === "mail.split" && m.event.args?.["message"]));
  return items.findLast((m): m is Answerable => m.from === "contact" && m.mail !== undefined && !m.mail.automatic && !m.mail.forwarded && !gone.has(m.id));
}

/** Everybody else who got a mail, and so gets the answer: not we, and not who wrote it. */
export function others({ mail }: Answerable, ours: string[]): MailPerson[] {
  const not = new Set([...ours, mail.from.address].map((address) => address.toLowerCase()));
  return added([], [...(mail.to ?? []), ...(mail.cc ?? [])].filter((p) => isAddress(p.address) && !not.has(plain(p.address))));
}

/** Without what stands between + and @. */
const plain = (address: string) => address.toLowerCase().replace(/^([^+@]+)\+[^@]*@/, "$1@");
