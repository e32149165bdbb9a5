import { useQuery } from "@tanstack/react-query";
import { automation, type AutomationCatalogue, type Rule } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, EmptyState, IconButton, PageHeader, Pill, Segmented, Switch, cn, useToast } from "@yingda/ui";
import { ArrowDown, ArrowUp, GripVertical, Pencil, Plus, Trash2, Workflow } from "lucide-react";
import { useState } from "react";
import { Loaded, useChange } from "../form/failure";
import { can, useMe } from "../query";
import { RuleEditor } from "./RuleEditor";
import { RunLog } from "./RunLog";
import { automationKey, useCatalogue, useWord } from "./words";

type Shown = "rules" | "log";

/** Rules that people write for the program, and what they did. */
export default function AutomationSection() {
  const { t } = useTranslation();
  const mayChange = can(useMe(), "automation.manage");
  const [shown, setShown] = useState<Shown>("rules");
  const [editing, setEditing] = useState<Rule | "new">();
  const catalogue = useCatalogue();
  const rules = useQuery({ queryKey: [...automationKey, "rules"], queryFn: automation.rules });
  const addButton = mayChange && (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setEditing("new")}>
      {t("automation.add")}
    </Button>
  );
  return (
    <>
      <PageHeader title={t("settings.sections.automation")} description={t("automation.about")} actions={addButton} />
      <Segmented<Shown> className="mb-4" label={t("automation.tabs")} value={shown} onChange={setShown} choices={[{ value: "rules", label: t("automation.rules") }, { value: "log", label: t("automation.log") }]} />
      <Loaded query={catalogue}>
        {(words) => (
          <>
            {shown === "log" ? (
              <RunLog />
            ) : (
              <Loaded query={rules}>
                {(page) =>
                  page.items.length === 0 ? (
                    <EmptyState icon={<Workflow size={20} />} title={t("automation.empty")} detail={t("automation.empty_hint")} action={addButton || undefined} />
                  ) : (
                    <RuleList rules={page.items} catalogue={words} mayChange={mayChange} onEdit={setEditing} />
                  )
                }
              </Loaded>
            )}
            {editing && <RuleEditor rule={editing === "new" ? undefined : editing} catalogue={words} onClose={() => setEditing(undefined)} />}
          </>
        )}
      </Loaded>
    </>
  );
}

function RuleList({ rules, catalogue, mayChange, onEdit }: { rules: Rule[]; catalogue: AutomationCatalogue; mayChange: boolean; onEdit: (rule: Rule) => void }) {
  const { t } = useTranslation();
  const say = useWord();
  const toast = useToast();
  const [removing, setRemoving] = useState<Rule>();
  const [dragged, setDragged] = useState<number>();
  const enable = useChange((rule: Rule) => automation.enable(rule.id, !rule.enabled), { stale: [automationKey] });
  const order = useChange((ids: string[]) => automation.order(ids), { stale: [automationKey] });
  const remove = useChange((rule: Rule) => automation.remove(rule.id), { stale: [automationKey], done: t("settings.removed") });

  function move(from: number, to: number) {
    if (from === to || to < 0 || to >= rules.length) return;
    const next = [...rules];
    const [taken] = next.splice(from, 1);
    next.splice(to, 0, taken!);
    order.mutate(next.map((rule) => rule.id), { onSuccess: () => toast({ text: t("automation.moved", { name: taken!.name, n: to + 1 }) }) });
  }
  return (
    <>
      <ol className="flex flex-col gap-1.5" aria-label={t("automation.rules")}>
        {rules.map((rule, i) => (
          <li
            key={rule.id}
            draggable={mayChange}
            onDragStart={() => setDragged(i)}
            onDragEnd={() => setDragged(undefined)}
            onDragOver={(e) => dragged !== undefined && e.preventDefault()}
            onDrop={() => {
              if (dragged !== undefined) move(dragged, i);
              setDragged(undefined);
            }}
            className={cn("flex flex-wrap items-center gap-2 rounded-lg border bg-panel px-3 py-2", dragged === i && "opacity-60")}
          >
            {mayChange && <GripVertical size={14} className="cursor-grab text-faint max-md:hidden" aria-hidden="true" />}
            <span className="num w-5 text-center text-xs text-faint">{i + 1}</span>
            <div className="min-w-0 flex-1 basis-52">
              <p className={cn("truncate font-medium", !rule.enabled && "text-mut")}>{rule.name}</p>
              <p className="flex flex-wrap gap-1 pt-0.5">
                {rule.on.map((trigger, at) => (
                  <Pill key={at}>
                    {say(catalogue.events.find((event) => event.value === trigger.event))}
                    {trigger.at ?? (trigger.every ? ` ${trigger.every} ${t("automation.minutes")}` : "")}
                  </Pill>
                ))}
                <span className="text-xs text-faint">→ {rule.then.map((action) => say(catalogue.actions.find((each) => each.value === action.kind))).join("、")}</span>
              </p>
            </div>
            {mayChange ? <Switch hideLabel label={t("automation.enabled", { name: rule.name })} checked={rule.enabled} disabled={enable.isPending} onChange={() => enable.mutate(rule)} /> : <Pill tone={rule.enabled ? "ok" : "plain"}>{rule.enabled ? t("automation.on") : t("automation.off")}</Pill>}
            {mayChange && (
              <span className="flex">
                <IconButton label={t("settings.up", { name: rule.name })} icon={<ArrowUp size={15} />} disabled={i === 0 || order.isPending} onClick={() => move(i, i - 1)} />
                <IconButton label={t("settings.down", { name: rule.name })} icon={<ArrowDown size={15} />} disabled={i === rules.length - 1 || order.isPending} onClick={() => move(i, i + 1)} />
                <IconButton label={t("settings.edit_named", { name: rule.name })} icon={<Pencil size={15} />} onClick={() => onEdit(rule)} />
                <IconButton label={t("settings.remove_named", { name: rule.name })} icon={<Trash2 size={15} />} onClick={() => setRemoving(rule)} />
              </span>
            )}
          </li>
        ))}
      </ol>
      <ConfirmDialog
        open={removing !== undefined}
        onOpenChange={() => setRemoving(undefined)}
        danger
        title={t("settings.remove_title", { name: removing?.name })}
        description={t("automation.remove_text")}
        confirmLabel={t("common.delete")}
        onConfirm={() => removing && remove.mutateAsync(removing)}
      />
    </>
  );
}
