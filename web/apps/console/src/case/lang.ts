import type { Lang } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";

/** The language in which the reader sees words that the server has in both. */
export function useLang(): Lang {
  return useTranslation().i18n.language === "en" ? "en" : "zh";
}
