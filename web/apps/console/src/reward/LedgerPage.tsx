import { ledger, rewards, type Balance, type LedgerEntry } from "@yingda/api";
import { t as say, useTranslation } from "@yingda/i18n";
import { Button, buttonClass, EmptyState, Field, Input, Pill, Section, Select, Table, Tabs, type Column } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { BookText, Download, Gift, Plus } from "lucide-react";
import { useState } from "react";
import { FormDrawer } from "../form/FormDrawer";
import { PagedList } from "../form/PagedList";
import { fieldErrors, Loaded, useChange } from "../form/failure";
import { usePages } from "../form/pages";
import { whenText } from "../form/when";
import { can, useMe } from "../query";
import { Page } from "../shell/Page";
import { Allowed } from "../shell/pages";
import { clientId } from "./clientId";
import { fen, yuan } from "./money";
import { accountNeeds, refreshRewards, rewardKeys } from "./queries";
import { RewardRow } from "./RewardRow";

type Tab = "accounts" | "entries" | "rewards";

/** `/ledger`: what the accounts hold, line by line, and all rewards. */
export default function LedgerPage() {
  return (
    <Allowed to={accountNeeds}>
      <Ledger />
    </Allowed>
  );
}

function Ledger() {
  const { t } = useTranslation();
  const me = useMe();
  const [tab, setTab] = useState<Tab>("accounts");
  const [funding, setFunding] = useState<string>();
  return (
    <Page
      title={t("reward.ledger.title")}
      description={t("reward.ledger.hint")}
      actions={
        <>
          <a href={ledger.exportAddress()} download className={buttonClass("default")}>
            <Download size={15} aria-hidden="true" />
            {t("reward.ledger.export")}
          </a>
          {can(me, "compensation.approve.finance") && (
            <Button variant="primary" icon={<Plus size={15} aria-hidden="true" />} onClick={() => setFunding("")}>
              {t("reward.ledger.fund")}
            </Button>
          )}
        </>
      }
    >
      <Tabs<Tab> label={t("reward.ledger.tabs")} value={tab} onChange={setTab} items={(["accounts", "entries", "rewards"] as const).map((value) => ({ value, label: t(`reward.ledger.${value}`) }))} className="gap-4">
        {tab === "accounts" && <Accounts />}
        {tab === "entries" && <Entries />}
        {tab === "rewards" && <AllRewards />}
      </Tabs>
      {funding !== undefined && <Fund onClose={() => setFunding(undefined)} />}
    </Page>
  );
}

function amount(line: { unit: "fen" | "point" }, value: number, points: (n: number) => string): string {
  return line.unit === "fen" ? yuan(value) : points(value);
}

function useAccountName(): (kind: string, of?: string) => string {
  const { t } = useTranslation();
  const known = ["funding", "budget", "owed", "spent", "points", "issued"] as const;
  return (kind, of) => {
    const found = known.find((each) => each === kind);
    const name = found ? t(`reward.ledger.kind.${found}`) : kind;
    return of && kind === "budget" ? `${name}：${of}` : name;
  };
}

function Accounts() {
  const { t } = useTranslation();
  const nameOf = useAccountName();
  const books = useQuery({ queryKey: rewardKeys.books, queryFn: ledger.books });
  const columns: Column<Balance>[] = [
    { key: "account", header: t("reward.ledger.account"), cell: (line) => nameOf(line.kind, line.of) },
    { key: "balance", header: t("reward.ledger.balance"), align: "right", cell: (line) => amount(line, line.balance, (n) => t("reward.points_n", { n })) },
  ];
  return (
    <Loaded query={books}>
      {(found) =>
        found.accounts.length === 0 ? (
          <EmptyState icon={<BookText size={20} />} title={t("reward.ledger.empty")} detail={t("reward.ledger.empty_hint")} />
        ) : (
          <div className="flex flex-col gap-3">
            <p className="flex flex-wrap items-center gap-2 text-xs text-mut">
              <Pill tone={found.balanced ? "ok" : "bad"}>{t(found.balanced ? "reward.ledger.balanced" : "reward.ledger.unbalanced")}</Pill>
              {t("reward.ledger.customers", { n: found.customers })}
            </p>
            <Table label={t("reward.ledger.accounts")} columns={columns} rows={found.accounts} rowKey={(line) => line.account} />
          </div>
        )
      }
    </Loaded>
  );
}

const sources = ["compensation", "reward", "agent", "expiry", "case"] as const;

