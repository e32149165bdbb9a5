// Text messages. The types are those of the server's own description.

import { call } from "./client";
import type { Sms, SmsChange, SmsOptOut, SmsSettings, SmsTemplate } from "./schema";
import type { Page } from "./types";

export type { Sms, SmsChange, SmsOptOut, SmsSettings, SmsTemplate };

export const sms = {
  get: () => call<SmsSettings>("GET", "/sms/settings"),
  save: (body: SmsChange) => call<SmsSettings>("PATCH", "/sms/settings", { body }),
  /** Sends one with the settings as they are saved. */
  try: (purpose: Sms["purpose"], number: string) => call<Sms>("POST", "/sms/trial", { body: { purpose, number } }),
  list: (cursor?: string) => call<Page<Sms>>("GET", "/sms", { query: { cursor } }),
  optOuts: () => call<{ items: SmsOptOut[] }>("GET", "/sms/opt-outs"),
  optOut: (number: string, out: boolean) => call<void>("POST", "/sms/opt-outs", { body: { number, out } }),
};
