// Categories of cases: a tree of which each branch hands on to the next what it does not say otherwise.

import type { Bilingual, CaseCategory, CaseKind, Lang } from "@yingda/api";

export interface Leaf extends CaseCategory {
  kind: CaseKind;
  /** "订单与费用 / 费用疑问 / 收费规则" */
  path: string;
}

/** The categories that cases are sorted into, of one kind or of all, in the tree's order. */
export function leavesOf(tree: readonly CaseCategory[], kind: CaseKind | undefined, lang: Lang): Leaf[] {
  const found: Leaf[] = [];
  const walk = (level: readonly CaseCategory[], above: Partial<CaseCategory>, path: string[]) => {
    for (const own of level) {
      const here = inherit(own, above);
      const names = [...path, own.name[lang]];
      if (own.children?.length) walk(own.children, here, names);
      else if (here.kind && (!kind || here.kind === kind)) found.push({ ...here, kind: here.kind, path: names.join(" / ") });
    }
  };
  walk(tree, {}, []);
  return found;
}

function inherit(own: CaseCategory, above: Partial<CaseCategory>): CaseCategory {
  return {
    ...own,
    kind: own.kind ?? above.kind,
    level: own.level ?? above.level,
    team: own.team ?? above.team,
    process: own.process ?? above.process,
    needs: own.needs ?? above.needs,
    form: own.form ?? above.form,
    prepare: own.prepare ?? above.prepare,
  };
}

/** The name of a category with those above it; the id where there is none, for one that was taken away since. */
export function pathOf(tree: readonly CaseCategory[], id: string, lang: Lang): string {
  const walk = (level: readonly CaseCategory[], path: string[]): string | undefined => {
    for (const own of level) {
      const names = [...path, own.name[lang]];
      if (own.id === id) return names.join(" / ");
      const below = own.children && walk(own.children, names);
      if (below) return below;
    }
    return undefined;
  };
  return walk(tree, []) ?? id;
}

export function nameOf(list: readonly { code: string; name: Bilingual }[] | undefined, code: string | undefined, lang: Lang): string {
  return list?.find((each) => each.code === code)?.name[lang] ?? code ?? "";
}
