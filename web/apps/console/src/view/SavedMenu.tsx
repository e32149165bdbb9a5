import { api, type SavedView } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { ConfirmDialog, Menu, useToast } from "@yingda/ui";
import { ArrowDown, ArrowUp, Link2, MoreHorizontal, Pencil, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useChange } from "../form/failure";
import { can, keys, useMe } from "../query";

const ViewDrawer = lazy(() => import("./ViewDrawer"));

/** What can be done with a saved view; `among` are those of its kind, in their order. */
export function SavedMenu({ view, among, href, onGone }: { view: SavedView; among: SavedView[]; href: string; onGone?: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const toast = useToast();
  const [editing, setEditing] = useState(false);
  const [asking, setAsking] = useState(false);
  const order = useChange((ids: string[]) => api.views.order(ids), { stale: [keys.views] });
  const mine = !view.shared || can(me, "view.shared");
  const at = among.findIndex((each) => each.id === view.id);
  function swap(by: number) {
    const ids = among.map((each) => each.id);
    [ids[at], ids[at + by]] = [ids[at + by]!, ids[at]!];
    order.mutate(ids);
  }
  async function copy() {
    const link = new URL(href, location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      toast({ text: t("common.copied"), tone: "ok" });
    } catch {
      toast({ text: link });
    }
  }
  return (
    <>
      <Menu
        label={t("views.more", { name: view.name })}
        align="start"
        groups={[
          mine ? [{ label: t("views.edit"), icon: <Pencil size={15} aria-hidden="true" />, onSelect: () => setEditing(true) }] : [],
          mine
            ? [
                { label: t("views.up"), icon: <ArrowUp size={15} aria-hidden="true" />, disabled: at <= 0, onSelect: () => swap(-1) },
                { label: t("views.down"), icon: <ArrowDown size={15} aria-hidden="true" />, disabled: at < 0 || at === among.length - 1, onSelect: () => swap(1) },
              ]
            : [],
          [{ label: t("views.copy_link"), icon: <Link2 size={15} aria-hidden="true" />, onSelect: () => void copy() }],
          mine ? [{ label: t("common.delete"), danger: true, icon: <Trash2 size={15} aria-hidden="true" />, onSelect: () => setAsking(true) }] : [],
        ]}
        trigger={
          <button type="button" aria-label={t("views.more", { name: view.name })} className="grid size-6 shrink-0 place-items-center rounded text-faint hover:bg-line2 hover:text-fg">
            <MoreHorizontal size={14} aria-hidden="true" />
          </button>
        }
      />
      <Suspense>{editing && <ViewDrawer view={view} onClose={() => setEditing(false)} />}</Suspense>
      <Remove view={view} open={asking} onOpenChange={setAsking} onGone={onGone} />
    </>
  );
}

function Remove({ view, open, onOpenChange, onGone }: { view: SavedView; open: boolean; onOpenChange: (open: boolean) => void; onGone?: () => void }) {
  const { t } = useTranslation();
  const remove = useChange(() => api.views.remove(view.id), { stale: [keys.views], done: t("views.deleted"), onDone: onGone });
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("views.delete_title", { name: view.name })}
      description={view.shared ? t("views.delete_shared") : t("views.delete_text")}
      confirmLabel={t("common.delete")}
      danger
      onConfirm={() => remove.mutateAsync().then(() => undefined)}
    />
  );
}
