import { verifications, type Factor, type VerificationNeed, type VerificationPolicy, type VerificationWay, type VerifiedAction } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Checkbox, Field, IconButton, Input, PageHeader, Pill, SaveBar, Section } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useLang } from "../case/lang";
import { useDraft } from "../form/draft";
import { fieldErrors, Loaded, useChange } from "../form/failure";
import { LeaveGuard } from "../form/LeaveGuard";
import { whenText } from "../form/when";
import { keys, queryClient } from "../query";

/** What customers are verified by, in versions. */
export function VerificationSettings() {
  const { t } = useTranslation();
  const policy = useQuery({ queryKey: keys.verificationPolicy, queryFn: verifications.policy });
  return (
    <>
      <PageHeader title={t("settings.sections.verification")} description={t("verification.settings.about")} />
      <Loaded query={policy}>{(saved) => <PolicyForm key={saved.version} saved={saved} />}</Loaded>
      <Versions />
    </>
  );
}

interface Typed {
  needs: VerificationNeed[];
  tails: Record<string, string>;
  most: string;
  lock: string;
  live: string;
}

function typedOf(p: VerificationPolicy): Typed {
  return {
    needs: p.needs, most: String(p.most_failures), lock: String(p.lock_minutes), live: String(p.live_minutes),
    tails: Object.fromEntries(p.tails.map((each) => [each.factor, String(each.tail)])),
  };
}

const whole = (text: string) => (/^\d{1,4}$/.test(text) ? Number(text) : -1);

function PolicyForm({ saved }: { saved: VerificationPolicy }) {
  const { t } = useTranslation();
  const lang = useLang();
  const { draft, dirty, set, discard } = useDraft(typedOf(saved));
  const numbers = [draft.most, draft.lock, draft.live, ...Object.values(draft.tails)].map(whole);
  const save = useChange(
    () =>
      verifications.savePolicy({
        version: saved.version, needs: draft.needs, most_failures: whole(draft.most), lock_minutes: whole(draft.lock), live_minutes: whole(draft.live),
        tails: Object.entries(draft.tails).map(([factor, tail]) => ({ factor, tail: whole(tail) })),
      }),
    {
      done: t("verification.settings.saved"), stale: [[...keys.verificationPolicy, "versions"], ["verification"]],
      onDone: (now) => queryClient.setQueryData(keys.verificationPolicy, now),
    },
  );
  const wrong = fieldErrors(save.error);
  const number = (text: string, told?: string) => (whole(text) < 0 ? t("verification.settings.number") : told);
  const setWays = (action: string, ways: VerificationWay[]) => set({ needs: draft.needs.map((need) => (need.action === action ? { ...need, ways } : need)) });
  return (
    <>
      <LeaveGuard dirty={dirty} />
      <Section title={t("verification.settings.needs")} description={t("verification.settings.needs_hint")} actions={<Pill>{saved.version === 0 ? t("verification.settings.first") : t("verification.settings.version", { n: saved.version })}</Pill>}>
        {wrong.needs && (
          <p role="alert" className="mb-2 text-xs text-bad">
            {wrong.needs}
          </p>
        )}
        <div className="flex flex-col gap-5">
          {saved.actions.map((action) => {
            const ways = draft.needs.find((need) => need.action === action.code)?.ways ?? [];
            return (
              <fieldset key={action.code}>
                <legend className="mb-1.5 text-sm font-medium first-letter:uppercase">{t(`verification.action.${action.code.replace(".", "_") as ActionKey}`)}</legend>
                <div className="flex flex-col gap-3">
                  {ways.map((way, i) => (
                    <Way
                      key={i}
                      n={i + 1}
                      way={way}
                      factors={saved.factors.map((each) => ({ code: each.code as Factor, name: each.name[lang] }))}
                      onChange={(next) => setWays(action.code, ways.map((each, at) => (at === i ? next : each)))}
                      onRemove={ways.length > 1 ? () => setWays(action.code, ways.filter((_, at) => at !== i)) : undefined}
                    />
                  ))}
                  {ways.length < 6 && (
                    <Button size="sm" className="self-start" icon={<Plus size={13} aria-hidden="true" />} onClick={() => setWays(action.code, [...ways, { count: 2, of: ["phone", "id_tail"] }])}>
                      {t("verification.settings.add_way")}
                    </Button>
                  )}
                </div>
              </fieldset>
            );
          })}
        </div>
      </Section>
      <Section title={t("verification.settings.limits")}>
        <div className="grid gap-4 sm:grid-cols-3">
          <Field label={t("verification.settings.most")} error={number(draft.most, wrong.most_failures)}>
            <Input inputMode="numeric" value={draft.most} onChange={(e) => set({ most: e.target.value.trim() })} />
          </Field>
          <Field label={t("verification.settings.lock")} hint={t("verification.settings.lock_hint")} error={number(draft.lock, wrong.lock_minutes)}>
            <Input inputMode="numeric" value={draft.lock} onChange={(e) => set({ lock: e.target.value.trim() })} />
          </Field>
          <Field label={t("verification.settings.live")} error={number(draft.live, wrong.live_minutes)}>
            <Input inputMode="numeric" value={draft.live} onChange={(e) => set({ live: e.target.value.trim() })} />
          </Field>
          {saved.factors
            .filter((each) => each.tail)
            .map((each) => (
              <Field key={each.code} label={`${t("verification.settings.tails")}：${each.name[lang]}`} error={number(draft.tails[each.code] ?? "4", wrong.tails)}>
                <Input inputMode="numeric" value={draft.tails[each.code] ?? "4"} onChange={(e) => set({ tails: { ...draft.tails, [each.code]: e.target.value.trim() } })} />
              </Field>
            ))}
        </div>
        <SaveBar dirty={dirty} saving={save.isPending} onSave={() => Math.min(...numbers) >= 0 && save.mutate()} onDiscard={discard} />
      </Section>
    </>
  );
}

