// What is the same in whatever is edited in versions.

/** An id that is not taken: check, check_2, check_3, … */
export function freeID(wish: string, taken: readonly string[]): string {
  if (!taken.includes(wish)) return wish;
  let n = 2;
  while (taken.includes(`${wish}_${n}`)) n++;
  return `${wish}_${n}`;
}

/** What may stand as an id while it is typed: small letters, digits and _. */
export const asID = (typed: string): string => typed.toLowerCase().replace(/[^a-z0-9_]/g, "_").replace(/^[^a-z]+/, "").slice(0, 40);

export interface Difference {
  /** Which part: steps check text zh. */
  path: string[];
  before?: string;
  after?: string;
}

/** What differs between two versions, part by part. Steps, nodes, options and the like are told apart by what they are called, not by where they stand. */
export function differences(before: object, after: object): Difference[] {
  const a = flat(before);
  const b = flat(after);
  const out: Difference[] = [];
  for (const path of new Set([...a.keys(), ...b.keys()])) {
    if (a.get(path) !== b.get(path)) out.push({ path: path.split("\u0000"), before: a.get(path), after: b.get(path) });
  }
  return out;
}

/** By what one of several is called; keys only where each has another. */
interface Part {
  id?: string;
  key?: string;
  name?: unknown;
}

function flat(whole: object): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, path: string[]) => {
    if (value === undefined || value === null || value === "" || value === false) return;
    if (Array.isArray(value)) {
      if (value.every((each) => typeof each === "string")) {
        if (value.length > 0) found.set(path.join("\u0000"), value.join("\n"));
        return;
      }
      const keyed = new Set(value.map((each: Part) => each.key)).size === value.length;
      value.forEach((each: Part, i) => walk(each, [...path, each.id ?? (keyed ? each.key : undefined) ?? (typeof each.name === "string" ? each.name : String(i + 1))]));
      if (path.length === 1) found.set([...path, ""].join("\u0000"), value.map((each: Part) => each.id ?? String(each.name)).join(" → "));
    } else if (typeof value === "object") {
      for (const [key, each] of Object.entries(value)) if (!(path.length === 0 && (key === "version" || key === "id"))) walk(each, [...path, key]);
    } else found.set(path.join("\u0000"), String(value));
  };
  walk(whole, []);
  return found;
}
