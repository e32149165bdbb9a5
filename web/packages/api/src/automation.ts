// Automation and macros: types and calls.

import { call } from "./client";
import type { ID, Page, Time } from "./types";

export type AutomationSubject = "case" | "conversation";
export type RuleValue = string | number | boolean | null | (string | number | boolean)[];

/** A condition, or a group of which all or any must be so. */
export interface RuleWhen {
  all?: RuleWhen[];
  any?: RuleWhen[];
  field?: string;
  op?: string;
  value?: RuleValue;
}

export interface RuleTrigger {
  event: string;
  /** Minutes, with the event time. */
  every?: number;
  /** A time of day, with the event time: 09:00. */
  at?: string;
  subject?: AutomationSubject;
}

export type ActionParam = "team_id" | "agent_id" | "to" | "value" | "text" | "after";

export interface RuleAction {
  kind: string;
  team_id?: ID;
  agent_id?: ID;
  to?: string;
  value?: string;
  text?: string;
  after?: string;
}

export interface RuleDraft {
  name: string;
  enabled: boolean;
  on: RuleTrigger[];
  when: RuleWhen;
  then: RuleAction[];
  stop_after?: boolean;
  version?: number;
}

export interface Rule extends RuleDraft {
  id: ID;
  stop_after: boolean;
  order: number;
  version: number;
}

export interface Word {
  value: string;
  zh: string;
  en: string;
}

export type FieldType = "text" | "number" | "time" | "bool" | "list";
export type OpWants = "none" | "one" | "word" | "many" | "words" | "pair" | "span" | "moment";

export interface RuleField {
  name: string;
  zh: string;
  en: string;
  type: FieldType;
  ops: string[];
  choices?: Word[];
  subjects: AutomationSubject[];
}

export interface ActionWord extends Word {
  needs: ActionParam[];
  may: ActionParam[];
  subjects: AutomationSubject[];
  choices: Word[];
}

export interface RuleVariable {
  name: string;
  zh: string;
  en: string;
  subjects: AutomationSubject[];
}

export interface AutomationCatalogue {
  events: (Word & { subject?: AutomationSubject })[];
  fields: RuleField[];
  ops: (Word & { wants: OpWants })[];
  actions: ActionWord[];
  audiences: Word[];
  subjects: Word[];
  variables: RuleVariable[];
  acts: { code: string; name: { zh: string; en: string } }[];
  limits: { depth: number; conditions: number; actions: number; triggers: number };
}

/** The tree of a rule's conditions, answered. */
export interface Verdict {
  all?: Verdict[];
  any?: Verdict[];
  field?: string;
  op?: string;
  want?: RuleValue;
  was?: RuleValue;
  is?: RuleValue;
  so: boolean;
}

interface Seen {
  case_id?: ID;
  conversation_id?: ID;
  /** The reader may not see the thing: what its fields held is left out. */
  hidden: boolean;
}

export interface DryRunExample extends Seen {
  at: Time;
  subject: string;
  event: string;
  actions: RuleAction[];
  why: Verdict;
}

export interface DryRun {
  from: Time;
  to: Time;
  cases: number;
  conversations: number;
  cut: boolean;
  looked: number;
  matched: number;
  subjects: number;
  examples: DryRunExample[];
}

export interface ActionDone {
  action: RuleAction;
  text?: string;
  failed: boolean;
  why_zh?: string;
  why_en?: string;
}

export type RunOutcome = "fired" | "held" | "skipped";

export interface RuleRun extends Seen {
  id: ID;
  rule_id: ID;
  rule_name: string;
  subject: AutomationSubject;
  subject_name: string;
  event: string;
  outcome: RunOutcome;
  at: Time;
  depth: number;
  why_zh?: string;
  why_en?: string;
  tree?: Verdict;
  done: ActionDone[];
}

export interface MacroDraft {
  name: string;
  shortcut?: string;
  team_id?: ID;
  subject: AutomationSubject;
  text?: string;
  actions: RuleAction[];
  version?: number;
}

export interface Macro extends MacroDraft {
  id: ID;
  version: number;
}

export interface MacroTarget {
  case_id?: ID;
  conversation_id?: ID;
  /** What the customer agreed to, if the macro escalates. */
  confirmed?: string;
}

export interface MacroApplied {
  text: string;
  done: ActionDone[];
  escalates: boolean;
}

export type RunFilter = { rule_id?: ID; case_id?: ID; conversation_id?: ID; outcome?: RunOutcome };

interface Named {
  zh: string;
  en: string;
}
/** The words of cases that conditions are about. */
export interface CaseVocabulary {
  kinds: { kind: string; name: Named; stages: { code: string; name: Named }[]; states: { state: string; name: Named }[] }[];
  metrics: { code: string; name: Named }[];
}
export interface CaseBranch {
  id: string;
  name: Named;
  children?: CaseBranch[];
}

const seg = encodeURIComponent;

export const automation = {
  catalogue: () => call<AutomationCatalogue>("GET", "/automation/catalogue"),
  rules: () => call<Page<Rule>>("GET", "/automation/rules"),
  add: (body: RuleDraft) => call<Rule>("POST", "/automation/rules", { body }),
  change: (id: ID, body: RuleDraft) => call<Rule>("PUT", `/automation/rules/${seg(id)}`, { body }),
  remove: (id: ID) => call<void>("DELETE", `/automation/rules/${seg(id)}`),
  enable: (id: ID, enabled: boolean) => call<Rule>("PUT", `/automation/rules/${seg(id)}/enabled`, { body: { enabled } }),
  order: (rules: ID[]) => call<Page<Rule>>("PUT", "/automation/order", { body: { rules } }),
  dryRun: (body: RuleDraft) => call<DryRun>("POST", "/automation/dry-run", { body }),
  runs: (filter: RunFilter, cursor?: string, limit = 30) => call<Page<RuleRun>>("GET", "/automation/runs", { query: { ...filter, cursor, limit } }),
  caseWords: () => call<CaseVocabulary>("GET", "/case-kinds"),
  categories: () => call<{ categories: CaseBranch[] }>("GET", "/case-handling"),
};

export const macros = {
  list: (subject?: AutomationSubject) => call<Page<Macro>>("GET", "/macros", { query: { subject } }),
  add: (body: MacroDraft) => call<Macro>("POST", "/macros", { body }),
  change: (id: ID, body: MacroDraft) => call<Macro>("PUT", `/macros/${seg(id)}`, { body }),
  remove: (id: ID) => call<void>("DELETE", `/macros/${seg(id)}`),
  preview: (id: ID, to: MacroTarget) => call<MacroApplied>("POST", `/macros/${seg(id)}/preview`, { body: to }),
  apply: (id: ID, to: MacroTarget) => call<MacroApplied>("POST", `/macros/${seg(id)}/apply`, { body: to }),
};

export const tags = {
  ofCase: (id: ID, add: string[], remove: string[]) => call<unknown>("POST", `/cases/${seg(id)}/tags`, { body: { add, remove } }),
  ofConversation: (id: ID, add: string[], remove: string[]) => call<unknown>("POST", `/conversations/${seg(id)}/tags`, { body: { add, remove } }),
};
