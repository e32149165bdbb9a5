/** Escapes that a toast took only because it lies on top; they mean what is under it. */
const passed = new WeakSet<Event>();

const listIsOpen = () => document.querySelector("[data-radix-popper-content-wrapper]") !== null;

/** For a toast: unless one is in it, it stays, and Escape goes on to the dialog under it. */
export function passEscape(event: KeyboardEvent): void {
  if (event.target instanceof Element && event.target.closest("[data-toast]")) return;
  event.preventDefault();
  passed.add(event);
}

/** For a dialog: whether a key that reached it is an Escape that a toast let pass. It is the innermost dialog's alone, and none's while a list is open over it. */
export function escapeIsMine(event: KeyboardEvent): boolean {
  return !listIsOpen() && passed.delete(event);
}
