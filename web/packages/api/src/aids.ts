// What helps agents: suggestions from closed work, how contacts feel, translations, troubleshooting trees.

import { call } from "./client";
import type { Learnt, Lesson, Lessons, MoodMoment, Translation, Translations, TreeEntry, TreeGuide } from "./schema";
import type { ID, Page } from "./types";

export type { Learnt, Lesson, Lessons, MoodMoment, Translation, TreeEntry, TreeGuide };

const talk = (id: ID) => `/conversations/${encodeURIComponent(id)}`;

export const learning = {
  get: () => call<Lessons>("GET", "/learning"),
  put: (body: Pick<Lessons, "least" | "off" | "version">) => call<Lessons>("PUT", "/learning", { body }),
  now: () => call<void>("POST", "/learning/now"),
  ofConversation: (id: ID) => call<Page<Learnt>>("GET", `${talk(id)}/learnt`),
  ofCase: (id: ID) => call<Page<Learnt>>("GET", `/cases/${encodeURIComponent(id)}/learnt`),
  ofText: (text: string) => call<Page<Learnt>>("POST", "/learnt", { body: { text } }),
};

export const mood = {
  of: (id: ID) => call<Page<MoodMoment>>("GET", `${talk(id)}/mood`),
};

/** The languages that can be translated into. */
export const tongues = ["zh", "en", "ja", "ko", "ru", "de", "fr", "es", "pt", "it", "ar", "th", "vi", "id", "ms"] as const;
export type Tongue = (typeof tongues)[number];

export const translate = {
  made: (id: ID, language: string) => call<Translations>("GET", `${talk(id)}/translations`, { query: { language } }),
  message: (id: ID, language: string) => call<Translation>("POST", `/messages/${encodeURIComponent(id)}/translation`, { body: { language } }),
  reply: (id: ID, text: string, language: string) => call<Translation>("POST", `${talk(id)}/translation`, { body: { text, language } }),
};

export const trees = {
  list: (conversation?: ID) => call<Page<TreeEntry>>("GET", "/trees", { query: { conversation_id: conversation } }),
  walk: (id: string, version: number, answers: { slot: string; option: string }[]) => call<TreeGuide>("POST", `/trees/${encodeURIComponent(id)}/walk`, { body: { version, answers } }),
};
