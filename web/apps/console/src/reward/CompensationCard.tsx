import { type Compensation, type CompensationAct } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Pill } from "@yingda/ui";
import { Check, CircleDollarSign, CornerUpLeft, FileText, X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { whenText } from "../form/when";
import { ActDialog } from "./ActDialog";
import { actLook, say, tones } from "./look";
import { worth, yuan } from "./money";
import { ProposeDrawer } from "./ProposeDrawer";

/** A compensation with what it waits for, what was said of it, and what the reader can do. */
export function CompensationCard({ item, only, asking, onAsk }: { item: Compensation; only?: CompensationAct[]; asking?: CompensationAct; onAsk?: (act: CompensationAct | undefined) => void }) {
  const { t } = useTranslation();
  const [own, setOwn] = useState<CompensationAct>();
  const act = onAsk ? asking : own;
  const ask = onAsk ?? setOwn;
  const acts = only ? item.may.filter((each) => only.includes(each)) : item.may;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-semibold">{t(`reward.kind.${item.kind}`)}</span>
        <span className="num text-base font-semibold">{worth(item)}</span>
        <Pill tone={tones[item.state]}>{t(`reward.state.${item.state}`)}</Pill>
        {item.policy && (
          <span className="text-xs text-mut">
            {say(item.policy_text?.name) || item.policy} · {t("reward.policy_version", { n: item.policy_version })}
          </span>
        )}
        {item.budget && <span className="text-xs text-mut">{t("reward.budget")}：{item.budget}</span>}
      </div>
      {item.next.who !== "nobody" && <Next item={item} />}
      <dl className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
        <Words name={t("reward.reason")}>{item.reason}</Words>
        {item.explanation && <Words name={t("reward.explanation")}>{item.explanation}</Words>}
      </dl>
      {item.policy_text && (
        <details className="text-xs text-mut">
          <summary className="w-fit cursor-pointer rounded hover:text-fg">{t("reward.settings.text")}</summary>
          <p className="mt-1 rounded-lg bg-sunk px-3 py-2 whitespace-pre-wrap">{say(item.policy_text.text)}</p>
        </details>
      )}
      <Timeline item={item} />
      {acts.length > 0 && (
        <div className="flex flex-wrap gap-2">
          {acts.map((each) => (
            <Button key={each} size="sm" variant={actLook[each] ?? "default"} onClick={() => ask(each)}>
              {t(`reward.act.${each}`)}
            </Button>
          ))}
        </div>
      )}
      {act === "revise" && <ProposeDrawer caseId={item.case_id} held={item} onClose={() => ask(undefined)} />}
      {act && act !== "revise" && item.may.includes(act) && <ActDialog item={item} act={act} onClose={() => ask(undefined)} />}
    </div>
  );
}

function Words({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-mut">{name}</dt>
      <dd className="break-words whitespace-pre-wrap">{children}</dd>
    </div>
  );
}

/** Who is next, and the rule's own words why. */
function Next({ item }: { item: Compensation }) {
  const { t } = useTranslation();
  return (
    <div className="rounded-lg bg-sunk px-3 py-2 text-xs">
      {item.levels.length > 1 && (
        <ol aria-label={t("reward.path")} className="mb-1 flex flex-wrap items-center gap-1">
          {item.levels.map((level, i) => {
            const at = item.next.level ? item.levels.indexOf(item.next.level) : item.levels.length;
            return (
              <li key={level} className="flex items-center gap-1" aria-current={i === at ? "step" : undefined}>
                {i > 0 && <span aria-hidden="true">→</span>}
                <Pill tone={i < at ? "ok" : i === at ? "warn" : "plain"} icon={i < at ? <Check size={11} aria-hidden="true" /> : undefined}>
                  {t(`reward.level.${level}`)}
                </Pill>
              </li>
            );
          })}
        </ol>
      )}
      <p>
        <span className="font-medium">{t("reward.next")}：</span>
        {say(item.next.why)}
      </p>
      {item.next.who === "approver" && <p className="text-mut">{item.deciders.length > 0 ? t("reward.may_decide", { names: item.deciders.join("、") }) : t("reward.nobody")}</p>}
    </div>
  );
}

const marks = { approve: Check, return: CornerUpLeft, reject: X };

function Timeline({ item }: { item: Compensation }) {
  const { t } = useTranslation();
  return (
    <ol aria-label={t("reward.timeline")} className="flex flex-col gap-1.5 border-l-2 border-line pl-3 text-xs">
      <Step icon={<FileText size={12} aria-hidden="true" />} at={item.created_at} text={t("reward.proposed_by", { name: item.proposer_name })} />
      {item.approvals.map((a) => {
        const Icon = marks[a.verdict];
        const text = t("reward.verdict_by", { name: a.name, level: t(`reward.level.${a.level}`), verdict: t(`reward.verdict.${a.verdict}`) });
        return <Step key={`${a.at} ${a.by}`} icon={<Icon size={12} aria-hidden="true" />} at={a.at} text={item.round > 1 ? `${text} · ${t("reward.round", { n: a.round })}` : text} note={a.note} />;
      })}
      {item.declined && <Step icon={<X size={12} aria-hidden="true" />} at={item.changed_at} text={t("reward.customer_said", { text: item.declined })} />}
      {item.payments.map((p) => (
        <Step
          key={p.attempt}
          icon={<CircleDollarSign size={12} aria-hidden="true" />}
          at={p.ended_at ?? p.at}
          text={`${t("reward.attempt", { n: p.attempt })} · ${t(`reward.attempt_state.${p.state}`)}${p.state === "paid" && item.amount ? ` · ${yuan(item.amount)}` : ""}`}
          note={p.reference ?? p.why}
        />
      ))}
    </ol>
  );
}

function Step({ icon, at, text, note }: { icon: ReactNode; at: string; text: string; note?: string }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-2">
      <span className="self-center text-faint">{icon}</span>
      <span>{text}</span>
      <time dateTime={at} className="num text-2xs text-faint">
        {whenText(at)}
      </time>
      {note && <span className="basis-full pl-5 break-words text-mut">{note}</span>}
    </li>
  );
}
