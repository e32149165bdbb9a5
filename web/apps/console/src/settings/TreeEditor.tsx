import type { Category } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, EmptyState, IconButton, Input, cn, isComposing } from "@yingda/ui";
import { ArrowDown, ArrowUp, ChevronRight, ListTree, Plus, Trash2 } from "lucide-react";
import { useState, type KeyboardEvent } from "react";
import { below, changeNode, freshId, moveNode } from "./tree";

export interface TreeEditorProps {
  nodes: Category[];
  onChange: (nodes: Category[]) => void;
  /** How many levels there may be. */
  depth: number;
}

/** A tree of bilingual names: fold, add below, move within a level, delete. Alt with an arrow moves by keyboard. */
export function TreeEditor({ nodes, onChange, depth }: TreeEditorProps) {
  const { t } = useTranslation();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [fresh, setFresh] = useState<string>();
  function add(parent?: Category) {
    const node: Category = { id: freshId(), zh: "", en: "" };
    setFresh(node.id);
    if (!parent) return onChange([...nodes, node]);
    setFolded((held) => new Set([...held].filter((id) => id !== parent.id)));
    onChange(changeNode(nodes, parent.id, (held) => ({ ...held, children: [...(held.children ?? []), node] })));
  }
  const toggle = (id: string) => setFolded((held) => (held.has(id) ? new Set([...held].filter((each) => each !== id)) : new Set([...held, id])));
  const addRoot = (
    <Button size="sm" icon={<Plus size={14} />} onClick={() => add()}>
      {t("settings.summary.add_root")}
    </Button>
  );
  if (nodes.length === 0) return <EmptyState className="py-6" icon={<ListTree size={20} />} title={t("settings.summary.no_categories")} action={addRoot} />;
  const shared: LevelShared = { depth, folded, fresh, toggle, add, change: (id, change) => onChange(changeNode(nodes, id, change)), move: (id, by) => onChange(moveNode(nodes, id, by)) };
  return (
    <div className="flex flex-col items-start gap-3">
      <Level nodes={nodes} level={1} {...shared} />
      {addRoot}
    </div>
  );
}

interface LevelShared {
  depth: number;
  folded: ReadonlySet<string>;
  fresh?: string;
  toggle: (id: string) => void;
  add: (parent: Category) => void;
  change: (id: string, change: (node: Category) => Category | undefined) => void;
  move: (id: string, by: number) => void;
}

function Level({ nodes, level, ...shared }: LevelShared & { nodes: Category[]; level: number }) {
  return (
    <ul className={cn("flex w-full flex-col gap-1", level > 1 && "mt-1 ml-[11px] w-auto border-l pl-3")}>
      {nodes.map((node, i) => (
        <li key={node.id}>
          <NodeRow node={node} level={level} first={i === 0} last={i === nodes.length - 1} {...shared} />
          {node.children && node.children.length > 0 && !shared.folded.has(node.id) && <Level nodes={node.children} level={level + 1} {...shared} />}
        </li>
      ))}
    </ul>
  );
}

function NodeRow({ node, level, first, last, depth, folded, fresh, toggle, add, change, move }: LevelShared & { node: Category; level: number; first: boolean; last: boolean }) {
  const { t } = useTranslation();
  const name = node.zh || node.en || t("settings.summary.unnamed");
  const inside = below(node);
  const open = !folded.has(node.id);
  function keyDown(event: KeyboardEvent) {
    if (isComposing(event)) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      move(node.id, event.key === "ArrowUp" ? -1 : 1);
    }
  }
  return (
    <div className="group flex items-center gap-1" onKeyDown={keyDown}>
      {inside > 0 ? (
        <IconButton size="sm" tooltip="none" label={t(open ? "settings.summary.fold" : "settings.summary.unfold", { name })} aria-expanded={open} icon={<ChevronRight size={14} className={cn("transition-transform", open && "rotate-90")} />} onClick={() => toggle(node.id)} />
      ) : (
        <span className="w-6 shrink-0" />
      )}
      <Input
        className="min-w-0 flex-1"
        lang="zh-CN"
        autoFocus={node.id === fresh}
        aria-label={t("settings.summary.zh_of", { name })}
        aria-invalid={node.zh.trim() === "" || undefined}
        value={node.zh}
        maxLength={40}
        placeholder={t("common.language.zh")}
        onChange={(e) => change(node.id, (held) => ({ ...held, zh: e.target.value }))}
      />
      <Input className="min-w-0 flex-1" lang="en" aria-label={t("settings.summary.en_of", { name })} value={node.en} maxLength={60} placeholder={t("common.language.en")} onChange={(e) => change(node.id, (held) => ({ ...held, en: e.target.value }))} />
      {level < depth ? <IconButton size="sm" label={t("settings.summary.add_below", { name })} icon={<Plus size={14} />} onClick={() => add(node)} /> : <span className="w-6 shrink-0" />}
      <IconButton size="sm" label={t("settings.up", { name })} keys="Alt ↑" icon={<ArrowUp size={14} />} disabled={first} onClick={() => move(node.id, -1)} />
      <IconButton size="sm" label={t("settings.down", { name })} keys="Alt ↓" icon={<ArrowDown size={14} />} disabled={last} onClick={() => move(node.id, 1)} />
      <IconButton
        size="sm"
        label={inside > 0 ? t("settings.summary.remove_with", { name, n: inside }) : t("settings.remove_named", { name })}
        icon={<Trash2 size={14} />}
        onClick={() => change(node.id, () => undefined)}
      />
    </div>
  );
}
