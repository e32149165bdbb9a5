import { compensations, type CompensationKind, type GrantPolicy, type Limits } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Checkbox, EmptyState, Field, IconButton, Input, PageHeader, Pill, SaveBar, Section, Switch, Table, type Column } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Pencil, Plus, Scale } from "lucide-react";
import { useState } from "react";
import { BilingualField } from "../form/BilingualField";
import { FormDrawer } from "../form/FormDrawer";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { fieldErrors, Loaded, useChange } from "../form/failure";
import { whenText } from "../form/when";
import { queryClient } from "../query";
import { say } from "./look";
import { fen, typedYuan, yuan } from "./money";
import { rewardKeys, usePolicies } from "./queries";

/** How much each level may approve, and the policies of compensation. */
export function CompensationSettings() {
  const { t } = useTranslation();
  const limits = useQuery({ queryKey: rewardKeys.limits, queryFn: compensations.limits });
  return (
    <>
      <PageHeader title={t("settings.sections.compensation")} description={t("reward.settings.about")} />
      <Loaded query={limits}>{(saved) => <LimitsForm saved={saved} />}</Loaded>
      <Policies />
    </>
  );
}

function LimitsForm({ saved }: { saved: Limits }) {
  const { t } = useTranslation();
  const { draft, dirty, set, discard } = useDraft({ l1: typedYuan(saved.l1) || "0", l2: typedYuan(saved.l2) || "0", point: String(saved.point) });
  const typed = { l1: fen(draft.l1) ?? -1, l2: fen(draft.l2) ?? -1, point: /^\d{1,5}$/.test(draft.point) ? Number(draft.point) : -1 };
  const save = useChange(() => compensations.saveLimits(typed), {
    done: t("reward.settings.limits_saved"),
    onDone: (now) => {
      queryClient.setQueryData(rewardKeys.limits, now);
      discard();
    },
  });
  const wrong = fieldErrors(save.error);
  const error = (bad: boolean, told?: string) => told ?? (bad ? t("reward.amount_invalid") : undefined);
  return (
    <>
      <LeaveGuard dirty={dirty} />
      <Section title={t("reward.settings.limits")} description={t("reward.settings.limits_hint")}>
        <div className="grid gap-4 sm:grid-cols-3">
          <Field label={t("reward.settings.l1")} error={error(typed.l1 < 0, wrong.l1)}>
            <Input inputMode="decimal" prefix="¥" value={draft.l1} onChange={(e) => set({ l1: e.target.value })} />
          </Field>
          <Field label={t("reward.settings.l2")} hint={t("reward.settings.l2_hint")} error={error(typed.l2 < 0, wrong.l2)}>
            <Input inputMode="decimal" prefix="¥" value={draft.l2} onChange={(e) => set({ l2: e.target.value })} />
          </Field>
          <Field label={t("reward.settings.point")} error={typed.point < 0 ? t("reward.points_invalid") : wrong.point}>
            <Input inputMode="numeric" value={draft.point} onChange={(e) => set({ point: e.target.value.trim() })} />
          </Field>
        </div>
        <SaveBar dirty={dirty} saving={save.isPending} onSave={() => Math.min(typed.l1, typed.l2, typed.point) >= 0 && save.mutate()} onDiscard={discard} />
      </Section>
    </>
  );
}

function Policies() {
  const { t } = useTranslation();
  const policies = usePolicies();
  const [open, setOpen] = useState<GrantPolicy | "new">();
  const add = (
    <Button size="sm" icon={<Plus size={14} aria-hidden="true" />} onClick={() => setOpen("new")}>
      {t("reward.settings.add")}
    </Button>
  );
  const columns: Column<GrantPolicy>[] = [
    {
      key: "name",
      header: t("reward.settings.name"),
      cell: (p) => (
        <>
          <span className="font-medium">{say(p.name)}</span> <code className="font-mono text-2xs text-faint">{p.code}</code>
        </>
      ),
    },
    {
      key: "version",
      header: t("reward.settings.since"),
      cell: (p) => (
        <span className="flex flex-wrap items-center gap-1.5">
          <Pill tone={p.retired ? "plain" : Date.parse(p.since) > Date.now() ? "warn" : "ok"}>{p.retired ? t("reward.settings.retired") : t("reward.settings.version", { n: p.version })}</Pill>
          <span className="num text-xs text-mut">{whenText(p.since)}</span>
        </span>
      ),
    },
    { key: "kinds", header: t("reward.settings.kinds"), wide: true, cell: (p) => <span className="text-xs text-mut">{p.kinds.map((kind) => t(`reward.kind.${kind}`)).join("、") || "—"}</span> },
    { key: "most", header: t("reward.settings.most"), align: "right", cell: (p) => (p.most ? yuan(p.most) : "—") },
  ];
  return (
    <Section title={t("reward.settings.policies")} description={t("reward.settings.policies_hint")} actions={add}>
      <Loaded query={policies}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState className="py-4" icon={<Scale size={20} />} title={t("reward.settings.none")} detail={t("reward.settings.none_hint")} />
          ) : (
            <Table
              label={t("reward.settings.policies")}
              columns={columns}
              rows={items}
              rowKey={(p) => p.code}
              rowActions={(p) => <IconButton label={`${t("common.edit")} ${say(p.name)}`} icon={<Pencil size={15} />} onClick={() => setOpen(p)} />}
            />
          )
        }
      </Loaded>
      {open && <PolicyDrawer held={open === "new" ? undefined : open} onClose={() => setOpen(undefined)} />}
    </Section>
  );
}

