// Mailboxes as they are set up. The types are those of the server's own description.

import { call } from "./client";
import type { GrantAsked, GrantBegun, Mailbox, MailboxChange, MailboxSettings, MailboxTried, MailCheck, MailGuess, MailHealth, MailServer, MailService, MailStep } from "./schema";
import type { ID } from "./types";

export type { GrantAsked, Mailbox, MailboxChange, MailboxSettings, MailboxTried, MailCheck, MailGuess, MailHealth, MailServer, MailService, MailStep };

const at = (id: ID) => `/mailboxes/${encodeURIComponent(id)}`;

export const mailboxes = {
  list: () => call<{ items: Mailbox[] }>("GET", "/mailboxes"),
  add: (body: MailboxChange) => call<Mailbox>("POST", "/mailboxes", { body }),
  change: (id: ID, body: MailboxChange) => call<Mailbox>("PATCH", at(id), { body }),
  /** One by which no mail came or left. */
  remove: (id: ID) => call<void>("DELETE", at(id)),
  services: () => call<{ items: MailService[] }>("GET", "/mailboxes/services"),
  /** The provider of an address, and what a mailbox there starts with. */
  guess: (address: string, service?: string) => call<MailGuess>("GET", "/mailboxes/guess", { query: { address, service } }),
  /** Tries settings that need not be kept; takes up to a minute. */
  check: (body: MailboxTried) => call<MailCheck>("POST", "/mailboxes/check", { body }),
  dkim: (id: ID, body: { kind: "rsa" | "ed25519"; selector: string }) => call<Mailbox>("POST", `${at(id)}/dkim`, { body }),
  /** Where the browser goes to sign in at the provider. */
  oauth: (id: ID, body: GrantAsked) => call<GrantBegun>("POST", `${at(id)}/oauth`, { body }),
};