function Entries() {
  const { t } = useTranslation();
  const nameOf = useAccountName();
  const [account, setAccount] = useState("");
  const list = usePages(rewardKeys.entries(account), (cursor) => ledger.list(account || undefined, cursor));
  const points = (n: number) => t("reward.points_n", { n });
  const columns: Column<LedgerEntry>[] = [
    { key: "at", header: t("reward.ledger.at"), cell: (line) => <span className="num text-xs whitespace-nowrap text-mut">{whenText(line.at)}</span> },
    {
      key: "account",
      header: t("reward.ledger.account"),
      cell: (line) => {
        const [kind, of] = line.account.split(":");
        return nameOf(kind ?? "", of);
      },
    },
    {
      key: "change",
      header: t("reward.ledger.change"),
      align: "right",
      cell: (line) => (
        <span className={line.delta < 0 ? "text-bad" : "text-ok"}>
          {line.delta > 0 && "+"}
          {amount(line, line.delta, points)}
        </span>
      ),
    },
    { key: "source", header: t("reward.ledger.source"), cell: (line) => t(`reward.ledger.source_kind.${sources.find((each) => each === line.source.kind) ?? "other"}`) },
    { key: "note", header: t("reward.ledger.note_text"), wide: true, cell: (line) => <span className="line-clamp-1 max-w-60 text-xs text-mut">{line.expires_at ? t("reward.ledger.expires", { at: whenText(line.expires_at) }) : noteOf(line)}</span> },
  ];
  return (
    <div className="flex flex-col gap-3">
      <Select
        label={t("reward.ledger.account")}
        className="w-44"
        value={account}
        options={[{ value: "", label: t("reward.ledger.all") }, ...(["budget", "owed", "spent", "points", "issued", "funding"] as const).map((value) => ({ value, label: t(`reward.ledger.kind.${value}`) }))]}
        onChange={setAccount}
      />
      <PagedList list={list} empty={<EmptyState icon={<BookText size={20} />} title={t("reward.ledger.empty")} detail={t("reward.ledger.empty_hint")} />}>
        {(rows) => <Table label={t("reward.ledger.entries")} columns={columns} rows={rows} rowKey={(line) => line.id} />}
      </PagedList>
    </div>
  );
}

const kinds = ["refund", "reshipment", "coupon", "points", "policy", "repair", "replacement"] as const;

/** A compensation's lines carry its kind; others what somebody wrote. */
function noteOf(line: LedgerEntry): string {
  const kind = line.source.kind === "compensation" && kinds.find((each) => each === line.note);
  return kind ? say(`reward.kind.${kind}`) : line.note;
}

function AllRewards() {
  const { t } = useTranslation();
  const list = usePages(rewardKeys.rewards("all"), (cursor) => rewards.list("all", cursor));
  return (
    <PagedList list={list} empty={<EmptyState icon={<Gift size={20} />} title={t("reward.rewards.none")} detail={t("reward.rewards.none_hint")} />}>
      {(rows) => (
        <Section>
          <ul className="flex flex-col gap-3">
            {rows.map((item) => (
              <li key={item.id} className="border-t pt-3 first:border-t-0 first:pt-0">
                <RewardRow item={item} withCase />
              </li>
            ))}
          </ul>
        </Section>
      )}
    </PagedList>
  );
}

function Fund({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState({ budget: "", amount: "", note: "" });
  const [checked, setChecked] = useState(false);
  const [id] = useState(clientId);
  const set = (part: Partial<typeof typed>) => setTyped((now) => ({ ...now, ...part }));
  const save = useChange(() => ledger.fund({ client_id: id, budget: typed.budget, amount: fen(typed.amount) ?? 0, note: typed.note || undefined }), {
    quiet: true,
    done: t("settings.saved"),
    onDone: () => {
      refreshRewards();
      onClose();
    },
  });
  const wrong = fieldErrors(save.error);
  const badAmount = !fen(typed.amount);
  return (
    <FormDrawer
      look="dialog"
      size="sm"
      title={t("reward.ledger.fund_title")}
      description={t("reward.ledger.fund_hint")}
      dirty={typed.budget !== "" || typed.amount !== ""}
      saving={save.isPending}
      error={save.error}
      submitLabel={t("reward.ledger.fund")}
      onSubmit={() => {
        setChecked(true);
        if (typed.budget.trim() && !badAmount) save.mutate();
      }}
      onClose={onClose}
    >
      <Field label={t("reward.ledger.fund_budget")} required error={wrong.budget ?? (checked && !typed.budget.trim() ? t("reward.ledger.budget_required") : undefined)}>
        <Input value={typed.budget} maxLength={80} onChange={(e) => set({ budget: e.target.value })} />
      </Field>
      <Field label={t("reward.ledger.fund_amount")} required error={wrong.amount ?? (checked && badAmount ? t("reward.amount_invalid") : undefined)}>
        <Input inputMode="decimal" prefix="¥" value={typed.amount} onChange={(e) => set({ amount: e.target.value })} />
      </Field>
      <Field label={t("reward.ledger.fund_note")} error={wrong.note}>
        <Input value={typed.note} maxLength={80} onChange={(e) => set({ note: e.target.value })} />
      </Field>
    </FormDrawer>
  );
}
