/** Finds the web addresses in what people write, so that they can be clicked without any HTML from people. */

export interface Piece {
  text: string;
  href?: string;
}

// Only ASCII belongs to an address: Chinese text follows an address without a space.
// It does not end with a mark that belongs to the sentence.
const address = /(https?:\/\/[!#-;=?-[\]_a-z~]*[\w/#=&%~+-])/gi;

/** Cuts text into pieces, in order and complete; pieces with `href` are http or https addresses. */
export const splitLinks = (text: string): Piece[] =>
  text
    .split(address)
    .map((text, place) => (place % 2 ? { text, href: text } : { text }))
    .filter((piece) => piece.text);
