// Which conversations of a list are chosen for what is done to many at once.

import type { ConversationFilter, ID } from "@yingda/api";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

export interface Choice {
  ids: ID[];
  any: boolean;
  /** All of the list, also what was not loaded. */
  whole: boolean;
  has: (id: ID) => boolean;
  /** Chooses one, or all between it and the one before. */
  toggle: (id: ID, on: boolean, range: boolean) => void;
  all: () => void;
  clear: () => void;
}

/** What a range from one row to another adds. */
export function between(rows: ID[], from: ID | undefined, to: ID): ID[] {
  const a = from ? rows.indexOf(from) : -1;
  const b = rows.indexOf(to);
  if (a < 0 || b < 0) return [to];
  return rows.slice(Math.min(a, b), Math.max(a, b) + 1);
}

export function useChoice(rows: ID[], filter: ConversationFilter): Choice {
  const [chosen, setChosen] = useState<ReadonlySet<ID>>(new Set());
  const [whole, setWhole] = useState(false);
  const last = useRef<ID>(undefined);
  const order = useRef(rows);
  order.current = rows;

  const clear = useCallback(() => {
    setChosen(new Set());
    setWhole(false);
    last.current = undefined;
  }, []);
  useEffect(clear, [clear, filter]);

  const toggle = useCallback((id: ID, on: boolean, range: boolean) => {
    const touched = range ? between(order.current, last.current, id) : [id];
    last.current = id;
    setWhole(false);
    setChosen((now) => {
      const next = new Set(now);
      for (const each of touched) {
        if (on || range) next.add(each);
        else next.delete(each);
      }
      return next;
    });
  }, []);

  // nothing is done to what has left the list meanwhile; the bar stays, with what is said in it
  const here = rows.filter((id) => chosen.has(id)).join(" ");
  return useMemo(
    () => ({ ids: here ? here.split(" ") : [], any: whole || chosen.size > 0, whole, has: (id) => whole || chosen.has(id), toggle, all: () => setWhole(true), clear }),
    [chosen, here, whole, toggle, clear],
  );
}

/** One conversation, as if it were chosen. */
export function only(id: ID): Choice {
  const nothing = () => {};
  return { ids: [id], any: true, whole: false, has: (each) => each === id, toggle: nothing, all: nothing, clear: nothing };
}
