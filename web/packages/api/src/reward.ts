// Compensation, rewards and the ledger, as docs/develop/protocol.md describes them. Amounts are in fen.

import { call } from "./client";
import type { Bilingual, ID, Page, Time } from "./types";
import { verifiedBy } from "./verification";

export type CompensationKind = "refund" | "reshipment" | "coupon" | "points" | "policy" | "repair" | "replacement";
export type CompensationState =
  | "drafted" | "submitted" | "level1_approved" | "level2_approved" | "returned" | "approved" | "customer_accepted" | "executing"
  | "failed" | "paid" | "rejected" | "customer_declined" | "withdrawn";
export type CompensationAct = "submit" | "revise" | "withdraw" | "approve" | "return" | "reject" | "accept" | "decline" | "pay" | "fail" | "execute";
export type ApprovalLevel = "l1" | "l2" | "finance";
export type CompensationView = "mine" | "waiting" | "to_pay" | "all";

export interface Approval {
  by: ID;
  name: string;
  at: Time;
  level: ApprovalLevel;
  verdict: "approve" | "return" | "reject";
  note: string;
  round: number;
}

export interface Payment {
  key: string;
  attempt: number;
  state: "executing" | "paid" | "failed";
  at: Time;
  ended_at?: Time;
  reference?: string;
  why?: string;
}

/** What something waits for, and the rule's own words why. */
export interface Need {
  act: string;
  who: "nobody" | "proposer" | "approver" | "customer" | "payment";
  level: ApprovalLevel | "";
  why: Bilingual;
}

export interface CaseRef {
  id: ID;
  number: string;
  kind: string;
  /** Empty where it is not the reader's to know. */
  subject: string;
  customer: string;
  /** The reader may open the case. */
  seen: boolean;
}

export interface Limits {
  l1: number;
  l2: number;
  point: number;
}

export interface GrantPolicy {
  code: string;
  version: number;
  name: Bilingual;
  text: Bilingual;
  kinds: CompensationKind[];
  most?: number;
  since: Time;
  retired: boolean;
  at: Time;
  by_name: string;
}

export interface Compensation {
  id: ID;
  case_id: ID;
  contact_id?: ID;
  kind: CompensationKind;
  amount: number;
  points?: number;
  points_until?: Time;
  budget?: string;
  reason: string;
  explanation: string;
  proposer_id: ID;
  proposer_name: string;
  policy: string;
  policy_version: number;
  policy_text?: GrantPolicy;
  limits: Limits;
  state: CompensationState;
  round: number;
  approvals: Approval[];
  payments: Payment[];
  declined?: string;
  created_at: Time;
  changed_at: Time;
  version: number;
  next: Need;
  levels: ApprovalLevel[];
  deciders: string[];
  case: CaseRef;
  may: CompensationAct[];
}

export interface CompensationDraft {
  kind: CompensationKind;
  amount?: number;
  points?: number;
  points_until?: Time;
  budget?: string;
  reason: string;
  explanation?: string;
  policy?: string;
}

export type RewardType = "complaint" | "suggestion" | "praise" | "other";
export type Gift = "thanks" | "points" | "coupon" | "gift";
export type RewardState = "proposed" | "approved" | "rejected" | "granted" | "redeemed" | "expired" | "revoked";
export type RewardAct = "approve" | "reject" | "redeem" | "revoke";

export interface Reward {
  id: ID;
  type: RewardType;
  source: { kind: string; id: string };
  contact_id: ID;
  gift: Gift;
  amount?: number;
  points?: number;
  budget?: string;
  reason: string;
  proposer_id?: ID;
  proposer_name: string;
  limits: Limits;
  state: RewardState;
  approval?: Approval;
  expires_at?: Time;
  created_at: Time;
  changed_at: Time;
  version: number;
  next: Need;
  case?: CaseRef;
  may: RewardAct[];
}

export interface RewardDraft {
  type: RewardType;
  gift: Gift;
  amount?: number;
  points?: number;
  budget?: string;
  reason?: string;
  expires_at?: Time;
}

export interface LedgerEntry {
  id: ID;
  at: Time;
  posting: string;
  account: string;
  unit: "fen" | "point";
  delta: number;
  expires_at?: Time;
  source: { kind: string; id: string };
  note: string;
}

export interface Balance {
  account: string;
  kind: "funding" | "budget" | "owed" | "spent" | "points" | "issued";
  of?: string;
  unit: "fen" | "point";
  balance: number;
}

export interface Books {
  accounts: Balance[];
  customers: number;
  balanced: boolean;
}

const seg = encodeURIComponent;
const get = <T>(path: string, query?: Record<string, string | number | boolean | undefined>) => call<T>("GET", path, { query });
const post = <T>(path: string, body: unknown) => call<T>("POST", path, { body });
const put = <T>(path: string, body: unknown) => call<T>("PUT", path, { body });

export const compensations = {
  ofCase: (id: ID) => get<Page<Compensation>>(`/cases/${seg(id)}/compensations`),
  propose: (id: ID, body: CompensationDraft & { client_id: string; submit: boolean }) => post<Compensation>(`/cases/${seg(id)}/compensations`, body),
  change: (id: ID, body: CompensationDraft & { version: number; submit: boolean }) => put<Compensation>(`/compensations/${seg(id)}`, body),
  list: (view: CompensationView, cursor?: string) => get<Page<Compensation>>("/compensations", { view, cursor }),
  counts: () => get<{ compensations: number; rewards: number }>("/compensations/counts"),
  get: (id: ID) => get<Compensation>(`/compensations/${seg(id)}`),
  act: (id: ID, body: { version: number; act: CompensationAct; note?: string; reference?: string }, verification?: ID) =>
    call<Compensation>("POST", `/compensations/${seg(id)}/acts`, { body, headers: verifiedBy(verification) }),
  limits: () => get<Limits>("/compensation-limits"),
  saveLimits: (limits: Limits) => put<Limits>("/compensation-limits", limits),
  policies: () => get<Page<GrantPolicy>>("/policies"),
  policyVersions: (code: string) => get<Page<GrantPolicy>>(`/policies/${seg(code)}`),
  savePolicy: (code: string, body: Pick<GrantPolicy, "version" | "name" | "text" | "kinds" | "retired"> & { most?: number; since?: Time }) => put<GrantPolicy>(`/policies/${seg(code)}`, body),
};

export const rewards = {
  ofCase: (id: ID) => get<Page<Reward>>(`/cases/${seg(id)}/rewards`),
  propose: (id: ID, body: RewardDraft) => post<Reward>(`/cases/${seg(id)}/rewards`, body),
  list: (view: "mine" | "all", cursor?: string) => get<Page<Reward>>("/rewards", { view, cursor }),
  act: (id: ID, body: { version: number; act: RewardAct; note?: string }) => post<Reward>(`/rewards/${seg(id)}/acts`, body),
};

export const ledger = {
  list: (account?: string, cursor?: string) => get<Page<LedgerEntry>>("/ledger", { account, cursor }),
  books: () => get<Books>("/ledger/balances"),
  budgets: () => get<Page<Balance>>("/budgets"),
  fund: (body: { client_id: string; budget: string; amount: number; note?: string }) => post<{ balance: number }>("/budgets", body),
  /** Where the browser downloads the lines of an account, or all. */
  exportAddress: (account?: string) => `/api/v1/ledger/export${account ? `?account=${seg(account)}` : ""}`,
  points: (contact: ID) => get<{ spendable: number; balance: number; next_expiry?: Time }>(`/contacts/${seg(contact)}/points`),
};
