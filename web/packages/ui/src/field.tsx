import { TriangleAlert } from "lucide-react";
import { createContext, useContext, useId, useLayoutEffect, useRef, type InputHTMLAttributes, type ReactNode, type Ref, type TextareaHTMLAttributes } from "react";
import { cn } from "./cn";
import { useKitWords } from "./words";

interface FieldWiring {
  id: string;
  labelId: string;
  describedBy?: string;
  invalid: boolean;
  required: boolean;
}

const Wiring = createContext<FieldWiring | null>(null);

export interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  required?: boolean;
  /** Something at the end of the label's line: a count, a link. */
  aside?: ReactNode;
  hideLabel?: boolean;
  /** The control is a group of buttons or boxes, which a label's click cannot reach. */
  group?: boolean;
  className?: string;
  children: ReactNode;
}

/** Names one control and explains it; the control inside is wired to label, hint and error by itself. */
export function Field({ label, hint, error, required = false, aside, hideLabel, group, className, children }: FieldProps) {
  const id = useId();
  const words = useKitWords();
  const Name = group ? "span" : "label";
  const described = [error ? `${id}-error` : "", hint ? `${id}-hint` : ""].filter(Boolean).join(" ");
  return (
    <Wiring.Provider value={{ id, labelId: `${id}-label`, describedBy: described || undefined, invalid: Boolean(error), required }}>
      <div className={cn("flex min-w-0 flex-col gap-1", className)}>
        <div className={cn("flex items-baseline gap-2", hideLabel && "sr-only")}>
          <Name id={`${id}-label`} {...(group ? {} : { htmlFor: id })} className="text-xs font-medium text-mut">
            {label}
            {required && (
              <span className="text-bad" aria-hidden="true">
                {" "}
                *
              </span>
            )}
            {required && <span className="sr-only"> {words.required}</span>}
          </Name>
          {aside && <span className="ml-auto text-2xs text-faint">{aside}</span>}
        </div>
        {children}
        {error && (
          <p id={`${id}-error`} className="flex items-start gap-1 text-xs text-bad">
            <TriangleAlert size={13} className="mt-0.5 shrink-0" aria-hidden="true" />
            {error}
          </p>
        )}
        {hint && (
          <p id={`${id}-hint`} className="text-xs text-faint">
            {hint}
          </p>
        )}
      </div>
    </Wiring.Provider>
  );
}

/** What a control inside a Field spreads on its focusable element; empty outside of one. */
export function useFieldControl(): { id?: string; "aria-describedby"?: string; "aria-invalid"?: true; "aria-required"?: true } {
  const field = useContext(Wiring);
  if (!field) return {};
  return {
    id: field.id,
    "aria-describedby": field.describedBy,
    ...(field.invalid ? { "aria-invalid": true as const } : {}),
    ...(field.required ? { "aria-required": true as const } : {}),
  };
}

/** The same for a group of controls, which is named by the label and not by `for`. */
export function useFieldGroup(): { "aria-labelledby"?: string; "aria-describedby"?: string } {
  const field = useContext(Wiring);
  return field ? { "aria-labelledby": field.labelId, "aria-describedby": field.describedBy } : {};
}

const box =
  "w-full min-w-0 rounded-lg border border-edge bg-panel text-sm text-fg hover:border-faint focus-visible:border-brand focus-visible:outline-2 focus-visible:-outline-offset-1 " +
  "disabled:bg-raise disabled:text-faint disabled:hover:border-edge aria-invalid:border-bad";

const typed = cn(box, "read-only:bg-raise");

export interface InputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "prefix"> {
  /** An icon or a word inside the box, before or after the text. */
  prefix?: ReactNode;
  suffix?: ReactNode;
  ref?: Ref<HTMLInputElement>;
}

export function Input({ className, prefix, suffix, ...rest }: InputProps) {
  const field = useFieldControl();
  const input = <input {...field} {...rest} className={cn(typed, "h-8 px-2.5", Boolean(prefix) && "pl-8", Boolean(suffix) && "pr-9", !prefix && !suffix && className)} />;
  if (!prefix && !suffix) return input;
  return (
    <span className={cn("relative flex min-w-0 items-center", className)}>
      {prefix && <span className="pointer-events-none absolute left-2.5 flex text-faint">{prefix}</span>}
      {input}
      {suffix && <span className="absolute right-1 flex items-center text-xs text-faint">{suffix}</span>}
    </span>
  );
}

export interface TextareaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  minRows?: number;
  maxRows?: number;
  ref?: Ref<HTMLTextAreaElement>;
}

/** Grows with its text from `minRows` to `maxRows` lines, then scrolls. */
export function Textarea({ className, minRows = 3, maxRows = 14, value, ref, ...rest }: TextareaProps) {
  const field = useFieldControl();
  const own = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    const area = own.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 2, maxRows * 20 + 14)}px`;
  }, [value, maxRows]);
  return (
    <textarea
      {...field}
      {...rest}
      value={value}
      rows={minRows}
      ref={(area) => {
        own.current = area;
        if (typeof ref === "function") return ref(area);
        if (ref) ref.current = area;
      }}
      className={cn(typed, "scroll resize-none px-2.5 py-1.5", className)}
    />
  );
}

/** The look of a control that opens something: Select, Combobox. */
export const controlClass = cn(box, "flex h-8 items-center gap-2 px-2.5 text-left data-[placeholder]:text-faint");
