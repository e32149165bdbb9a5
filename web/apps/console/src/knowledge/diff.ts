/** One stretch of a text against another: in both, only before, only after. */
export interface Stretch {
  kind: "same" | "gone" | "new";
  text: string;
}

/** How a text became another, in words of Latin scripts, single characters of others, and line ends. */
export function diff(before: string, after: string): Stretch[] {
  const a = pieces(before);
  const b = pieces(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const out: Stretch[] = [];
  const add = (kind: Stretch["kind"], text: string) => {
    const last = out.at(-1);
    if (last?.kind === kind) last.text += text;
    else if (text) out.push({ kind, text });
  };
  add("same", a.slice(0, head).join(""));
  middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), add);
  add("same", a.slice(a.length - tail).join(""));
  return out;
}

/** Texts longer than this that differ everywhere are shown as replaced, not compared piece by piece. */
const most = 4_000_000;

function middle(a: string[], b: string[], add: (kind: Stretch["kind"], text: string) => void) {
  if (a.length * b.length > most) {
    add("gone", a.join(""));
    add("new", b.join(""));
    return;
  }
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) common[i * width + j] = a[i] === b[j] ? common[(i + 1) * width + j + 1]! + 1 : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add("same", a[i++]!);
      j++;
    } else if (j >= b.length || (i < a.length && common[(i + 1) * width + j]! >= common[i * width + j + 1]!)) add("gone", a[i++]!);
    else add("new", b[j++]!);
  }
}

function pieces(text: string): string[] {
  return text.match(/[A-Za-z0-9]+|[^]/gu) ?? [];
}
