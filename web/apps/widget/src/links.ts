/** Finds the web addresses in what people write, so that they can be clicked without any HTML from people. */

export interface Piece {
  text: string;
  href?: string;
}

// Only ASCII belongs to an address: Chinese text follows an address without a space.
const address = /https?:\/\/[!#-;=?-[\]_a-z~]+/gi;

/** Cuts text into pieces, in order and complete; pieces with `href` are http or https addresses. */
export function splitLinks(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const href = withoutClosingMarks(match[0]);
    if (!URL.canParse(href)) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: href, href });
    end = match.index + href.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** A full stop or an unopened bracket at the end belongs to the sentence, not to the address. */
function withoutClosingMarks(url: string): string {
  const shorter = url.replace(/[.,;:!?'*]+$/, "");
  if (/[)\]]$/.test(shorter) && !/[([]/.test(shorter)) return withoutClosingMarks(shorter.slice(0, -1));
  return shorter;
}
