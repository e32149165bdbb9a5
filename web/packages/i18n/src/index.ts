// The console's words in Chinese and English; `t("inbox.views.mine")` is checked by the compiler.

import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { zh } from "./zh";

export { useTranslation } from "react-i18next";

export type Language = "zh" | "en";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof zh };
  }
}

async function catalogue(lang: Language): Promise<object> {
  return lang === "zh" ? (await import("./zh")).zh : (await import("./en")).en;
}

/** Loads one language and makes the translations ready; call once before the first render. */
export async function startI18n(lang: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: lang,
    fallbackLng: false,
    resources: { [lang]: { translation: await catalogue(lang) } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = tag(lang);
}

/** Changes the language of everything on the page, fetching its words on first use. */
export async function switchLanguage(lang: Language): Promise<void> {
  if (!i18next.hasResourceBundle(lang, "translation")) {
    i18next.addResourceBundle(lang, "translation", await catalogue(lang));
  }
  await i18next.changeLanguage(lang);
  document.documentElement.lang = tag(lang);
}

export function currentLanguage(): Language {
  return i18next.language === "en" ? "en" : "zh";
}

/** For code outside components. */
export const t = i18next.t.bind(i18next);

function tag(lang: Language): string {
  return lang === "zh" ? "zh-CN" : "en";
}
