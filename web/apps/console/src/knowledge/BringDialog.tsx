import { useNavigate } from "@tanstack/react-router";
import { api, type Brought, type Lang } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Dialog, Field, Input, Pill, Segmented } from "@yingda/ui";
import { useState } from "react";
import { useChange } from "../form/failure";
import { problem } from "../problem";
import { queryClient } from "../query";
import { knowledgeKeys } from "./keys";

interface BringDialogProps {
  section: "questions" | "articles";
  onClose: () => void;
}

/** Brings in a table of questions or an article: first what would come of it, then, as drafts, for good. */
export function BringDialog({ section, onClose }: BringDialogProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [language, setLanguage] = useState<Lang>(currentLanguage());
  const [file, setFile] = useState<File>();
  const look = useChange(({ file, language }: { file: File; language: Lang }) => api.knowledge.bring(file, language, false), { quiet: true });
  const keep = useChange(() => api.knowledge.bring(file!, language, true), {
    quiet: true,
    done: t("knowledge.bring.done"),
    onDone: ({ article }) => {
      for (const queryKey of [knowledgeKeys.questions, knowledgeKeys.articles, knowledgeKeys.categories]) void queryClient.invalidateQueries({ queryKey });
      onClose();
      if (article) void navigate({ to: "/knowledge/{-$section}/{-$id}", params: { section: "articles", id: article.id } });
    },
  });
  const found = look.data;
  const good = found ? found.questions + (found.article ? 1 : 0) : 0;
  const error = keep.error ?? look.error;
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => !open && onClose()}
      title={t(`knowledge.bring.${section}`)}
      description={t(`knowledge.bring.${section}_hint`)}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="primary" disabled={good === 0} loading={keep.isPending} onClick={() => keep.mutate()}>
            {good > 0 ? t("knowledge.bring.keep", { n: good }) : t("knowledge.bring.keep_none")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap items-end gap-4">
          <Field label={t("knowledge.bring.file")} className="min-w-0 flex-1 basis-60" error={error ? problem(error).text : undefined}>
            <Input
              type="file"
              accept={section === "questions" ? ".csv,.tsv,.xlsx" : ".md,.markdown,.docx"}
              onChange={(e) => {
                const chosen = e.target.files?.[0];
                setFile(chosen);
                keep.reset();
                if (chosen) look.mutate({ file: chosen, language });
                else look.reset();
              }}
            />
          </Field>
          <Segmented<Lang>
            label={t("common.language.title")}
            value={language}
            onChange={(next) => {
              setLanguage(next);
              if (file) look.mutate({ file, language: next });
            }}
            choices={(["zh", "en"] as const).map((value) => ({ value, label: t(`common.language.${value}`) }))}
          />
        </div>
        <div aria-live="polite">{found && !look.isPending && <Found found={found} />}</div>
      </div>
    </Dialog>
  );
}

function Found({ found }: { found: Brought }) {
  const { t } = useTranslation();
  if (found.article) {
    return (
      <div className="rounded-lg border px-3 py-2">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {found.article.title}
          {found.pictures > 0 && <Pill tone="warn">{t("knowledge.bring.pictures", { n: found.pictures })}</Pill>}
        </p>
        <p className="mt-1 line-clamp-6 text-xs whitespace-pre-line text-mut">{found.article.body.slice(0, 600)}</p>
      </div>
    );
  }
  return (
    <div className="flex flex-col gap-3">
      <p className="flex flex-wrap gap-2">
        <Pill tone="ok">{t("knowledge.bring.good", { n: found.questions })}</Pill>
        {found.bad > 0 && <Pill tone="bad">{t("knowledge.bring.bad", { n: found.bad })}</Pill>}
      </p>
      {found.refused.length > 0 && (
        <ul className="divide-y rounded-lg border text-xs" aria-label={t("knowledge.bring.bad", { n: found.bad })}>
          {found.refused.map((row) => (
            <li key={row.line} className="flex flex-wrap gap-x-2 px-3 py-1.5">
              <span className="num text-mut">{t("knowledge.bring.line", { n: row.line })}</span>
              <span className="text-bad">{row.message}</span>
              <span className="min-w-0 flex-1 truncate text-mut">{row.text}</span>
            </li>
          ))}
        </ul>
      )}
      {found.sample.length > 0 && (
        <ul className="flex flex-col gap-1.5" aria-label={t("knowledge.bring.sample")}>
          {found.sample.map((each) => (
            <li key={each.question} className="rounded-lg border px-3 py-2">
              <p className="flex flex-wrap items-center gap-2 font-medium">
                {each.question} <Pill>{t("knowledge.tend.ways", { n: each.phrasings.length + 1 })}</Pill>
              </p>
              <p className="mt-0.5 line-clamp-2 text-xs text-mut">{each.answer}</p>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
