import type { Policy, Preset, Target } from "@yingda/api";
import { expect, it } from "vitest";
import { compare, editable, errorsAt, freshTarget, isEdited, matchText, movePolicy, percentsOf, termText, withMetric, type MatchWords } from "./terms";

const target = (metric: string, limit: number, unit = "working_day", more: Partial<Target> = {}): Target => ({ metric, limit, unit, calendar: "office", ...more });
const policy = (order: number, match: Policy["match"], ...targets: Target[]): Policy => ({ order, match, targets });
const preset = (code: string, ...policies: Policy[]): Preset => ({ code, name: { zh: code, en: code }, note: { zh: "", en: "" }, version: 1, policies, calendars: [] });

it.each([
  [target("resolution", 10, "working_day", { target: 7 }), "7–10 个工作日", "7–10 working days"],
  [target("resolution", 1), "1 个工作日", "1 working day"],
  [target("answer_wait", 300, "sec"), "300 秒", "300 seconds"],
  [target("survey_window", 0, "sec"), "立即", "at once"],
])("writes a term as the server does", (given, zh, en) => {
  expect(termText(given, "zh")).toBe(zh);
  expect(termText(given, "en")).toBe(en);
});

const words: MatchWords = { all: "全部", join: " · ", kinds: { complaint: "投诉" }, levels: { complex: "复杂问题" }, channels: { email: "邮件" }, category: (id) => `分类 ${id}` };

it.each([
  [{}, "全部"],
  [{ kind: "complaint", level: "complex" }, "投诉 · 复杂问题"],
  [{ channel: "email", category: "order.fee" }, "分类 order.fee · 邮件"],
  [{ kind: "new_kind", tier: "金卡" }, "new_kind · 金卡"],
])("says whom %o is for", (match, want) => {
  expect(matchText(match, words)).toBe(want);
});

it("puts presets side by side; of two policies for the same, the lower order counts", () => {
  const a = preset("a", policy(20, {}, target("resolution", 9)), policy(10, {}, target("resolution", 5), target("answer_wait", 30, "sec")));
  const b = preset("b", policy(10, { level: "simple" }, target("resolution", 1)));
  const rows = compare([a, b], ["answer_wait", "resolution"]);
  expect(rows.map((row) => [row.metric, ...row.terms.map((term) => term?.limit)])).toEqual([
    ["answer_wait", 30, undefined],
    ["resolution", 5, undefined],
    ["resolution", undefined, 1],
  ]);
});

it("moves a policy and numbers all of them anew", () => {
  const all = [policy(10, { level: "simple" }), policy(20, { level: "general" }), policy(30, {})];
  const moved = movePolicy(all, 2, -1);
  expect(moved.map((each) => [each.order, each.match.level])).toEqual([[10, "simple"], [20, undefined], [30, "general"]]);
  expect(movePolicy(all, 0, -1)).toEqual(all);
  expect(all[2]?.order).toBe(30);
});

it("edits policies in their order", () => {
  expect(editable(preset("a", policy(70, { kind: "complaint" }), policy(5, {}))).policies.map((each) => [each.order, each.match.kind])).toEqual([[10, undefined], [20, "complaint"]]);
});

const metrics = [
  { code: "first_response", name: { zh: "首次响应", en: "first response" }, response: true, stage: false },
  { code: "resolution", name: { zh: "解决", en: "resolution" }, response: false, stage: false },
  { code: "complaint_feedback", name: { zh: "反馈", en: "result" }, response: false, stage: true },
];

it("begins with a promise that the policy lacks", () => {
  expect(freshTarget(policy(10, {}, target("first_response", 1)), metrics)).toMatchObject({ metric: "resolution", pause_states: ["waiting_customer"] });
  expect(freshTarget(policy(10, {}), metrics).pause_states).toBeUndefined();
});

it("drops what a metric cannot have", () => {
  const staged = target("complaint_feedback", 5, "working_day", { anchor: "previous_stage", pause_states: ["waiting_customer"], counts_bot: true });
  expect(withMetric(staged, metrics[0]!)).toMatchObject({ metric: "first_response", anchor: "submission", pause_states: undefined, counts_bot: true });
  expect(withMetric(staged, metrics[1]!)).toMatchObject({ anchor: "submission", pause_states: ["waiting_customer"], counts_bot: undefined });
});

it.each([
  ["80, 100", [80, 100]],
  ["50，80、100", [50, 80, 100]],
  ["100, 80", undefined],
  ["80, x", undefined],
  ["", undefined],
  ["301", undefined],
])("reads %s as warnings", (text, want) => {
  expect(percentsOf(text)).toEqual(want);
});

it("finds the errors of a place, and not those of its namesakes", () => {
  const errors = { "preset.policies.1.targets.0.limit": "a", "preset.policies.10.order": "b", "preset.policies.1": "c" };
  expect(errorsAt(errors, "preset.policies.1")).toEqual({ "targets.0.limit": "a", "": "c" });
});

it("knows an edited preset from a shipped one, whatever the order of its fields", () => {
  const shipped = preset("a", policy(10, {}, { metric: "resolution", limit: 1, unit: "hour", calendar: "office" }));
  const same = preset("a", policy(10, {}, { calendar: "office", unit: "hour", limit: 1, metric: "resolution" }));
  expect(isEdited({ ...same, version: 7 }, [shipped])).toBe(false);
  expect(isEdited(preset("a", policy(10, {}, target("resolution", 2))), [shipped])).toBe(true);
  expect(isEdited(preset("own"), [shipped])).toBe(false);
});
