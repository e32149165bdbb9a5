import type { CallView } from "@yingda/api";
import { expect, it } from "vitest";
import { actsOf, partIn } from "./calls";

const base: CallView = {
  id: "ca_1", conversation_id: "cv_1", conversation_number: 7, state: "talking", contact_id: "ct_1", inbox_id: "in_1", agent_id: "ag_lin", record: { steps: [] }, emergency: false,
  direction: "inbound", number: "138****5678", line: "4001", began_at: "2026-12-01T09:00:00Z",
};

it.each<[string, Partial<CallView>, string, ReturnType<typeof partIn>]>([
  ["who has the call", {}, "ag_lin", "own"],
  ["a colleague", {}, "ag_zhao", undefined],
  ["who is asked", { state: "consulting", third: { agent_id: "ag_zhao", reached: false, joined: false } }, "ag_zhao", "asked"],
  ["who was asked and answered", { state: "consulting", third: { agent_id: "ag_zhao", reached: true, joined: false } }, "ag_zhao", "consulted"],
  ["who listens", { supervisors: [{ agent_id: "ag_wang", how: "whisper" }] }, "ag_wang", "whisper"],
  ["after the talk", { state: "wrap_up" }, "ag_lin", undefined],
  ["while the caller rates", { state: "survey" }, "ag_lin", undefined],
  ["who calls somebody", { state: "ringing", direction: "outbound" }, "ag_lin", "own"],
])("knows the part of %s", (_, change, me, part) => {
  expect(partIn({ ...base, ...change }, me)).toBe(part);
});

it("offers what can be done, and nothing else", () => {
  expect(actsOf(base, "ag_lin", false)).toEqual(["hold", "keys", "transfer", "consult", "hangup"]);
  expect(actsOf({ ...base, notice_at: base.began_at }, "ag_lin", false)).toContain("pause");
  expect(actsOf({ ...base, notice_at: base.began_at, recording_paused: true }, "ag_lin", false)).toContain("unpause");
  expect(actsOf({ ...base, state: "held" }, "ag_lin", false)).toContain("resume");
  const asks = { ...base, state: "consulting" as const, third: { agent_id: "ag_zhao", reached: true, joined: false } };
  expect(actsOf(asks, "ag_lin", false)).toEqual(["return", "join", "hand_over", "keys", "hangup"]);
  expect(actsOf(base, "ag_wang", true)).toEqual(["listen", "whisper", "barge", "takeover"]);
  expect(actsOf(base, "ag_zhao", false)).toEqual([]);
  expect(actsOf({ ...base, supervisors: [{ agent_id: "ag_wang", how: "listen" }] }, "ag_wang", true)).toEqual(["whisper", "barge", "takeover", "leave"]);
});
