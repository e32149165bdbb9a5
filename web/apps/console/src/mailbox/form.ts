// What the forms of a mailbox know without the server: pure, and tested.

import type { Hours, ID, Mailbox, MailboxChange, MailboxSettings, MailGuess, MailHealth, MailServer } from "@yingda/api";

/** The name of the list of mailboxes in the query cache. */
export const mailboxesKey = ["mailboxes"] as const;

/** A mailbox as a form holds it. A password that was not typed is left out: it stays as it is. */
export interface MailboxDraft {
  address: string;
  name: string;
  enabled: boolean;
  team_id?: ID;
  hours: Hours;
  settings: MailboxSettings;
  fetch_password?: string;
  send_password?: string;
}

export function draftOf(m: Mailbox): MailboxDraft {
  return { address: m.address, name: m.name, enabled: m.enabled, team_id: m.team_id, hours: m.hours, settings: m.settings };
}

/** A new mailbox, as its provider wants it. What was typed already stays. */
export function draftFrom(guess: MailGuess, address: string, typed?: MailboxDraft): MailboxDraft {
  const fresh: MailboxDraft = { address: address.trim(), name: "", enabled: true, hours: guess.hours, settings: guess.settings };
  if (!typed) return fresh;
  const { fetch, send } = guess.settings;
  return { ...typed, address: fresh.address, settings: { ...typed.settings, fetch: { ...typed.settings.fetch, way: fetch.way, server: fetch.server }, send: { ...typed.settings.send, server: send.server, per_minute: send.per_minute, plus: send.plus } } };
}

/** What is sent: passwords only if they were typed, no team as an empty one. */
export function changeOf(draft: MailboxDraft, version?: number): MailboxChange {
  const { fetch_password, send_password, name, ...rest } = draft;
  return {
    ...rest,
    team_id: draft.team_id ?? "",
    ...(name.trim() || version ? { name: name.trim() || draft.address } : {}),
    ...(fetch_password ? { fetch_password } : {}),
    ...(send_password ? { send_password } : {}),
    ...(version ? { version } : {}),
  };
}

export function looksLikeAddress(text: string): boolean {
  return /^[^\s@<>()[\],;:"\\]+@[^\s@<>()[\],;:"\\]+\.[^\s@.]+$|^[^\s@]+@localhost$/.test(text.trim());
}

const whys = ["unreachable", "tls", "auth", "busy", "refused", "uncertain", "folder", "oauth"] as const;
type Why = (typeof whys)[number] | "other";

/** The advice for a code of the server: the last word of "mail.auth". */
export function adviceFor(code: string | undefined): Why {
  const word = code?.split(".").at(-1);
  return whys.find((why) => why === word) ?? "other";
}

const oauthWhys = { "mailbox.oauth_state": "state", "mailbox.oauth_refused": "refused" } as const;

/** Why a sign-in at the provider failed, from the address that it came back to; nothing if it did not fail. */
export function oauthWhy(came: string): "state" | "refused" | "other" | undefined {
  if (came === "ok") return undefined;
  return oauthWhys[came as keyof typeof oauthWhys] ?? "other";
}

export interface ReceiptSample {
  name: string;
  company: string;
  number: string;
  due: string;
  ways: string;
}

/** The text of a receipt as a customer may get it. */
export function preview(text: string, sample: ReceiptSample): string {
  return text.replace(/\{(name|company|number|due|ways)\}/g, (_, name: keyof ReceiptSample) => sample[name]);
}

/** Whether a way is used at all: one that is not has no health to speak of. */
export const fetches = (s: MailboxSettings) => s.fetch.way !== "";
export const sends = (s: MailboxSettings) => s.send.server.host !== "";

/** How a mailbox does as a whole: the worst of its ways. */
export function worst(m: Mailbox): MailHealth["state"] {
  const states = [...(fetches(m.settings) ? [m.fetch_health.state] : []), ...(sends(m.settings) ? [m.send_health.state] : [])];
  return (["refused", "trouble", "ok"] as const).find((state) => states.includes(state)) ?? "";
}

/** A port that goes with a kind of encryption, where the usual one of another stood. */
export function withSecurity(server: MailServer, security: MailServer["security"], kind: "fetch" | "send"): MailServer {
  const usual: Record<string, number> = kind === "fetch" ? { tls: 993, starttls: 143, none: 143 } : { tls: 465, starttls: 587, none: 25 };
  const port = Object.values(usual).includes(server.port) ? (usual[security] ?? server.port) : server.port;
  return { ...server, security, port };
}
