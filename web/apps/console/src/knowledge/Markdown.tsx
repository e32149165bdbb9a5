import { Fragment, type ReactNode } from "react";
import { parseBlocks, parseInline, type Block, type Inline } from "./blocks";

/** Shows Markdown as elements; nothing in the text can become markup or a script. */
export function Markdown({ text }: { text: string }) {
  const blocks = parseBlocks(text);
  const highest = Math.min(...blocks.map((block) => (block.kind === "heading" ? block.level : 6)));
  return (
    <div className="flex flex-col gap-3 text-base">
      {blocks.map((block, i) => (
        <BlockView key={i} block={block} highest={highest} />
      ))}
    </div>
  );
}

const headings = { 1: "text-xl font-semibold", 2: "text-lg font-semibold", 3: "text-base font-semibold" } as const;

/** `highest` is the level of the text's largest heading, which follows the article's title in h2. */
function BlockView({ block, highest }: { block: Block; highest: number }): ReactNode {
  switch (block.kind) {
    case "heading": {
      const Tag = `h${Math.min(block.level - highest + 3, 6)}` as "h3";
      return <Tag className={headings[Math.min(block.level, 3) as 1 | 2 | 3]}>{inline(block.text)}</Tag>;
    }
    case "list": {
      const Tag = block.ordered ? "ol" : "ul";
      return (
        <Tag className={block.ordered ? "list-decimal pl-6" : "list-disc pl-5"}>
          {block.items.map((item, i) => (
            <li key={i}>{inline(item)}</li>
          ))}
        </Tag>
      );
    }
    case "quote":
      return <blockquote className="border-l-[3px] border-edge pl-3 text-mut">{inline(block.text)}</blockquote>;
    case "code":
      return (
        <pre tabIndex={0} className="scroll overflow-x-auto rounded-lg bg-raise p-3 font-mono text-xs">
          {block.text}
        </pre>
      );
    case "rule":
      return <hr />;
    case "table":
      return (
        <div className="scroll overflow-x-auto" tabIndex={0}>
          <table className="border-collapse text-sm">
            <thead>
              <tr>
                {block.head.map((cell, i) => (
                  <th key={i} className="border bg-raise px-3 py-1.5 text-left font-medium">
                    {inline(cell)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((row, r) => (
                <tr key={r}>
                  {row.map((cell, i) => (
                    <td key={i} className="border px-3 py-1.5">
                      {inline(cell)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
    case "paragraph":
      return <p className="whitespace-pre-line">{inline(block.text)}</p>;
  }
}

function inline(text: string): ReactNode {
  return parseInline(text).map((part, i) => <Fragment key={i}>{partView(part)}</Fragment>);
}

function partView(part: Inline): ReactNode {
  switch (part.kind) {
    case "text":
      return part.text;
    case "strong":
      return <strong className="font-semibold">{inline(part.text)}</strong>;
    case "emphasis":
      return <em>{inline(part.text)}</em>;
    case "code":
      return <code className="rounded bg-line2 px-1 py-px font-mono text-[0.92em]">{part.text}</code>;
    case "link":
      return (
        <a href={part.href} target="_blank" rel="noreferrer" className="text-brand-ink underline underline-offset-2">
          {part.text}
        </a>
      );
    case "image":
      return <img src={part.src} alt={part.text} loading="lazy" className="max-w-full rounded-lg" />;
  }
}
