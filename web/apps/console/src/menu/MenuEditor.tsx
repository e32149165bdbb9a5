import { Link, useNavigate } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import { menus, nodeKinds, type CallMenu, type EditProblem, type MenuBook, type MenuNames, type MenuNode, type NodeKind, type Prompt } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, Field, IconButton, Menu, Pill, Select, Tabs, buttonClass } from "@yingda/ui";
import { ArrowLeft, Plus, Save, Undo2, Upload } from "lucide-react";
import { useState } from "react";
import { ClashDialog, Problems, PublishDialog, useSaveKey } from "../edited/parts";
import { VersionsPanel, useVersionName } from "../edited/VersionsPanel";
import { BilingualField } from "../form/BilingualField";
import { LeaveGuard } from "../form/LeaveGuard";
import { isConflict, useChange } from "../form/failure";
import { MenuGraph } from "./MenuGraph";
import { MenuRehearsal } from "./MenuRehearsal";
import { NodeForm } from "./NodeForm";
import { addNode } from "./edit";
import { menuKeys } from "./keys";

type Tab = "node" | "about" | "try" | "versions";

/** A menu as it is being written: its picture, and beside it the part that is open. What is published is heard until the draft is. */
export function MenuEditor({ book, names, prompts }: { book: MenuBook; names: MenuNames; prompts: readonly Prompt[] }) {
  const { t } = useTranslation();
  const lang = currentLanguage();
  const named = useVersionName();
  const saved = (book.changing ?? book.published)!;
  const [edited, setEdited] = useState<CallMenu>();
  const menu = edited ?? saved;
  const dirty = edited !== undefined && JSON.stringify(edited) !== JSON.stringify(saved);
  const [tab, setTab] = useState<Tab>("node");
  const [open, setOpen] = useState<string | undefined>(saved.start);
  const [here, setHere] = useState<string>();
  const [publishing, setPublishing] = useState(false);
  const [dropping, setDropping] = useState(false);
  const [clash, setClash] = useState(false);
  const take = useTake(book.id);
  const navigate = useNavigate();
  const save = useChange((rev: number) => menus.draft(book.id, rev, menu), {
    done: t("flow.saved"),
    onDone: (next) => {
      take(next);
      setEdited(undefined);
    },
    onFail: (error) => setClash(isConflict(error)),
  });
  const drop = useChange(() => menus.drop(book.id, book.rev), {
    done: t("flow.dropped"),
    stale: book.version > 0 ? [menuKeys.all] : [menuKeys.list],
    onDone: () => (book.version > 0 ? setEdited(undefined) : void navigate({ to: "/settings/{-$section}", params: { section: "menus" } })),
  });
  useSaveKey(dirty && !save.isPending, () => save.mutate(book.rev));
  const node = menu.nodes.find(({ id }) => id === open) ?? menu.nodes.find(({ id }) => id === menu.start) ?? menu.nodes[0];
  const at = ({ at: field }: EditProblem) => (field.startsWith("nodes.") ? field.split(".")[1] : undefined);
  const wrong = new Set(book.problems.flatMap((problem) => at(problem) ?? []));
  const placeOf = (found?: MenuNode) => (found ? [t(`menu.kinds.${found.kind as NodeKind}`), found.name?.[lang] || found.id].join(" · ") : t("menu.tabs.about"));
  function show(id: string) {
    setOpen(id);
    setTab("node");
  }
  return (
    <>
      <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b bg-panel px-4 py-2.5">
        <Link to="/settings/{-$section}" params={{ section: "menus" }} className={buttonClass("ghost", "sm")} aria-label={t("menu.back")}>
          <ArrowLeft size={15} aria-hidden="true" />
        </Link>
        <h1 className="truncate text-base font-semibold">{menu.name[lang] || menu.id}</h1>
        <Pill>{named(book.version)}</Pill>
        {(book.changing || dirty) && <Pill tone="warn">{dirty ? t("flow.unsaved") : t("flow.draft_of", { version: named(book.base) })}</Pill>}
        {book.lines.length > 0 && <Pill tone="ok">{t("menu.heard_by", { names: book.lines.join("、") })}</Pill>}
        <span className="ml-auto flex flex-wrap items-center gap-2">
          {dirty && <IconButton label={t("flow.undo")} icon={<Undo2 size={15} />} onClick={() => setEdited(undefined)} />}
          {book.changing && !dirty && (
            <Button variant="ghost" onClick={() => setDropping(true)}>
              {t("flow.drop")}
            </Button>
          )}
          <Button icon={<Save size={14} />} disabled={!dirty} loading={save.isPending} onClick={() => save.mutate(book.rev)}>
            {t("flow.save")}
          </Button>
          <Button variant="primary" icon={<Upload size={14} />} disabled={!book.changing || dirty || book.problems.length > 0} onClick={() => setPublishing(true)}>
            {t("flow.publish")}
          </Button>
        </span>
      </header>
      {book.problems.length > 0 && !dirty && (
        <Problems
          problems={book.problems}
          where={(problem) => placeOf(menu.nodes.find(({ id }) => id === at(problem)))}
          onShow={(problem) => {
            const id = at(problem);
            if (id) show(id);
            else setTab("about");
          }}
        />
      )}
      <div className="flex min-h-0 flex-1 max-xl:flex-col max-xl:overflow-y-auto">
        <div className="scroll relative min-h-0 min-w-0 flex-1 overflow-auto max-xl:max-h-[50vh] max-xl:shrink-0 max-xl:border-b" tabIndex={-1}>
          <div className="sticky top-0 left-0 z-10 flex w-fit p-3">
            <Menu
              label={t("menu.add_node")}
              align="start"
              trigger={
                <Button size="sm" icon={<Plus size={14} />}>
                  {t("menu.add_node")}
                </Button>
              }
              groups={[
                nodeKinds.map((kind) => ({
                  label: t(`menu.kinds.${kind}`),
                  onSelect: () => {
                    const added = addNode(menu, node?.id, kind);
                    setEdited(added.menu);
                    show(added.id);
                  },
                })),
              ]}
            />
          </div>
          <MenuGraph menu={menu} prompts={prompts} open={tab === "node" ? node?.id : undefined} wrong={wrong} here={tab === "try" ? here : undefined} onOpen={show} />
        </div>
        <section aria-label={t("menu.parts")} className="scroll min-h-0 overflow-y-auto border-l bg-panel px-5 pb-6 xl:w-[440px] xl:shrink-0 max-xl:overflow-visible max-xl:border-l-0">
          <Tabs<Tab> label={t("menu.parts")} value={tab} onChange={setTab} items={(["node", "about", "try", "versions"] as const).map((value) => ({ value, label: t(`menu.tabs.${value}`) }))} listClassName="overflow-x-auto">
            <div className="pt-4">
              {tab === "node" && node && <NodeForm menu={menu} node={node} names={names} prompts={prompts} problems={dirty ? [] : book.problems.filter((problem) => at(problem) === node.id)} onChange={setEdited} onOpen={setOpen} />}
              {tab === "about" && <AboutForm menu={menu} onChange={setEdited} />}
              {tab === "try" && <MenuRehearsal menu={menu} onHere={setHere} />}
              {tab === "versions" && <VersionsPanel book={book} now={menu} read={(version) => menus.version(book.id, version)} name={menuKeys.one(book.id)} onTake={(was) => setEdited({ ...was, version: saved.version })} />}
            </div>
          </Tabs>
        </section>
      </div>
      <LeaveGuard dirty={dirty} />
      {publishing && (
        <PublishDialog
          hint={t("menu.publish_hint")}
          publish={(note) => menus.publish(book.id, book.rev, note)}
          onDone={(next) => {
            take(next);
            setPublishing(false);
          }}
          onClose={() => setPublishing(false)}
        />
      )}
      <ConfirmDialog open={dropping} onOpenChange={setDropping} title={t("flow.drop")} description={book.version > 0 ? t("menu.drop_hint") : t("menu.drop_all_hint")} confirmLabel={t("flow.drop")} danger onConfirm={() => drop.mutateAsync()} />
      <ClashDialog
        open={clash}
        onOpenChange={setClash}
        onTheirs={() => {
          setEdited(undefined);
          take();
        }}
        onMine={() => void menus.get(book.id).then((theirs) => save.mutate(theirs.rev))}
      />
    </>
  );
}

