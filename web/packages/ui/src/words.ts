import { createContext, useContext } from "react";

/** The few words that kit components say by themselves, in the reader's language. */
export interface KitWords {
  close: string;
  cancel: string;
  clear: string;
  loading: string;
  retry: string;
  /** Stands before the id that support asks for: "请求编号". */
  requestId: string;
  copy: string;
  copied: string;
  undo: string;
  save: string;
  discard: string;
  unsaved: string;
  loadMore: string;
  noMatches: string;
  search: string;
  required: string;
  notifications: string;
  actions: string;
}

export const Words = createContext<KitWords | null>(null);

export function useKitWords(): KitWords {
  const words = useContext(Words);
  if (!words) throw new Error("KitProvider is missing above this component");
  return words;
}
