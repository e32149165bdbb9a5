import { Tabs as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";

export interface TabsProps<V extends string> {
  value: V;
  onChange: (value: V) => void;
  items: readonly { value: V; label: ReactNode; aside?: ReactNode }[];
  label: string;
  look?: "line" | "segment";
  className?: string;
  listClassName?: string;
  /** The panel of the tab that is open. */
  children: ReactNode;
}

/** Several panels of which one is open; arrows move between the tabs. */
export function Tabs<V extends string>({ value, onChange, items, label, look = "line", className, listClassName, children }: TabsProps<V>) {
  const line = look === "line";
  return (
    <Radix.Root value={value} onValueChange={(v) => onChange(v as V)} className={cn("flex min-h-0 flex-col", className)}>
      <Radix.List aria-label={label} className={cn("flex shrink-0 items-stretch", line ? "h-11 gap-4 border-b" : "h-8 gap-0.5 rounded-lg bg-sunk p-0.5", listClassName)}>
        {items.map((item) => (
          <Radix.Trigger
            key={item.value}
            value={item.value}
            className={cn(
              "flex items-center justify-center gap-1.5 text-sm focus-visible:-outline-offset-2 whitespace-nowrap text-mut hover:text-fg data-[state=active]:font-medium data-[state=active]:text-fg",
              line
                ? "-mb-px border-b-2 border-transparent data-[state=active]:border-brand"
                : "flex-1 rounded-md px-2 text-xs data-[state=active]:bg-panel data-[state=active]:shadow-xs",
            )}
          >
            {item.label}
            {item.aside}
          </Radix.Trigger>
        ))}
      </Radix.List>
      <Radix.Content value={value} className="min-h-0 flex-1 outline-offset-4">
        {children}
      </Radix.Content>
    </Radix.Root>
  );
}
