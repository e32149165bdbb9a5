import { slotTypes, type Flow, type FlowSlot, type SlotType } from "@yingda/api";
import { currentLanguage, useTranslation } from "@yingda/i18n";
import { Button, EmptyState, Field, IconButton, Input, Menu, Pill, Select, Switch, cn } from "@yingda/ui";
import { CircleHelp, Plus, Trash2 } from "lucide-react";
import { BilingualField } from "../form/BilingualField";
import { IDField } from "../edited/IDField";
import { WordLines } from "../edited/WordLines";
import { asID, freeID } from "../edited/edit";
import { addSlot, changeSlot, removeSlot, renameSlot } from "./edit";

export interface SlotsFormProps {
  flow: Flow;
  open?: string;
  onOpen: (id?: string) => void;
  onChange: (flow: Flow) => void;
  disabled?: boolean;
}

/** What a flow has to know: a list, and the one that is open. */
export function SlotsForm({ flow, open, onOpen, onChange, disabled }: SlotsFormProps) {
  const { t } = useTranslation();
  const lang = currentLanguage();
  const slot = flow.slots.find(({ id }) => id === open) ?? flow.slots[0];
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-1.5" role="group" aria-label={t("flow.tabs.slots")}>
        {flow.slots.map((each) => (
          <button key={each.id} type="button" aria-pressed={each.id === slot?.id} onClick={() => onOpen(each.id)} className={cn("h-7 rounded-md border px-2 text-xs hover:bg-raise", each.id === slot?.id && "border-brand bg-brand-soft text-brand-ink")}>
            {each.name[lang] || each.id}
          </button>
        ))}
        {!disabled && (
          <Menu
            label={t("flow.slot.add")}
            align="start"
            trigger={
              <Button size="sm" icon={<Plus size={14} />}>
                {t("flow.slot.add")}
              </Button>
            }
            groups={[
              slotTypes.map((type) => ({
                label: t(`flow.types.${type}`),
                onSelect: () => {
                  const added = addSlot(flow, type);
                  onChange(added.flow);
                  onOpen(added.id);
                },
              })),
            ]}
          />
        )}
      </div>
      {slot ? (
        <SlotForm key={slot.id} flow={flow} slot={slot} onChange={onChange} onOpen={onOpen} disabled={disabled} />
      ) : (
        <EmptyState className="py-8" icon={<CircleHelp size={20} />} title={t("flow.slot.empty")} detail={t("flow.slot.empty_hint")} />
      )}
    </div>
  );
}

const prefills = ["contact.phone", "contact.email", "contact.vin", "contact.plate", "contact.reference"] as const;

