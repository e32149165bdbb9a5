// Text that must survive a reload: drafts and unsent messages. Entries belong to one agent.

const root = "yingda.";

export function load<T>(name: string): T | undefined {
  try {
    const text = localStorage.getItem(root + name);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

/** False when the browser refused: storage full or forbidden. */
export function save(name: string, value: unknown): boolean {
  try {
    if (value === undefined) localStorage.removeItem(root + name);
    else localStorage.setItem(root + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
