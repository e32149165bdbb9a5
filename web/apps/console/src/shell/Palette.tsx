import { api, type Hit } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, cn, isComposing, Kbd } from "@yingda/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { BookOpen, ChartColumn, Gauge, Inbox, Keyboard, MonitorDot, Moon, Search, Settings, Sun, Ticket, TicketPlus, Users } from "lucide-react";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { setPrefs } from "../prefs";
import { can, keys, useMe } from "../query";
import { reportNeeds } from "../report/needs";
import { views } from "../router";

interface Command {
  id: string;
  group: string;
  label: string;
  hint?: string;
  icon: ReactNode;
  keys?: string;
  run: () => void;
}

/** Type, arrow, Enter: goes anywhere and does the common things. */
export default function Palette({ onClose, onShortcuts }: { onClose: () => void; onShortcuts: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const commands = useCommands(text.trim(), onShortcuts);

  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  useEffect(() => setAt(0), [text]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at]);

  function run(command: Command | undefined) {
    if (!command) return;
    onClose();
    command.run();
  }

  function onKey(event: KeyboardEvent) {
    if (isComposing(event)) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && commands.length > 0) {
      event.preventDefault();
      setAt((at + move + commands.length) % commands.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(commands[at]);
    }
  }

  return (
    <dialog
      ref={dialog}
      aria-label={t("shell.palette.title")}
      onClose={onClose}
      onClick={(e) => e.target === dialog.current && onClose()}
      className="mx-auto mt-[12vh] w-[min(600px,calc(100vw-24px))] animate-rise overflow-hidden rounded-xl border bg-panel p-0 text-fg shadow-float backdrop:bg-scrim"
    >
      <label className="flex items-center gap-2.5 border-b px-4">
        <Search size={16} className="shrink-0 text-faint" aria-hidden="true" />
        <span className="sr-only">{t("shell.palette.placeholder")}</span>
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={commands.length > 0 ? `palette-${at}` : undefined}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(e) => setText(e.target.value)}
          onKeyDown={onKey}
          placeholder={t("shell.palette.placeholder")}
          className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none"
        />
        <Kbd>Esc</Kbd>
      </label>
      <div ref={list} id="palette-list" role="listbox" aria-label={t("shell.palette.title")} tabIndex={-1} className="scroll max-h-[52vh] overflow-auto p-2">
        {commands.map((command, i) => (
          <Row key={command.id} id={`palette-${i}`} command={command} first={command.group !== commands[i - 1]?.group} selected={i === at} onHover={() => setAt(i)} onRun={() => run(command)} />
        ))}
      </div>
      {commands.length === 0 && <p className="px-4 pb-6 text-center text-sm text-mut">{t("shell.palette.empty")}</p>}
    </dialog>
  );
}

interface RowProps {
  id: string;
  command: Command;
  first: boolean;
  selected: boolean;
  onHover: () => void;
  onRun: () => void;
}

function Row({ id, command, first, selected, onHover, onRun }: RowProps) {
  return (
    <>
      {first && (
        <div role="presentation" className="px-2 pt-2 pb-1 text-2xs font-medium text-faint">
          {command.group}
        </div>
      )}
      <div id={id} role="option" aria-selected={selected} onPointerMove={onHover} onClick={onRun} className={cn("flex min-h-9 cursor-pointer items-center gap-3 rounded-lg px-2", selected && "bg-brand-soft")}>
        <span className="grid size-6 shrink-0 place-items-center text-mut">{command.icon}</span>
        <span className="truncate">{command.label}</span>
        {command.hint && <span className="truncate text-xs text-faint">{command.hint}</span>}
        {command.keys && (
          <span className="ml-auto">
            <Kbd>{command.keys}</Kbd>
          </span>
        )}
      </div>
    </>
  );
}

