import { compensations, rewards, type Compensation, type CompensationAct, type CompensationView } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn, EmptyState, Pill, Section, Segmented } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BadgeCheck } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { PagedList } from "../form/PagedList";
import { usePages } from "../form/pages";
import { whenText } from "../form/when";
import { useKeys } from "../live/keys";
import { can, useMe } from "../query";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { CompensationCard } from "./CompensationCard";
import { tones } from "./look";
import { worth } from "./money";
import { accountNeeds, approverNeeds, rewardKeys } from "./queries";
import { RewardRow } from "./RewardRow";

const views: CompensationView[] = ["mine", "waiting", "to_pay", "all"];

/** `/approvals`: what waits for the reader's verdict, and how the rest stands. */
export default function ApprovalsPage() {
  return (
    <Allowed to={[...approverNeeds, "compensation.propose"]}>
      <Approvals />
    </Allowed>
  );
}

function Approvals() {
  const { t } = useTranslation();
  const me = useMe();
  const approver = can(me, ...approverNeeds);
  const [view, setView] = useState<CompensationView>(approver ? "mine" : "waiting");
  const list = usePages(rewardKeys.list(view), (cursor) => compensations.list(view, cursor));
  const shown = views.filter((each) => each !== "mine" || approver);
  return (
    <Page
      title={t("reward.approvals.title")}
      description={t("reward.approvals.hint")}
      actions={<Segmented<CompensationView> label={t("reward.approvals.view.title")} value={view} onChange={setView} choices={shown.map((value) => ({ value, label: t(`reward.approvals.view.${value}`) }))} />}
    >
      <PagedList list={list} empty={<EmptyState icon={<BadgeCheck size={20} />} title={t(`reward.approvals.empty.${view}`)} detail={t("reward.approvals.empty_hint")} />}>
        {(rows) => <Queue key={view} rows={rows} />}
      </PagedList>
      {approver && view === "mine" && <WaitingRewards />}
      {can(me, ...accountNeeds) && (
        <p className="mt-4 text-xs">
          <Link to="/ledger" className="rounded text-brand-ink hover:underline">
            {t("reward.ledger.title")}
          </Link>
        </p>
      )}
    </Page>
  );
}

const letters: Record<string, CompensationAct> = { a: "approve", r: "return", x: "reject" };

/** The queue at the left, the one that is looked at beside it. Letters move and decide. */
function Queue({ rows }: { rows: Compensation[] }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState(rows[0]?.id);
  const [asking, setAsking] = useState<CompensationAct>();
  const at = Math.max(0, rows.findIndex((row) => row.id === chosen));
  const item = rows[at];
  const list = useRef<HTMLUListElement>(null);

  function go(to: number) {
    const row = rows[Math.min(Math.max(to, 0), rows.length - 1)];
    if (!row) return;
    setChosen(row.id);
    setAsking(undefined);
  }
  useEffect(() => {
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }, [at]);
  useKeys({
    j: () => go(at + 1),
    k: () => go(at - 1),
    ...Object.fromEntries(
      Object.entries(letters).map(([key, act]) => [
        key,
        () => {
          if (!item?.may.includes(act)) return false;
          setAsking(act);
          return true;
        },
      ]),
    ),
  });
  if (!item) return null;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[300px_1fr]">
      <ul ref={list} aria-label={t("reward.approvals.list")} className="scroll max-h-[70vh] overflow-y-auto rounded-xl border bg-panel max-lg:max-h-60">
        {rows.map((row) => (
          <li key={row.id} className="border-b last:border-b-0">
            <button type="button" aria-current={row.id === item.id} onClick={() => go(rows.indexOf(row))} className={cn("flex w-full flex-col gap-0.5 px-3 py-2.5 text-left outline-offset-[-2px] hover:bg-raise", row.id === item.id && "bg-brand-soft hover:bg-brand-soft")}>
              <span className="flex items-baseline gap-2">
                <span className="num font-semibold">{worth(row)}</span>
                <span className="truncate text-xs">{t(`reward.kind.${row.kind}`)}</span>
                <Pill tone={tones[row.state]} className="ml-auto">
                  {t(`reward.state.${row.state}`)}
                </Pill>
              </span>
              <span className="flex gap-2 text-2xs text-mut">
                <span className="num truncate">{row.case.number}</span>
                <span className="ml-auto shrink-0">
                  {row.proposer_name} · {whenText(row.changed_at)}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <Section
        title={item.case.subject || t("reward.hidden_subject")}
        description={`${item.case.number} · ${t("reward.customer")} ${item.case.customer} · ${t("reward.proposer")} ${item.proposer_name}`}
        actions={
          item.case.seen && (
            <Link to="/cases/$id" params={{ id: item.case.id }} className="rounded text-xs text-brand-ink hover:underline">
              {t("reward.open_case")}
            </Link>
          )
        }
        className="min-w-0"
      >
        <CompensationCard key={item.id} item={item} asking={asking} onAsk={setAsking} />
      </Section>
    </div>
  );
}

function WaitingRewards() {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: rewardKeys.rewards("mine"), queryFn: () => rewards.list("mine") });
  if (!found.data || found.data.items.length === 0) return null;
  return (
    <Section title={t("reward.approvals.rewards")} className="mt-4">
      <ul className="flex flex-col gap-3">
        {found.data.items.map((item) => (
          <li key={item.id} className="border-t pt-3 first:border-t-0 first:pt-0">
            <RewardRow item={item} withCase />
          </li>
        ))}
      </ul>
    </Section>
  );
}
