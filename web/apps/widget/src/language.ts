/** The words of the visitor's language, fetched by themselves: nobody needs both. */
import type { Lang } from "./wire";
import type { Words } from "./words/zh";

const languages: Record<Lang, () => Promise<{ words: Words }>> = {
  zh: () => import("./words/zh"),
  en: () => import("./words/en"),
};

export const wordsOf = async (lang: Lang): Promise<Words> => (await languages[lang]()).words;

/** The widget's language for a language tag: Chinese for every kind of Chinese, else English. */
export const langOf = (tag: string): Lang => (/^zh/i.test(tag) ? "zh" : "en");
