import { cn } from "@yingda/ui";
import { Fragment, useMemo } from "react";

const address = /https?:\/\/[^\s<>"'，。；！？）】」]+[^\s<>"'，。；！？）】」.,;:!?)\]]/g;

/** Plain text with its line breaks, links one can follow and mentions one can see. Never HTML. */
export function RichText({ text, mentions, inverse }: { text: string; mentions?: string[]; inverse?: boolean }) {
  const parts = useMemo(() => split(text, mentions ?? []), [text, mentions]);
  return (
    <p className="wrap-anywhere whitespace-pre-wrap">
      {parts.map((part, i) => {
        if (part.kind === "link") {
          return (
            <a key={i} href={part.text} target="_blank" rel="noopener noreferrer nofollow" className={cn("wrap-anywhere underline underline-offset-2", !inverse && "text-brand-ink")}>
              {part.text}
            </a>
          );
        }
        if (part.kind === "mention") {
          return (
            <span key={i} className="font-medium text-brand-ink">
              {part.text}
            </span>
          );
        }
        return <Fragment key={i}>{part.text}</Fragment>;
      })}
    </p>
  );
}

interface Part {
  kind: "text" | "link" | "mention";
  text: string;
}

function split(text: string, mentions: string[]): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const found of text.matchAll(address)) {
    parts.push(...splitMentions(text.slice(at, found.index), mentions), { kind: "link", text: found[0] });
    at = found.index + found[0].length;
  }
  parts.push(...splitMentions(text.slice(at), mentions));
  return parts;
}

function splitMentions(text: string, mentions: string[]): Part[] {
  const marks = mentions.map((name) => `@${name}`);
  const parts: Part[] = [];
  let rest = text;
  while (rest) {
    const hits = marks.map((mark) => ({ mark, i: rest.indexOf(mark) })).filter((hit) => hit.i >= 0);
    const next = hits.sort((a, b) => a.i - b.i)[0];
    if (!next) {
      parts.push({ kind: "text", text: rest });
      break;
    }
    if (next.i > 0) parts.push({ kind: "text", text: rest.slice(0, next.i) });
    parts.push({ kind: "mention", text: next.mark });
    rest = rest.slice(next.i + next.mark.length);
  }
  return parts;
}
