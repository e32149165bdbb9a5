import { Check } from "lucide-react";
import { DropdownMenu, Popover as RadixPopover } from "radix-ui";
import { Fragment, type ReactNode } from "react";
import { cn } from "./cn";
import { floatClass } from "./float";
import { Kbd } from "./pill";

export interface PopoverProps {
  /** The button that opens it; it must take a ref and props. */
  trigger: ReactNode;
  label: string;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  side?: "top" | "right" | "bottom" | "left";
  align?: "start" | "center" | "end";
  className?: string;
}

/** A small panel beside its button. */
export function Popover({ trigger, label, children, open, onOpenChange, side = "bottom", align = "start", className }: PopoverProps) {
  return (
    <RadixPopover.Root open={open} onOpenChange={onOpenChange}>
      <RadixPopover.Trigger asChild>{trigger}</RadixPopover.Trigger>
      <RadixPopover.Content side={side} align={align} sideOffset={6} collisionPadding={8} aria-label={label} className={cn(floatClass, "max-w-[calc(100vw-16px)] p-3", className)}>
        {children}
      </RadixPopover.Content>
    </RadixPopover.Root>
  );
}

export interface MenuItem {
  label: string;
  onSelect: () => void;
  icon?: ReactNode;
  hint?: ReactNode;
  keys?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Shows a tick: one of several states is on. */
  checked?: boolean;
}

export interface MenuProps {
  trigger: ReactNode;
  label: string;
  /** Groups are parted by a line; empty groups leave none. */
  groups: readonly (readonly MenuItem[])[];
  side?: "top" | "right" | "bottom" | "left";
  align?: "start" | "center" | "end";
}

/** A list of actions behind a button: arrows move, letters jump, Enter does. */
export function Menu({ trigger, label, groups, side = "bottom", align = "end" }: MenuProps) {
  const filled = groups.filter((group) => group.length > 0);
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Content side={side} align={align} sideOffset={4} collisionPadding={8} aria-label={label} className={cn(floatClass, "min-w-44 p-1")}>
        {filled.map((group, i) => (
          <Fragment key={i}>
            {i > 0 && <DropdownMenu.Separator className="mx-1 my-1 h-px bg-line" />}
            {group.map((item) => (
              <DropdownMenu.Item
                key={item.label}
                disabled={item.disabled}
                onSelect={item.onSelect}
                className={cn(
                  "flex min-h-[30px] items-center gap-2 rounded-md px-2 text-sm outline-none select-none data-[disabled]:opacity-50 data-[highlighted]:bg-brand-soft",
                  item.danger && "text-bad data-[highlighted]:bg-bad-soft",
                )}
              >
                {item.icon}
                <span className="flex-1">
                  {item.label}
                  {item.hint && <span className="block text-2xs text-faint">{item.hint}</span>}
                </span>
                {item.checked && <Check size={14} className="text-brand" aria-hidden="true" />}
                {item.keys && <Kbd>{item.keys}</Kbd>}
              </DropdownMenu.Item>
            ))}
          </Fragment>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
