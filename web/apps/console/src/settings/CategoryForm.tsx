import type { CaseCategory, CaseField } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, Checkbox, Field, IconButton, Input, Select } from "@yingda/ui";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { BilingualField } from "../form/BilingualField";
import { FormDrawer } from "../form/FormDrawer";
import { useDraft } from "../form/draft";
import { useTeams } from "../query";
import { tidyCategory, type Given } from "./category";
import { useMatchWords } from "./promiseQueries";
import { inLanguage } from "./terms";

export interface CategoryFormProps {
  node: CaseCategory;
  fresh: boolean;
  parent?: string;
  /** What it has from the categories above, where it says nothing itself. */
  above: Given;
  error?: string;
  taken: (id: string) => boolean;
  onKeep: (node: CaseCategory) => void;
  onClose: () => void;
}

const details = ["name", "phone", "email", "order", "evidence"] as const;
const types = ["text", "number", "date", "choice", "bool"] as const;

/** One category: what it is called, and what it means for the cases in it. */
export function CategoryForm({ node, fresh, parent, above, error, taken, onKeep, onClose }: CategoryFormProps) {
  const { t } = useTranslation();
  const words = useMatchWords();
  const teams = useTeams().data?.items ?? [];
  const { draft, dirty, set } = useDraft<CaseCategory>(node);
  const inherits = (value?: string) => ({ value: "", label: value ? t("promises.category.as_above", { value }) : t("promises.category.unset") });
  const levels = Object.entries(words.levels).filter(([code]) => code !== "special");
  const named = draft.name.zh.trim() !== "" && draft.name.en.trim() !== "";
  const kinds = Object.entries(words.kinds).filter(([code]) => code !== "conversation" && code !== "call");
  const hasKind = Boolean(draft.kind || above.kind);
  const isTaken = taken(draft.id);
  return (
    <FormDrawer
      size="lg"
      title={fresh ? t("promises.category.new") : t("settings.edit_named", { name: inLanguage(node.name, currentLanguage()) || node.id })}
      description={t("promises.category.hint")}
      dirty={dirty}
      saving={false}
      submitLabel={t("promises.category.keep")}
      onSubmit={() => named && hasKind && !isTaken && onKeep(tidyCategory({ ...draft, children: node.children }))}
      onClose={onClose}
    >
      {error && <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-xs text-bad">{error}</p>}
      <BilingualField label={t("promises.name")} value={draft.name} onChange={(name) => set({ name })} maxLength={60} errors={dirty && !named ? { [draft.name.zh.trim() ? "en" : "zh"]: t("settings.needed") } : {}} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("promises.category.id")} hint={fresh ? t("promises.category.id_hint", { parent: parent ? `${parent}.` : "…" }) : t("promises.category.id_fixed")} error={isTaken ? t("promises.category.id_taken") : undefined}>
          <Input className="font-mono" value={draft.id} readOnly={!fresh} maxLength={80} onChange={(e) => set({ id: e.target.value.toLowerCase().replace(/[^a-z0-9_.]/g, "") })} />
        </Field>
        <Field label={t("promises.match.kind")} error={dirty && !hasKind ? t("settings.needed") : undefined}>
          <Select options={[inherits(above.kind && words.kinds[above.kind]), ...kinds.map(([value, label]) => ({ value, label }))]} value={draft.kind ?? ""} onChange={(kind) => set({ kind: (kind || undefined) as CaseCategory["kind"] })} />
        </Field>
        <Field label={t("promises.match.level")} hint={t("promises.category.level_hint")}>
          <Select options={[inherits(above.level && words.levels[above.level]), ...levels.map(([value, label]) => ({ value, label }))]} value={draft.level ?? ""} onChange={(level) => set({ level: level || undefined })} />
        </Field>
        <Field label={t("promises.category.process.title")} hint={t("promises.category.process.hint")}>
          <Select
            options={[inherits(above.process && t(`promises.category.process.${above.process as "technical"}`)), ...(["technical", "account", "emergency"] as const).map((value) => ({ value: value as string, label: t(`promises.category.process.${value}`) }))]}
            value={draft.process ?? ""}
            onChange={(process) => set({ process: process || undefined })}
          />
        </Field>
        <Field label={t("promises.category.team")} hint={t("promises.category.team_hint")}>
          <Input list="category-teams" value={draft.team ?? ""} maxLength={60} placeholder={above.team ? t("promises.category.as_above", { value: above.team }) : undefined} onChange={(e) => set({ team: e.target.value || undefined })} />
        </Field>
        <datalist id="category-teams">
          {teams.map((team) => (
            <option key={team.id} value={team.name} />
          ))}
        </datalist>
      </div>
      <Own title={t("promises.category.needs")} hint={t("promises.category.needs_hint")} own={draft.needs} above={above.needs} said={(list) => list.map((each) => t(`promises.category.detail.${each as "name"}`)).join(t("promises.comma"))} onChange={(needs) => set({ needs })}>
        {(needs, change) => (
          <div className="flex flex-wrap gap-x-5 gap-y-2">
            {details.map((detail) => (
              <Checkbox key={detail} checked={needs.includes(detail)} onChange={(on) => change(details.filter((each) => (each === detail ? on : needs.includes(each))))} label={t(`promises.category.detail.${detail}`)} />
            ))}
          </div>
        )}
      </Own>
      <Own title={t("promises.category.prepare")} hint={t("promises.category.prepare_hint")} own={draft.prepare} above={above.prepare} said={(list) => list.map((each) => inLanguage(each, currentLanguage())).join(t("promises.comma"))} onChange={(prepare) => set({ prepare })}>
        {(prepare, change) => <Preparation lines={prepare} onChange={change} />}
      </Own>
      <Own title={t("promises.category.form")} hint={t("promises.category.form_hint")} own={draft.form} above={above.form} said={(list) => list.map((each) => inLanguage(each.name, currentLanguage())).join(t("promises.comma"))} onChange={(form) => set({ form })}>
        {(form, change) => <Fields fields={form} onChange={change} />}
      </Own>
    </FormDrawer>
  );
}

