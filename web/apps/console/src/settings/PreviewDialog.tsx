import { useQuery } from "@tanstack/react-query";
import { promises, type Preset, type TermChange } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Checkbox, Dialog, SkeletonRows } from "@yingda/ui";
import { ArrowRight } from "lucide-react";
import { useState } from "react";
import { Failure, isConflict, useChange } from "../form/failure";
import { problem } from "../problem";
import { queryClient } from "../query";
import { keepTerms, promiseKeys, useMatchWords } from "./promiseQueries";
import { inLanguage, matchText } from "./terms";

export interface PreviewDialogProps {
  preset: Preset;
  /** The version of the promises as last read; the changes are those from it. */
  version: number;
  onClose: () => void;
  onDone: () => void;
}

/** Shows what would change if a preset were in force, and puts it into force. */
export function PreviewDialog({ preset, version, onClose, onDone }: PreviewDialogProps) {
  const { t } = useTranslation();
  const [recompute, setRecompute] = useState(false);
  const changes = useQuery({ queryKey: [...promiseKeys.terms, "preview", version, preset], queryFn: () => promises.preview(preset), gcTime: 0, retry: false });
  const use = useChange(() => promises.usePreset({ version, preset, recompute }), {
    quiet: true,
    done: t("promises.in_force_now", { name: inLanguage(preset.name, currentLanguage()) }),
    onDone: (terms) => {
      keepTerms(terms);
      onDone();
    },
    onFail: (error) => isConflict(error) && void queryClient.invalidateQueries({ queryKey: promiseKeys.terms }),
  });
  const conflict = isConflict(use.error);
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => !open && onClose()}
      title={t("promises.preview.title", { name: inLanguage(preset.name, currentLanguage()) })}
      description={t("promises.preview.hint")}
      footer={
        <>
          {use.error && (
            <span role="alert" className="mr-auto max-w-96 text-xs text-bad">
              {conflict ? t("promises.conflict") : problem(use.error).text}
            </span>
          )}
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="primary" loading={use.isPending} disabled={!changes.data} onClick={() => use.mutate()}>
            {t("promises.preview.use")}
          </Button>
        </>
      }
    >
      {changes.isError ? (
        <Failure error={changes.error} onRetry={() => void changes.refetch()} retrying={changes.isFetching} />
      ) : changes.data ? (
        <div className="flex flex-col gap-4">
          <Changes items={changes.data.items} />
          <Checkbox checked={recompute} onChange={setRecompute} label={t("promises.preview.recompute")} hint={t("promises.preview.recompute_hint")} />
        </div>
      ) : (
        <SkeletonRows rows={4} />
      )}
    </Dialog>
  );
}

function Changes({ items }: { items: TermChange[] }) {
  const { t } = useTranslation();
  const words = useMatchWords();
  const language = currentLanguage();
  if (items.length === 0) return <p className="rounded-lg border bg-raise px-3 py-2 text-sm text-mut">{t("promises.preview.nothing")}</p>;
  const term = (text?: { zh: string; en: string }) => (text ? inLanguage(text, language) : t("promises.none"));
  return (
    <ul aria-label={t("promises.preview.changes")} className="flex flex-col divide-y rounded-lg border">
      {items.map((change) => {
        const [before, after] = [term(change.old), term(change.new)];
        return (
          <li key={`${change.metric ?? ""}|${change.calendar ?? ""}|${change.zh}`} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-3 py-2">
            <span className="min-w-40 flex-1">
              <span className="font-medium">{inLanguage(change.name, language)}</span>
              {change.metric && <span className="ml-2 text-xs text-mut">{matchText(change.match, words)}</span>}
            </span>
            {change.calendar ? (
              <span className="text-xs text-mut">{t("promises.preview.calendar")}</span>
            ) : before === after ? (
              <span className="text-xs text-mut">{t("promises.preview.counted", { term: after })}</span>
            ) : (
              <span className="num flex items-center gap-2">
                <span className="text-mut">{before}</span>
                <ArrowRight size={13} className="text-faint" aria-hidden="true" />
                <span className="sr-only">{t("promises.preview.becomes")}</span>
                <span className={change.new ? "font-medium" : "text-warn"}>{after}</span>
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
