// Which language a text is in, as far as its letters tell.

import type { Lang, Tongue } from "@yingda/api";

const scripts: readonly [Tongue, RegExp][] = [
  ["ja", /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ["ko", /\p{Script=Hangul}/gu],
  ["zh", /\p{Script=Han}/gu],
  ["ru", /\p{Script=Cyrillic}/gu],
  ["ar", /\p{Script=Arabic}/gu],
  ["th", /\p{Script=Thai}/gu],
];

const count = (text: string, letters: RegExp) => text.match(letters)?.length ?? 0;

// links, addresses, and codes of letters and digits are in no language
const bare = (text: string) => text.replace(/\S*(?:\/\/|@|\d)\S*/g, " ");

/** The language by the letters: those of Latin letters are taken for English. Undefined where there are too few. */
export function tongueOf(text: string, ours?: Lang): Tongue | undefined {
  const plain = bare(text);
  const latin = count(plain, /\p{Script=Latin}/gu);
  const kana = count(plain, scripts[0]![1]);
  if (kana > 1) return "ja";
  for (const [tongue, letters] of scripts) {
    const n = count(plain, letters);
    if (n > 1 && n * 3 > latin) return tongue;
  }
  if (latin < 8) return undefined;
  return ours === "en" ? undefined : "en";
}

/** Whether a text is in a language that who reads in ours may not read. */
export function foreign(text: string, ours: Lang): boolean {
  const tongue = tongueOf(text);
  return tongue !== undefined && tongue !== ours;
}