/** A list that a category either has from above or says itself; an empty one of its own asks for nothing. */
function Own<T>({ title, hint, own, above, said, onChange, children }: { title: string; hint: string; own?: T[]; above: T[]; said: (list: T[]) => string; onChange: (list?: T[]) => void; children: (list: T[], change: (list: T[]) => void) => ReactNode }) {
  const { t } = useTranslation();
  return (
    <section aria-label={title} className="flex flex-col gap-2 border-t pt-3">
      <h3 className="text-sm font-semibold">{title}</h3>
      <p className="-mt-1.5 text-xs text-mut">{hint}</p>
      <Checkbox checked={own === undefined} onChange={(inherit) => onChange(inherit ? undefined : [...above])} label={above.length > 0 ? t("promises.category.as_above", { value: said(above) }) : t("promises.category.as_above_none")} />
      {own !== undefined && children(own, onChange)}
    </section>
  );
}

function Preparation({ lines, onChange }: { lines: { zh: string; en: string }[]; onChange: (lines: { zh: string; en: string }[]) => void }) {
  const { t } = useTranslation();
  const change = (at: number, part: Partial<{ zh: string; en: string }>) => onChange(lines.map((held, i) => (i === at ? { ...held, ...part } : held)));
  return (
    <div className="flex flex-col items-start gap-2">
      <ul className="flex w-full flex-col gap-1.5">
        {lines.map((line, i) => (
          <li key={i} className="flex items-center gap-1.5">
            <Input className="min-w-0 flex-1" lang="zh-CN" aria-label={t("promises.category.line_zh", { n: i + 1 })} placeholder={t("common.language.zh")} maxLength={200} value={line.zh} onChange={(e) => change(i, { zh: e.target.value })} />
            <Input className="min-w-0 flex-1" lang="en" aria-label={t("promises.category.line_en", { n: i + 1 })} placeholder={t("common.language.en")} maxLength={200} value={line.en} onChange={(e) => change(i, { en: e.target.value })} />
            <IconButton size="sm" label={t("promises.category.remove_line", { n: i + 1 })} icon={<Trash2 size={14} />} onClick={() => onChange(lines.filter((_, at) => at !== i))} />
          </li>
        ))}
      </ul>
      <Button size="sm" icon={<Plus size={13} />} onClick={() => onChange([...lines, { zh: "", en: "" }])}>
        {t("promises.category.add_line")}
      </Button>
    </div>
  );
}