function SlotForm({ flow, slot, onChange, onOpen, disabled }: { flow: Flow; slot: FlowSlot } & Omit<SlotsFormProps, "open" | "flow">) {
  const { t } = useTranslation();
  const set = (change: Partial<FlowSlot>) => onChange(changeSlot(flow, slot.id, change));
  const measured = slot.type === "text" || slot.type === "mileage" || slot.type === "amount";
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-2">
        <Pill tone="brand">{t(`flow.types.${slot.type as SlotType}`)}</Pill>
        <IconButton
          className="ml-auto"
          label={t("flow.slot.remove")}
          icon={<Trash2 size={15} />}
          disabled={disabled}
          onClick={() => {
            onChange(removeSlot(flow, slot.id));
            onOpen(undefined);
          }}
        />
      </div>
      <IDField
        hint={t("flow.id_hint")}
        value={slot.id}
        taken={flow.slots.filter(({ id }) => id !== slot.id).map(({ id }) => id)}
        disabled={disabled}
        onRename={(id) => {
          onChange(renameSlot(flow, slot.id, id));
          onOpen(id);
        }}
      />
      <BilingualField label={t("flow.slot.name")} maxLength={60} value={slot.name} onChange={(name) => set({ name })} disabled={disabled} />
      <BilingualField label={t("flow.slot.ask")} long maxLength={1000} value={slot.ask} onChange={(ask) => set({ ask })} disabled={disabled} />
      <BilingualField label={t("flow.slot.again")} hint={t("flow.slot.again_hint")} long maxLength={1000} value={slot.again} onChange={(again) => set({ again })} disabled={disabled} />
      <Field label={t("flow.slot.prefill")} hint={t("flow.slot.prefill_hint")}>
        <Select options={[{ value: "", label: t("flow.slot.prefill_none") }, ...prefills.map((value) => ({ value, label: t(`flow.prefills.${value.slice("contact.".length) as "phone"}`) }))]} value={slot.prefill ?? ""} onChange={(prefill) => set({ prefill: prefill || undefined })} disabled={disabled} />
      </Field>
      <Switch checked={slot.optional ?? false} onChange={(optional) => set({ optional: optional || undefined })} label={t("flow.slot.optional")} hint={t("flow.slot.optional_hint")} disabled={disabled} />
      {slot.type === "text" && <Switch checked={slot.opening ?? false} onChange={(opening) => set({ opening: opening || undefined })} label={t("flow.slot.opening")} hint={t("flow.slot.opening_hint")} disabled={disabled} />}
      {slot.type === "moment" && (
        <Field label={t("flow.slot.when")}>
          <Select
            options={(["any", "past", "future"] as const).map((value) => ({ value, label: t(`flow.slot.whens.${value}`) }))}
            value={slot.past ? "past" : slot.future ? "future" : "any"}
            onChange={(when) => set({ past: when === "past" || undefined, future: when === "future" || undefined })}
            disabled={disabled}
          />
        </Field>
      )}
      {measured && (
        <div className="grid grid-cols-2 gap-4">
          {(["least", "most"] as const).map((end) => (
            <Field key={end} label={t(`flow.slot.${end}`)}>
              <Input type="number" min={0} inputMode="numeric" value={slot[end] ?? ""} onChange={(event) => set({ [end]: event.target.value ? Math.max(0, Math.floor(Number(event.target.value))) : undefined })} disabled={disabled} />
            </Field>
          ))}
        </div>
      )}
      {slot.type === "yes_no" && (
        <div className="grid grid-cols-2 gap-4">
          <WordLines label={t("flow.slot.yes")} hint={t("flow.slot.yes_hint")} value={slot.yes} onChange={(yes) => set({ yes })} disabled={disabled} />
          <WordLines label={t("flow.slot.no")} value={slot.no} onChange={(no) => set({ no })} disabled={disabled} />
        </div>
      )}
      {slot.type === "choice" && <OptionsForm slot={slot} set={set} disabled={disabled} />}
    </div>
  );
}

function OptionsForm({ slot, set, disabled }: { slot: FlowSlot; set: (change: Partial<FlowSlot>) => void; disabled?: boolean }) {
  const { t } = useTranslation();
  const options = slot.options ?? [];
  const change = (i: number, part: Partial<(typeof options)[number]>) => set({ options: options.map((each, j) => (j === i ? { ...each, ...part } : each)) });
  return (
    <div className="flex flex-col gap-3">
      {options.map((option, i) => (
        <fieldset key={i} className="flex flex-col gap-2 rounded-lg border p-3">
          <legend className="px-1 text-xs text-mut">{t("flow.slot.option", { n: i + 1 })}</legend>
          <BilingualField label={t("flow.slot.option_name")} maxLength={60} value={option.name} onChange={(name) => change(i, { name })} disabled={disabled} />
          <div className="flex items-end gap-2">
            <Field label={t("flow.id")} className="flex-1">
              <Input className="num" value={option.id} spellCheck={false} onChange={(event) => change(i, { id: asID(event.target.value) })} disabled={disabled} />
            </Field>
            <IconButton label={t("flow.slot.option_remove", { n: i + 1 })} icon={<Trash2 size={15} />} onClick={() => set({ options: options.filter((_, j) => j !== i) })} disabled={disabled} />
          </div>
          <WordLines label={t("flow.slot.option_words")} value={option.words} onChange={(words) => change(i, { words })} disabled={disabled} />
        </fieldset>
      ))}
      <Button size="sm" className="self-start" icon={<Plus size={14} />} onClick={() => set({ options: [...options, { id: freeID("option", options.map(({ id }) => id)), name: { zh: "", en: "" } }] })} disabled={disabled}>
        {t("flow.slot.option_add")}
      </Button>
    </div>
  );
}
