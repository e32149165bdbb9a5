import type { CaseViewer, ID } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Eye, PencilLine, TriangleAlert } from "lucide-react";
import { useEffect } from "react";
import { external, useExternal } from "../external";
import { liveStatus, tell } from "../live/feed";
import { passing } from "../live/passing";
import { partedBy } from "./doing";

/** Something stands in the form of an act on the case that is open. */
const writing = external(false);

/** Tells the colleagues that someone has the case open, again after each reconnect. */
export function useCaseOpen(id: ID): void {
  const connected = useExternal(liveStatus, (s) => s.state === "live");
  const on = useExternal(writing, (w) => w);
  useEffect(() => {
    if (connected) tell({ type: "viewing_case", case: id, on });
  }, [id, connected, on]);
  useEffect(() => () => tell({ type: "viewing_case", on: false }), [id]);
}

/** Lets the colleagues know while a form holds something. */
export function useCaseWriting(on: boolean): void {
  useEffect(() => {
    writing.set(on);
    return () => writing.set(false);
  }, [on]);
}

/** The colleagues who have the case open too: those who write, and the rest. */
function useOthers(id: ID) {
  const connected = useExternal(liveStatus, (s) => s.state === "live");
  const others = useExternal(passing, (p) => p.cases[id]);
  return partedBy((connected && others) || [], (each: CaseViewer) => each.typing);
}

const namesOf = (viewers: CaseViewer[]) => viewers.map((each) => each.name).join("、");

/** A calm line above the case: who else is here. */
export function Watchers({ id }: { id: ID }) {
  const { t } = useTranslation();
  const [writers, readers] = useOthers(id);
  return (
    <div role="status">
      {writers.length + readers.length > 0 && (
        <p className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-1 rounded-lg border bg-panel px-3 py-1.5 text-xs text-mut">
          {writers.length > 0 && (
            <span className="flex items-center gap-1.5 text-warn">
              <PencilLine size={13} aria-hidden="true" />
              {t("cases.others.writing", { names: namesOf(writers) })}
            </span>
          )}
          {readers.length > 0 && (
            <span className="flex items-center gap-1.5">
              <Eye size={13} aria-hidden="true" />
              {t("cases.others.viewing", { names: namesOf(readers) })}
            </span>
          )}
        </p>
      )}
    </div>
  );
}

/** In the form of an act: a colleague may be about to do the same. */
export function CollisionWarning({ id }: { id: ID }) {
  const { t } = useTranslation();
  const [writers, readers] = useOthers(id);
  return (
    <div role="status" className="contents">
      {writers.length + readers.length > 0 && (
        <p className="flex items-start gap-2 rounded-lg bg-warn-soft px-3 py-2 text-xs text-warn">
          <TriangleAlert size={14} className="mt-0.5 shrink-0" aria-hidden="true" />
          {writers.length > 0 ? t("cases.others.warn_writing", { names: namesOf(writers) }) : t("cases.others.warn_viewing", { names: namesOf(readers) })}
        </p>
      )}
    </div>
  );
}
