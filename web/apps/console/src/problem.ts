// What went wrong, as one says it to a person.

import { ApiError } from "@yingda/api";
import { t } from "@yingda/i18n";

export interface Problem {
  text: string;
  requestId?: string;
}

export function problem(err: unknown): Problem {
  if (err instanceof ApiError) {
    if (err.status === 0) return { text: t("common.error.network") };
    return { text: err.detail || t("common.error.unexpected"), requestId: err.requestId };
  }
  return { text: t("common.error.unexpected") };
}
