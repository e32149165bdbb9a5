import { useTranslation } from "@yingda/i18n";
import { cn, IconButton } from "@yingda/ui";
import { Maximize, TriangleAlert, type LucideIcon } from "lucide-react";
import { useId, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from "react";
import { picture, size, type Node, type Picture } from "./layout";

export interface GraphNode extends Node<string | number> {
  icon: LucideIcon;
  kind: string;
  /** What it does, in a line. */
  text: string;
  ways: readonly { to: string; by: string | number; label: string }[];
}

export interface GraphProps {
  label: string;
  nodes: readonly GraphNode[];
  /** Where it begins, if not with the first. */
  start?: string;
  /** The node that is being edited. */
  open?: string;
  onOpen: (id: string) => void;
  /** Nodes in which something is wrong. */
  wrong: ReadonlySet<string>;
  /** Where somebody is who is tried. */
  here?: string;
}

/** Nothing is made smaller than can be read. */
const smallest = 0.6;

/** How wide something is now. */
function useWidth(of: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const seen = new ResizeObserver(([entry]) => setWidth(entry!.contentRect.width));
    if (of.current) seen.observe(of.current);
    return () => seen.disconnect();
  }, [of]);
  return width;
}

/** A picture of nodes that lead to each other. They are buttons: arrows go from one to the next, Enter opens it. */
export function Graph({ label, nodes: all, start, open, onOpen, wrong, here }: GraphProps) {
  const { t } = useTranslation();
  const arrow = useId();
  const { nodes, ways, width, height } = useMemo(() => picture(all, Math.max(0, all.findIndex(({ id }) => id === start))), [all, start]);
  const labels = useMemo(() => labelsOf(all, ways), [all, ways]);
  const box = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [fits, setFits] = useState(true);
  const room = useWidth(frame);
  const zoom = fits && room > 0 ? Math.min(1, Math.max(smallest, room / width)) : 1;
  const first = nodes.find(({ id }) => id === open)?.id ?? nodes[0]?.id;
  function move(event: KeyboardEvent, at: number) {
    const node = nodes[at]!;
    const beside = nodes.filter(({ row }) => row === node.row).sort((a, b) => a.x - b.x);
    const i = beside.indexOf(node);
    const near = (row: number) => nodes.filter((each) => each.row === row).sort((a, b) => Math.abs(a.x - node.x) - Math.abs(b.x - node.x))[0];
    const to = { ArrowDown: near(node.row + 1), ArrowUp: near(node.row - 1), ArrowRight: beside[i + 1], ArrowLeft: beside[i - 1], Home: nodes[0], End: nodes.at(-1) }[event.key];
    if (!to) return;
    event.preventDefault();
    box.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(to.id)}"]`)?.focus();
  }
  return (
    <div ref={frame} className="min-w-0">
      <div className="sticky top-3 left-0 z-10 float-right mr-3 flex rounded-lg border bg-panel shadow-xs">
        <IconButton size="sm" label={t("flow.fit")} aria-pressed={fits} icon={<Maximize size={14} />} onClick={() => setFits(!fits)} />
      </div>
      <div style={{ width: width * zoom, height: height * zoom }}>
        <div ref={box} role="group" aria-label={label} className="relative origin-top-left" style={{ width, height, transform: zoom === 1 ? undefined : `scale(${zoom})` }}>
          <svg width={width} height={height} className="absolute inset-0" aria-hidden="true">
            <defs>
              <marker id={arrow} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
                <path d="M 0 0 L 8 4 L 0 8 z" className="fill-faint" />
              </marker>
            </defs>
            {ways.map((way) => (
              <path key={`${way.from} ${way.by}`} d={way.path} fill="none" markerEnd={`url(#${arrow})`} className={cn("stroke-[1.5]", way.from === open || way.to === open ? "stroke-brand" : "stroke-edge")} strokeDasharray={way.back ? "4 3" : undefined} />
            ))}
          </svg>
          {labels.map(({ x, y, text }) => (
            <span key={`${x} ${y}`} aria-hidden="true" title={text} className="absolute max-w-32 truncate rounded bg-canvas px-1 text-2xs text-mut" style={{ left: x, top: y - 8 }}>
              {text}
            </span>
          ))}
          {nodes.map(({ id, x, y }, at) => {
            const { icon: Icon, kind, text } = all[at]!;
            return (
              <button
                key={id}
                type="button"
                data-node={id}
                tabIndex={id === first ? 0 : -1}
                aria-pressed={id === open}
                aria-current={id === here ? "step" : undefined}
                onClick={() => onOpen(id)}
                onKeyDown={(event) => move(event, at)}
                className={cn(
                  "absolute flex flex-col justify-center rounded-xl border bg-panel px-3 text-left shadow-xs hover:border-faint",
                  id === open && "border-brand bg-brand-soft ring-2 ring-brand hover:border-brand",
                  id === here && "border-ok bg-ok-soft ring-2 ring-ok hover:border-ok",
                  wrong.has(id) && "border-bad",
                )}
                style={{ left: x, top: y, width: size.width, height: size.height }}
              >
                <span className="flex w-full items-center gap-1.5 text-2xs text-mut">
                  <Icon size={13} aria-hidden="true" className="shrink-0" />
                  {kind}
                  <span className="num ml-auto truncate text-faint">{id}</span>
                  {wrong.has(id) && <TriangleAlert size={13} className="shrink-0 text-bad" aria-label={t("flow.wrong")} />}
                </span>
                <span className="mt-0.5 w-full truncate text-sm">{text || "…"}</span>
              </button>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** What stands beside the lines; those that would stand in one place are one. */
function labelsOf(all: readonly GraphNode[], ways: Picture<string | number>["ways"]) {
  const found = new Map<string, { x: number; y: number; text: string }>();
  for (const { from, by, labelX: x, labelY: y } of ways) {
    const text = all.find(({ id }) => id === from)?.ways.find((way) => way.by === by)?.label;
    if (!text) continue;
    const before = found.get(`${x} ${y}`);
    found.set(`${x} ${y}`, { x, y, text: before ? `${before.text} · ${text}` : text });
  }
  return [...found.values()];
}
