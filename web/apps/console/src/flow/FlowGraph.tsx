import type { Flow, FlowCase } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { cn } from "@yingda/ui";
import { CircleHelp, CircleStop, FileCheck2, GitBranch, MessageSquareText, PenLine, Search, TriangleAlert, type LucideIcon } from "lucide-react";
import { useMemo, useRef, type KeyboardEvent } from "react";
import { picture, size } from "./layout";
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

/** The picture of a flow. Steps are buttons: arrows go from one to the next, Enter opens it. */
export function FlowGraph({ flow, open, onOpen, wrong }: FlowGraphProps) {
  const { t } = useTranslation();
  const { nodes, ways, width, height } = useMemo(() => picture(flow), [flow]);
  const box = useRef<HTMLDivElement>(null);
  const first = nodes.find(({ step }) => step.id === open)?.step.id ?? nodes[0]?.step.id;
  function move(event: KeyboardEvent, at: number) {
    const node = nodes[at]!;
    const beside = nodes.filter(({ row }) => row === node.row).sort((a, b) => a.x - b.x);
    const i = beside.indexOf(node);
    const near = (row: number) => nodes.filter((each) => each.row === row).sort((a, b) => Math.abs(a.x - node.x) - Math.abs(b.x - node.x))[0];
    const to = { ArrowDown: near(node.row + 1), ArrowUp: near(node.row - 1), ArrowRight: beside[i + 1], ArrowLeft: beside[i - 1], Home: nodes[0], End: nodes.at(-1) }[event.key];
    if (!to) return;
    event.preventDefault();
    box.current?.querySelector<HTMLElement>(`[data-step="${CSS.escape(to.step.id)}"]`)?.focus();
  }
  return (
    <div ref={box} role="group" aria-label={t("flow.picture")} className="relative" style={{ width, height }}>
      <svg width={width} height={height} className="absolute inset-0" aria-hidden="true">
        <defs>
          <marker id="flow-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
            <path d="M 0 0 L 8 4 L 0 8 z" className="fill-faint" />
          </marker>
        </defs>
        {ways.map((way) => (
          <path key={`${way.from} ${way.by}`} d={way.path} fill="none" markerEnd="url(#flow-arrow)" className={cn("stroke-[1.5]", way.from === open || way.to === open ? "stroke-brand" : "stroke-edge")} strokeDasharray={way.back ? "4 3" : undefined} />
        ))}
      </svg>
      {ways.map((way) => {
        const step = flow.steps.find(({ id }) => id === way.from);
        const label = typeof way.by === "number" ? caseText(flow, step?.cases?.[way.by]) : way.by === "next" ? (step?.kind === "branch" ? t("flow.otherwise") : "") : t(`flow.ways.${way.by}`);
        return label ? (
          <span key={`${way.from} ${way.by}`} aria-hidden="true" title={label} className="absolute max-w-32 truncate rounded bg-canvas px-1 text-2xs text-mut" style={{ left: way.labelX, top: way.labelY - 8 }}>
            {label}
          </span>
        ) : null;
      })}
      {nodes.map(({ step, x, y }, at) => {
        const Icon = kindIcons[step.kind] ?? CircleHelp;
        return (
          <button
            key={step.id}
            type="button"
            data-step={step.id}
            tabIndex={step.id === first ? 0 : -1}
            aria-pressed={step.id === open}
            onClick={() => onOpen(step.id)}
            onKeyDown={(event) => move(event, at)}
            className={cn(
              "absolute flex flex-col justify-center rounded-xl border bg-panel px-3 text-left shadow-xs hover:border-faint",
              step.id === open && "border-brand bg-brand-soft ring-2 ring-brand hover:border-brand",
              wrong.has(step.id) && "border-bad",
            )}
            style={{ left: x, top: y, width: size.width, height: size.height }}
          >
            <span className="flex w-full items-center gap-1.5 text-2xs text-mut">
              <Icon size={13} aria-hidden="true" className="shrink-0" />
              {t(`flow.kinds.${step.kind as "ask"}`)}
              <span className="num ml-auto truncate text-faint">{step.id}</span>
              {wrong.has(step.id) && <TriangleAlert size={13} className="shrink-0 text-bad" aria-label={t("flow.wrong")} />}
            </span>
            <span className="mt-0.5 w-full truncate text-sm">{stepText(flow, at) || "…"}</span>
          </button>
        );
      })}
    </div>
  );
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
