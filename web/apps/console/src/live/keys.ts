// Keyboard shortcuts. Single letters are silent while someone writes, composes or has a dialog open.

import { useEffect, useRef } from "react";
import { getPrefs } from "../prefs";

type Handler = (event: KeyboardEvent) => void | boolean;

/** A map from "r", "?", "Shift x", "Ctrl k", "Alt 1" or a sequence "g i" to what it does; false lets the key through. */
export type KeyMap = Record<string, Handler>;

let prefix = "";
let prefixTimer: ReturnType<typeof setTimeout> | undefined;

function writing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type === "checkbox") return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

function overlaid(): boolean {
  return document.querySelector('[role="dialog"][data-state="open"], [role="alertdialog"][data-state="open"], [role="menu"][data-state="open"], [role="listbox"][data-state="open"]') !== null;
}

function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return `Ctrl ${key}`;
  if (event.shiftKey && /^[a-z]$/.test(key)) return `Shift ${key}`;
  if (event.altKey) return /^Digit\d$/.test(event.code) ? `Alt ${event.code.slice(5)}` : `Alt ${key}`;
  return key;
}

export function useKeys(map: KeyMap, enabled = true): void {
  const latest = useRef(map);
  latest.current = map;
  useEffect(() => {
    if (!enabled) return;
    function onKey(event: KeyboardEvent) {
      if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
      const name = nameOf(event);
      const single = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (single && (writing(event.target) || !getPrefs().singleKeys || overlaid())) return;
      // an activated button or link keeps its own Enter
      if (name === "Enter" && event.target instanceof HTMLElement && event.target.closest("button, a, [role=button]")) return;
      const handler = latest.current[prefix && single ? `${prefix} ${name}` : name];
      if (!handler) return;
      if (handler(event) !== false) event.preventDefault();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [enabled]);
}

/** Begins a sequence like "g i"; the second key has 1.2 s. */
export function beginSequence(key: string): void {
  clearTimeout(prefixTimer);
  prefix = key;
  prefixTimer = setTimeout(() => (prefix = ""), 1_200);
}

/** Ends the sequence after the key that completed it. */
export function endSequence(): void {
  prefix = "";
}
