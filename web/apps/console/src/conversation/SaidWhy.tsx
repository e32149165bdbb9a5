import { api, type Decided, type Message, type ModelDid } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Pill, Popover, SkeletonRows } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { CircleHelp } from "lucide-react";
import { useState } from "react";
import { Failure } from "../form/failure";

/** Beside what the assistant said: what it decided, and why. */
export function SaidWhy({ message: m }: { message: Message }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const query = useQuery({ queryKey: ["said-why", m.id], queryFn: () => api.conversations.why(m.id), enabled: open, staleTime: Infinity });
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      align="end"
      label={t("conversation.why.title")}
      className="w-96"
      trigger={
        <button type="button" className="grid size-6 place-items-center rounded text-ai hover:bg-ai-soft" aria-label={t("conversation.why.title")} title={t("conversation.why.title")}>
          <CircleHelp size={13} aria-hidden="true" />
        </button>
      }
    >
      <div className="scroll max-h-[60vh] overflow-y-auto text-fg">
        {query.data ? <Told of={query.data} /> : query.isError ? <Failure error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} /> : <SkeletonRows rows={3} />}
      </div>
    </Popover>
  );
}

function Told({ of: d }: { of: Decided }) {
  const { t } = useTranslation();
  const language = currentLanguage();
  const percent = (share: number) => `${Math.round(share * 100)}%`;
  return (
    <div className="flex flex-col gap-3 text-sm">
      <p className="flex items-center gap-2">
        <Pill tone={d.action === "hand_over" ? "warn" : "plain"}>{t(`conversation.why.action.${d.action}`)}</Pill>
        <span className="num ml-auto text-xs text-faint">{t("conversation.why.took", { ms: (d.took_us / 1000).toFixed(1) })}</span>
      </p>
      {d.why.length > 0 && (
        <ul className="list-disc pl-4 text-mut">
          {d.why.map((reason) => (
            <li key={reason.en}>{reason[language]}</li>
          ))}
        </ul>
      )}
      {d.needed !== undefined && d.probability !== undefined && d.needed <= 1 && (
        <p className="text-xs text-mut">{t("conversation.why.sure", { probability: percent(d.probability), needed: percent(d.needed) })}</p>
      )}
      {d.candidates.length > 0 && (
        <section>
          <h3 className="mb-1 text-xs font-semibold">{t("conversation.why.candidates")}</h3>
          <ol className="flex flex-col gap-1 text-xs">
            {d.candidates.map(({ question, score }) => (
              <li key={question} className="flex items-center gap-2">
                <span className="min-w-0 flex-1 truncate" title={question}>
                  {question}
                </span>
                <meter className="h-1.5 w-16 shrink-0" min={0} max={1} value={score} aria-label={t("conversation.why.score", { question })} />
                <span className="num w-9 shrink-0 text-right text-mut">{percent(score)}</span>
              </li>
            ))}
          </ol>
        </section>
      )}
      {d.model && <Asked of={d.model} />}
      {d.flow.length > 0 && (
        <section>
          <h3 className="mb-1 text-xs font-semibold">{t("conversation.why.flow")}</h3>
          <ol className="flex flex-col gap-1 text-xs">
            {d.flow.map((step, i) => (
              <li key={i} className="flex gap-2">
                <span className="w-16 shrink-0 font-medium">{t(`conversation.why.act.${step.act}`)}</span>
                <span className="text-mut">{step.why[language]}</span>
              </li>
            ))}
          </ol>
        </section>
      )}
    </div>
  );
}

/** What a language model did, and what was made of it. */
function Asked({ of: m }: { of: ModelDid }) {
  const { t } = useTranslation();
  const language = currentLanguage();
  return (
    <section className="text-xs">
      <h3 className="mb-1 font-semibold">{t("conversation.why.model")}</h3>
      <p>{m.used ? t("conversation.why.model_used") : m.fallback && t("conversation.why.model_not", { why: m.fallback[language] })}</p>
      {m.calls > 0 && (
        <p className="num text-mut">
          {t("conversation.why.model_spent", { names: m.names.join(", "), calls: m.calls, tokens: m.tokens_in + m.tokens_out, yuan: (m.micro_yuan / 1e6).toFixed(4), ms: m.took_ms })}
        </p>
      )}
      <Listed title={t("conversation.why.model_wanted")} lines={m.wanted} />
      <Listed title={t("conversation.why.model_refused")} lines={m.refused.map((why) => why[language])} />
      <Listed title={t("conversation.why.model_failed")} lines={m.failed.map((why) => why[language])} />
      {m.draft && (
        <div className="mt-1 rounded-lg bg-warn-soft px-2.5 py-1.5">
          <h4 className="font-medium text-warn">{t("conversation.why.model_draft")}</h4>
          <p className="whitespace-pre-wrap">{m.draft}</p>
        </div>
      )}
    </section>
  );
}

function Listed({ title, lines }: { title: string; lines: string[] }) {
  if (lines.length === 0) return null;
  return (
    <div className="mt-1">
      <h4 className="font-medium">{title}</h4>
      <ul className="list-disc pl-4 break-words text-mut">
        {lines.map((line, i) => (
          <li key={i}>{line}</li>
        ))}
      </ul>
    </div>
  );
}