type ActionKey = "contact_reveal" | "contact_change" | "account_unlock" | "compensation_accept";

/** One way to be verified: so many of these. */
function Way({ n, way, factors, onChange, onRemove }: { n: number; way: VerificationWay; factors: { code: Factor; name: string }[]; onChange: (way: VerificationWay) => void; onRemove?: () => void }) {
  const { t } = useTranslation();
  return (
    <div role="group" aria-label={t("verification.settings.way", { n })} className="rounded-lg border px-3 py-2">
      <div className="mb-2 flex items-center gap-2 text-sm">
        <span className="text-xs text-mut">{t("verification.settings.way", { n })}</span>
        <span>{t("verification.settings.count")}</span>
        <Input aria-label={`${t("verification.settings.way", { n })}: ${t("verification.settings.count")}`} type="number" min={1} max={9} className="w-16" value={way.count} onChange={(e) => onChange({ ...way, count: Number(e.target.value) })} />
        <span>{t("verification.settings.items")}</span>
        {onRemove && <IconButton size="sm" className="ml-auto" label={t("verification.settings.remove_way", { n })} icon={<X size={13} />} onClick={onRemove} />}
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {factors.map((f) => (
          <Checkbox key={f.code} label={f.name} checked={way.of.includes(f.code)} onChange={(on) => onChange({ ...way, of: on ? [...way.of, f.code] : way.of.filter((each) => each !== f.code) })} />
        ))}
      </div>
    </div>
  );
}

function Versions() {
  const { t } = useTranslation();
  const found = useQuery({ queryKey: [...keys.verificationPolicy, "versions"], queryFn: verifications.policyVersions });
  return (
    <Section title={t("verification.settings.history")}>
      <Loaded query={found}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-xs text-faint">{t("verification.settings.first")}</p>
          ) : (
            <ol className="flex flex-col gap-2">
              {items.map((p) => (
                <li key={p.version}>
                  <details className="rounded-lg bg-sunk px-3 py-2 text-xs">
                    <summary className="cursor-pointer">
                      {t("verification.settings.version", { n: p.version })} · {t("verification.settings.written", { name: p.by_name, at: whenText(p.at ?? "") })}
                    </summary>
                    <ul className="mt-1 flex flex-col gap-1">
                      {p.needs.map((need) => (
                        <li key={need.action}>
                          {t(`verification.action.${(need.action as VerifiedAction).replace(".", "_") as ActionKey}`)}：
                          {need.ways.map((way) => `${way.count} × (${way.of.map((f) => t(`verification.factor.${f as Factor}`)).join("、")})`).join(" / ")}
                        </li>
                      ))}
                      <li>
                        {t("verification.settings.most")} {p.most_failures} · {t("verification.settings.lock")} {p.lock_minutes} · {t("verification.settings.live")} {p.live_minutes}
                      </li>
                    </ul>
                  </details>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Section>
  );
}
