import type { Flow } from "@yingda/api";
import { currentLanguage, t } from "@yingda/i18n";

/** The values that a slot can have, where they can be listed: the options of a choice, yes and no. */
export function valuesOf(flow: Flow, slot: string): { value: string; label: string }[] {
  const of = flow.slots.find(({ id }) => id === slot);
  if (of?.type === "yes_no") return [{ value: "yes", label: t("flow.yes") }, { value: "no", label: t("flow.no") }];
  return (of?.options ?? []).map((option) => ({ value: option.id, label: option.name[currentLanguage()] || option.id }));
}
