import { Tooltip } from "radix-ui";
import type { ReactNode } from "react";
import { ToastProvider } from "./toast";
import { Words, type KitWords } from "./words";

/** Wraps the application once: gives the kit its words, tooltips their timing and toasts their place. */
export function KitProvider({ words, children }: { words: KitWords; children: ReactNode }) {
  return (
    <Words.Provider value={words}>
      <Tooltip.Provider delayDuration={400} skipDelayDuration={200}>
        <ToastProvider>{children}</ToastProvider>
      </Tooltip.Provider>
    </Words.Provider>
  );
}
