import type { ConversationFilter, ListFilter, SavedView } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, cn, IconButton, Popover } from "@yingda/ui";
import { useNavigate } from "@tanstack/react-router";
import { Bookmark, ListFilter as Icon, Pencil } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { InboxSearch } from "../router";
import { TalkFilters } from "../view/Filters";
import { narrowed } from "../view/look";

const ViewDrawer = lazy(() => import("../view/ViewDrawer"));

/** Narrows the list, and keeps it under a name. A saved view is changed in its own form. */
export function FilterButton({ filter, saved }: { filter: ConversationFilter; saved?: SavedView }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const [keeping, setKeeping] = useState(false);
  const active = narrowed(filter);
  const label = active ? `${t("inbox.filter.title")} (${t("inbox.filter.active")})` : t("inbox.filter.title");
  const { view, ...rest } = filter;
  const form = (
    <Suspense>
      {keeping && (
        <ViewDrawer
          view={saved ?? { subject: "conversation", filter: { list: view, ...rest } }}
          onClose={() => setKeeping(false)}
          onSaved={(kept) => void navigate({ to: "/inbox/$view/{-$id}", params: (now) => ({ view: kept.id, id: (now as { id?: string }).id }), search: {} })}
        />
      )}
    </Suspense>
  );
  if (saved) {
    return (
      <>
        <IconButton label={t("views.edit")} icon={<Pencil size={15} />} onClick={() => setKeeping(true)} />
        {form}
      </>
    );
  }
  return (
    <>
      <Popover
        label={t("inbox.filter.title")}
        align="end"
        className="scroll max-h-[min(640px,var(--radix-popover-content-available-height))] w-72 overflow-y-auto"
        open={open}
        onOpenChange={setOpen}
        trigger={<IconButton tooltip="none" label={label} icon={<Icon size={16} />} className={cn(active && "bg-brand-soft text-brand-ink")} />}
      >
        <Filters
          filter={filter}
          active={active}
          onKeep={() => {
            setOpen(false);
            setKeeping(true);
          }}
        />
      </Popover>
      {form}
    </>
  );
}

function Filters({ filter, active, onKeep }: { filter: ConversationFilter; active: boolean; onKeep: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { view, ...rest } = filter;
  function go(search: InboxSearch) {
    void navigate({ to: "/inbox/$view/{-$id}", params: (now) => ({ view, id: (now as { id?: string }).id }), search, replace: true });
  }
  const change = (part: Partial<ListFilter>) => go(searchOf({ list: view, ...rest, ...part }));
  return (
    <div className="flex flex-col gap-3">
      <TalkFilters filter={{ list: view, ...rest }} change={change} />
      <div className="flex gap-2 border-t pt-3">
        <Button disabled={!active} onClick={() => go({})} className="flex-1">
          {t("inbox.filter.reset")}
        </Button>
        <Button variant="primary" icon={<Bookmark size={14} aria-hidden="true" />} onClick={onKeep} className="flex-1">
          {t("views.save")}
        </Button>
      </div>
    </div>
  );
}

/** How an address names a filter. */
function searchOf(f: ListFilter): InboxSearch {
  return { team: f.team_id, agent: f.agent_id, inbox: f.inbox_id, priority: f.priority, state: f.state, tag: f.tag, lang: f.language, waiting: f.waiting, unread: f.unread || undefined, mood: f.mood, q: f.q };
}
