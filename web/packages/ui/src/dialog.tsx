import { X } from "lucide-react";
import { AlertDialog, Dialog as Radix } from "radix-ui";
import { useState, type FormEvent, type ReactNode } from "react";
import { Button, IconButton } from "./button";
import { cn } from "./cn";
import { escapeIsMine } from "./escape";
import { useKitWords } from "./words";

const scrim = "fixed inset-0 z-40 animate-fade bg-scrim";

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** The buttons at the lower edge, the main one last. */
  footer?: ReactNode;
  size?: "sm" | "md" | "lg";
  /** Makes the dialog a form: Enter in a field, or a submit button in the footer, calls this. */
  onSubmit?: () => void;
}

/** Asks for something before the work goes on. Focus stays inside and returns when it closes. */
export function Dialog({ size = "md", ...rest }: DialogProps) {
  const width = { sm: "max-w-sm", md: "max-w-lg", lg: "max-w-3xl" }[size];
  return (
    <Sheet
      {...rest}
      className={cn(
        "fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-32px)] w-[calc(100vw-32px)] -translate-1/2 animate-rise flex-col rounded-xl border bg-panel shadow-float",
        width,
      )}
    />
  );
}

/** A dialog along the right edge, for long forms and details. */
export function Drawer({ size = "md", ...rest }: DialogProps) {
  const width = { sm: "max-w-sm", md: "max-w-lg", lg: "max-w-3xl" }[size];
  return <Sheet {...rest} className={cn("fixed inset-y-0 right-0 z-50 flex w-full animate-slide flex-col border-l bg-panel shadow-float", width)} />;
}

function Sheet({ open, onOpenChange, title, description, children, footer, onSubmit, className }: Omit<DialogProps, "size"> & { className: string }) {
  const words = useKitWords();
  function submit(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    onSubmit?.();
  }
  const inner = (
    <>
      <div className="scroll min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
      {footer && <div className="flex flex-wrap items-center justify-end gap-2 border-t px-5 py-3">{footer}</div>}
    </>
  );
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay data-scrim="" className={scrim} />
        <Radix.Content className={className} onKeyDown={(e) => escapeIsMine(e.nativeEvent) && onOpenChange(false)} {...(description ? {} : { "aria-describedby": undefined })}>
          <div className="flex items-start gap-3 px-5 pt-4">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-base font-semibold">{title}</Radix.Title>
              {description && <Radix.Description className="mt-0.5 text-xs text-mut">{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <IconButton label={words.close} icon={<X size={16} />} tooltip="none" className="-mr-1.5" />
            </Radix.Close>
          </div>
          {onSubmit ? (
            <form className="flex min-h-0 flex-1 flex-col" onSubmit={submit} noValidate>
              {inner}
            </form>
          ) : (
            inner
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description: ReactNode;
  confirmLabel: string;
  danger?: boolean;
  /** Stays open and waits while the promise runs; stays open when it fails. */
  onConfirm: () => void | Promise<unknown>;
  children?: ReactNode;
}

/** Asks once more before something that cannot be undone. Focus begins on the way back. */
export function ConfirmDialog({ open, onOpenChange, title, description, confirmLabel, danger, onConfirm, children }: ConfirmDialogProps) {
  const words = useKitWords();
  const [running, setRunning] = useState(false);
  async function confirm() {
    setRunning(true);
    try {
      await onConfirm();
      onOpenChange(false);
    } catch {
      // The caller has told the reader what went wrong; the question stays.
    } finally {
      setRunning(false);
    }
  }
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !running && onOpenChange(next)}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay data-scrim="" className={scrim} />
        <AlertDialog.Content onKeyDown={(e) => escapeIsMine(e.nativeEvent) && !running && onOpenChange(false)} className="fixed top-1/2 left-1/2 z-50 w-[calc(100vw-32px)] max-w-md -translate-1/2 animate-rise rounded-xl border bg-panel p-5 shadow-float">
          <AlertDialog.Title className="text-base font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-1 text-sm text-mut">{description}</AlertDialog.Description>
          {children && <div className="mt-3">{children}</div>}
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>{words.cancel}</Button>
            </AlertDialog.Cancel>
            <Button variant={danger ? "danger" : "primary"} loading={running} onClick={() => void confirm()}>
              {confirmLabel}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
