import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { Toast as Radix } from "radix-ui";
import { createContext, useCallback, useContext, useRef, useState, type ReactNode } from "react";
import { IconButton } from "./button";
import { passEscape } from "./escape";
import { useKitWords } from "./words";

export interface ToastMessage {
  text: string;
  detail?: string;
  tone?: "info" | "ok" | "bad";
  /** Offers to take the action back while the toast stands. */
  undo?: () => void;
  /** Another action than undo: "打开会话". */
  action?: { label: string; onAction: () => void };
  /** Milliseconds; 5000 unless told, 8000 with an action. */
  duration?: number;
}

type Show = (message: ToastMessage) => void;

const Shown = createContext<Show | null>(null);

/** Shows a short message at the lower edge, above what is docked there, or at the upper edge while a dialog is open. It never takes the focus; F8 goes to it. */
export function useToast(): Show {
  const show = useContext(Shown);
  if (!show) throw new Error("KitProvider is missing above this component");
  return show;
}

const icons = {
  info: <Info size={16} className="text-brand" aria-hidden="true" />,
  ok: <CircleCheck size={16} className="text-ok" aria-hidden="true" />,
  bad: <CircleAlert size={16} className="text-bad" aria-hidden="true" />,
};

export function ToastProvider({ children }: { children: ReactNode }) {
  const words = useKitWords();
  const [toasts, setToasts] = useState<(ToastMessage & { key: number })[]>([]);
  const next = useRef(1);
  const show = useCallback((message: ToastMessage) => {
    setToasts((held) => [...held.slice(-3), { ...message, key: next.current++ }]);
  }, []);
  const drop = (key: number) => setToasts((held) => held.filter((toast) => toast.key !== key));

  return (
    <Shown.Provider value={show}>
      <Radix.Provider label={words.notifications} swipeDirection="right">
        {children}
        {toasts.map((toast) => {
          const action = toast.action ?? (toast.undo ? { label: words.undo, onAction: toast.undo } : undefined);
          return (
            <Radix.Root
              key={toast.key}
              type={toast.tone === "bad" ? "foreground" : "background"}
              duration={toast.duration ?? (action ? 8000 : 5000)}
              onOpenChange={(open) => !open && drop(toast.key)}
              data-toast=""
              onEscapeKeyDown={passEscape}
              className="pointer-events-auto flex max-w-full min-w-40 animate-rise items-start gap-2.5 rounded-lg border bg-panel py-2 pr-2 pl-3 shadow-float data-[swipe=move]:translate-x-(--radix-toast-swipe-move-x)"
            >
              <span className="mt-1.5">{icons[toast.tone ?? "info"]}</span>
              <div className="min-w-0 flex-1 py-1">
                <Radix.Title className="text-sm font-medium">{toast.text}</Radix.Title>
                {toast.detail && <Radix.Description className="text-xs text-mut">{toast.detail}</Radix.Description>}
              </div>
              {action && (
                <Radix.Action asChild altText={action.label}>
                  <button type="button" onClick={action.onAction} className="h-7 shrink-0 rounded-md px-2 text-sm font-medium text-brand-ink hover:bg-brand-soft">
                    {action.label}
                  </button>
                </Radix.Action>
              )}
              <Radix.Close asChild>
                <IconButton label={words.close} icon={<X size={14} />} tooltip="none" />
              </Radix.Close>
            </Radix.Root>
          );
        })}
        <Radix.Viewport label={`${words.notifications} ({hotkey})`} className="pointer-events-none fixed bottom-[calc(var(--dock,0px)+12px)] left-1/2 z-70 flex w-max max-w-[min(400px,calc(100vw-32px))] -translate-x-1/2 flex-col items-center gap-2 outline-none [body:has([data-scrim])_&]:top-3 [body:has([data-scrim])_&]:bottom-auto" />
      </Radix.Provider>
    </Shown.Provider>
  );
}
