import type { CaseDetail } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn, Section } from "@yingda/ui";
import { Check } from "lucide-react";
import { useCaseWords } from "../query";
import { useLang } from "./lang";

/** The stages of a case as its customer sees them. */
export function ProgressBar({ detail: { case: c, history } }: { detail: CaseDetail }) {
  const { t } = useTranslation();
  const lang = useLang();
  const words = useCaseWords();
  const stages = words.data?.kinds.find((each) => each.kind === c.kind)?.stages ?? [];
  const place = (code: string) => stages.findIndex((each) => each.code === code);
  const now = place(c.stage.code);
  const reached = now >= 0 ? now : Math.max(0, ...history.map((each) => place(each.stage.code)));
  const ended = now < 0 && stages.length > 0;
  return (
    <Section title={t("cases.progress")}>
      <ol className="flex flex-wrap gap-y-3">
        {stages.map((stage, i) => {
          const done = i < reached || (i === reached && c.over && !ended);
          const here = i === reached && !done && !ended;
          return (
            <li key={stage.code} aria-current={here ? "step" : undefined} className="flex min-w-20 flex-1 flex-col gap-1.5">
              <span aria-hidden="true" className="flex items-center">
                <span className={cn("grid size-5 shrink-0 place-items-center rounded-full text-2xs font-semibold", done ? "bg-out text-out-fg" : here ? "bg-brand-soft text-brand-ink ring-2 ring-brand" : "bg-line2 text-faint")}>
                  {done ? <Check size={12} strokeWidth={3} /> : i + 1}
                </span>
                {i < stages.length - 1 && <span className={cn("mx-1 h-0.5 flex-1 rounded", i < reached ? "bg-brand" : "bg-line")} />}
              </span>
              <span className={cn("pr-2 text-xs", here ? "font-semibold text-fg" : done ? "text-mut" : "text-faint")}>{stage.name[lang]}</span>
            </li>
          );
        })}
      </ol>
      {ended && <p className="mt-3 text-sm font-medium text-mut">{t("cases.ended_as", { stage: c.stage.name[lang] })}</p>}
    </Section>
  );
}
