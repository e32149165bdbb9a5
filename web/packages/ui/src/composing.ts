import type { KeyboardEvent } from "react";

/** True while an input method is choosing characters: such an Enter belongs to it, not to us. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.nativeEvent.isComposing || event.keyCode === 229;
}
