import type { Case } from "@yingda/api";
import { Pill } from "@yingda/ui";
import { useLang } from "./lang";

/** Where a case stands: for the customer, and under it for those who work on it where that says more. */
export function StagePill({ item }: { item: Pick<Case, "stage" | "state_name" | "over"> }) {
  const lang = useLang();
  const stage = item.stage.name[lang];
  const state = item.state_name[lang];
  return (
    <span className="inline-flex flex-col items-start gap-0.5">
      <Pill tone={item.over ? "plain" : "brand"}>{stage}</Pill>
      {state !== stage && <span className="text-2xs whitespace-nowrap text-faint">{state}</span>}
    </span>
  );
}
