/** What the widget remembers between pages: the host page's localStorage, or memory where storage is blocked. */

export interface Shelf {
  get<T>(name: string): T | undefined;
  /** Stores a value as JSON; `undefined` forgets it. */
  set(name: string, value: unknown): void;
  /** The names that begin with `prefix`. */
  names(prefix: string): string[];
}

/** A shelf of one inbox; two inboxes on one host do not see each other. */
export function openShelf(inbox: string, storage: () => Storage = () => localStorage): Shelf {
  const prefix = `yingda:${inbox}:`;
  const memory = new Map<string, string>();
  const stored = <T>(use: (storage: Storage) => T): T | undefined => {
    try {
      return use(storage());
    } catch {
      return undefined;
    }
  };
  return {
    get(name) {
      const text = memory.get(name) ?? stored((all) => all.getItem(prefix + name));
      try {
        return text ? JSON.parse(text) : undefined;
      } catch {
        return undefined;
      }
    },
    set(name, value) {
      memory.delete(name);
      if (value === undefined) {
        stored((all) => all.removeItem(prefix + name));
        return;
      }
      const text = JSON.stringify(value);
      const done = stored((all) => (all.setItem(prefix + name, text), true));
      if (!done) memory.set(name, text);
    },
    names(start) {
      const keys = stored((all) => Object.keys(all).filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)));
      return [...new Set([...(keys ?? []), ...memory.keys()])].filter((name) => name.startsWith(start));
    },
  };
}
