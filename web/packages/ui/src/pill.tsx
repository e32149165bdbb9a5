import type { ReactNode } from "react";
import { cn } from "./cn";

export type Tone = "plain" | "brand" | "ok" | "warn" | "bad" | "ai";

const tones: Record<Tone, string> = {
  plain: "bg-line2 text-mut",
  brand: "bg-brand-soft text-brand-ink",
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  bad: "bg-bad-soft text-bad",
  ai: "bg-ai-soft text-ai",
};

/** A short word about a thing: its state, its kind. */
export function Pill({ tone = "plain", icon, className, children }: { tone?: Tone; icon?: ReactNode; className?: string; children: ReactNode }) {
  return (
    <span className={cn("inline-flex h-5 shrink-0 items-center gap-1 rounded-[5px] px-1.5 text-2xs font-medium whitespace-nowrap", tones[tone], className)}>
      {icon}
      {children}
    </span>
  );
}

/** A count; nothing at 0, "99+" above `max`. It is hidden from assistive technology unless `label` says what is counted. */
export function Badge({ count, max = 99, tone = "bad", label, className }: { count: number; max?: number; tone?: "bad" | "brand" | "plain"; label?: string; className?: string }) {
  if (count <= 0) return null;
  const look = { bad: "bg-bad-fill text-white", brand: "bg-out text-out-fg", plain: "bg-line2 text-mut" }[tone];
  return (
    <span className={cn("num inline-flex h-4 min-w-4 items-center justify-center rounded-full px-1 text-[10px] leading-4 font-semibold", look, className)}>
      <span aria-hidden="true">{count > max ? `${max}+` : count}</span>
      {label && <span className="sr-only">{label}</span>}
    </span>
  );
}

/** One key, or several parted by spaces: "Ctrl K". */
export function Kbd({ children, className }: { children: string; className?: string }) {
  return (
    <span className="inline-flex items-center gap-0.5">
      {children.split(" ").map((key) => (
        <kbd
          key={key}
          className={cn("inline-block min-w-[18px] rounded-[5px] border border-b-2 border-line bg-panel px-1 text-center font-sans text-[11px] leading-4 font-medium text-faint", className)}
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
