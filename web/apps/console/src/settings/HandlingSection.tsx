import { handling, type EscalationRule, type Handling } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, EmptyState, Field, IconButton, Input, PageHeader, SaveBar, Section, Select } from "@yingda/ui";
import { ArrowUpRight, Plus, Trash2 } from "lucide-react";
import { LeaveGuard } from "../form/LeaveGuard";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, isConflict, useChange } from "../form/failure";
import { problem } from "../problem";
import { can, queryClient, useMe } from "../query";
import { CategoryTree } from "./CategoryTree";
import { categoryOfError, tidyCategory } from "./category";
import { promiseKeys, useHandling } from "./promiseQueries";

/** How cases are handled: categories, windows of time, when a case goes up. */
export function HandlingSection() {
  const { t } = useTranslation();
  const query = useHandling();
  return (
    <>
      <PageHeader title={t("settings.sections.handling")} description={t("promises.handling.about")} />
      <Loaded query={query}>{(saved) => <HandlingForm saved={saved} />}</Loaded>
    </>
  );
}

function HandlingForm({ saved }: { saved: Handling }) {
  const { t } = useTranslation();
  const may = can(useMe(), "setting.manage");
  const { draft, dirty, set, discard } = useDraft(saved);
  const save = useChange(() => handling.put({ ...draft, categories: draft.categories.map(tidyCategory) }), {
    quiet: true,
    done: t("settings.saved"),
    onDone: (next) => {
      queryClient.setQueryData(promiseKeys.handling, next);
      discard();
    },
    onFail: (error) => isConflict(error) && void upon(),
  });
  /** The next try is upon what somebody else has saved meanwhile. */
  async function upon() {
    const { version } = await queryClient.fetchQuery({ queryKey: promiseKeys.handling, queryFn: handling.get, staleTime: 0 });
    set({ version });
  }
  const errors = fieldErrors(save.error);
  const wrong = Object.entries(errors).flatMap(([place, text]) => {
    const id = categoryOfError(draft.categories, place);
    return id ? [[id, text] as const] : [];
  });
  return (
    <>
      <LeaveGuard dirty={dirty} />
      <Section title={t("promises.handling.categories")} description={t("promises.handling.categories_hint")}>
        {errors["categories"] && <p role="alert" className="mb-2 text-xs text-bad">{errors["categories"]}</p>}
        <CategoryTree nodes={draft.categories} readOnly={!may} errors={Object.fromEntries(wrong)} onChange={(categories) => set({ categories })} />
      </Section>
      <Windows draft={draft} error={errors["windows"]} readOnly={!may} set={set} />
      <Rises rises={draft.rises} errors={errors} readOnly={!may} onChange={(rises) => set({ rises })} />
      <SaveBar dirty={dirty && may} saving={save.isPending} onSave={() => save.mutate()} onDiscard={() => (save.reset(), discard())} error={save.error ? (isConflict(save.error) ? t("promises.conflict_save") : problem(save.error).text) : undefined} />
    </>
  );
}

function Windows({ draft, error, readOnly, set }: { draft: Handling; error?: string; readOnly: boolean; set: (part: Partial<Handling>) => void }) {
  const { t } = useTranslation();
  const rows = [
    { key: "reopen_hours", per: 24, label: t("promises.handling.reopen"), hint: t("promises.handling.reopen_hint"), unit: t("promises.handling.days") },
    { key: "confirm_hours", per: 24, label: t("promises.handling.confirm"), hint: t("promises.handling.confirm_hint"), unit: t("promises.handling.days") },
    { key: "remind_hours", per: 1, label: t("promises.handling.remind"), hint: t("promises.handling.remind_hint"), unit: t("promises.handling.hours") },
    { key: "reminders", per: 1, label: t("promises.handling.reminders"), hint: t("promises.handling.reminders_hint"), unit: t("promises.handling.times") },
  ] as const;
  return (
    <Section title={t("promises.handling.windows")} description={t("promises.handling.windows_hint")}>
      {error && <p role="alert" className="mb-3 text-xs text-bad">{error}</p>}
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        {rows.map(({ key, per, label, hint, unit }) => (
          <Field key={key} label={label} aside={unit} hint={hint}>
            <Input type="number" min={1} className="num" disabled={readOnly} aria-invalid={error ? true : undefined} value={Math.round((draft[key] / per) * 100) / 100} onChange={(e) => set({ [key]: Math.max(0, Math.round(Number(e.target.value) * per)) })} />
          </Field>
        ))}
      </div>
    </Section>
  );
}

const triggers = ["warning", "breach", "demand", "reopened"] as const;

function Rises({ rises, errors, readOnly, onChange }: { rises: EscalationRule[]; errors: Record<string, string>; readOnly: boolean; onChange: (rises: EscalationRule[]) => void }) {
  const { t } = useTranslation();
  const change = (at: number, rise: EscalationRule) => onChange(rises.map((held, i) => (i === at ? rise : held)));
  const add = !readOnly && (
    <Button size="sm" icon={<Plus size={13} />} onClick={() => onChange([...rises, { on: "warning", at: 80, to: 1 }])}>
      {t("promises.handling.add_rise")}
    </Button>
  );
  return (
    <Section title={t("promises.handling.rises")} description={t("promises.handling.rises_hint")}>
      {errors["rises"] && <p role="alert" className="mb-2 text-xs text-bad">{errors["rises"]}</p>}
      {rises.length === 0 ? (
        <EmptyState className="py-6" icon={<ArrowUpRight size={20} />} title={t("promises.handling.no_rises")} action={add} />
      ) : (
        <div className="flex flex-col items-start gap-2">
          <ul className="flex w-full flex-col gap-2">
            {rises.map((rise, i) => {
              const name = t("promises.handling.rise_n", { n: i + 1 });
              const counted = rise.on !== "demand";
              return (
                <li key={i}>
                  <div role="group" aria-label={name} className="flex flex-wrap items-center gap-2">
                  <Select
                    className="w-52"
                    label={t("promises.handling.on_of", { name })}
                    disabled={readOnly}
                    options={triggers.map((value) => ({ value: value as string, label: t(`promises.handling.on.${value}`) }))}
                    value={rise.on}
                    onChange={(on) => change(i, on === "demand" ? { on, to: rise.to } : { on, to: rise.to, at: on === "reopened" ? 3 : on === "breach" ? 100 : 80 })}
                  />
                  {counted && <Input type="number" min={1} className="num w-20" disabled={readOnly} aria-label={t("promises.handling.at_of", { name })} value={rise.at ?? ""} onChange={(e) => change(i, { ...rise, at: e.target.value === "" ? undefined : Math.trunc(Number(e.target.value)) })} />}
                  {counted && <span className="text-xs text-mut">{rise.on === "reopened" ? t("promises.handling.times") : "%"}</span>}
                  <span className="text-xs text-mut">{t("promises.handling.goes_to")}</span>
                  <Select className="w-36" label={t("promises.handling.to_of", { name })} disabled={readOnly} options={(["1", "2", "3"] as const).map((value) => ({ value: value as string, label: t(`promises.handling.rank.${value}`) }))} value={String(rise.to)} onChange={(to) => change(i, { ...rise, to: Number(to) })} />
                  {!readOnly && <IconButton size="sm" label={t("settings.remove_named", { name })} icon={<Trash2 size={14} />} onClick={() => onChange(rises.filter((_, at) => at !== i))} />}
                  {errors[`rises.${i}`] && <p role="alert" className="w-full text-xs text-bad">{errors[`rises.${i}`]}</p>}
                  </div>
                </li>
              );
            })}
          </ul>
          {add}
        </div>
      )}
    </Section>
  );
}

