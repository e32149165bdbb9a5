import type { Category } from "@yingda/api";

/** Changes of a tree of categories; each returns a new tree and leaves the old one as it was. */

export function changeNode(nodes: Category[], id: string, change: (node: Category) => Category | undefined): Category[] {
  return nodes.flatMap((node) => {
    if (node.id === id) return change(node) ?? [];
    return node.children ? { ...node, children: changeNode(node.children, id, change) } : node;
  });
}

export function moveNode(nodes: Category[], id: string, by: number): Category[] {
  const at = nodes.findIndex((node) => node.id === id);
  if (at < 0) return nodes.map((node) => (node.children ? { ...node, children: moveNode(node.children, id, by) } : node));
  const to = at + by;
  if (to < 0 || to >= nodes.length) return nodes;
  const next = [...nodes];
  const [held] = next.splice(at, 1);
  if (held) next.splice(to, 0, held);
  return next;
}

/** How many nodes hang below this one. */
export function below(node: Category): number {
  return (node.children ?? []).reduce((sum, child) => sum + 1 + below(child), 0);
}

/** True when every node has a Chinese name; the English one falls back to it. */
export function isComplete(nodes: Category[]): boolean {
  return nodes.every((node) => node.zh.trim() !== "" && isComplete(node.children ?? []));
}

/** A name for a new node that no other node has. */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(6));
  return `c_${Array.from(bytes, (byte) => byte.toString(36).padStart(2, "0")).join("")}`;
}
