import { useState } from "react";

export interface Draft<T> {
  draft: T;
  dirty: boolean;
  set: (change: Partial<T>) => void;
  discard: () => void;
}

/** A copy of a saved value that the reader edits. It follows what is saved until the first change. */
export function useDraft<T extends object>(saved: T): Draft<T> {
  const [edited, setEdited] = useState<T>();
  return {
    draft: edited ?? saved,
    dirty: edited !== undefined && JSON.stringify(edited) !== JSON.stringify(saved),
    set: (change) => setEdited((held) => ({ ...(held ?? saved), ...change })),
    discard: () => setEdited(undefined),
  };
}
