// What is promised, and how cases are handled. The types are those of the server's own description.

import { call } from "./client";
import type { Page } from "./types";
import type {
  Calendar, CalendarDay, CaseWords, DueAnswer, EscalationRule, Handling, HolidayNotice, Match, NoticePreview, Policy,
  Preset, PromiseVersion, PublicPromise, Target, TermChange, Terms, Told,
} from "./schema";

export type {
  Calendar, CalendarDay, DueAnswer, EscalationRule, Handling, HolidayNotice, Match, NoticePreview, Policy,
  Preset, PromiseVersion, PublicPromise, Target, TermChange, Terms, Told,
};

export interface DueQuestion {
  metric: string;
  received: string;
  kind?: string;
  level?: string;
  channel?: string;
  category?: string;
}

export const promises = {
  get: () => call<Terms>("GET", "/promises"),
  presets: () => call<Page<Preset>>("GET", "/promises/presets"),
  versions: (before?: number) => call<Page<PromiseVersion>>("GET", "/promises/versions", { query: { before, limit: 20 } }),
  preview: (preset: Preset) => call<Page<TermChange>>("POST", "/promises/preview", { body: preset }),
  usePreset: (body: { version: number; preset: Preset; recompute: boolean }) => call<Terms>("PUT", "/promises/preset", { body }),
  putCalendar: (body: { version: number; calendar: Calendar }) => call<Terms>("PUT", "/promises/calendar", { body }),
  days: (code: string, year: number) => call<Page<CalendarDay>>("GET", "/promises/calendar-days", { query: { code, year } }),
  due: (question: DueQuestion) => call<DueAnswer>("GET", "/promises/due", { query: { ...question } }),
  previewNotice: (notice: string) => call<NoticePreview>("POST", "/promises/notice-preview", { body: { notice } }),
  putNotice: (body: { version: number; notice: string }) => call<Terms>("PUT", "/promises/notice", { body }),
  told: () => call<Page<PublicPromise>>("GET", "/promises/public"),
};

export const handling = {
  get: () => call<Handling>("GET", "/case-handling"),
  put: (body: Handling) => call<Handling>("PUT", "/case-handling", { body }),
  words: () => call<CaseWords>("GET", "/case-kinds"),
};
