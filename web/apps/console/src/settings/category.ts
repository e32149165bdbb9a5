import type { CaseCategory, CaseField } from "@yingda/api";

/** The tree of categories of cases: the pure part of its editor. */

export function findCategory(nodes: readonly CaseCategory[], id: string): CaseCategory | undefined {
  for (const node of nodes) {
    const found = node.id === id ? node : findCategory(node.children ?? [], id);
    if (found) return found;
  }
  return undefined;
}

export function changeCategory(nodes: readonly CaseCategory[], id: string, change: (node: CaseCategory) => CaseCategory | undefined): CaseCategory[] {
  return nodes.flatMap((node) => {
    if (node.id === id) return change(node) ?? [];
    return node.children ? { ...node, children: changeCategory(node.children, id, change) } : node;
  });
}

export function moveCategory(nodes: readonly CaseCategory[], id: string, by: number): CaseCategory[] {
  const at = nodes.findIndex((node) => node.id === id);
  if (at < 0) return nodes.map((node) => (node.children ? { ...node, children: moveCategory(node.children, id, by) } : node));
  const to = at + by;
  const next = [...nodes];
  if (to < 0 || to >= nodes.length) return next;
  const [held] = next.splice(at, 1);
  if (held) next.splice(to, 0, held);
  return next;
}

export function categoryCount(nodes: readonly CaseCategory[]): number {
  return nodes.reduce((sum, node) => sum + 1 + categoryCount(node.children ?? []), 0);
}

export interface Given {
  kind?: CaseCategory["kind"];
  level?: string;
  team?: string;
  process?: string;
  needs: string[];
  form: CaseField[];
  prepare: { zh: string; en: string }[];
}

/** What a category has from those above it, where it says nothing itself. */
export function givenTo(nodes: readonly CaseCategory[], id: string, above: Given = { needs: [], form: [], prepare: [] }): Given | undefined {
  for (const node of nodes) {
    if (node.id === id) return above;
    const found = givenTo(node.children ?? [], id, {
      kind: node.kind || above.kind,
      level: node.level || above.level,
      team: node.team || above.team,
      process: node.process || above.process,
      needs: node.needs ?? above.needs,
      form: node.form ?? above.form,
      prepare: node.prepare ?? above.prepare,
    });
    if (found) return found;
  }
  return undefined;
}

/** The id of a category below another one: the promises for a category count for those whose ids begin with it. */
export function childId(parent: string | undefined, word: string): string {
  const clean = word.toLowerCase().replace(/[^a-z0-9_]+/g, "_").replace(/^_+|_+$/g, "");
  return [parent, clean].filter(Boolean).join(".");
}

/** A word for a new category below `parent` that nobody has: "new", "new2" … */
export function freshCategoryId(nodes: readonly CaseCategory[], parent?: string): string {
  for (let n = 1; ; n++) {
    const id = childId(parent, n === 1 ? "new" : `new${n}`);
    if (!findCategory(nodes, id)) return id;
  }
}

/** Without parts that say nothing, as the server keeps it. */
export function tidyCategory(node: CaseCategory): CaseCategory {
  const kept: CaseCategory = { id: node.id, name: node.name };
  if (node.kind) kept.kind = node.kind;
  if (node.level) kept.level = node.level;
  if (node.team?.trim()) kept.team = node.team.trim();
  if (node.process) kept.process = node.process;
  if (node.needs) kept.needs = node.needs;
  if (node.form) kept.form = node.form;
  if (node.prepare) kept.prepare = node.prepare.filter((each) => each.zh.trim() || each.en.trim());
  if (node.children?.length) kept.children = node.children.map(tidyCategory);
  return kept;
}

/** The path of names to a category, from the root. */
export function namesTo(nodes: readonly CaseCategory[], id: string, say: (name: { zh: string; en: string }) => string): string[] | undefined {
  for (const node of nodes) {
    if (node.id === id) return [say(node.name)];
    const below = namesTo(node.children ?? [], id, say);
    if (below) return [say(node.name), ...below];
  }
  return undefined;
}

/** The category that an error of the server is about: "categories.order.fee.form" is order.fee. */
export function categoryOfError(nodes: readonly CaseCategory[], place: string): string | undefined {
  const path = place.replace(/^categories\./, "");
  if (path === place) return undefined;
  return findCategory(nodes, path) ? path : findCategory(nodes, path.replace(/\.form$/, "")) ? path.replace(/\.form$/, "") : undefined;
}
