import { createContext, useContext } from "react";

interface ShellActions {
  openPalette(): void;
  openShortcuts(): void;
}

export const ShellContext = createContext<ShellActions | null>(null);

export function useShell(): ShellActions {
  const shell = useContext(ShellContext);
  if (!shell) throw new Error("Shell is missing above this component");
  return shell;
}
