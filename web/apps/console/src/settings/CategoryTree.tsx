import type { CaseCategory } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, EmptyState, IconButton, Pill, cn, isComposing } from "@yingda/ui";
import { ArrowDown, ArrowUp, ChevronRight, ListTree, Pencil, Plus, Trash2 } from "lucide-react";
import { useState, type KeyboardEvent } from "react";
import { CategoryForm } from "./CategoryForm";
import { categoryCount, changeCategory, findCategory, freshCategoryId, givenTo, moveCategory, type Given } from "./category";
import { useMatchWords } from "./promiseQueries";
import { inLanguage } from "./terms";

export interface CategoryTreeProps {
  nodes: CaseCategory[];
  readOnly: boolean;
  /** What the server said of single categories, by id. */
  errors: Record<string, string>;
  onChange: (nodes: CaseCategory[]) => void;
}

interface Editing {
  node: CaseCategory;
  parent?: string;
  fresh: boolean;
}

const depth = 3;

/** The categories of cases, three levels: fold, move, add below, edit in a drawer. Alt with an arrow moves by keyboard. */
export function CategoryTree({ nodes, readOnly, errors, onChange }: CategoryTreeProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [editing, setEditing] = useState<Editing>();
  const [removing, setRemoving] = useState<CaseCategory>();
  const toggle = (id: string) => setOpen((held) => (held.has(id) ? new Set([...held].filter((each) => each !== id)) : new Set([...held, id])));
  const add = (parent?: string) => setEditing({ node: { id: freshCategoryId(nodes, parent), name: { zh: "", en: "" } }, parent, fresh: true });
  const addRoot = !readOnly && (
    <Button size="sm" icon={<Plus size={13} />} onClick={() => add()}>
      {t("promises.category.add_root")}
    </Button>
  );
  function keep(node: CaseCategory) {
    if (!editing) return;
    if (!editing.fresh) onChange(changeCategory(nodes, editing.node.id, (held) => ({ ...node, children: held.children })));
    else if (!editing.parent) onChange([...nodes, node]);
    else {
      const parent = editing.parent;
      setOpen((held) => new Set([...held, parent]));
      onChange(changeCategory(nodes, parent, (held) => ({ ...held, children: [...(held.children ?? []), node] })));
    }
    setEditing(undefined);
  }
  const shared: Shared = { open, readOnly, errors, all: nodes, toggle, add, onEdit: (node) => setEditing({ node, fresh: false }), onRemove: setRemoving, move: (id, by) => onChange(moveCategory(nodes, id, by)) };
  const above = editing ? (editing.fresh ? belowOf(nodes, editing.parent) : givenTo(nodes, editing.node.id)) : undefined;
  return (
    <div className="flex flex-col items-start gap-3">
      {nodes.length === 0 ? <EmptyState className="py-6" icon={<ListTree size={20} />} title={t("promises.category.empty")} action={addRoot} /> : <Level nodes={nodes} level={1} {...shared} />}
      {nodes.length > 0 && addRoot}
      {editing && <CategoryForm node={editing.node} fresh={editing.fresh} parent={editing.parent} above={above ?? { needs: [], form: [], prepare: [] }} error={errors[editing.node.id]} taken={(id) => editing.fresh && findCategory(nodes, id) !== undefined} onKeep={keep} onClose={() => setEditing(undefined)} />}
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={() => setRemoving(undefined)}
        danger
        title={t("settings.remove_title", { name: removing ? inLanguage(removing.name, currentLanguage()) : "" })}
        description={t("promises.category.remove_text", { n: removing ? categoryCount(removing.children ?? []) : 0 })}
        confirmLabel={t("common.delete")}
        onConfirm={() => {
          if (removing) onChange(changeCategory(nodes, removing.id, () => undefined));
        }}
      />
    </div>
  );
}

/** What a new category below `parent` has from above. */
function belowOf(nodes: CaseCategory[], parent?: string): Given | undefined {
  if (!parent) return undefined;
  const probe = changeCategory(nodes, parent, (held) => ({ ...held, children: [...(held.children ?? []), { id: "\0", name: { zh: "", en: "" } }] }));
  return givenTo(probe, "\0");
}

