import type { ListFilter, SavedView } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, cn } from "@yingda/ui";
import { Link, useNavigate } from "@tanstack/react-router";
import { Bookmark, TriangleAlert } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { counted, SavedLook, useMissing, useViewCounts, useViews } from "./look";
import { SavedMenu } from "./SavedMenu";

const ViewDrawer = lazy(() => import("./ViewDrawer"));

/** The saved views of cases, in a row above the list. */
export function SavedCases({ current, filter }: { current?: string; filter: ListFilter }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [keeping, setKeeping] = useState(false);
  const found = useViews();
  const all = (found.data?.items ?? []).filter((view) => view.subject === "case");
  const saved = all.find((view) => view.id === current);
  const missing = useMissing(saved);
  return (
    <>
      <nav aria-label={t("views.title")} className="mb-3 flex flex-wrap items-center gap-1.5">
        {all.map((view) => (
          <SavedCase key={view.id} view={view} on={view.id === current} among={all.filter((each) => each.shared === view.shared)} onGone={() => void navigate({ to: "/cases", search: {} })} />
        ))}
        {!saved && (
          <Button size="sm" variant="ghost" icon={<Bookmark size={13} aria-hidden="true" />} onClick={() => setKeeping(true)}>
            {t("views.save")}
          </Button>
        )}
      </nav>
      {current && !saved && found.isSuccess && (
        <p role="alert" className="mb-3 rounded-lg bg-warn-soft px-3 py-2 text-xs text-warn">
          {t("views.gone")} — {t("views.gone_hint")}
        </p>
      )}
      {missing && (
        <p role="alert" className="mb-3 flex gap-2 rounded-lg bg-warn-soft px-3 py-2 text-xs text-warn">
          <TriangleAlert size={14} className="mt-0.5 shrink-0" aria-hidden="true" />
          {t("views.missing", { what: missing })}
        </p>
      )}
      <Suspense>
        {keeping && <ViewDrawer view={{ subject: "case", filter }} onClose={() => setKeeping(false)} onSaved={(view) => void navigate({ to: "/cases", search: { saved: view.id } })} />}
      </Suspense>
    </>
  );
}

function SavedCase({ view, among, on, onGone }: { view: SavedView; among: SavedView[]; on: boolean; onGone: () => void }) {
  const { t } = useTranslation();
  const count = useViewCounts().data?.counts[view.id];
  return (
    <span className={cn("flex h-7 items-center rounded-md border pr-0.5", on ? "border-brand bg-brand-soft" : "border-line hover:bg-raise")}>
      <Link to="/cases" search={on ? {} : { saved: view.id }} aria-current={on ? "page" : undefined} className="flex h-full items-center gap-1.5 rounded-md pr-1 pl-2 text-xs">
        <SavedLook view={view} size={13} />
        <span className="max-w-40 truncate">{view.name}</span>
        {view.missing.length > 0 && <TriangleAlert size={12} role="img" aria-label={t("views.missing_short")} className="text-warn" />}
        {count && <span className={cn("num text-2xs", on ? "text-brand-ink" : "text-faint")}>{counted(count)}</span>}
      </Link>
      <SavedMenu view={view} among={among} href={`/app/cases?saved=${view.id}`} onGone={on ? onGone : undefined} />
    </span>
  );
}
