import { Check, Minus } from "lucide-react";
import { Checkbox as RadixCheckbox, RadioGroup as RadixRadio, Switch as RadixSwitch, ToggleGroup } from "radix-ui";
import { useId, type ReactNode } from "react";
import { cn } from "./cn";
import { useFieldGroup } from "./field";

export interface SwitchProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: ReactNode;
  hint?: ReactNode;
  disabled?: boolean;
  /** Keeps the label for assistive technology only. */
  hideLabel?: boolean;
  className?: string;
}

/** Turns one thing on or off at once. */
export function Switch({ checked, onChange, label, hint, disabled, hideLabel, className }: SwitchProps) {
  const id = useId();
  return (
    <div className={cn("flex items-start gap-2.5", className)}>
      <RadixSwitch.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="relative mt-px h-[18px] w-8 shrink-0 rounded-full bg-off-dot transition-colors disabled:opacity-50 data-[state=checked]:bg-out"
      >
        <RadixSwitch.Thumb className="block size-3.5 translate-x-0.5 rounded-full bg-white shadow-sm transition-transform data-[state=checked]:translate-x-4" />
      </RadixSwitch.Root>
      <Caption id={id} label={label} hint={hint} hidden={hideLabel} />
    </div>
  );
}

export interface CheckboxProps extends Omit<SwitchProps, "checked"> {
  checked: boolean | "indeterminate";
}

export function Checkbox({ checked, onChange, label, hint, disabled, hideLabel, className }: CheckboxProps) {
  const id = useId();
  return (
    <div className={cn("flex items-start gap-2", className)}>
      <RadixCheckbox.Root
        id={id}
        checked={checked}
        onCheckedChange={(state) => onChange(state === true)}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-[5px] border border-edge bg-panel hover:border-faint disabled:opacity-60 data-[state=checked]:border-out data-[state=checked]:bg-out data-[state=indeterminate]:border-out data-[state=indeterminate]:bg-out"
      >
        <RadixCheckbox.Indicator className="text-out-fg">{checked === "indeterminate" ? <Minus size={12} strokeWidth={3} /> : <Check size={12} strokeWidth={3} />}</RadixCheckbox.Indicator>
      </RadixCheckbox.Root>
      <Caption id={id} label={label} hint={hint} hidden={hideLabel} />
    </div>
  );
}

function Caption({ id, label, hint, hidden }: { id: string; label: ReactNode; hint?: ReactNode; hidden?: boolean }) {
  return (
    <span className={cn("flex min-w-0 flex-col", hidden && "sr-only")}>
      <label htmlFor={id} className="text-sm">
        {label}
      </label>
      {hint && (
        <span id={`${id}-hint`} className="text-xs text-faint">
          {hint}
        </span>
      )}
    </span>
  );
}

export interface Choice<V extends string> {
  value: V;
  label: ReactNode;
  hint?: ReactNode;
  disabled?: boolean;
}

export interface RadioGroupProps<V extends string> {
  value: V | undefined;
  onChange: (value: V) => void;
  choices: readonly Choice<V>[];
  /** Names the group when no Field does. */
  label?: string;
  inline?: boolean;
  disabled?: boolean;
  className?: string;
}

export function RadioGroup<V extends string>({ value, onChange, choices, label, inline, disabled, className }: RadioGroupProps<V>) {
  const id = useId();
  const group = useFieldGroup();
  return (
    <RadixRadio.Root
      {...(label ? { "aria-label": label } : group)}
      value={value ?? ""}
      onValueChange={(v) => onChange(v as V)}
      disabled={disabled}
      className={cn("flex gap-2", inline ? "flex-row flex-wrap gap-x-5" : "flex-col", className)}
    >
      {choices.map((choice) => (
        <div key={choice.value} className="flex items-start gap-2">
          <RadixRadio.Item
            id={`${id}-${choice.value}`}
            value={choice.value}
            disabled={choice.disabled}
            aria-describedby={choice.hint ? `${id}-${choice.value}-hint` : undefined}
            className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-edge bg-panel hover:border-faint disabled:opacity-60 data-[state=checked]:border-out"
          >
            <RadixRadio.Indicator className="size-2 rounded-full bg-out" />
          </RadixRadio.Item>
          <Caption id={`${id}-${choice.value}`} label={choice.label} hint={choice.hint} />
        </div>
      ))}
    </RadixRadio.Root>
  );
}

/** A row of two to five choices of which one is on: a view, a theme. */
export function Segmented<V extends string>({ value, onChange, choices, label, className }: Omit<RadioGroupProps<V>, "value" | "inline"> & { value: V }) {
  const group = useFieldGroup();
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      onValueChange={(v) => v && onChange(v as V)}
      {...(label ? { "aria-label": label } : group)}
      className={cn("inline-flex h-8 items-stretch gap-0.5 rounded-lg bg-sunk p-0.5", className)}
    >
      {choices.map((choice) => (
        <ToggleGroup.Item
          key={choice.value}
          value={choice.value}
          disabled={choice.disabled}
          className="flex flex-1 items-center justify-center gap-1.5 rounded-md px-2.5 text-xs whitespace-nowrap text-mut hover:text-fg data-[state=on]:bg-panel data-[state=on]:font-medium data-[state=on]:text-fg data-[state=on]:shadow-xs"
        >
          {choice.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
