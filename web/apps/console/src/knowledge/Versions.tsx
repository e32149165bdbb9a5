import { useQuery } from "@tanstack/react-query";
import { api, type Question } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, EmptyState, Pill, cn } from "@yingda/ui";
import { History, Undo2 } from "lucide-react";
import { useState } from "react";
import { Loaded, useChange } from "../form/failure";
import { fullTime } from "../time";
import { diff } from "./diff";
import { knowledgeKeys } from "./keys";

interface VersionsProps {
  now: Question;
  readOnly: boolean;
  onRestored: (kept: Question) => void;
}

/** What customers have read, change by change: who changed it, what, and a way back. */
export function Versions({ now, readOnly, onRestored }: VersionsProps) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: [...knowledgeKeys.questions, now.id, "versions", now.version], queryFn: () => api.questions.versions(now.id) });
  const [open, setOpen] = useState<number>();
  const restore = useChange((version: number) => api.questions.restore(now.id, version), { done: t("knowledge.versions.restored"), onDone: onRestored });
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <EmptyState icon={<History size={20} />} title={t("knowledge.versions.empty")} detail={t("knowledge.versions.empty_hint")} />
        ) : (
          <ol className="flex flex-col gap-2">
            {items.map((version, i) => (
              <li key={version.version} className="rounded-lg border px-3 py-2.5">
                <div className="flex flex-wrap items-center gap-2 text-xs">
                  <span className="font-medium">{fullTime(version.updated_at)}</span>
                  <span className="text-mut">{version.updated_by}</span>
                  {version.version === now.version && <Pill tone="ok">{t("knowledge.versions.now")}</Pill>}
                  <span className="ml-auto flex gap-2">
                    <Button size="sm" aria-expanded={open === version.version} onClick={() => setOpen(open === version.version ? undefined : version.version)}>
                      {t("knowledge.versions.compare")}
                    </Button>
                    {!readOnly && version.version !== now.version && (
                      <Button size="sm" icon={<Undo2 size={13} />} loading={restore.isPending && restore.variables === version.version} onClick={() => restore.mutate(version.version)}>
                        {t("knowledge.versions.restore")}
                      </Button>
                    )}
                  </span>
                </div>
                {open === version.version && <Changes before={items[i + 1]} after={version} />}
              </li>
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}

/** What a change made of a question; of the first there is, all is new. */
function Changes({ before, after }: { before?: Question; after: Question }) {
  const { t } = useTranslation();
  const parts = [
    { name: t("knowledge.questions.question"), before: before?.question ?? "", after: after.question },
    { name: t("knowledge.questions.answer"), before: before?.answer ?? "", after: after.answer },
    { name: t("knowledge.questions.phrasings"), before: before?.phrasings.join("\n") ?? "", after: after.phrasings.join("\n") },
    { name: t("knowledge.channels.title"), before: answersOf(before), after: answersOf(after) },
    { name: t("knowledge.life.title"), before: daysOf(before), after: daysOf(after) },
  ].filter((part) => part.before !== part.after);
  if (parts.length === 0) return <p className="mt-2 text-xs text-mut">{t("knowledge.versions.same")}</p>;
  return (
    <dl className="mt-2 flex flex-col gap-2">
      {parts.map((part) => (
        <div key={part.name}>
          <dt className="text-2xs text-mut">{part.name}</dt>
          <dd className="text-sm whitespace-pre-line wrap-anywhere">
            {diff(part.before, part.after).map(({ kind, text }, i) => {
              if (kind === "same") return <span key={i}>{text}</span>;
              const Tag = kind === "gone" ? "del" : "ins";
              return (
                <Tag key={i} className={cn("rounded-sm px-px", kind === "gone" ? "bg-bad-soft text-bad" : "bg-ok-soft text-ok no-underline")}>
                  {text}
                </Tag>
              );
            })}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function answersOf(question?: Question): string {
  return Object.entries(question?.answers ?? {})
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([channel, text]) => `${channel}: ${text}`)
    .join("\n");
}

function daysOf(question?: Question): string {
  return [question?.valid_from, question?.valid_until, question?.review_on].map((day) => day ?? "–").join(" · ");
}
