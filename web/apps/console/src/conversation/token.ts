// What the composer offers help for.

export interface Token {
  kind: "canned" | "mention";
  query: string;
  from: number;
}

/** What the caret stands in: "/退" asks for a canned reply, "@林" for a colleague. */
export function tokenAt(text: string, caret: number, note: boolean): Token | undefined {
  const before = text.slice(0, caret);
  const found = /(?:^|\s)([/@])([^\s/@]*)$/u.exec(before);
  if (!found) return undefined;
  const kind = found[1] === "/" ? "canned" : "mention";
  if (kind === "mention" && !note) return undefined;
  return { kind, query: found[2]!, from: caret - found[2]!.length - 1 };
}
