import type { Flow, FlowCase } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { CircleHelp, CircleStop, FileCheck2, GitBranch, MessageSquareText, PenLine, Search, type LucideIcon } from "lucide-react";
import { Graph } from "../edited/Graph";
import { waysOut, type Way } from "./layout";
import { valuesOf } from "./values";

export const kindIcons: Record<string, LucideIcon> = { ask: CircleHelp, look_up: Search, branch: GitBranch, say: MessageSquareText, confirm: FileCheck2, write: PenLine, end: CircleStop };

export interface FlowGraphProps {
  flow: Flow;
  /** The step that is being edited. */
  open?: string;
  onOpen: (id: string) => void;
  /** Steps in which something is wrong. */
  wrong: ReadonlySet<string>;
}

/** The picture of a flow. */
export function FlowGraph({ flow, ...rest }: FlowGraphProps) {
  const { t } = useTranslation();
  const label = ({ from, by }: Way) => {
    const step = flow.steps.find(({ id }) => id === from);
    if (typeof by === "number") return caseText(flow, step?.cases?.[by]);
    return by === "next" ? (step?.kind === "branch" ? t("flow.otherwise") : "") : t(`flow.ways.${by}`);
  };
  const nodes = flow.steps.map((step, at) => ({
    id: step.id,
    icon: kindIcons[step.kind] ?? CircleHelp,
    kind: t(`flow.kinds.${step.kind as "ask"}`),
    text: stepText(flow, at),
    ways: waysOut(flow, at).map((way) => ({ ...way, label: label(way) })),
  }));
  return <Graph label={t("flow.picture")} nodes={nodes} {...rest} />;
}

/** What a step does, in a line. */
export function stepText(flow: Flow, at: number): string {
  const step = flow.steps[at]!;
  const lang = currentLanguage();
  const slot = (id: string) => flow.slots.find((each) => each.id === id)?.name[lang] || id;
  if (step.kind === "ask") return (step.slots ?? []).map(slot).join("、");
  if (step.kind === "look_up" || step.kind === "write") return step.seam ?? "";
  if (step.kind === "branch") return [...new Set((step.cases ?? []).map((each) => slot(each.of)))].join("、");
  return step.text?.[lang] ?? "";
}

function caseText(flow: Flow, of?: FlowCase): string {
  if (!of) return "";
  const options = valuesOf(flow, of.of);
  const values = (of.any ?? []).map((value) => options.find((option) => option.value === value)?.label ?? value).join("/");
  return { one_of: values, none_of: `≠ ${values}`, holds: `⊃ ${values}`, known: "✓", unknown: "?", at_least: `≥ ${values}` }[of.is] ?? values;
}
