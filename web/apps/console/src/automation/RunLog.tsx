import { automation, type RuleRun, type RunFilter, type RunOutcome } from "@yingda/api";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@yingda/i18n";
import { Button, Combobox, EmptyState, Pill, Segmented, type Tone } from "@yingda/ui";
import { RefreshCw, ScrollText } from "lucide-react";
import { useState } from "react";
import { PagedList } from "../form/PagedList";
import { usePages } from "../form/pages";
import { whenText } from "../form/when";
import { SubjectLink } from "./DryRunResult";
import { DoneList, WhyTree } from "./WhyTree";
import { automationKey, useCatalogue, useWord } from "./words";

const tones: Record<RunOutcome, Tone> = { fired: "ok", held: "warn", skipped: "plain" };

/** What rules did, and why; with `about`, for one case or conversation only. */
export function RunLog({ about }: { about?: { case_id?: string; conversation_id?: string } }) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<RunFilter>({});
  const rules = useQuery({ queryKey: [...automationKey, "rules"], queryFn: automation.rules }).data?.items ?? [];
  const asked = { ...filter, ...about };
  const list = usePages([...automationKey, "runs", asked], (cursor) => automation.runs(asked, cursor));
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Combobox className="w-60" clearable label={t("automation.which_rule")} placeholder={t("automation.which_rule")} options={rules.map(({ id, name }) => ({ value: id, label: name }))} value={filter.rule_id} onChange={(rule_id) => setFilter({ ...filter, rule_id })} />
        <Segmented<RunOutcome | "all">
          label={t("automation.outcome.title")}
          value={filter.outcome ?? "all"}
          onChange={(outcome) => setFilter({ ...filter, outcome: outcome === "all" ? undefined : outcome })}
          choices={(["all", "fired", "held", "skipped"] as const).map((value) => ({ value, label: t(`automation.outcome.${value}`) }))}
        />
        <Button className="ml-auto" size="sm" icon={<RefreshCw size={13} />} loading={list.query.isFetching} onClick={() => void list.query.refetch()}>
          {t("automation.refresh")}
        </Button>
      </div>
      <PagedList list={list} empty={<EmptyState icon={<ScrollText size={20} />} title={t("automation.log_empty")} detail={t("automation.log_empty_hint")} />}>
        {(rows) => (
          <ul className="flex flex-col gap-1.5" aria-label={t("automation.log")}>
            {rows.map((run) => (
              <RunRow key={run.id} run={run} />
            ))}
          </ul>
        )}
      </PagedList>
    </>
  );
}

function RunRow({ run }: { run: RuleRun }) {
  const { t, i18n } = useTranslation();
  const say = useWord();
  const event = useCatalogue().data?.events.find((each) => each.value === run.event);
  const failed = run.done.filter((line) => line.failed).length;
  const why = i18n.language === "en" ? run.why_en : run.why_zh;
  return (
    <li className="rounded-lg border bg-panel">
      <div className="flex flex-wrap items-center gap-2 px-3 py-2 text-sm">
        <Pill tone={tones[run.outcome]}>{t(`automation.outcome.${run.outcome}`)}</Pill>
        <span className="font-medium">{run.rule_name}</span>
        <span className="text-xs text-mut">{t(`automation.subject.${run.subject}`)}</span>
        <SubjectLink {...run} name={run.subject_name} />
        {failed > 0 && <Pill tone="bad">{t("automation.failed_some", { n: failed })}</Pill>}
        {run.depth > 0 && <Pill>{t("automation.depth", { n: run.depth })}</Pill>}
        <span className="num ml-auto text-xs text-faint">{whenText(run.at)}</span>
      </div>
      <details className="border-t">
        <summary className="cursor-default px-3 py-1.5 text-xs text-mut" aria-label={t("automation.details", { name: run.rule_name })}>
          {say(event)}
          {why && <> · {why}</>}
        </summary>
        <div className="grid gap-3 px-3 pb-3 sm:grid-cols-2">
          <div>
            <h3 className="pb-1 text-2xs text-faint">{t("automation.why")}</h3>
            {run.tree && <WhyTree verdict={run.tree} hidden={run.hidden} />}
          </div>
          {run.done.length > 0 && (
            <div>
              <h3 className="pb-1 text-2xs text-faint">{t("automation.then_title")}</h3>
              <DoneList done={run.done} />
            </div>
          )}
        </div>
      </details>
    </li>
  );
}
