import { useQuery, useQueryClient } from "@tanstack/react-query";
import { macros, type Macro, type MacroTarget } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Dialog, EmptyState, Field, IconButton, Input, Popover, SkeletonRows, Textarea, isComposing, useToast } from "@yingda/ui";
import { ListChecks, Search } from "lucide-react";
import { useState, type KeyboardEvent, type ReactNode } from "react";
import { Failure } from "../form/failure";
import { problem } from "../problem";
import { FieldError } from "./WhenEditor";
import { DoneList } from "./WhyTree";
import { automationKey, macrosKey } from "./words";

interface Props {
  /** What it is applied to: a case or a conversation. */
  target: Pick<MacroTarget, "case_id" | "conversation_id">;
  /** Takes the macro's text into a composer. Without it the text is only shown. */
  onText?: (text: string) => void;
  /** The thing has changed: read it again. */
  onApplied?: () => void;
  /** The button, if it is not the icon alone; it must take a ref and props. */
  trigger?: ReactNode;
}

/** Macros behind a button: find one, see what it will do, do it. */
export function MacroMenu({ target, onText, onApplied, trigger }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<Macro>();
  return (
    <>
      <Popover
        label={t("automation.macros.menu")}
        open={open}
        onOpenChange={setOpen}
        side="top"
        className="w-80 p-0"
        trigger={trigger ?? <IconButton label={t("automation.macros.menu")} icon={<ListChecks size={16} />} />}
      >
        <MacroPicker
          subject={target.case_id ? "case" : "conversation"}
          onPick={(macro) => {
            setOpen(false);
            setChosen(macro);
          }}
        />
      </Popover>
      {chosen && <MacroPreview macro={chosen} target={target} onText={onText} onApplied={onApplied} onClose={() => setChosen(undefined)} />}
    </>
  );
}

function MacroPicker({ subject, onPick }: { subject: "case" | "conversation"; onPick: (macro: Macro) => void }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [...macrosKey, subject], queryFn: () => macros.list(subject) });
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <SkeletonRows rows={3} className="p-3" />;
  const wanted = typed.trim().replace(/^\//, "").toLowerCase();
  const found = query.data.items.filter((macro) => `${macro.shortcut ?? ""} ${macro.name}`.toLowerCase().includes(wanted));
  if (query.data.items.length === 0) return <EmptyState icon={<ListChecks size={20} />} title={t("automation.macros.none")} detail={t("automation.macros.none_hint")} className="py-6" />;

  function onKeyDown(event: KeyboardEvent) {
    if (isComposing(event)) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by && found.length > 0) {
      event.preventDefault();
      setAt((at + by + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const macro = found[at];
      if (macro) onPick(macro);
    }
  }
  return (
    <div className="flex flex-col">
      <div className="p-2">
        <Input
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls="macro-list"
          aria-activedescendant={found[at] ? `macro-${found[at].id}` : undefined}
          aria-label={t("automation.macros.find")}
          placeholder={t("automation.macros.find")}
          prefix={<Search size={14} />}
          value={typed}
          onChange={(e) => {
            setTyped(e.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id="macro-list" role="listbox" aria-label={t("automation.macros.menu")} className="scroll max-h-64 overflow-y-auto px-1 pb-1">
        {found.map((macro, i) => (
          <div
            key={macro.id}
            id={`macro-${macro.id}`}
            role="option"
            aria-selected={i === at}
            onPointerMove={() => setAt(i)}
            onClick={() => onPick(macro)}
            className={`flex cursor-default items-center gap-2 rounded-md px-2 py-1.5 text-sm ${i === at ? "bg-brand-soft" : ""}`}
          >
            <span className="min-w-0 flex-1">
              <span className="block truncate">{macro.name}</span>
              {macro.text && <span className="block truncate text-2xs text-mut">{macro.text}</span>}
            </span>
            {macro.shortcut && <code className="font-mono text-2xs text-mut">/{macro.shortcut}</code>}
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p role="status" className="px-3 pb-3 text-xs text-faint">
          {t("settings.no_match")}
        </p>
      )}
    </div>
  );
}

function MacroPreview({ macro, target, onText, onApplied, onClose }: Props & { macro: Macro; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const toast = useToast();
  const [confirmed, setConfirmed] = useState("");
  const [failure, setFailure] = useState<unknown>();
  const [running, setRunning] = useState(false);
  const preview = useQuery({ queryKey: [...macrosKey, "preview", macro.id, macro.version, target, confirmed.trim() !== ""], queryFn: () => macros.preview(macro.id, { ...target, confirmed }), staleTime: 0, gcTime: 0, placeholderData: (held) => held });

  async function apply() {
    setRunning(true);
    setFailure(undefined);
    try {
      const done = await macros.apply(macro.id, { ...target, confirmed: confirmed.trim() || undefined });
      if (done.text) onText?.(done.text);
      for (const queryKey of [automationKey, ["case", target.case_id], ["conversation", target.conversation_id]]) void queries.invalidateQueries({ queryKey });
      toast({ text: t("automation.macros.applied", { name: macro.name }), tone: "ok" });
      onApplied?.();
      onClose();
    } catch (err) {
      setFailure(err);
    } finally {
      setRunning(false);
    }
  }
  const found = preview.data;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("automation.macros.preview", { name: macro.name })}
      description={t("automation.macros.preview_hint")}
      onSubmit={() => found && !running && void apply()}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" loading={running} disabled={!found || found.done.some((line) => line.failed)}>
            {t("automation.macros.apply")}
          </Button>
        </>
      }
    >
      {preview.isError && <Failure error={preview.error} onRetry={() => void preview.refetch()} />}
      {!found && !preview.isError && <SkeletonRows rows={3} />}
      {found && (
        <div className="flex flex-col gap-3">
          {found.escalates && (
            <Field label={t("automation.macros.confirmed")} hint={t("automation.macros.confirmed_hint")} required>
              <Textarea minRows={2} value={confirmed} onChange={(e) => setConfirmed(e.target.value)} />
            </Field>
          )}
          <section>
            <h3 className="pb-1 text-xs font-medium text-mut">{t("automation.macros.will")}</h3>
            {found.done.length > 0 ? <DoneList done={found.done} /> : <p className="text-sm text-mut">{t("automation.macros.nothing")}</p>}
          </section>
          {found.text && (
            <section>
              <h3 className="pb-1 text-xs font-medium text-mut">{t("automation.macros.into")}</h3>
              <p className="rounded-lg border bg-raise px-3 py-2 text-sm whitespace-pre-wrap">{found.text}</p>
            </section>
          )}
          {Boolean(failure) && <FieldError text={problem(failure).text} />}
        </div>
      )}
    </Dialog>
  );
}
