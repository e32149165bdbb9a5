import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { controlClass, useFieldControl } from "./field";

export interface Option<V extends string = string> {
  value: V;
  label: string;
  hint?: string;
  icon?: ReactNode;
  disabled?: boolean;
}

export interface SelectProps<V extends string> {
  options: readonly Option<V>[];
  value: V | undefined;
  onChange: (value: V) => void;
  placeholder?: string;
  /** Names the control when no Field does. */
  label?: string;
  disabled?: boolean;
  className?: string;
}

// Radix keeps the empty string for "nothing chosen"; a mark in front lets "" be a value like any other.
const mark = (value: string) => `=${value}`;

/** Picks one of a short, fixed list. For long lists use Combobox. */
export function Select<V extends string>({ options, value, onChange, placeholder, label, disabled, className }: SelectProps<V>) {
  const field = useFieldControl();
  return (
    <Radix.Root value={value === undefined ? "" : mark(value)} onValueChange={(v) => onChange(v.slice(1) as V)} disabled={disabled}>
      <Radix.Trigger {...field} aria-label={label} className={cn(controlClass, className)}>
        <span className="min-w-0 flex-1 truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <ChevronDown size={14} className="shrink-0 text-faint" aria-hidden="true" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-60 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) animate-rise overflow-hidden rounded-lg border bg-panel shadow-float"
        >
          <Radix.Viewport className="p-1">
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={mark(option.value)}
                disabled={option.disabled}
                className="flex min-h-[30px] items-center gap-2 rounded-md px-2 py-1 text-sm outline-none select-none data-[disabled]:text-faint data-[highlighted]:bg-brand-soft"
              >
                {option.icon}
                <span className="flex min-w-0 flex-1 flex-col">
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.hint && <span className="text-2xs text-faint">{option.hint}</span>}
                </span>
                <Radix.ItemIndicator>
                  <Check size={14} className="text-brand" />
                </Radix.ItemIndicator>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
