// Dialogue flows: how they stand, their drafts and versions, rehearsals.

import { call } from "./client";
import type { EditProblem, Flow, FlowBook, FlowCase, FlowOption, FlowReply, FlowScript, FlowSeam, FlowSlot, FlowStanding, FlowStep, Publication as Edition, Rehearsal, RehearsedTurn } from "./schema";
import type { Page } from "./types";

export type { EditProblem, Edition, Flow, FlowBook, FlowCase, FlowOption, FlowReply, FlowScript, FlowSeam, FlowSlot, FlowStanding, FlowStep, Rehearsal, RehearsedTurn };

export const slotTypes = ["text", "moment", "plate", "vin", "phone", "email", "mileage", "amount", "yes_no", "choice", "reference"] as const;
export type SlotType = (typeof slotTypes)[number];

export const stepKinds = ["ask", "look_up", "branch", "say", "confirm", "write", "end"] as const;
export type StepKind = (typeof stepKinds)[number];

export const caseTests = ["one_of", "none_of", "holds", "known", "unknown", "at_least"] as const;
export type CaseTest = (typeof caseTests)[number];

/** Versions above it are the company's own; those below come with the program. */
export const ownVersion = 1000;

const of = (id: string) => `/flows/${encodeURIComponent(id)}`;

export const flows = {
  list: () => call<Page<FlowStanding>>("GET", "/flows"),
  seams: () => call<Page<FlowSeam>>("GET", "/flows/seams"),
  get: (id: string) => call<FlowBook>("GET", of(id)),
  version: (id: string, version: number) => call<Flow>("GET", `${of(id)}/versions/${version}`),
  draft: (id: string, rev: number, draft: Flow) => call<FlowBook>("PUT", `${of(id)}/draft`, { body: { rev, draft } }),
  drop: (id: string, rev: number) => call<void>("DELETE", `${of(id)}/draft`, { query: { rev } }),
  publish: (id: string, rev: number, note: string) => call<FlowBook>("POST", `${of(id)}/publish`, { body: { rev, note } }),
  rests: (id: string, rests: boolean) => call<FlowBook>("PUT", `${of(id)}/rests`, { body: { rests } }),
  rehearse: (flow: Flow, rehearsal: { language: string; says: string[]; replies: FlowReply[]; known?: Record<string, string[]> }) =>
    call<Rehearsal>("POST", "/flows/rehearsals", { body: { flow, rehearsal } }),
};
