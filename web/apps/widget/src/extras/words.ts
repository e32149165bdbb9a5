/** The words of the extras. */
import type { Lang } from "../wire";
import type { MoreWords } from "../words/zh-more";

const languages: Record<Lang, () => Promise<{ more: MoreWords }>> = {
  zh: () => import("../words/zh-more"),
  en: () => import("../words/en-more"),
};

export const moreWordsOf = async (lang: Lang): Promise<MoreWords> => (await languages[lang]()).more;
