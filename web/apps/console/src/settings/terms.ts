import type { Match, Policy, Preset, Target, Terms } from "@yingda/api";

/** Promises in words and in order: the pure part of the editor. */

export type Language = "zh" | "en";
type Bilingual = { zh: string; en: string };

export const units = ["sec", "min", "hour", "business_min", "business_hour", "working_day"] as const;
export type Unit = (typeof units)[number];

/** The same words as the server's, sla.Target.Term. */
const unitWords: Record<Unit, { zh: string; one: string; many: string }> = {
  sec: { zh: "秒", one: "second", many: "seconds" },
  min: { zh: "分钟", one: "minute", many: "minutes" },
  hour: { zh: "小时", one: "hour", many: "hours" },
  business_min: { zh: "个工作分钟", one: "business minute", many: "business minutes" },
  business_hour: { zh: "个工作小时", one: "business hour", many: "business hours" },
  working_day: { zh: "个工作日", one: "working day", many: "working days" },
};

export function inLanguage(text: Bilingual, language: Language): string {
  return (language === "en" ? text.en || text.zh : text.zh || text.en) || "";
}

/** "7–10 个工作日", "30 seconds" */
export function termText(target: Pick<Target, "target" | "limit" | "unit">, language: Language): string {
  if (target.limit === 0) return language === "zh" ? "立即" : "at once";
  const words = unitWords[target.unit as Unit];
  const n = target.target === undefined ? String(target.limit) : `${target.target}–${target.limit}`;
  if (!words) return n;
  return language === "zh" ? `${n} ${words.zh}` : `${n} ${n === "1" ? words.one : words.many}`;
}

/** Names of the codes that a match uses. */
export interface MatchWords {
  all: string;
  join: string;
  kinds: Record<string, string>;
  levels: Record<string, string>;
  channels: Record<string, string>;
  category: (id: string) => string;
}

/** "投诉 · 复杂问题"; the word for everything when nothing is asked. */
export function matchText(match: Match, words: MatchWords): string {
  const parts = [
    match.kind && (words.kinds[match.kind] ?? match.kind),
    match.category && words.category(match.category),
    match.level && (words.levels[match.level] ?? match.level),
    match.channel && (words.channels[match.channel] ?? match.channel),
    match.tier,
    match.brand,
  ].filter(Boolean);
  return parts.length === 0 ? words.all : parts.join(words.join);
}

export interface ComparedRow {
  key: string;
  metric: string;
  match: Match;
  /** The term in each preset; undefined where it promises none. */
  terms: (Target | undefined)[];
}

function matchKey(match: Match): string {
  return [match.kind, match.category, match.level, match.channel, match.tier, match.brand].map((part) => part ?? "").join("|");
}

function inOrder(policies: readonly Policy[]): Policy[] {
  return [...policies].sort((a, b) => a.order - b.order);
}

/** Presets side by side: one row for each thing that at least one of them promises, in the order of the metrics. */
export function compare(presets: readonly Preset[], metrics: readonly string[]): ComparedRow[] {
  const rows = new Map<string, ComparedRow>();
  for (const [at, preset] of presets.entries()) {
    for (const policy of inOrder(preset.policies)) {
      for (const target of policy.targets) {
        const key = `${target.metric}|${matchKey(policy.match)}`;
        const row = rows.get(key) ?? { key, metric: target.metric, match: policy.match, terms: presets.map(() => undefined) };
        row.terms[at] ??= target;
        rows.set(key, row);
      }
    }
  }
  const place = (metric: string) => (metrics.includes(metric) ? metrics.indexOf(metric) : metrics.length);
  return [...rows.values()].sort((a, b) => place(a.metric) - place(b.metric));
}

/** Moves a policy; their orders are 10, 20, 30 … afterwards. */
export function movePolicy(policies: readonly Policy[], at: number, by: number): Policy[] {
  const next = [...policies];
  const to = at + by;
  if (to < 0 || to >= next.length) return next;
  const [held] = next.splice(at, 1);
  if (held) next.splice(to, 0, held);
  return numbered(next);
}

/** The policies with the orders 10, 20, 30 … */
export function numbered(policies: readonly Policy[]): Policy[] {
  return policies.map((policy, i) => (policy.order === (i + 1) * 10 ? policy : { ...policy, order: (i + 1) * 10 }));
}

/** A preset as an editor holds it: policies in order, numbered. */
export function editable(preset: Preset): Preset {
  return { ...preset, policies: numbered(inOrder(preset.policies)) };
}

/** A promise to begin with: one that the policy does not have yet. */
export function freshTarget(policy: Policy, metrics: Terms["metrics"]): Target {
  const metric = metrics.find((each) => !policy.targets.some((target) => target.metric === each.code)) ?? metrics[0];
  return { metric: metric?.code ?? "resolution", limit: 1, unit: "working_day", calendar: "office", anchor: "submission", warn_at: [80, 100], ...(metric?.response ? {} : { pause_states: ["waiting_customer"] }) };
}

/** What a target keeps when its metric changes: a clock of answering never pauses, and only a stage counts from the one before. */
export function withMetric(target: Target, metric: Terms["metrics"][number]): Target {
  return {
    ...target,
    metric: metric.code,
    pause_states: metric.response ? undefined : target.pause_states,
    anchor: metric.stage ? target.anchor : "submission",
    counts_bot: metric.response ? target.counts_bot : undefined,
  };
}

/** Reads "80, 100" as rising percents; undefined when it is no such list. */
export function percentsOf(text: string): number[] | undefined {
  const parts = text.split(/[,，、\s]+/).filter(Boolean);
  const numbers = parts.map(Number);
  const fine = numbers.every((n, i) => Number.isInteger(n) && n >= 1 && n <= 300 && (i === 0 || n > numbers[i - 1]!));
  return parts.length > 0 && fine ? numbers : undefined;
}

/** The errors below a place, by what follows it: "policies.2" gives those of its parts. */
export function errorsAt(errors: Record<string, string>, place: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [key, text] of Object.entries(errors)) {
    if (key === place) found[""] = text;
    else if (key.startsWith(`${place}.`)) found[key.slice(place.length + 1)] = text;
  }
  return found;
}

/** True when what is in force is not what comes with the program under its name. */
export function isEdited(preset: Preset, presets: readonly Preset[]): boolean {
  const shipped = presets.find((each) => each.code === preset.code);
  return shipped !== undefined && plain(shipped) !== plain(preset);
}

function plain(preset: Preset): string {
  return JSON.stringify({ ...preset, version: 0, policies: editable(preset).policies.map((policy) => ({ ...policy, targets: policy.targets.map((target) => Object.entries(target).sort()) })) });
}
