import type { EditProblem } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, Textarea } from "@yingda/ui";
import { TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { useChange } from "../form/failure";

/** Ctrl S saves; closing the tab asks first. */
export function useSaveKey(on: boolean, save: () => void) {
  useEffect(() => {
    if (!on) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    const key = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault();
      save();
    };
    addEventListener("beforeunload", ask);
    addEventListener("keydown", key);
    return () => {
      removeEventListener("beforeunload", ask);
      removeEventListener("keydown", key);
    };
  });
}

/** What keeps a draft from being published; each leads to where it is. */
export function Problems({ problems, where, onShow }: { problems: readonly EditProblem[]; where?: (problem: EditProblem) => string; onShow: (problem: EditProblem) => void }) {
  const { t } = useTranslation();
  const lang = currentLanguage();
  return (
    <details className="scroll max-h-48 overflow-y-auto border-b bg-bad-soft px-4 py-2" open={problems.length < 4}>
      <summary className="flex cursor-pointer items-center gap-2 text-sm text-bad">
        <TriangleAlert size={14} aria-hidden="true" />
        {t("flow.problems", { n: problems.length })}
      </summary>
      <ul className="pt-1">
        {problems.map((problem, i) => (
          <li key={i}>
            <button type="button" className="w-full rounded px-1.5 py-0.5 text-left text-xs hover:underline" onClick={() => onShow(problem)}>
              {where && <span className="text-mut">{where(problem)}：</span>}
              {problem.text[lang]}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Somebody else has saved meanwhile: theirs, or mine over it. */
export function ClashDialog({ open, onOpenChange, onTheirs, onMine }: { open: boolean; onOpenChange: (open: boolean) => void; onTheirs: () => void; onMine: () => void }) {
  const { t } = useTranslation();
  const then = (act: () => void) => () => {
    onOpenChange(false);
    act();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("knowledge.conflict.title")}
      description={t("knowledge.conflict.text")}
      footer={
        <>
          <Button onClick={then(onTheirs)}>{t("knowledge.conflict.theirs")}</Button>
          <Button variant="primary" onClick={then(onMine)}>
            {t("knowledge.conflict.mine")}
          </Button>
        </>
      }
    />
  );
}

/** Asks what was changed, and publishes. */
export function PublishDialog<T>({ hint, publish, onDone, onClose }: { hint: string; publish: (note: string) => Promise<T>; onDone: (book: T) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const [note, setNote] = useState("");
  const run = useChange(() => publish(note.trim()), { done: t("flow.published"), onDone });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t("flow.publish")}
      description={hint}
      onSubmit={() => run.mutate()}
      footer={
        <Button type="submit" variant="primary" loading={run.isPending}>
          {t("flow.publish")}
        </Button>
      }
    >
      <Field label={t("flow.note")} hint={t("flow.note_hint")}>
        <Textarea minRows={2} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
      </Field>
    </Dialog>
  );
}
