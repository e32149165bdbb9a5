import type { RefCallback } from "react";

const docked = new Set<HTMLElement>();
let sizes: ResizeObserver | undefined;

/** Writes how much of the window's lower edge is taken into `--dock`; what reaches the upper edge is no dock. */
function measure(): void {
  const boxes = [...docked].map((element) => element.getBoundingClientRect()).filter(({ top, height }) => height > 0 && top > 0);
  const taken = Math.max(0, ...boxes.map(({ top }) => innerHeight - top));
  document.documentElement.style.setProperty("--dock", `${Math.round(taken)}px`);
}

/** The `ref` of what stands at the lower edge of the window, a composer or a save bar: toasts stand above it while it is there. */
export const dock: RefCallback<HTMLElement> = (element) => {
  if (!element) return;
  sizes ??= new ResizeObserver(measure);
  if (docked.size === 0) addEventListener("resize", measure);
  docked.add(element);
  sizes.observe(element);
  return () => {
    sizes?.unobserve(element);
    docked.delete(element);
    if (docked.size === 0) removeEventListener("resize", measure);
    measure();
  };
};
