import { Check, ChevronDown } from "lucide-react";
import { Popover } from "radix-ui";
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { cn } from "./cn";
import { controlClass, useFieldControl } from "./field";
import { floatClass } from "./float";

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

/** Picks one of a short, fixed list: arrows move, letters jump, Enter takes. For long lists use Combobox. */
export function Select<V extends string>({ options, value, onChange, placeholder, label, disabled, className }: SelectProps<V>) {
  const field = useFieldControl();
  const listId = useId();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const typeAhead = useTypeAhead();
  const chosen = options.find((option) => option.value === value);

  function show(next: boolean) {
    if (next) setAt(Math.max(0, options.findIndex((option) => option.value === value)));
    setOpen(next);
  }
  function take(option: Option<V> | undefined) {
    if (!option || option.disabled) return;
    onChange(option.value);
    setOpen(false);
  }
  function keyDown(event: KeyboardEvent) {
    const to = moveBy(event.key, at, options);
    const letters = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (to !== undefined) {
      event.preventDefault();
      if (open) setAt(to);
      else show(true);
    } else if (open && (event.key === "Enter" || event.key === " " || event.key === "Tab")) {
      if (event.key !== "Tab") event.preventDefault();
      take(options[at]);
    } else if (letters) {
      const found = typeAhead(event.key, options, at);
      if (!open) show(true);
      if (found >= 0) setAt(found);
    }
  }
  return (
    <Popover.Root open={open} onOpenChange={show}>
      <Popover.Trigger asChild disabled={disabled}>
        <button
          type="button"
          role="combobox"
          {...field}
          aria-label={label}
          aria-haspopup="listbox"
          aria-expanded={open}
          aria-controls={open ? listId : undefined}
          aria-activedescendant={open ? `${listId}-${at}` : undefined}
          onKeyDown={keyDown}
          className={cn(controlClass, className)}
        >
          {chosen?.icon}
          <span className={cn("min-w-0 flex-1 truncate", !chosen && "text-faint")}>{chosen?.label ?? placeholder ?? "—"}</span>
          <ChevronDown size={14} className="shrink-0 text-faint" aria-hidden="true" />
        </button>
      </Popover.Trigger>
      <Popover.Content
        id={listId}
        role="listbox"
        aria-label={label ?? placeholder}
        align="start"
        sideOffset={4}
        collisionPadding={8}
        onOpenAutoFocus={(event) => event.preventDefault()}
        onCloseAutoFocus={(event) => event.preventDefault()}
        className={cn(floatClass, "scroll max-h-[min(20rem,var(--radix-popover-content-available-height))] min-w-(--radix-popover-trigger-width) overflow-y-auto p-1")}
      >
        {options.map((option, i) => (
          <Row key={option.value} id={`${listId}-${i}`} option={option} on={i === at} chosen={option.value === value} onPoint={() => setAt(i)} onTake={() => take(option)} />
        ))}
      </Popover.Content>
    </Popover.Root>
  );
}

interface RowProps {
  id: string;
  option: Option;
  on: boolean;
  chosen: boolean;
  onPoint: () => void;
  onTake: () => void;
}

/** One line of a list box; the arrows' place is `on`. */
export function Row({ id, option, on, chosen, onPoint, onTake }: RowProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (on && row.current) reveal(row.current);
  }, [on]);
  return (
    <div
      ref={row}
      id={id}
      role="option"
      aria-selected={chosen}
      aria-disabled={option.disabled}
      onPointerMove={onPoint}
      onClick={onTake}
      className={cn("flex min-h-[30px] cursor-default items-center gap-2 rounded-md px-2 py-1 text-sm select-none", on && "bg-brand-soft", option.disabled && "text-faint")}
    >
      {option.icon}
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="truncate">{option.label}</span>
        {option.hint && <span className="truncate text-2xs text-mut">{option.hint}</span>}
      </span>
      <Check size={14} className={cn("shrink-0 text-brand", !chosen && "invisible")} aria-hidden="true" />
    </div>
  );
}

/**
 * Scrolls a row into sight within its list, and nothing else: when the list has
 * just opened it is not in its place yet, and scrollIntoView would move the
 * dialog behind it, and the list with it out of the window.
 */
function reveal(row: HTMLElement) {
  const list = row.closest('[role="listbox"]');
  if (!list) return;
  const inside = row.getBoundingClientRect();
  const around = list.getBoundingClientRect();
  if (inside.top < around.top) list.scrollTop -= around.top - inside.top;
  else if (inside.bottom > around.bottom) list.scrollTop += inside.bottom - around.bottom;
}

/** Where a key leads in a list; undefined when it is not one that moves. */
function moveBy(key: string, at: number, options: readonly Option[]): number | undefined {
  const last = options.length - 1;
  switch (key) {
    case "ArrowDown":
      return Math.min(at + 1, last);
    case "ArrowUp":
      return Math.max(at - 1, 0);
    case "Home":
    case "PageUp":
      return 0;
    case "End":
    case "PageDown":
      return last;
  }
}

/** Collects letters typed in quick succession and finds the next option that begins with them. */
function useTypeAhead() {
  const typed = useRef({ text: "", at: 0 });
  return (letter: string, options: readonly Option[], from: number): number => {
    const now = performance.now();
    const held = now - typed.current.at < 600 ? typed.current.text : "";
    const text = (held + letter).toLowerCase();
    typed.current = { text, at: now };
    const begin = text.length > 1 ? from : from + 1;
    const order = options.map((_, i) => (begin + i) % options.length);
    return order.find((i) => options[i]!.label.toLowerCase().startsWith(text)) ?? -1;
  };
}
