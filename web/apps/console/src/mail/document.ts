// What the editor holds, as it leaves: HTML whose pictures are named by attachment, and the same as plain text.

/** A node of the editor's document. */
export interface Node {
  type?: string;
  text?: string;
  attrs?: Record<string, unknown>;
  marks?: { type: string; attrs?: Record<string, unknown> }[];
  content?: Node[];
}

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escape = (text: string) => text.replace(/[&<>"]/g, (c) => escapes[c]!);
const inside = (node: Node, f: (child: Node) => string) => (node.content ?? []).map(f).join("");

const blocks: Record<string, string> = { paragraph: "p", blockquote: "blockquote", bulletList: "ul", listItem: "li" };
const marks: Record<string, string> = { bold: "strong", italic: "em", underline: "u", strike: "s", code: "code" };

function safe(address: unknown): string | undefined {
  return typeof address === "string" && /^(https?:|mailto:|tel:)/i.test(address) ? address : undefined;
}

/** The document as HTML: only what every program of mail shows, pictures as cid:ID. */
export function htmlOf(node: Node): string {
  if (node.type === "text") {
    return (node.marks ?? []).reduce((inner, mark) => {
      const href = mark.type === "link" ? safe(mark.attrs?.href) : undefined;
      if (href) return `<a href="${escape(href)}">${inner}</a>`;
      const tag = marks[mark.type];
      return tag ? `<${tag}>${inner}</${tag}>` : inner;
    }, escape(node.text ?? ""));
  }
  if (node.type === "hardBreak") return "<br>";
  if (node.type === "image") return typeof node.attrs?.attachment === "string" ? `<img src="cid:${escape(node.attrs.attachment)}" alt="${escape(String(node.attrs.alt ?? ""))}">` : "";
  const inner = inside(node, htmlOf);
  if (node.type === "paragraph") return `<p>${inner || "<br>"}</p>`;
  if (node.type === "orderedList") {
    const start = Number(node.attrs?.start ?? 1);
    return `<ol${start > 1 ? ` start="${start}"` : ""}>${inner}</ol>`;
  }
  const tag = blocks[node.type ?? ""];
  return tag ? `<${tag}>${inner}</${tag}>` : inner;
}

/** The document as people read it without formatting. */
export function plainOf(doc: Node): string {
  return lines(doc).join("\n").replace(/\n{3,}/g, "\n\n").trim();
}

function lines(node: Node): string[] {
  switch (node.type) {
    case "paragraph":
      return inside(node, words).split("\n");
    case "bulletList":
      return items(node, () => "- ");
    case "orderedList":
      return items(node, (i) => `${Number(node.attrs?.start ?? 1) + i}. `);
    case "blockquote":
      return (node.content ?? []).flatMap(lines).map((line) => `> ${line}`.trimEnd());
    default:
      return (node.content ?? []).flatMap(lines);
  }
}

function items(list: Node, mark: (i: number) => string): string[] {
  return (list.content ?? []).flatMap((item, i) => lines(item).map((line, at) => (at === 0 ? mark(i) : " ".repeat(mark(i).length)) + line));
}

function words(node: Node): string {
  if (node.type === "hardBreak") return "\n";
  if (node.type === "image") return node.attrs?.alt ? `[${String(node.attrs.alt)}]` : "";
  const text = node.text ?? "";
  const href = safe(node.marks?.find((mark) => mark.type === "link")?.attrs?.href);
  return href && href !== text && href.replace(/^(mailto:|tel:)/i, "") !== text ? `${text} (${href})` : text;
}

/** The ids of the pictures that stand in a document. */
export function picturesIn(node: Node): string[] {
  const own = node.type === "image" && typeof node.attrs?.attachment === "string" ? [node.attrs.attachment] : [];
  return [...own, ...(node.content ?? []).flatMap(picturesIn)];
}

/** Plain text as a document: a paragraph for each line. */
export function docOf(text: string): Node {
  return { type: "doc", content: paragraphs(text) };
}

export function paragraphs(text: string): Node[] {
  return text.split(/\r?\n/).map((line) => ({ type: "paragraph", ...(line ? { content: [{ type: "text", text: line }] } : {}) }));
}

/** Nothing is written and no picture stands in it. */
export function isEmpty(doc: Node | undefined): boolean {
  return !doc || (plainOf(doc) === "" && picturesIn(doc).length === 0);
}
