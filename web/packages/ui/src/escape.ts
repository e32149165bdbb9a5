/** Escapes that a toast took only because it lies on top; they mean what is under it. */
const passed = new WeakSet<Event>();

/** For a toast: it stays, and Escape goes on to the dialog under it. */
export function passEscape(event: KeyboardEvent): void {
  passed.add(event);
  event.preventDefault();
}

/** For a dialog: whether a key that reached it is an Escape that a toast let pass, and no list is open over the dialog that would take it first. */
export function escapeIsMine(event: KeyboardEvent): boolean {
  return passed.has(event) && !document.querySelector("[data-radix-popper-content-wrapper]");
}
