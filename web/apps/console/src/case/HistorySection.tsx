import type { CaseDetail, CaseEntry } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn, Pill, Section, Segmented } from "@yingda/ui";
import { useState } from "react";
import { whenText } from "../form/when";
import { useAgents, useCaseHandling, useCaseWords, useTeams } from "../query";
import { fullTime } from "../time";
import { useLang } from "./lang";
import { nameOf, pathOf } from "./tree";

/** What was done, the newest first; what the customer reads too is marked. */
export function HistorySection({ detail }: { detail: CaseDetail }) {
  const { t } = useTranslation();
  const [show, setShow] = useState<"all" | "public">("all");
  const entries = detail.history.filter((entry) => show === "all" || entry.public).toReversed();
  return (
    <Section
      title={t("cases.history.title")}
      actions={
        <Segmented
          label={t("cases.history.title")}
          value={show}
          onChange={setShow}
          choices={[
            { value: "all", label: t("cases.history.all") },
            { value: "public", label: t("cases.history.only_public") },
          ]}
        />
      }
    >
      {entries.length === 0 ? (
        <p className="text-xs text-faint">{t("cases.history.empty")}</p>
      ) : (
        <ol className="relative ml-1.5 border-l border-line pl-5">
          {entries.map((entry) => (
            <Line key={`${entry.at} ${entry.act} ${entry.text ?? ""} ${entry.fields?.[0]?.new ?? ""}`} entry={entry} />
          ))}
        </ol>
      )}
    </Section>
  );
}

function Line({ entry }: { entry: CaseEntry }) {
  const { t } = useTranslation();
  const lang = useLang();
  const alarm = entry.act === "alarm";
  const late = alarm && entry.fields?.some((field) => field.new === "limit");
  const who = entry.by_name || { customer: t("cases.history.customer"), timer: t("cases.history.timer"), system: t("cases.history.system"), agent: t("cases.agent") }[entry.by] || entry.by;
  return (
    <li className="relative pb-3 last:pb-0">
      <span aria-hidden="true" className={cn("absolute top-[6px] -left-[25px] size-2.5 rounded-full ring-2 ring-panel", late ? "bg-bad-dot" : alarm ? "bg-warn-dot" : entry.public ? "bg-brand" : "bg-off-dot")} />
      <div className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
        <span className={cn("text-sm font-medium", late && "text-bad")}>{entry.name[lang]}</span>
        {entry.from !== entry.to && <span className="text-xs text-mut">{t("cases.history.to", { state: entry.state_name[lang] })}</span>}
        {entry.public && <Pill tone="brand">{t("cases.history.public")}</Pill>}
        <span className="ml-auto flex gap-2 text-2xs text-faint">
          <span>{who}</span>
          <time dateTime={entry.at} title={fullTime(entry.at)} className="num">
            {whenText(entry.at)}
          </time>
        </span>
      </div>
      {entry.text && <p className="mt-1 rounded-lg bg-raise px-3 py-2 text-sm break-words whitespace-pre-wrap">{entry.text}</p>}
      {entry.reason && entry.by !== "timer" && <p className="mt-0.5 text-xs break-words whitespace-pre-wrap text-mut">{entry.reason}</p>}
      <Fields entry={entry} />
    </li>
  );
}

function Fields({ entry }: { entry: CaseEntry }) {
  const { t, i18n } = useTranslation();
  const lang = useLang();
  const words = useCaseWords();
  const handling = useCaseHandling();
  const teams = useTeams();
  const agents = useAgents();
  const fields = (entry.fields ?? []).filter((field) => field.field !== "evidence");
  if (fields.length === 0) return null;
  const value = (field: string, code: string): string => {
    if (!code) return "—";
    if (field === "outcome") return nameOf(words.data?.outcomes, code, lang);
    if (field === "level") return nameOf(words.data?.levels, code, lang);
    if (field === "kind") return words.data?.kinds.find((each) => each.kind === code)?.name[lang] ?? code;
    if (field === "category") return pathOf(handling.data?.categories ?? [], code, lang);
    if (field === "team") return teams.data?.items.find((each) => each.id === code)?.name ?? code;
    if (field === "agent" || field === "accused") return agents.data?.items.find((each) => each.id === code)?.name ?? code;
    if (field.endsWith("_at")) return whenText(code);
    return code;
  };
  const alarm = (event: string): string => (event === "target" || event === "limit" ? t(`cases.history.alarm_${event}`) : t("cases.history.alarm_warning", { n: /\d+/.exec(event)?.[0] ?? "?" }));
  if (entry.act === "alarm") {
    return (
      <p className="mt-0.5 text-xs text-mut">
        {fields.map((field) => `${nameOf(words.data?.metrics, field.field, lang)} · ${alarm(field.new)}`).join("；")}
      </p>
    );
  }
  return (
    <ul className="mt-0.5 flex flex-col text-xs text-mut">
      {fields.map((field) => (
        <li key={field.field} className="break-words">
          {i18n.exists(`cases.field.${field.field}`) ? t(`cases.field.${field.field as "team"}`) : field.field}
          {"："}
          {field.old && <span className="text-faint line-through">{value(field.field, field.old)}</span>}
          {field.old && " → "}
          {value(field.field, field.new)}
        </li>
      ))}
    </ul>
  );
}
