import { ChevronsUpDown, Search, X } from "lucide-react";
import { Popover } from "radix-ui";
import { useId, useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { cn } from "./cn";
import { isComposing } from "./composing";
import { controlClass, useFieldControl, useFieldGroup } from "./field";
import { floatClass } from "./float";
import { Row, type Option } from "./select";
import { useKitWords } from "./words";

interface ComboboxShared<V extends string> {
  options: readonly Option<V>[];
  placeholder?: string;
  /** Names the control when no Field does. */
  label?: string;
  disabled?: boolean;
  className?: string;
}

export interface ComboboxProps<V extends string> extends ComboboxShared<V> {
  value: V | undefined;
  onChange: (value: V | undefined) => void;
  /** Offers a way back to nothing chosen. */
  clearable?: boolean;
}

/** Picks one of a long list: type to filter, arrows to move, Enter to take. */
export function Combobox<V extends string>({ value, onChange, clearable, ...shared }: ComboboxProps<V>) {
  const words = useKitWords();
  const chosen = shared.options.find((option) => option.value === value);
  return (
    <Picker
      {...shared}
      isChosen={(v) => v === value}
      onPick={(v) => onChange(v)}
      closeOnPick
      shown={chosen ? <span className="truncate">{chosen.label}</span> : undefined}
      clear={clearable && chosen ? { label: words.clear, onClear: () => onChange(undefined) } : undefined}
    />
  );
}

export interface MultiComboboxProps<V extends string> extends ComboboxShared<V> {
  value: readonly V[];
  onChange: (value: V[]) => void;
}

/** Picks several of a list; what is chosen stands as pills in the box. */
export function MultiCombobox<V extends string>({ value, onChange, ...shared }: MultiComboboxProps<V>) {
  const chosen = shared.options.filter((option) => value.includes(option.value));
  return (
    <Picker
      {...shared}
      multiple
      isChosen={(v) => value.includes(v)}
      onPick={(v) => onChange(value.includes(v) ? value.filter((each) => each !== v) : [...value, v])}
      shown={
        chosen.length > 0 ? (
          <span className="flex flex-wrap gap-1 py-1">
            {chosen.map((option) => (
              <span key={option.value} className="rounded-[5px] bg-line2 px-1.5 text-xs text-fg">
                {option.label}
              </span>
            ))}
          </span>
        ) : undefined
      }
    />
  );
}

interface PickerProps<V extends string> extends ComboboxShared<V> {
  isChosen: (value: V) => boolean;
  onPick: (value: V) => void;
  shown?: ReactNode;
  clear?: { label: string; onClear: () => void };
  multiple?: boolean;
  closeOnPick?: boolean;
}

function Picker<V extends string>({ options, placeholder, label, disabled, className, isChosen, onPick, shown, clear, multiple, closeOnPick }: PickerProps<V>) {
  // A button cannot be "required"; its label says so. Its name is the label and what is chosen.
  const { "aria-required": _, ...field } = useFieldControl();
  const named = useFieldGroup()["aria-labelledby"];
  const shownId = useId();
  const [open, setOpen] = useState(false);
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <span className={cn("relative flex min-w-0", className)}>
        <Popover.Trigger asChild disabled={disabled}>
          <button type="button" {...field} {...(named ? { "aria-labelledby": `${named} ${shownId}` } : { "aria-label": label })} className={cn(controlClass, "h-auto min-h-8 pr-7", clear && "pr-13")}>
            <span id={shownId} className={cn("min-w-0 flex-1", !shown && "truncate text-faint")}>{shown ?? placeholder ?? "—"}</span>
            <ChevronsUpDown size={13} className="absolute right-2.5 text-faint" aria-hidden="true" />
          </button>
        </Popover.Trigger>
        {clear && (
          <button type="button" aria-label={clear.label} onClick={clear.onClear} className="absolute top-1 right-7 grid size-6 place-items-center rounded-md text-faint hover:text-fg">
            <X size={13} aria-hidden="true" />
          </button>
        )}
      </span>
      <Popover.Content align="start" sideOffset={4} collisionPadding={8} aria-label={label ?? placeholder} className={cn(floatClass, "w-(--radix-popover-trigger-width) min-w-56")}>
        <FilterList
          options={options}
          multiple={multiple}
          label={label ?? placeholder}
          isChosen={isChosen}
          onPick={(value) => {
            onPick(value);
            if (closeOnPick) setOpen(false);
          }}
        />
      </Popover.Content>
    </Popover.Root>
  );
}

interface FilterListProps<V extends string> {
  options: readonly Option<V>[];
  multiple?: boolean;
  label?: string;
  isChosen: (value: V) => boolean;
  onPick: (value: V) => void;
}

function FilterList<V extends string>({ options, multiple, label, isChosen, onPick }: FilterListProps<V>) {
  const words = useKitWords();
  const listId = useId();
  const [text, setText] = useState("");
  const [filter, setFilter] = useState("");
  const [at, setAt] = useState(0);
  const found = useMemo(() => {
    const wanted = filter.trim().toLowerCase();
    return wanted ? options.filter((option) => `${option.label} ${option.hint ?? ""}`.toLowerCase().includes(wanted)) : options;
  }, [options, filter]);

  function keyDown(event: KeyboardEvent) {
    if (isComposing(event)) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && found.length > 0) {
      event.preventDefault();
      setAt((at + move + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const option = found[at];
      if (option && !option.disabled) onPick(option.value);
    }
  }

  function settle(value: string) {
    setFilter(value);
    setAt(0);
  }

  return (
    <div className="flex flex-col">
      <label className="flex items-center gap-2 border-b px-2.5 focus-within:border-brand">
        <Search size={13} className="text-faint" aria-hidden="true" />
        <span className="sr-only">{words.search}</span>
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={found.length > 0 ? `${listId}-${at}` : undefined}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            if (!(event.nativeEvent as InputEvent).isComposing) settle(event.target.value);
          }}
          onCompositionEnd={(event) => settle(event.currentTarget.value)}
          onKeyDown={keyDown}
          placeholder={words.search}
          className="h-8 min-w-0 flex-1 bg-transparent text-sm outline-none"
        />
      </label>
      <div id={listId} role="listbox" aria-label={label ?? words.search} aria-multiselectable={multiple} className="scroll max-h-64 overflow-y-auto p-1">
        {found.map((option, i) => (
          <Row key={option.value} id={`${listId}-${i}`} option={option} on={i === at} chosen={isChosen(option.value)} onPoint={() => setAt(i)} onTake={() => !option.disabled && onPick(option.value)} />
        ))}
      </div>
      {found.length === 0 && (
        <p role="status" className="px-3 pb-3 text-xs text-faint">
          {words.noMatches}
        </p>
      )}
    </div>
  );
}
