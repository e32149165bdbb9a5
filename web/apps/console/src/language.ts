import { setApiLanguage, type Lang } from "@yingda/api";
import { switchLanguage } from "@yingda/i18n";
import { setPrefs } from "./prefs";

/** Changes the language here and in what the server answers. */
export async function chooseLanguage(lang: Lang): Promise<void> {
  setPrefs({ language: lang });
  setApiLanguage(lang);
  await switchLanguage(lang);
}
