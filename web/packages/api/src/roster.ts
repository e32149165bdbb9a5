// Who works when: kinds of shift, the roster, swaps. The types are those of the server's own description.

import { call } from "./client";
import type { Page } from "./types";
import type { Roster, RosterCell, RosterConflict, RosterCopy, RosterDay, RosterEntry, RosterFill, RosterFilled, RosterRow, RosterSettings, Shift, ShiftDraft, Swap, SwapAsk, SwapDetail, SwapSide } from "./schema";

export type { Roster, RosterCell, RosterConflict, RosterCopy, RosterDay, RosterEntry, RosterFill, RosterFilled, RosterRow, RosterSettings, Shift, ShiftDraft, Swap, SwapAsk, SwapDetail, SwapSide };

export type SwapAct = "agree" | "decline" | "withdraw" | "approve" | "refuse";

/** Days such as "2026-11-30", both in, in the company's time zone. */
export interface RosterSpan {
  from: string;
  to: string;
}

const seg = encodeURIComponent;

export const roster = {
  shifts: () => call<Page<Shift>>("GET", "/shifts"),
  addShift: (body: ShiftDraft) => call<Shift>("POST", "/shifts", { body }),
  changeShift: (id: string, body: ShiftDraft) => call<Shift>("PUT", `/shifts/${seg(id)}`, { body }),
  get: (ask: RosterSpan & { team_id?: string; q?: string; cursor?: string; limit?: number }) => call<Roster>("GET", "/roster", { query: { ...ask } }),
  mine: (ask: RosterSpan) => call<Roster>("GET", "/roster/mine", { query: { ...ask } }),
  assign: (cells: RosterCell[]) => call<void>("POST", "/roster/assign", { body: { cells } }),
  fill: (body: RosterFill) => call<RosterFilled>("POST", "/roster/fill", { body }),
  copy: (body: RosterCopy) => call<RosterFilled>("POST", "/roster/copy", { body }),
  settings: () => call<RosterSettings>("GET", "/roster/settings"),
  putSettings: (body: RosterSettings) => call<RosterSettings>("PUT", "/roster/settings", { body }),
  swaps: () => call<Page<SwapDetail>>("GET", "/swaps"),
  askSwap: (body: SwapAsk) => call<Swap>("POST", "/swaps", { body }),
  actSwap: (id: string, act: SwapAct, reply?: string) => call<SwapDetail>("POST", `/swaps/${seg(id)}/act`, { body: { act, reply } }),
};

