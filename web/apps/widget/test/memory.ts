/** A localStorage for tests, which can be blocked. */
export class MemoryStorage implements Storage {
  [name: string]: unknown;
  #items = new Map<string, string>();

  constructor() {
    // Object.keys of a real Storage lists the stored names.
    return new Proxy(this, {
      ownKeys: () => [...this.#items.keys()],
      getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
      get: (_, name) => (name === "length" ? this.#items.size : (this[name as string] as (...args: string[]) => unknown).bind(this)),
    });
  }

  get length(): number {
    return this.#items.size;
  }
  clear() {
    this.#items.clear();
  }
  getItem(name: string) {
    return this.#items.get(name) ?? null;
  }
  key(place: number) {
    return [...this.#items.keys()][place] ?? null;
  }
  removeItem(name: string) {
    this.#items.delete(name);
  }
  setItem(name: string, value: string) {
    this.#items.set(name, value);
  }
}