function Fields({ fields, onChange }: { fields: CaseField[]; onChange: (fields: CaseField[]) => void }) {
  const { t } = useTranslation();
  const change = (at: number, part: Partial<CaseField>) => onChange(fields.map((held, i) => (i === at ? { ...held, ...part } : held)));
  function move(at: number, by: number) {
    const next = [...fields];
    const [held] = next.splice(at, 1);
    if (held) next.splice(at + by, 0, held);
    onChange(next);
  }
  return (
    <div className="flex flex-col items-start gap-3">
      {fields.map((field, i) => {
        const name = inLanguage(field.name, currentLanguage()) || field.id || t("promises.category.field_n", { n: i + 1 });
        return (
          <div key={i} role="group" aria-label={name} className="flex w-full flex-col gap-2 rounded-lg border bg-raise px-3 py-2.5">
            <div className="flex flex-wrap items-center gap-1.5">
              <Input className="w-32 font-mono" aria-label={t("promises.category.field_id", { name })} placeholder="vin" maxLength={40} value={field.id} onChange={(e) => change(i, { id: e.target.value.toLowerCase().replace(/[^a-z0-9_]/g, "") })} />
              <Input className="min-w-24 flex-1" lang="zh-CN" aria-label={t("settings.summary.zh_of", { name })} placeholder={t("common.language.zh")} maxLength={60} value={field.name.zh} onChange={(e) => change(i, { name: { ...field.name, zh: e.target.value } })} />
              <Input className="min-w-24 flex-1" lang="en" aria-label={t("settings.summary.en_of", { name })} placeholder={t("common.language.en")} maxLength={60} value={field.name.en} onChange={(e) => change(i, { name: { ...field.name, en: e.target.value } })} />
              <Select
                className="w-28"
                label={t("promises.category.type_of", { name })}
                options={types.map((value) => ({ value: value as string, label: t(`promises.category.type.${value}`) }))}
                value={field.type}
                onChange={(type) => change(i, { type, choices: type === "choice" ? (field.choices ?? [{ id: "a", name: { zh: "", en: "" } }]) : undefined, min: undefined, max: undefined })}
              />
              <Checkbox checked={field.required} onChange={(required) => change(i, { required })} label={t("promises.category.required")} />
              <IconButton size="sm" label={t("settings.up", { name })} icon={<ArrowUp size={14} />} disabled={i === 0} onClick={() => move(i, -1)} />
              <IconButton size="sm" label={t("settings.down", { name })} icon={<ArrowDown size={14} />} disabled={i === fields.length - 1} onClick={() => move(i, 1)} />
              <IconButton size="sm" label={t("settings.remove_named", { name })} icon={<Trash2 size={14} />} onClick={() => onChange(fields.filter((_, at) => at !== i))} />
            </div>
            {field.type === "number" && (
              <div className="flex flex-wrap gap-3">
                {(["min", "max"] as const).map((bound) => (
                  <Field key={bound} label={t(`promises.category.${bound}`)} className="w-28">
                    <Input type="number" className="num" value={field[bound] ?? ""} onChange={(e) => change(i, { [bound]: e.target.value === "" ? undefined : Number(e.target.value) })} />
                  </Field>
                ))}
              </div>
            )}
            {field.type === "choice" && <Choices name={name} choices={field.choices ?? []} onChange={(choices) => change(i, { choices })} />}
          </div>
        );
      })}
      <Button size="sm" icon={<Plus size={13} />} onClick={() => onChange([...fields, { id: "", name: { zh: "", en: "" }, type: "text", required: false }])}>
        {t("promises.category.add_field")}
      </Button>
    </div>
  );
}

function Choices({ name, choices, onChange }: { name: string; choices: NonNullable<CaseField["choices"]>; onChange: (choices: NonNullable<CaseField["choices"]>) => void }) {
  const { t } = useTranslation();
  const change = (at: number, part: Partial<(typeof choices)[number]>) => onChange(choices.map((held, i) => (i === at ? { ...held, ...part } : held)));
  return (
    <div role="group" aria-label={t("promises.category.choices_of", { name })} className="flex flex-col items-start gap-1.5 border-l pl-3">
      {choices.map((choice, i) => (
        <div key={i} className="flex w-full items-center gap-1.5">
          <Input className="w-24 font-mono" aria-label={t("promises.category.choice_id", { n: i + 1 })} maxLength={40} value={choice.id} onChange={(e) => change(i, { id: e.target.value.toLowerCase().replace(/[^a-z0-9_]/g, "") })} />
          <Input className="min-w-0 flex-1" lang="zh-CN" aria-label={t("promises.category.line_zh", { n: i + 1 })} placeholder={t("common.language.zh")} maxLength={60} value={choice.name.zh} onChange={(e) => change(i, { name: { ...choice.name, zh: e.target.value } })} />
          <Input className="min-w-0 flex-1" lang="en" aria-label={t("promises.category.line_en", { n: i + 1 })} placeholder={t("common.language.en")} maxLength={60} value={choice.name.en} onChange={(e) => change(i, { name: { ...choice.name, en: e.target.value } })} />
          <IconButton size="sm" label={t("promises.category.remove_line", { n: i + 1 })} icon={<Trash2 size={14} />} disabled={choices.length === 1} onClick={() => onChange(choices.filter((_, at) => at !== i))} />
        </div>
      ))}
      <Button size="sm" variant="ghost" icon={<Plus size={13} />} onClick={() => onChange([...choices, { id: `c${choices.length + 1}`, name: { zh: "", en: "" } }])}>
        {t("promises.category.add_choice")}
      </Button>
    </div>
  );
}
