import type { ReactNode } from "react";
import { cn } from "./cn";

export type AvatarPresence = "online" | "busy" | "break" | "offline";

const dots: Record<AvatarPresence, string> = { online: "bg-ok-dot", busy: "bg-bad-dot", break: "bg-warn-dot", offline: "bg-off-dot" };

export interface AvatarProps {
  name: string;
  size?: number;
  presence?: AvatarPresence;
  /** A small mark at the lower edge: the icon of the channel. */
  mark?: ReactNode;
  /** Names the picture for assistive technology; leave out where the name stands beside it. */
  label?: string;
  className?: string;
}

/** The first letter of a name on a colour that is always the same for that name. */
export function Avatar({ name, size = 32, presence, mark, label, className }: AvatarProps) {
  const hue = hueOf(name);
  return (
    <span className={cn("relative inline-block shrink-0", className)} style={{ width: size, height: size }} {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })}>
      <span
        className="grid size-full place-items-center rounded-full leading-none font-semibold"
        style={{ fontSize: Math.max(10, size * 0.4), background: `var(--hue-${hue})`, color: `var(--hue-${hue}-ink)` }}
      >
        {initialOf(name)}
      </span>
      {mark && <span className="absolute -right-1 -bottom-0.5 grid size-4 place-items-center rounded-full bg-panel ring-1 ring-line">{mark}</span>}
      {presence && !mark && <span className={cn("absolute -right-px -bottom-px size-2.5 rounded-full ring-2 ring-panel", dots[presence])} />}
    </span>
  );
}

/** A dot in the colour of a presence. It says nothing by itself: put the word beside it. */
export function PresenceDot({ presence, className }: { presence: AvatarPresence; className?: string }) {
  return <span aria-hidden="true" className={cn("inline-block size-2 shrink-0 rounded-full", dots[presence], className)} />;
}

function hueOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum % 6;
}

function initialOf(name: string): string {
  return (Array.from(name.trim())[0] ?? "?").toUpperCase();
}