interface Shared {
  open: ReadonlySet<string>;
  readOnly: boolean;
  errors: Record<string, string>;
  all: CaseCategory[];
  toggle: (id: string) => void;
  add: (parent: string) => void;
  onEdit: (node: CaseCategory) => void;
  onRemove: (node: CaseCategory) => void;
  move: (id: string, by: number) => void;
}

function Level({ nodes, level, ...shared }: Shared & { nodes: CaseCategory[]; level: number }) {
  return (
    <ul className={cn("flex w-full flex-col gap-0.5", level > 1 && "ml-[11px] w-auto border-l pl-3")}>
      {nodes.map((node, i) => (
        <li key={node.id}>
          <NodeRow node={node} level={level} first={i === 0} last={i === nodes.length - 1} {...shared} />
          {node.children && node.children.length > 0 && (shared.open.has(node.id) || hasError(node, shared.errors)) && <Level nodes={node.children} level={level + 1} {...shared} />}
        </li>
      ))}
    </ul>
  );
}

function hasError(node: CaseCategory, errors: Record<string, string>): boolean {
  return (node.children ?? []).some((child) => errors[child.id] !== undefined || hasError(child, errors));
}

function NodeRow({ node, level, first, last, open, readOnly, errors, all, toggle, add, onEdit, onRemove, move }: Shared & { node: CaseCategory; level: number; first: boolean; last: boolean }) {
  const { t } = useTranslation();
  const words = useMatchWords();
  const name = inLanguage(node.name, currentLanguage()) || node.id;
  const inside = categoryCount(node.children ?? []);
  const above = givenTo(all, node.id);
  const kind = node.kind || above?.kind;
  const level_ = node.level || above?.level;
  const opened = open.has(node.id) || hasError(node, errors);
  function keyDown(event: KeyboardEvent) {
    if (isComposing(event) || readOnly) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      move(node.id, event.key === "ArrowUp" ? -1 : 1);
    }
  }
  return (
    <div role="group" aria-label={name} className="flex flex-wrap items-center gap-1 rounded-md py-0.5 hover:bg-raise" onKeyDown={keyDown}>
      {inside > 0 ? (
        <IconButton size="sm" tooltip="none" label={t(opened ? "settings.summary.fold" : "settings.summary.unfold", { name })} aria-expanded={opened} icon={<ChevronRight size={14} className={cn("transition-transform", opened && "rotate-90")} />} onClick={() => toggle(node.id)} />
      ) : (
        <span className="w-6 shrink-0" />
      )}
      <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 gap-y-0.5">
        <span className={cn("truncate", level === 1 && "font-medium")}>{name}</span>
        <code className="font-mono text-2xs text-faint max-sm:hidden">{node.id}</code>
        {kind && (level === 1 || node.kind) && <Pill>{words.kinds[kind] ?? kind}</Pill>}
        {level_ && (level === 1 || node.level) && <Pill tone="brand">{words.levels[level_] ?? level_}</Pill>}
        {node.process && <Pill tone={node.process === "emergency" ? "bad" : "plain"}>{t(`promises.category.process.${node.process as "technical"}`)}</Pill>}
        {inside > 0 && <span className="num text-2xs text-faint">{t("promises.category.inside", { n: inside })}</span>}
      </span>
      <span className="flex items-center">
        {!readOnly && (
          <>
            {level < depth && <IconButton size="sm" label={t("settings.summary.add_below", { name })} icon={<Plus size={14} />} onClick={() => add(node.id)} />}
            <IconButton size="sm" label={t("settings.up", { name })} keys="Alt ↑" icon={<ArrowUp size={14} />} disabled={first} onClick={() => move(node.id, -1)} />
            <IconButton size="sm" label={t("settings.down", { name })} keys="Alt ↓" icon={<ArrowDown size={14} />} disabled={last} onClick={() => move(node.id, 1)} />
            <IconButton size="sm" label={t("settings.edit_named", { name })} icon={<Pencil size={14} />} onClick={() => onEdit(node)} />
            <IconButton size="sm" label={inside > 0 ? t("settings.summary.remove_with", { name, n: inside }) : t("settings.remove_named", { name })} icon={<Trash2 size={14} />} onClick={() => onRemove(node)} />
          </>
        )}
      </span>
      {errors[node.id] && <p role="alert" className="w-full pl-7 text-xs text-bad">{errors[node.id]}</p>}
    </div>
  );
}
