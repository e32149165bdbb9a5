import { LoaderCircle } from "lucide-react";
import type { ButtonHTMLAttributes, MouseEvent, ReactNode, Ref } from "react";
import { cn } from "./cn";
import { Tooltip } from "./tooltip";

export type ButtonVariant = "primary" | "default" | "danger" | "ghost";
export type ButtonSize = "sm" | "md";

const variants: Record<ButtonVariant, string> = {
  primary: "bg-out text-out-fg hover:bg-out-hover",
  default: "border border-edge bg-panel text-fg hover:bg-raise",
  danger: "bg-bad-fill text-white hover:bg-bad-fill-hover",
  ghost: "text-mut hover:bg-line2 hover:text-fg",
};

const sizes: Record<ButtonSize, string> = {
  sm: "h-7 gap-1 rounded-md px-2 text-xs",
  md: "h-8 gap-1.5 rounded-lg px-3 text-sm",
};

/** The classes of a Button, for links that look like one. */
export function buttonClass(variant: ButtonVariant = "default", size: ButtonSize = "md", className?: string): string {
  return cn(
    "relative inline-flex shrink-0 items-center justify-center font-medium whitespace-nowrap select-none",
    "transition-colors disabled:pointer-events-none disabled:opacity-50 aria-disabled:cursor-default aria-disabled:opacity-60",
    variants[variant],
    sizes[size],
    className,
  );
}

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: ButtonVariant;
  size?: ButtonSize;
  icon?: ReactNode;
  /** Shows a spinner and ignores clicks; keeps focus and width. */
  loading?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant, size, icon, loading = false, className, children, onClick, type = "button", ...rest }: ButtonProps) {
  function click(event: MouseEvent<HTMLButtonElement>) {
    if (loading) event.preventDefault();
    else onClick?.(event);
  }
  return (
    <button
      type={type}
      className={buttonClass(variant, size, className)}
      onClick={click}
      {...(loading ? { "aria-busy": true, "aria-disabled": true } : {})}
      {...rest}
    >
      {loading && <Spinner className="absolute" />}
      <span className={cn("inline-flex items-center gap-[inherit]", loading && "opacity-0")}>
        {icon}
        {children}
      </span>
    </button>
  );
}

export function Spinner({ size = 15, className }: { size?: number; className?: string }) {
  return <LoaderCircle size={size} aria-hidden="true" className={cn("animate-spin", className)} />;
}

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "aria-label" | "children"> {
  /** Its name for assistive technology, and the tooltip. */
  label: string;
  icon: ReactNode;
  /** The shortcut shown in the tooltip: "Ctrl K". */
  keys?: string;
  variant?: ButtonVariant;
  size?: ButtonSize;
  loading?: boolean;
  /** "none" when the label already stands beside the button. */
  tooltip?: "top" | "right" | "bottom" | "left" | "none";
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ label, icon, keys, variant = "ghost", size = "md", loading, tooltip = "top", className, ...rest }: IconButtonProps) {
  const button = (
    <Button
      aria-label={label}
      variant={variant}
      size={size}
      loading={loading}
      className={cn("px-0", size === "sm" ? "size-6 rounded-md" : "size-7 rounded-md", className)}
      {...rest}
    >
      {icon}
    </Button>
  );
  if (tooltip === "none") return button;
  return (
    <Tooltip text={label} keys={keys} side={tooltip}>
      {button}
    </Tooltip>
  );
}