const kinds: CompensationKind[] = ["refund", "reshipment", "coupon", "points", "policy", "repair", "replacement"];

function PolicyDrawer({ held, onClose }: { held?: GrantPolicy; onClose: () => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState(held?.code ?? "");
  const { draft, dirty, set } = useDraft({
    name: held?.name ?? { zh: "", en: "" }, text: held?.text ?? { zh: "", en: "" }, kinds: held?.kinds ?? [], most: typedYuan(held?.most), since: "", retired: held?.retired ?? false,
  });
  const save = useChange(
    () =>
      compensations.savePolicy(code.trim(), {
        version: held?.version ?? 0, name: draft.name, text: draft.text, kinds: draft.kinds, retired: draft.retired, most: draft.most ? (fen(draft.most) ?? 0) : undefined,
        since: draft.since ? new Date(draft.since).toISOString() : undefined,
      }),
    { quiet: true, done: t("reward.settings.saved"), stale: [rewardKeys.policies], onDone: onClose },
  );
  const wrong = fieldErrors(save.error);
  const badMost = draft.most !== "" && !((fen(draft.most) ?? 0) > 0);
  return (
    <FormDrawer
      title={held ? say(held.name) : t("reward.settings.new_policy")}
      description={t("reward.settings.policies_hint")}
      size="lg"
      dirty={dirty || (!held && code !== "")}
      saving={save.isPending}
      error={save.error}
      onSubmit={() => code.trim() && !badMost && save.mutate()}
      onClose={onClose}
    >
      <Field label={t("reward.settings.code")} hint={t("reward.settings.code_hint")} required error={wrong.code}>
        <Input value={code} disabled={Boolean(held)} maxLength={60} onChange={(e) => setCode(e.target.value)} />
      </Field>
      <BilingualField label={t("reward.settings.name")} value={draft.name} maxLength={80} errors={{ zh: wrong.name }} onChange={(name) => set({ name })} />
      <BilingualField long label={t("reward.settings.text")} value={draft.text} maxLength={4000} errors={{ zh: wrong.text }} onChange={(text) => set({ text })} />
      <Field group label={t("reward.settings.kinds")} hint={t("reward.settings.kinds_hint")} error={wrong.kinds}>
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {kinds.map((kind) => (
            <Checkbox key={kind} label={t(`reward.kind.${kind}`)} checked={draft.kinds.includes(kind)} onChange={(on) => set({ kinds: on ? [...draft.kinds, kind] : draft.kinds.filter((each) => each !== kind) })} />
          ))}
        </div>
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("reward.settings.most")} hint={t("reward.settings.most_hint")} error={wrong.most ?? (badMost ? t("reward.amount_invalid") : undefined)}>
          <Input inputMode="decimal" prefix="¥" value={draft.most} onChange={(e) => set({ most: e.target.value })} />
        </Field>
        <Field label={t("reward.settings.since")} hint={t("reward.settings.since_hint")} error={wrong.since}>
          <Input type="datetime-local" value={draft.since} onChange={(e) => set({ since: e.target.value })} />
        </Field>
      </div>
      {held && <Switch label={t("reward.settings.retired")} hint={t("reward.settings.retired_hint")} checked={draft.retired} onChange={(retired) => set({ retired })} />}
      {held && <Versions code={held.code} />}
    </FormDrawer>
  );
}

function Versions({ code }: { code: string }) {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: rewardKeys.versions(code), queryFn: () => compensations.policyVersions(code) });
  return (
    <section aria-label={t("reward.settings.history")}>
      <h3 className="mb-2 text-xs font-medium text-mut">{t("reward.settings.history")}</h3>
      <Loaded query={found}>
        {({ items }) => (
          <ol className="flex flex-col gap-2">
            {items.map((p) => (
              <li key={p.version}>
                <details className="rounded-lg bg-sunk px-3 py-2 text-xs">
                  <summary className="cursor-pointer">
                    {t("reward.settings.version", { n: p.version })} · {t("reward.settings.from", { at: whenText(p.since) })} · {t("reward.settings.written", { name: p.by_name, at: whenText(p.at) })}
                  </summary>
                  <p className="mt-1 whitespace-pre-wrap">{say(p.text)}</p>
                </details>
              </li>
            ))}
          </ol>
        )}
      </Loaded>
    </section>
  );
}