/** Puts a menu as the server has it in the place of the one that was read; reads it again when none is given. */
function useTake(id: string): (book?: MenuBook) => void {
  const queries = useQueryClient();
  return (book) => {
    if (book) queries.setQueryData(menuKeys.one(id), book);
    else void queries.invalidateQueries({ queryKey: menuKeys.one(id) });
    void queries.invalidateQueries({ queryKey: menuKeys.list });
  };
}

function AboutForm({ menu, onChange }: { menu: CallMenu; onChange: (menu: CallMenu) => void }) {
  const { t } = useTranslation();
  const lang = currentLanguage();
  return (
    <div className="flex flex-col gap-4">
      <BilingualField label={t("flow.name")} maxLength={60} value={menu.name} onChange={(name) => onChange({ ...menu, name })} />
      <Field label={t("menu.start")}>
        <Select options={menu.nodes.map(({ id, name }) => ({ value: id, label: name?.[lang] ? `${name[lang]} · ${id}` : id }))} value={menu.start} onChange={(start) => onChange({ ...menu, start })} />
      </Field>
      <Field label={t("menu.language")} hint={t("menu.language_hint")}>
        <Select options={(["zh", "en"] as const).map((value) => ({ value, label: t(`common.language.${value}`) }))} value={menu.language as "zh"} onChange={(language) => onChange({ ...menu, language })} />
      </Field>
    </div>
  );
}
