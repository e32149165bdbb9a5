import type { SavedView } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn, IconButton } from "@yingda/ui";
import { Link, useNavigate } from "@tanstack/react-router";
import { Plus, TriangleAlert } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { counted, SavedLook, useViewCounts, useViews } from "./look";
import { SavedMenu } from "./SavedMenu";

const ViewDrawer = lazy(() => import("./ViewDrawer"));

/** The saved views of conversations, in the side bar of the inbox. */
export function SavedLinks({ current }: { current: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const all = (useViews().data?.items ?? []).filter((view) => view.subject === "conversation");
  const parts = [
    { title: t("views.own"), views: all.filter((view) => !view.shared), add: true },
    { title: t("views.shared"), views: all.filter((view) => view.shared), add: false },
  ];
  return (
    <>
      {parts.map((part) =>
        part.views.length === 0 && !part.add ? null : (
          <section key={part.title} className="mb-4">
            <h2 className="flex h-6 items-center px-2 pb-1 text-2xs font-medium text-faint">
              {part.title}
              {part.add && <IconButton label={t("views.add")} icon={<Plus size={13} />} onClick={() => setAdding(true)} className="ml-auto size-5" />}
            </h2>
            {part.views.map((view) => (
              <SavedLink key={view.id} view={view} among={part.views} on={view.id === current} />
            ))}
          </section>
        ),
      )}
      <Suspense>
        {adding && (
          <ViewDrawer
            view={{ subject: "conversation", filter: { list: "all" } }}
            onClose={() => setAdding(false)}
            onSaved={(view) => void navigate({ to: "/inbox/$view/{-$id}", params: { view: view.id, id: undefined } })}
          />
        )}
      </Suspense>
    </>
  );
}

function SavedLink({ view, among, on }: { view: SavedView; among: SavedView[]; on: boolean }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const count = useViewCounts().data?.counts[view.id];
  return (
    <div className={cn("group flex h-[30px] items-center rounded-md pr-0.5 text-mut hover:bg-line2", on && "bg-panel font-medium text-fg shadow-[0_1px_2px_#0000000d,0_0_0_1px_var(--line)] hover:bg-panel")}>
      <Link to="/inbox/$view/{-$id}" params={{ view: view.id, id: undefined }} aria-current={on ? "page" : undefined} className="flex h-full min-w-0 flex-1 items-center gap-2 rounded-md px-2">
        <SavedLook view={view} />
        <span className="truncate">{view.name}</span>
        {view.missing.length > 0 && <TriangleAlert size={13} role="img" aria-label={t("views.missing_short")} className="shrink-0 text-warn" />}
        {count && count.n > 0 && (
          <span className={cn("num ml-auto text-2xs", on ? "font-semibold text-brand-ink" : "text-faint")}>
            {counted(count)}
          </span>
        )}
      </Link>
      <span className="w-0 overflow-hidden group-focus-within:w-6 group-focus-within:overflow-visible group-hover:w-6 group-hover:overflow-visible has-data-[state=open]:w-6">
        <SavedMenu view={view} among={among} href={`/app/inbox/${view.id}`} onGone={on ? () => void navigate({ to: "/inbox/$view/{-$id}", params: { view: "mine", id: undefined } }) : undefined} />
      </span>
    </div>
  );
}
