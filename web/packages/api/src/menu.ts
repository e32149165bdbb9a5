// Menus of the hotline and what callers hear: drafts and versions, rehearsals, prompts and their sounds.

import { call } from "./client";
import type { RehearsedAction, RehearsedLine, CallMenu, CallRehearsal, RehearsedStep, MenuBook, MenuNames, MenuNode, MenuRehearsal, MenuStanding, Prompt, PromptBook, PromptClip, PromptSlot } from "./schema";
import type { Page } from "./types";

export type { RehearsedAction, RehearsedLine, CallMenu, CallRehearsal, RehearsedStep, MenuBook, MenuNames, MenuNode, MenuRehearsal, MenuStanding, Prompt, PromptBook, PromptClip, PromptSlot };

export const nodeKinds = ["play", "menu", "collect", "queue", "callback", "survey", "hours", "condition", "http", "set", "voicemail", "transfer", "hangup"] as const;
export type NodeKind = (typeof nodeKinds)[number];

/** Why a menu may end a call. */
export const endReasons = ["completed", "left_menu", "off_hours", "callback", "message"] as const;

const of = (id: string) => `/menus/${encodeURIComponent(id)}`;

export const menus = {
  list: () => call<Page<MenuStanding>>("GET", "/menus"),
  names: () => call<MenuNames>("GET", "/menus/names"),
  get: (id: string) => call<MenuBook>("GET", of(id)),
  version: (id: string, version: number) => call<CallMenu>("GET", `${of(id)}/versions/${version}`),
  draft: (id: string, rev: number, draft: CallMenu) => call<MenuBook>("PUT", `${of(id)}/draft`, { body: { rev, draft } }),
  drop: (id: string, rev: number) => call<void>("DELETE", `${of(id)}/draft`, { query: { rev } }),
  publish: (id: string, rev: number, note: string) => call<MenuBook>("POST", `${of(id)}/publish`, { body: { rev, note } }),
  rehearse: (menu: CallMenu, rehearsal: MenuRehearsal) => call<CallRehearsal>("POST", "/menus/rehearsals", { body: { menu, rehearsal } }),
};

const clip = (language: string, name: string) => `/prompt-clips/${language}/${encodeURIComponent(name)}`;

export const prompts = {
  all: () => call<PromptBook>("GET", "/prompts"),
  word: (key: string, rev: number, zh: string, en: string) => call<void>("PUT", `/prompts/${encodeURIComponent(key)}`, { body: { rev, zh, en } }),
  drop: (key: string, rev: number) => call<void>("DELETE", `/prompts/${encodeURIComponent(key)}`, { query: { rev } }),
  record: (language: string, name: string, file: Blob) => {
    const form = new FormData();
    form.set("file", file, "sound.wav");
    return call<PromptClip>("PUT", clip(language, name), { body: form });
  },
  takeBack: (language: string, name: string) => call<void>("DELETE", clip(language, name)),
};

/** Where a prompt is heard, with values for what is read aloud in it. */
export function promptSound(language: string, key: string, values: Record<string, string> = {}): string {
  const query = new URLSearchParams(values).toString();
  return `/api/v1/prompts/${language}/${encodeURIComponent(key)}${query ? `?${query}` : ""}`;
}

/** Where one clip is heard. */
export const clipSound = (language: string, name: string): string => `/api/v1${clip(language, name)}`;
