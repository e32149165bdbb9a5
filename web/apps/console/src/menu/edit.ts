// Changes of a menu as it is being written: whatever is renamed or removed is followed everywhere.

import type { CallMenu, MenuNode, NodeKind } from "@yingda/api";
import { freeID } from "../edited/edit";

/** The fields of a node that lead to another, besides its keys and cases. */
export const wayFields = ["next", "failed", "timeout", "invalid", "full", "empty", "open", "closed"] as const;
export type WayField = (typeof wayFields)[number];

export type PromptField = "prompts" | "kept" | "again" | "silent" | "comfort";
export type NumberField = "seconds" | "tries" | "least" | "most" | "most_wait" | "priority";
export type FlagField = "notice" | "whole" | "consent" | "phone" | "secret" | "emergency";

/** Which fields count in a node of a kind, in the order in which they are asked for. */
export interface Shape {
  prompts: readonly PromptField[];
  keys?: boolean;
  ways: readonly WayField[];
  numbers: readonly NumberField[];
  flags: readonly FlagField[];
}

const shape = (prompts: readonly PromptField[], ways: readonly WayField[], numbers: readonly NumberField[] = [], flags: readonly FlagField[] = [], keys = false): Shape => ({ prompts, ways, numbers, flags, keys });

export const shapes: Record<NodeKind, Shape> = {
  play: shape(["prompts"], ["next"], [], ["notice", "whole"]),
  menu: shape(["prompts", "again", "silent"], ["timeout", "invalid"], ["seconds", "tries"], ["whole", "consent"], true),
  collect: shape(["prompts", "again", "silent"], ["next", "timeout", "invalid"], ["least", "most", "seconds", "tries"], ["phone", "secret", "whole"]),
  queue: shape(["prompts", "comfort"], ["next", "full", "empty"], ["most_wait", "seconds", "priority"], ["emergency"], true),
  callback: shape(["prompts", "kept"], ["next", "failed"]),
  survey: shape(["prompts", "again"], ["next"], ["seconds", "tries"], ["whole"]),
  hours: shape([], ["open", "closed"]),
  condition: shape([], ["next"]),
  http: shape(["prompts"], ["next", "failed"], ["seconds"]),
  set: shape([], ["next"]),
  voicemail: shape(["prompts"], ["next", "failed"], ["seconds"]),
  transfer: shape(["prompts"], ["failed"]),
  hangup: shape(["prompts"], []),
};

/** The ways out of a node, each with what it is. */
export function waysOf(node: MenuNode): { to: string; by: string }[] {
  const ways: { to: string; by: string }[] = [];
  const of = shapes[node.kind as NodeKind];
  node.choices?.forEach(({ key, next }) => ways.push({ to: next, by: `key ${key}` }));
  node.cases?.forEach(({ next }, i) => ways.push({ to: next, by: `case ${i}` }));
  for (const field of of?.ways ?? []) if (node[field]) ways.push({ to: node[field], by: field });
  return ways;
}

const nodeNames: Record<NodeKind, string> = { play: "tell", menu: "ask", collect: "digits", queue: "queue", callback: "callback", survey: "survey", hours: "hours", condition: "which", http: "lookup", set: "note", voicemail: "message", transfer: "transfer", hangup: "end" };

/** A menu with a new node behind another. */
export function addNode(menu: CallMenu, after: string | undefined, kind: NodeKind): { menu: CallMenu; id: string } {
  const id = freeID(nodeNames[kind], menu.nodes.map((node) => node.id));
  const node: MenuNode = { id, kind };
  if (shapes[kind].keys) node.choices = [];
  if (kind === "condition") node.cases = [];
  if (kind === "survey") node.questions = [];
  if (kind === "collect") Object.assign(node, { into: freeID("number", menu.nodes.flatMap(({ into }) => (into ? [into] : []))), least: 1, most: 15 });
  if (kind === "queue") node.most_wait = 600;
  if (kind === "hours") node.calendar = "hotline";
  if (kind === "hangup") node.reason = "left_menu";
  const at = menu.nodes.findIndex((each) => each.id === after);
  return { id, menu: { ...menu, nodes: [...menu.nodes.slice(0, at + 1), node, ...menu.nodes.slice(at + 1)] } };
}

export function changeNode(menu: CallMenu, id: string, change: Partial<MenuNode>): CallMenu {
  return { ...menu, nodes: menu.nodes.map((node) => (node.id === id ? { ...node, ...change } : node)) };
}

/** A menu in which every way is led elsewhere; one that leads to nothing is gone. */
function lead(menu: CallMenu, to: (id: string) => string | undefined): CallMenu {
  const nodes = menu.nodes.map((node) => {
    const led: MenuNode = { ...node };
    for (const field of wayFields) if (node[field]) led[field] = to(node[field]);
    if (node.choices) led.choices = node.choices.flatMap((each) => (to(each.next) ? [{ ...each, next: to(each.next)! }] : []));
    if (node.cases) led.cases = node.cases.flatMap((each) => (to(each.next) ? [{ ...each, next: to(each.next)! }] : []));
    return led;
  });
  return { ...menu, start: to(menu.start) ?? nodes[0]?.id ?? "", nodes };
}

/** A menu without a node. What led to it leads to where it led next, or nowhere. */
export function removeNode(menu: CallMenu, id: string): CallMenu {
  const next = menu.nodes.find((node) => node.id === id)?.next;
  return lead({ ...menu, nodes: menu.nodes.filter((node) => node.id !== id) }, (to) => (to === id ? (next === id ? undefined : next) : to));
}

export function renameNode(menu: CallMenu, from: string, to: string): CallMenu {
  return lead({ ...menu, nodes: menu.nodes.map((node) => (node.id === from ? { ...node, id: to } : node)) }, (id) => (id === from ? to : id));
}

/** A copy of a menu under another id and name. */
export function copyAs(menu: CallMenu, id: string, name: CallMenu["name"]): CallMenu {
  return { ...menu, id, name, version: 0 };
}

/** The values that nodes make known, and those of every call. */
export function valuesOf(menu: CallMenu): string[] {
  const given = menu.nodes.flatMap((node) => [...(node.into ? [node.into] : []), ...(node.tells ?? []), ...Object.keys(node.values ?? {}).filter((name) => name !== "language")]);
  return [...new Set(["caller", "tail", "line", "language", "opens_on", "opens_at", "contact.known", "contact.tier", ...given])];
}
