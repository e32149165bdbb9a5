// The form of an act: which fields it has, what is missing, and what is sent.

import type { CaseDoing, PossibleAct } from "@yingda/api";

/** What is typed into the form of an act; dates as the browser's fields have them, in local time. */
export interface ActValues {
  text?: string;
  reason?: string;
  team?: string;
  agent?: string;
  findings?: string;
  solution?: string;
  cause?: string;
  outcome?: string;
  approval?: string;
  category?: string;
  level?: string;
  special_due?: string;
  special_reason?: string;
  contacted?: boolean;
  expected_at?: string;
  until?: string;
  verification?: string;
  announcement?: string;
  ways_told?: boolean;
  body?: string;
  reference?: string;
  external_due?: string;
  rank?: string;
  confirmed?: string;
  into?: string;
  into_number?: string;
  waived?: Record<string, string>;
}

export type FieldName =
  | "text" | "reason" | "assignee" | "investigator" | "findings" | "solution" | "cause" | "outcome" | "approval" | "category" | "level" | "contacted"
  | "expected_at" | "until" | "verification" | "announcement" | "ways_told" | "external" | "escalation" | "into";

export interface ActField {
  name: FieldName;
  required: boolean;
}

const order: FieldName[] = [
  "contacted", "assignee", "investigator", "category", "level", "escalation", "findings", "solution", "outcome", "approval", "cause", "expected_at", "until",
  "external", "verification", "announcement", "into", "text", "reason", "ways_told",
];

const names: Record<string, FieldName> = { agent: "investigator" };

/** The fields of an act in the order in which one fills them in. A need that this console does not know is left to the server to ask for. */
export function fieldsOf(act: Pick<PossibleAct, "needs" | "may">): ActField[] {
  const required = new Set(act.needs.map((need) => names[need] ?? need));
  const asked = new Set<string>([...required, ...act.may.map((may) => names[may] ?? may)]);
  return order.filter((name) => asked.has(name)).map((name) => ({ name, required: required.has(name) }));
}

/** Which inputs of the form are still empty though they are needed, by the name of the input. */
export function missingIn(act: PossibleAct, values: ActValues): (keyof ActValues | "assignee")[] {
  const missing: (keyof ActValues | "assignee")[] = [];
  const need = (...inputs: (keyof ActValues)[]) => missing.push(...inputs.filter((input) => !String(values[input] ?? "").trim()));
  for (const { name, required } of fieldsOf(act)) {
    if (name === "level" && values.level === "special") need("special_due", "special_reason");
    if (!required) continue;
    if (name === "assignee") {
      if (!values.team && !values.agent) missing.push("assignee");
    } else if (name === "investigator") need("agent");
    else if (name === "external") need("body", "reference", "external_due");
    else if (name === "escalation") need("rank", "confirmed");
    else if (name === "contacted" || name === "ways_told") {
      if (!values[name]) missing.push(name);
    } else need(name);
  }
  return missing;
}

/** What is sent: only what the act asks for, so that nothing is set in passing. */
export function doingOf(act: PossibleAct, values: ActValues, version: number | undefined): CaseDoing {
  const doing: CaseDoing = { act: act.act, version };
  const text = (input: keyof ActValues) => String(values[input] ?? "").trim() || undefined;
  for (const { name } of fieldsOf(act)) {
    switch (name) {
      case "assignee":
        doing.team_id = values.team || undefined;
        doing.agent_id = values.agent || undefined;
        break;
      case "investigator":
        doing.agent_id = values.agent || undefined;
        break;
      case "level":
        doing.level = text("level");
        if (values.level === "special" && values.special_due) doing.special = { due_at: moment(values.special_due)!, reason: text("special_reason") ?? "" };
        break;
      case "external":
        if (values.body) doing.external = { body: values.body, reference: text("reference") ?? "", due_at: moment(values.external_due) ?? "" };
        break;
      case "escalation":
        if (values.rank) doing.escalation = { level: Number(values.rank), confirmed: text("confirmed") ?? "" };
        break;
      case "expected_at":
      case "until":
        doing[name] = moment(values[name]);
        break;
      case "contacted":
      case "ways_told":
        doing[name] = values[name] || undefined;
        break;
      default:
        doing[name] = text(name);
    }
  }
  const waived = Object.entries(values.waived ?? {}).filter(([, reason]) => reason.trim());
  if (waived.length > 0) doing.waived = waived.map(([task_id, reason]) => ({ task_id, reason: reason.trim() }));
  return doing;
}

/** A local date and time of a browser's field as the wire has it; nothing for what is none. */
export function moment(local: string | undefined): string | undefined {
  const at = local ? new Date(local) : undefined;
  return at && !Number.isNaN(at.getTime()) ? at.toISOString() : undefined;
}

export const isEmpty = (values: ActValues): boolean =>
  Object.values(values).every((value) => value === undefined || value === "" || value === false || (typeof value === "object" && Object.values(value).every((each) => !each)));

/** Whether someone wrote or chose something that the form did not come with. */
export const isWritten = (values: ActValues, first: ActValues): boolean =>
  !isEmpty(Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== first[name as keyof ActValues])));

/** Those for whom something holds, and the rest, both in their order. */
export function partedBy<T>(all: readonly T[], holds: (each: T) => boolean): [T[], T[]] {
  return [all.filter(holds), all.filter((each) => !holds(each))];
}

/** The tags that someone typed, parted by commas of either kind or lines. */
export const tagsIn = (typed: string): string[] => typed.split(/[,，、;；\n]/).map((tag) => tag.trim()).filter(Boolean);

/** What to put on and take off so that the tags become others. */
export function retagged(was: readonly string[], wanted: readonly string[]): { add: string[]; remove: string[] } {
  return { add: [...new Set(wanted)].filter((tag) => !was.includes(tag)), remove: was.filter((tag) => !wanted.includes(tag)) };
}

/** Acts that do not move a case on its way; they stand in the menu. */
const aside = new Set([
  "reply", "note", "hear", "assign", "escalate", "deescalate", "urge", "follow_up", "snooze", "merge", "cancel", "spam", "withdraw", "ask_customer", "ask_third", "remind",
]);

const grave = new Set(["cancel", "spam", "withdraw", "give_up"]);

/** Ways back and out; they stand behind the ways onward. */
const astray = new Set(["look_again", "refuse", "decline", "drop_remedy", "fail_check", "reject", "external", "hold", "resume", "reopen", "restore"]);

export interface ActPlaces {
  /** Buttons, the way onward first. */
  front: PossibleAct[];
  menu: PossibleAct[];
  /** The last of the menu: what ends a case without a result. */
  grave: PossibleAct[];
}

/** Where the possible acts stand: up to three ways onward and the reply as buttons, the others in a menu. */
export function placesOf(possible: readonly PossibleAct[], may: (act: string) => boolean): ActPlaces {
  const allowed = possible.filter((each) => may(each.act));
  const ways = allowed.filter((each) => !aside.has(each.act) && !grave.has(each.act));
  const again = (each: PossibleAct) => Number(astray.has(each.act) || (each.act === "investigate" && each.needs.includes("reason")));
  const onward = ways.toSorted((a, b) => again(a) - again(b)).slice(0, 3);
  const reply = allowed.filter((each) => each.act === "reply" || each.act === "note");
  const front = [...onward, ...reply];
  return {
    front,
    menu: allowed.filter((each) => !front.includes(each) && !grave.has(each.act)),
    grave: allowed.filter((each) => grave.has(each.act)),
  };
}
