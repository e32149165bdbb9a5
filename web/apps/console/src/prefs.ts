// What one person sets for one browser: look, density, alerts.

import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

export interface Prefs {
  theme: Theme;
  language?: "zh" | "en";
  density: "comfortable" | "compact";
  sound: boolean;
  desktop: boolean;
  /** Shortcuts of one letter (WCAG 2.1.4 asks that they can be switched off). */
  singleKeys: boolean;
  panel: boolean;
  /** The first steps of a new house have been put away. */
  stepsHidden: boolean;
}

const key = "yingda.prefs";
const initial: Prefs = { theme: "system", density: "comfortable", sound: true, desktop: false, singleKeys: true, panel: true, stepsHidden: false };
const listeners = new Set<() => void>();
let prefs: Prefs = read();

function read(): Prefs {
  try {
    return { ...initial, ...(JSON.parse(localStorage.getItem(key) ?? "{}") as Partial<Prefs>) };
  } catch {
    return initial;
  }
}

function announce(): void {
  paint();
  for (const listener of listeners) listener();
}

const systemDark = matchMedia("(prefers-color-scheme: dark)");
systemDark.addEventListener("change", paint);
addEventListener("storage", (e) => {
  if (e.key !== key) return;
  prefs = read();
  announce();
});

function paint(): void {
  const dark = prefs.theme === "dark" || (prefs.theme === "system" && systemDark.matches);
  document.documentElement.classList.toggle("dark", dark);
}

export function getPrefs(): Prefs {
  return prefs;
}

export function setPrefs(change: Partial<Prefs>): void {
  prefs = { ...prefs, ...change };
  try {
    localStorage.setItem(key, JSON.stringify(prefs));
  } catch {
    // a full or forbidden storage only costs remembering
  }
  announce();
}

export function usePrefs(): Prefs {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => prefs,
  );
}
