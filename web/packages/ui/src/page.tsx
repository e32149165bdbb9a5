import { useEffect, type ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { dock } from "./dock";
import { useKitWords } from "./words";

export interface PageHeaderProps {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** A way back, before the title. */
  before?: ReactNode;
  className?: string;
}

/** The head of a page: what it is, and what one can do here. */
export function PageHeader({ title, description, actions, before, className }: PageHeaderProps) {
  return (
    <header className={cn("flex flex-wrap items-start gap-x-4 gap-y-2 pb-4", className)}>
      {before}
      <div className="min-w-0 flex-1 basis-60">
        <h1 className="text-lg font-semibold">{title}</h1>
        {description && <p className="max-w-2xl text-xs text-mut">{description}</p>}
      </div>
      {actions && <div className="flex shrink-0 flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}

export interface SectionProps {
  title?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** One topic of a page, on a card of its own. */
export function Section({ title, description, actions, children, className }: SectionProps) {
  return (
    <section className={cn("mb-4 rounded-xl border bg-panel", className)}>
      {(title || actions) && (
        <div className="flex flex-wrap items-start gap-x-3 gap-y-2 px-5 pt-4">
          <div className="min-w-0 flex-1 basis-48">
            <h2 className="text-sm font-semibold">{title}</h2>
            {description && <p className="text-xs text-mut">{description}</p>}
          </div>
          {actions && <div className="flex shrink-0 items-center gap-2">{actions}</div>}
        </div>
      )}
      <div className="px-5 py-4">{children}</div>
    </section>
  );
}

export interface SaveBarProps {
  dirty: boolean;
  saving: boolean;
  onSave: () => void;
  onDiscard: () => void;
  /** Why it cannot be saved now. */
  error?: ReactNode;
  saveLabel?: string;
}

/** Stands at the lower edge while there are unsaved changes. Ctrl S saves; closing the tab asks first. */
export function SaveBar({ dirty, saving, onSave, onDiscard, error, saveLabel }: SaveBarProps) {
  const words = useKitWords();
  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    const save = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault();
      if (!saving) onSave();
    };
    addEventListener("beforeunload", ask);
    addEventListener("keydown", save);
    return () => {
      removeEventListener("beforeunload", ask);
      removeEventListener("keydown", save);
    };
  }, [dirty, saving, onSave]);

  if (!dirty) return null;
  return (
    <div ref={dock} className="sticky bottom-3 z-20 mt-4 flex animate-rise flex-wrap items-center gap-3 rounded-xl border border-edge bg-panel px-4 py-2.5 shadow-float">
      <span className="size-2 rounded-full bg-warn-dot" aria-hidden="true" />
      <span role="status" className={cn("min-w-0 flex-1 text-sm", error && "text-bad")}>
        {error ?? words.unsaved}
      </span>
      <Button variant="ghost" onClick={onDiscard} disabled={saving}>
        {words.discard}
      </Button>
      <Button variant="primary" loading={saving} onClick={onSave}>
        {saveLabel ?? words.save}
      </Button>
    </div>
  );
}