function useCommands(q: string, onShortcuts: () => void): Command[] {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const found = useQuery({
    queryKey: [...keys.search(q), "palette"],
    queryFn: async ({ signal }) => {
      const [people, talks] = await Promise.all(
        (["contact", "conversation"] as const).map((kind) => api.search({ q, kind, limit: 4 }, signal)),
      );
      return [...(talks?.items ?? []), ...(people?.items ?? [])];
    },
    enabled: q.length >= 2 || /^\d+$/.test(q),
    placeholderData: keepPreviousData,
  });

  return useMemo(() => {
    const go = t("shell.palette.go");
    const act = t("shell.palette.actions");
    const places: Command[] = [
      ...views.map((view, i) => ({
        id: `view ${view}`,
        group: go,
        label: t(`inbox.views.${view}`),
        icon: <Inbox size={16} />,
        keys: `Alt ${i + 1}`,
        run: () => void navigate({ to: "/inbox/$view/{-$id}", params: { view, id: undefined } }),
      })),
      ...(can(me, "case.read") ? [{ id: "cases", group: go, label: t("shell.nav.cases"), icon: <Ticket size={16} />, keys: "G T", run: () => void navigate({ to: "/cases" }) }] : []),
      ...(can(me, "case.edit") ? [{ id: "case", group: act, label: t("cases.handin.action"), icon: <TicketPlus size={16} />, run: () => void navigate({ to: "/cases/new" }) }] : []),
      ...(can(me, "promise.read") ? [{ id: "promises", group: go, label: t("board.title"), icon: <Gauge size={16} />, keys: "G P", run: () => void navigate({ to: "/promises" }) }] : []),
      ...(can(me, "conversation.monitor") ? [{ id: "wallboard", group: go, label: t("wallboard.title"), icon: <MonitorDot size={16} />, keys: "G W", run: () => void navigate({ to: "/wallboard" }) }] : []),
      ...(can(me, ...reportNeeds) ? [{ id: "reports", group: go, label: t("shell.nav.reports"), icon: <ChartColumn size={16} />, run: () => void navigate({ to: "/reports" }) }] : []),
      ...(can(me, "contact.read") ? [{ id: "contacts", group: go, label: t("shell.nav.contacts"), icon: <Users size={16} />, keys: "G C", run: () => void navigate({ to: "/contacts" }) }] : []),
      ...(can(me, "knowledge.read")
        ? [{ id: "knowledge", group: go, label: t("shell.nav.knowledge"), icon: <BookOpen size={16} />, keys: "G K", run: () => void navigate({ to: "/knowledge/{-$section}/{-$id}", params: { section: undefined, id: undefined } }) }]
        : []),
      { id: "settings", group: go, label: t("shell.nav.settings"), icon: <Settings size={16} />, keys: "G S", run: () => void navigate({ to: "/settings/{-$section}", params: { section: undefined } }) },
      { id: "light", group: act, label: `${t("common.theme.title")}: ${t("common.theme.light")}`, icon: <Sun size={16} />, run: () => setPrefs({ theme: "light" }) },
      { id: "dark", group: act, label: `${t("common.theme.title")}: ${t("common.theme.dark")}`, icon: <Moon size={16} />, run: () => setPrefs({ theme: "dark" }) },
      { id: "keys", group: act, label: t("shell.shortcuts.title"), icon: <Keyboard size={16} />, keys: "?", run: onShortcuts },
    ];
    const wanted = q.toLowerCase();
    const named = places.filter((c) => c.label.toLowerCase().includes(wanted));
    if (!q) return named;
    const hits = (found.data ?? []).flatMap((hit) => hitCommand(hit, t("shell.palette.conversations"), t("shell.palette.contacts"), navigate));
    const everything: Command = { id: "search", group: t("common.search"), label: t("shell.palette.search_for", { q }), icon: <Search size={16} />, run: () => void navigate({ to: "/search", search: { q } }) };
    return [...named, ...hits, everything];
  }, [q, found.data, me, navigate, onShortcuts, t]);
}

function hitCommand(hit: Hit, conversations: string, contacts: string, navigate: ReturnType<typeof useNavigate>): Command[] {
  if (hit.kind === "conversation" && hit.conversation) {
    const c = hit.conversation;
    return [
      {
        id: c.id,
        group: conversations,
        label: c.contact_name,
        hint: `#${c.number} · ${c.last_text}`,
        icon: <Avatar name={c.contact_name} size={22} />,
        run: () => void navigate({ to: "/inbox/$view/{-$id}", params: { view: "all", id: c.id } }),
      },
    ];
  }
  if (hit.kind === "contact" && hit.contact) {
    const p = hit.contact;
    return [{ id: p.id, group: contacts, label: p.name, hint: p.phone ?? p.email, icon: <Avatar name={p.name} size={22} />, run: () => void navigate({ to: "/contacts/$id", params: { id: p.id } }) }];
  }
  return [];
}
