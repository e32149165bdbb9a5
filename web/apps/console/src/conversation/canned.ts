// Which canned replies match what was typed after "/", and what stands unfilled in a text.

import type { Canned, Lang } from "@yingda/api";

// The first characters, in the order of pinyin, that begin with each letter; i, u and v begin none.
const letters = "abcdefghjklmnopqrstwxyz";
const firsts = "阿八嚓咑妸发旮铪讥咔垃妈拏噢妑七呥仨他屲夕丫帀";
const byPinyin = new Intl.Collator("zh-Hans-CN-u-co-pinyin");

/** The initials of the pinyin of a text: "退款流程" is "tklc"; what is not Chinese stays. */
export function initials(text: string): string {
  return [...text.toLowerCase()]
    .map((c) => {
      if (!/\p{Script=Han}/u.test(c)) return /\s/.test(c) ? "" : c;
      let at = -1;
      while (at + 1 < firsts.length && byPinyin.compare(firsts[at + 1]!, c) <= 0) at++;
      return letters[at] ?? "";
    })
    .join("");
}

export interface Found {
  canned: Canned;
  /** Not in the contact's language: there is none that is. */
  other: boolean;
}

/** Matching replies, one for each shortcut: in the contact's language where there is one, the best matches and the most used first. */
export function matching(all: Canned[], query: string, language: Lang): Found[] {
  const q = query.toLowerCase();
  const best = new Map<string, Canned>();
  for (const canned of all) {
    const name = `${canned.shared ? "" : "own/"}${canned.shortcut.toLowerCase()}`;
    const held = best.get(name);
    if (!held || (held.language !== language && canned.language === language)) best.set(name, canned);
  }
  return [...best.values()]
    .map((canned) => ({ canned, rank: rank(canned, q) }))
    .filter(({ rank: r }) => r < worst)
    .sort((a, b) => a.rank - b.rank || b.canned.uses - a.canned.uses)
    .map(({ canned }) => ({ canned, other: canned.language !== language }));
}

const worst = 5;

function rank({ shortcut, title, folder, text }: Canned, q: string): number {
  const code = shortcut.toLowerCase();
  if (q === "" || code === q) return 0;
  if (code.startsWith(q)) return 1;
  if (`${title} ${folder}`.toLowerCase().includes(q)) return 2;
  if (/^[a-z0-9]+$/.test(q) && [shortcut, title, folder].some((each) => initials(each).includes(q))) return 3;
  return text.toLowerCase().includes(q) ? 4 : worst;
}

export const variables = ["contact.name", "agent.name", "company", "company.phone", "conversation.number", "case.number", "case.due", "today"] as const;
export type Variable = (typeof variables)[number];

/** Their names in the texts of the settings. */
export const variableKey: Record<Variable, "contact" | "agent" | "company" | "phone" | "talk" | "case" | "due" | "today"> = {
  "contact.name": "contact",
  "agent.name": "agent",
  company: "company",
  "company.phone": "phone",
  "conversation.number": "talk",
  "case.number": "case",
  "case.due": "due",
  today: "today",
};

/** Our variables that stand in a text: nobody may be sent that. */
export function unfilled(text: string): Variable[] {
  const found = [...text.matchAll(/\{\{\s*([\w.]+)\s*\}\}/g)].map((m) => m[1]!);
  return variables.filter((v) => found.includes(v));
}
