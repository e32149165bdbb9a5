import type { RehearsedStep, NodeKind } from "@yingda/api";
import { t } from "@yingda/i18n";
import type { WayField } from "./edit";

/** What a way out of a node is called; some depend on what the node does. */
export function wayLabel(kind: NodeKind, field: WayField): string {
  if (field === "next" && kind === "queue") return t("menu.ways.after_agent");
  if (field === "next" && kind === "condition") return t("menu.ways.otherwise");
  return t(`menu.ways.${field}`);
}

/** What was done in a rehearsal, as who tries it reads it. */
export function inputText(input: string, before: RehearsedStep): string {
  const [word] = input.split(" ");
  if (input === "") return before.sounds || !before.due ? t("menu.try.listened") : t("menu.try.waited", { n: Math.round(before.due) });
  if (word === "join" || word === "leave" || word === "lose" || word === "hangup") return t(`menu.try.${word}`);
  if (word === "ok" || word === "fail") return t(`menu.try.${word}_${before.phase as "asking"}`);
  return t("menu.try.pressed", { key: input });
}
