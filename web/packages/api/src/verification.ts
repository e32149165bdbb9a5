// Verifying customers, as docs/use/verification.md describes it. What a customer told goes to the server and nowhere else.

import { call } from "./client";
import type { FactorSheet, Particular, VerificationNeed, VerificationPolicy, VerificationReport, VerificationSheet, VerificationTerms, VerificationWay } from "./schema";
import type { ID, Page } from "./types";

export type { FactorSheet, Particular, VerificationNeed, VerificationPolicy, VerificationReport, VerificationSheet, VerificationTerms, VerificationWay };

export type VerifiedAction = "contact.reveal" | "contact.change" | "account.unlock" | "compensation.accept";
export type Factor = "phone" | "phone_tail" | "id_number" | "id_tail" | "order" | "vehicle" | "member" | "code" | "name";
export type ParticularKind = "id_number" | "member" | "order" | "vin" | "plate";

/** The header that names the verification of a sensitive action. */
export function verifiedBy(verification?: ID): Record<string, string> | undefined {
  return verification ? { Verification: verification } : undefined;
}

const of = (id: ID) => `/verifications/${encodeURIComponent(id)}`;
const contact = (id: ID) => `/contacts/${encodeURIComponent(id)}`;

export const verifications = {
  get: (id: ID, action?: VerifiedAction) => call<VerificationSheet>("GET", `${contact(id)}/verification`, { query: { action } }),
  start: (id: ID, body: { action: VerifiedAction; conversation_id?: ID; case_id?: ID }) => call<VerificationSheet>("POST", `${contact(id)}/verifications`, { body }),
  ask: (id: ID, factor: Factor) => call<VerificationSheet>("POST", `${of(id)}/asks`, { body: { factor } }),
  answer: (id: ID, factor: Factor, value: string) => call<VerificationSheet>("POST", `${of(id)}/answers`, { body: { factor, value } }),
  sendCode: (id: ID, way: "email" | "phone") => call<VerificationSheet>("POST", `${of(id)}/codes`, { body: { way } }),
  vouch: (id: ID, reason: string) => call<VerificationSheet>("POST", `${of(id)}/vouch`, { body: { reason } }),
  end: (id: ID) => call<VerificationSheet>("POST", `${of(id)}/end`),
  particulars: (id: ID) => call<Page<Particular>>("GET", `${contact(id)}/particulars`),
  addParticular: (id: ID, body: { kind: ParticularKind; value: string }, verification?: ID) =>
    call<Page<Particular>>("POST", `${contact(id)}/particulars`, { body, headers: verifiedBy(verification) }),
  removeParticular: (id: ID, particular: ID, verification?: ID) =>
    call<Page<Particular>>("DELETE", `${contact(id)}/particulars/${encodeURIComponent(particular)}`, { headers: verifiedBy(verification) }),
  policy: () => call<VerificationPolicy>("GET", "/verification-policy"),
  savePolicy: (body: VerificationTerms) => call<VerificationPolicy>("PUT", "/verification-policy", { body }),
  policyVersions: () => call<Page<VerificationPolicy>>("GET", "/verification-policy/versions"),
  report: (span: { from: string; to: string }) => call<VerificationReport>("GET", "/reports/verifications", { query: span }),
};
