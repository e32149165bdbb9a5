// How many people it takes, how the roster was kept to, and what agents are trained for. The types are those of the
// server's own description.

import { call } from "./client";
import type { Page } from "./types";
import type { RosterSpan } from "./roster";
import type { Adherence, AdherencePage, Certificate, CertificateDraft, ExpectedSlot, Staffing, StaffingDay, StaffingSettings, StaffingSlot, StaffingTrial, StaffingTrialSlot, TypedDay } from "./schema";

export type { Adherence, AdherencePage, Certificate, CertificateDraft, ExpectedSlot, Staffing, StaffingDay, StaffingSettings, StaffingSlot, StaffingTrial, StaffingTrialSlot, TypedDay };

export interface StaffingAsk extends RosterSpan {
  channel: string;
  team_id?: string;
}

const seg = encodeURIComponent;
const query = (ask: object) => new URLSearchParams(Object.entries(ask).filter(([, value]) => value !== undefined) as [string, string][]).toString();

export const staffing = {
  get: (ask: StaffingAsk) => call<Staffing>("GET", "/staffing", { query: { ...ask } }),
  /** Where the browser downloads the same as a table. */
  file: (ask: StaffingAsk) => `/api/v1/staffing.csv?${query(ask)}`,
  putSettings: (body: StaffingSettings) => call<StaffingSettings>("PUT", "/staffing/settings", { body }),
  type: (body: TypedDay) => call<void>("PUT", "/staffing/expected", { body }),
  forget: (channel: string, day: string) => call<void>("DELETE", `/staffing/expected?${query({ channel, day })}`),
  askTrial: (body: { day: string; channel: string; team_id?: string }) => call<StaffingTrial>("POST", "/staffing/trials", { body }),
  trial: (id: string) => call<StaffingTrial>("GET", `/staffing/trials/${seg(id)}`),
};

export const adherence = {
  get: (ask: RosterSpan & { team_id?: string; cursor?: string }) => call<AdherencePage>("GET", "/roster/adherence", { query: { ...ask, limit: 50 } }),
  file: (ask: RosterSpan & { team_id?: string }) => `/api/v1/roster/adherence.csv?${query(ask)}`,
};

export const certificates = {
  of: (agent_id?: string) => call<Page<Certificate>>("GET", "/certificates", { query: { agent_id } }),
  expiring: () => call<Page<Certificate>>("GET", "/certificates/expiring"),
  add: (body: CertificateDraft) => call<Certificate>("POST", "/certificates", { body }),
  change: (id: string, body: CertificateDraft) => call<Certificate>("PUT", `/certificates/${seg(id)}`, { body }),
  remove: (id: string) => call<void>("DELETE", `/certificates/${seg(id)}`),
  file: (id: string) => `/api/v1/certificates/${seg(id)}/file`,
};
