// The part of Markdown that help articles use, for the preview. What visitors see is rendered by the server.

export type Block =
  | { kind: "heading"; level: number; text: string }
  | { kind: "paragraph"; text: string }
  | { kind: "list"; ordered: boolean; items: string[] }
  | { kind: "quote"; text: string }
  | { kind: "code"; text: string }
  | { kind: "table"; head: string[]; rows: string[][] }
  | { kind: "rule" };

export type Inline =
  | { kind: "text" | "strong" | "emphasis" | "code"; text: string }
  | { kind: "link"; text: string; href: string }
  | { kind: "image"; text: string; src: string };

const bullet = /^\s*[-*+]\s+(.*)$/;
const numbered = /^\s*\d+[.)]\s+(.*)$/;
const heading = /^(#{1,6})\s+(.+?)\s*#*$/;
const rule = /^\s*([-*_])(\s*\1){2,}\s*$/;
const tableRule = /^\s*\|?(\s*:?-{2,}:?\s*\|)+\s*(:?-{2,}:?)?\s*$/;

export function parseBlocks(text: string): Block[] {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const blocks: Block[] = [];
  let at = 0;
  const line = () => lines[at] ?? "";
  const take = (test: RegExp): string[] => {
    const held: string[] = [];
    for (let found = test.exec(line()); at < lines.length && found; found = test.exec(line())) {
      held.push(found[1] ?? "");
      at++;
    }
    return held;
  };

  while (at < lines.length) {
    if (line().trim() === "") {
      at++;
      continue;
    }
    const title = heading.exec(line());
    if (title) {
      blocks.push({ kind: "heading", level: title[1]!.length, text: title[2]! });
      at++;
    } else if (line().startsWith("```")) {
      blocks.push({ kind: "code", text: fenced() });
    } else if (rule.test(line())) {
      blocks.push({ kind: "rule" });
      at++;
    } else if (bullet.test(line())) {
      blocks.push({ kind: "list", ordered: false, items: take(bullet) });
    } else if (numbered.test(line())) {
      blocks.push({ kind: "list", ordered: true, items: take(numbered) });
    } else if (line().startsWith(">")) {
      blocks.push({ kind: "quote", text: take(/^>\s?(.*)$/).join("\n") });
    } else if (line().includes("|") && tableRule.test(lines[at + 1] ?? "")) {
      blocks.push(table());
    } else {
      blocks.push({ kind: "paragraph", text: paragraph() });
    }
  }
  return blocks;

  function fenced(): string {
    const held: string[] = [];
    for (at++; at < lines.length && !line().startsWith("```"); at++) held.push(line());
    at++;
    return held.join("\n");
  }

  function table(): Block {
    const head = cells(line());
    const rows: string[][] = [];
    for (at += 2; at < lines.length && line().includes("|"); at++) {
      const row = cells(line());
      rows.push(head.map((_, i) => row[i] ?? ""));
    }
    return { kind: "table", head, rows };
  }

  function paragraph(): string {
    const held: string[] = [];
    do held.push(lines[at++]!);
    while (at < lines.length && line().trim() !== "" && !startsBlock(line()));
    return held.join("\n");
  }
}

function startsBlock(line: string): boolean {
  return heading.test(line) || bullet.test(line) || numbered.test(line) || rule.test(line) || line.startsWith("```") || line.startsWith(">");
}

function cells(line: string): string[] {
  return line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
}

const inlineMark = /(!?)\[([^\]]*)\]\(([^)\s]+)\)|`([^`]+)`|\*\*(.+?)\*\*|(?<![*\w])\*(?!\s)([^*]+?)\*(?!\w)/g;

export function parseInline(text: string): Inline[] {
  const parts: Inline[] = [];
  let from = 0;
  for (const found of text.matchAll(inlineMark)) {
    const part = partOf(found);
    if (found.index > from) parts.push({ kind: "text", text: text.slice(from, found.index) });
    parts.push(part);
    from = found.index + found[0].length;
  }
  if (from < text.length) parts.push({ kind: "text", text: text.slice(from) });
  return parts;
}

function partOf([whole, image, label = "", address, code, strong, emphasis]: RegExpMatchArray): Inline {
  if (address !== undefined) {
    if (!isSafe(address)) return { kind: "text", text: whole };
    return image ? { kind: "image", text: label, src: address } : { kind: "link", text: label, href: address };
  }
  if (code !== undefined) return { kind: "code", text: code };
  if (strong !== undefined) return { kind: "strong", text: strong };
  return { kind: "emphasis", text: emphasis ?? "" };
}

/** Addresses that a click may follow: web, mail, telephone, and places on our own site. */
function isSafe(address: string): boolean {
  return /^(https?:\/\/|mailto:|tel:|\/(?!\/)|#)/i.test(address);
}
