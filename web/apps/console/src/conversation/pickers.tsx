import { api, type Agent, type Canned, type Lang } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, cn, isComposing, Pill } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useImperativeHandle, useMemo, useRef, useState, type KeyboardEvent, type ReactNode, type Ref } from "react";
import { keys, useAgents } from "../query";
import { matching } from "./canned";
import { usePresenceLabel } from "../shell/PresenceMenu";

export interface PickerHandle {
  /** True when the key was the picker's. */
  onKey(event: KeyboardEvent): boolean;
}

/** Canned replies that match what was typed after "/", in the contact's language where there is one. */
export function CannedPicker({ query, language, onPick, ref }: { query: string; language: Lang; onPick: (canned: Canned) => void; ref: Ref<PickerHandle> }) {
  const { t } = useTranslation();
  const q = useDeferredValue(query);
  const canned = useQuery({ queryKey: keys.canned, queryFn: ({ signal }) => api.canned.list(undefined, signal) });
  const found = useMemo(() => matching(canned.data?.items ?? [], q, language), [canned.data, q, language]);
  return (
    <Picker
      ref={ref}
      label={t("conversation.composer.canned")}
      hint={t("conversation.composer.canned_hint")}
      empty={t("conversation.composer.canned_empty")}
      loading={canned.isPending}
      items={found.slice(0, 20)}
      itemKey={({ canned: item }) => item.id}
      onPick={({ canned: item }) => onPick(item)}
      render={({ canned: item, other }) => (
        <>
          <span className="flex min-w-0 items-center gap-2">
            <span className="truncate font-medium">{item.title}</span>
            {item.folder && <Pill>{item.folder}</Pill>}
            {other && <Pill tone="warn">{t("conversation.composer.canned_other")}</Pill>}
            {item.shortcut && <Pill className="font-mono">/{item.shortcut.replace(/^\//, "")}</Pill>}
          </span>
          <span className="line-clamp-2 text-xs text-mut">{item.text}</span>
        </>
      )}
    />
  );
}

/** Colleagues whose name matches what was typed after "@". */
export function MentionPicker({ query, onPick, ref }: { query: string; onPick: (agent: Agent) => void; ref: Ref<PickerHandle> }) {
  const { t } = useTranslation();
  const agents = useAgents();
  const presence = usePresenceLabel();
  const q = query.toLowerCase();
  const found = (agents.data?.items ?? []).filter((a) => !a.disabled && `${a.name} ${a.nickname} ${a.email}`.toLowerCase().includes(q));
  return (
    <Picker
      ref={ref}
      label={t("conversation.composer.mention")}
      empty={t("conversation.composer.nobody_matches")}
      loading={agents.isPending}
      items={found.slice(0, 20)}
      itemKey={(agent) => agent.id}
      onPick={onPick}
      render={(agent) => (
        <span className="flex items-center gap-2">
          <Avatar name={agent.nickname || agent.name} size={22} presence={agent.presence.state} />
          <span className="truncate">{agent.name}</span>
          <span className="ml-auto shrink-0 text-2xs text-faint">{presence(agent.presence.state, agent.presence.reason)}</span>
        </span>
      )}
    />
  );
}

interface PickerProps<T> {
  label: string;
  hint?: string;
  empty: string;
  loading: boolean;
  items: T[];
  itemKey: (item: T) => string;
  onPick: (item: T) => void;
  render: (item: T) => ReactNode;
  ref: Ref<PickerHandle>;
}

/** Stands above the composer; the focus stays in the text. */
function Picker<T>({ label, hint, empty, loading, items, itemKey, onPick, render, ref }: PickerProps<T>) {
  const { t } = useTranslation();
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const index = Math.min(at, Math.max(0, items.length - 1));
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [index]);

  useImperativeHandle(ref, () => ({
    onKey(event) {
      if (isComposing(event) || items.length === 0) return false;
      const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (move) setAt((index + move + items.length) % items.length);
      else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") onPick(items[index]!);
      else return false;
      event.preventDefault();
      return true;
    },
  }));

  return (
    <div className="absolute inset-x-0 bottom-full z-20 mb-1.5 animate-rise rounded-xl border bg-panel shadow-float">
      <div className="flex items-center px-3 pt-2 text-2xs text-faint">
        <span className="font-medium">{label}</span>
        {hint && <span className="ml-auto">{hint}</span>}
      </div>
      {items.length > 0 ? (
        <div ref={list} role="listbox" aria-label={label} tabIndex={0} className="scroll max-h-64 overflow-auto p-1.5">
          {items.map((item, i) => (
            <div
              key={itemKey(item)}
              role="option"
              aria-selected={i === index}
              onPointerMove={() => setAt(i)}
              onPointerDown={(e) => e.preventDefault()}
              onClick={() => onPick(item)}
              className={cn("flex cursor-pointer flex-col rounded-lg px-2.5 py-1.5", i === index && "bg-brand-soft")}
            >
              {render(item)}
            </div>
          ))}
        </div>
      ) : (
        <p role="status" className="px-3 py-3 text-xs text-mut">
          {loading ? t("common.loading") : empty}
        </p>
      )}
      <span role="status" className="sr-only">
        {items.length > 0 ? t("inbox.count", { n: items.length }) : ""}
      </span>
    </div>
  );
}
