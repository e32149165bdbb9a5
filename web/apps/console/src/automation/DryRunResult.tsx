import { Link } from "@tanstack/react-router";
import type { DryRun, DryRunExample } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Pill } from "@yingda/ui";
import { whenText } from "../form/when";
import { useActionText, WhyTree } from "./WhyTree";
import { useCatalogue, useWord } from "./words";

/** What a rule would have done, what was looked at to say so, and why. */
export function DryRunResult({ found }: { found: DryRun }) {
  const { t } = useTranslation();
  return (
    <div className="mt-3 flex flex-col gap-2" role="region" aria-label={t("automation.try")}>
      <p role="status" className="text-sm font-medium">
        {found.matched > 0 ? t("automation.try_result", { looked: found.looked, matched: found.matched, subjects: found.subjects }) : t("automation.try_none")}
      </p>
      <p className="text-xs text-mut">
        {t("automation.try_covers", { from: whenText(found.from), to: whenText(found.to), cases: found.cases, conversations: found.conversations })} {found.cut && t("automation.try_cut")} {t("automation.try_honest")}
      </p>
      {found.examples.length > 0 && (
        <ul className="flex flex-col gap-2">
          {found.examples.map((example, i) => (
            <Example key={i} example={example} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Example({ example }: { example: DryRunExample }) {
  const { t } = useTranslation();
  const say = useWord();
  const action = useActionText();
  const event = useCatalogue().data?.events.find((each) => each.value === example.event);
  return (
    <li className="rounded-lg border bg-panel">
      <details>
        <summary className="flex cursor-default flex-wrap items-center gap-2 px-3 py-2 text-sm">
          <SubjectLink {...example} name={example.subject} />
          <Pill>{say(event)}</Pill>
          <span className="num ml-auto text-xs text-faint">{whenText(example.at)}</span>
        </summary>
        <div className="grid gap-3 border-t px-3 py-2 sm:grid-cols-2">
          <div>
            <h4 className="pb-1 text-2xs text-faint">{t("automation.why")}</h4>
            <WhyTree verdict={example.why} hidden={example.hidden} />
          </div>
          <div>
            <h4 className="pb-1 text-2xs text-faint">{t("automation.would")}</h4>
            <ol className="flex flex-col gap-1 text-sm">
              {example.actions.map((each, i) => (
                <li key={i}>{action(each)}</li>
              ))}
            </ol>
          </div>
        </div>
      </details>
    </li>
  );
}

/** The number of a case or a conversation, which leads there. */
export function SubjectLink({ case_id, conversation_id, name, hidden }: { case_id?: string; conversation_id?: string; name: string; hidden?: boolean }) {
  const { t } = useTranslation();
  const look = "num font-medium text-brand-ink hover:underline";
  if (case_id) {
    return (
      <Link to="/cases/$id" params={{ id: case_id }} className={look}>
        {name}
      </Link>
    );
  }
  if (conversation_id) {
    return (
      <Link to="/inbox/$view/{-$id}" params={{ view: "all", id: conversation_id }} className={look}>
        #{name}
      </Link>
    );
  }
  return <span className="text-faint">{hidden ? t("automation.hidden_subject") : name}</span>;
}
