// Changes of a flow as it is being written: whatever is renamed or removed is followed everywhere.

import type { Bilingual, Flow, FlowSeam, FlowSlot, FlowStep, SlotType, StepKind } from "@yingda/api";
import { freeID } from "../edited/edit";

const none: Bilingual = { zh: "", en: "" };

const stepNames: Record<StepKind, string> = { ask: "ask", look_up: "find", branch: "which", say: "tell", confirm: "check", write: "submit", end: "done" };

/** A flow with a new step below the one that stands at a place. */
export function addStep(flow: Flow, after: number, kind: StepKind): { flow: Flow; id: string } {
  const id = freeID(stepNames[kind], flow.steps.map((step) => step.id));
  const step: FlowStep = { id, kind };
  if (kind === "say" || kind === "confirm" || kind === "end") step.text = none;
  if (kind === "branch") step.cases = [];
  return { id, flow: { ...flow, steps: [...flow.steps.slice(0, after + 1), step, ...flow.steps.slice(after + 1)] } };
}

export function changeStep(flow: Flow, id: string, change: Partial<FlowStep>): Flow {
  return { ...flow, steps: flow.steps.map((step) => (step.id === id ? { ...step, ...change } : step)) };
}

/** A flow without a step. What led to it leads to where it led; a flow goes on in its order where that is nowhere. */
export function removeStep(flow: Flow, id: string): Flow {
  const next = flow.steps.find((step) => step.id === id)?.next;
  const to = (name?: string) => (name === id ? next : name);
  return {
    ...flow,
    steps: flow.steps.filter((step) => step.id !== id).map((step) => ({
      ...step,
      next: to(step.next),
      missing: to(step.missing),
      failed: to(step.failed),
      cases: step.cases?.filter((each) => to(each.next)).map((each) => ({ ...each, next: to(each.next)! })),
    })),
  };
}

export function renameStep(flow: Flow, from: string, to: string): Flow {
  const named = (name?: string) => (name === from ? to : name);
  return {
    ...flow,
    steps: flow.steps.map((step) => ({
      ...step,
      id: named(step.id)!,
      next: named(step.next),
      missing: named(step.missing),
      failed: named(step.failed),
      cases: step.cases?.map((each) => ({ ...each, next: named(each.next)! })),
    })),
  };
}

/** A flow in which a step stands one place earlier or later: where no next step is named, the order is the way. */
export function moveStep(flow: Flow, id: string, by: 1 | -1): Flow {
  const at = flow.steps.findIndex((step) => step.id === id);
  const other = at + by;
  if (at < 0 || other < 0 || other >= flow.steps.length) return flow;
  const steps = [...flow.steps];
  [steps[at], steps[other]] = [steps[other]!, steps[at]!];
  return { ...flow, steps };
}

export function addSlot(flow: Flow, type: SlotType): { flow: Flow; id: string } {
  const id = freeID(type, flow.slots.map((slot) => slot.id));
  const slot: FlowSlot = { id, type, name: none, ask: none, again: none };
  if (type === "choice") slot.options = [];
  return { id, flow: { ...flow, slots: [...flow.slots, slot] } };
}

export function changeSlot(flow: Flow, id: string, change: Partial<FlowSlot>): Flow {
  return { ...flow, slots: flow.slots.map((slot) => (slot.id === id ? { ...slot, ...change } : slot)) };
}

export function removeSlot(flow: Flow, id: string): Flow {
  return { ...flow, slots: flow.slots.filter((slot) => slot.id !== id), steps: flow.steps.map((step) => (step.slots ? { ...step, slots: step.slots.filter((each) => each !== id) } : step)) };
}

/** A flow in which a slot is called otherwise, in texts too: {vin}, {vin|mask}. */
export function renameSlot(flow: Flow, from: string, to: string): Flow {
  const named = (name?: string) => (name === from ? to : name);
  const text = (value?: Bilingual) => value && { zh: inBraces(value.zh, from, to), en: inBraces(value.en, from, to) };
  return {
    ...flow,
    slots: flow.slots.map((slot) => ({ ...slot, id: named(slot.id)!, ask: text(slot.ask)!, again: text(slot.again)! })),
    steps: flow.steps.map((step) => ({
      ...step,
      text: text(step.text),
      slots: step.slots?.map((each) => named(each)!),
      recheck: named(step.recheck),
      with: step.with && Object.fromEntries(Object.entries(step.with).map(([name, of]) => [name, named(of)!])),
      cases: step.cases?.map((each) => ({ ...each, of: named(each.of)! })),
    })),
    scripts: flow.scripts?.map((script) => ({
      ...script,
      turns: script.turns.map((turn) => ({ ...turn, asks: named(turn.asks), slots: turn.slots && Object.fromEntries(Object.entries(turn.slots).map(([name, value]) => [named(name)!, value])) })),
    })),
  };
}

function inBraces(text: string, from: string, to: string): string {
  return text.replaceAll(`{${from}}`, `{${to}}`).replaceAll(`{${from}|mask}`, `{${to}|mask}`);
}

/** What texts and branches can name: slots, and what look-ups and writes find. */
export function names(flow: Flow, seams: readonly FlowSeam[]): string[] {
  const found = flow.steps.flatMap((step) => (step.into ? (seams.find(({ name }) => name === step.seam)?.tells ?? []).map((field) => `${step.into}.${field}`) : []));
  return [...flow.slots.map((slot) => slot.id), ...new Set(found)];
}

/** A flow that does not exist yet: one question, a confirmation, an end. */
export function blank(id: string): Flow {
  return {
    id,
    version: 0,
    name: none,
    triggers: [],
    slots: [],
    steps: [{ id: "done", kind: "end", text: none }],
    cancelled: { zh: "好的，已取消，没有提交任何信息。", en: "Cancelled. Nothing was submitted." },
    scripts: [],
  };
}
