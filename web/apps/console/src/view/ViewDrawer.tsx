import { api, type ListFilter, type SavedColour, type SavedIcon, type SavedView, type ViewDraft } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn, Field, Input, RadioGroup, Select } from "@yingda/ui";
import { useState } from "react";
import { useDraft } from "../form/draft";
import { fieldErrors, useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { can, keys, useMe } from "../query";
import { caseViews, views } from "../router";
import { CaseFilters, TalkFilters } from "./Filters";
import { savedColours, savedIcons, SavedLook } from "./look";

interface ViewDrawerProps {
  /** The view that is changed, or the filter that is about to be kept. */
  view: SavedView | { subject: SavedView["subject"]; filter: ListFilter };
  onClose: () => void;
  onSaved?: (view: SavedView) => void;
}

/** Keeps a list under a name. */
export default function ViewDrawer({ view, onClose, onSaved }: ViewDrawerProps) {
  const { t } = useTranslation();
  const mayShare = can(useMe(), "view.shared");
  const old = "id" in view ? view : undefined;
  const [opened] = useState(old?.version); // whoever saves in between is not written over
  const { draft, dirty, set } = useDraft<ViewDraft>(
    old ? { subject: old.subject, name: old.name, icon: old.icon, colour: old.colour, shared: old.shared, filter: old.filter } : { subject: view.subject, name: "", icon: "list", colour: "blue", shared: false, filter: view.filter },
  );
  const save = useChange(() => (old ? api.views.change(old.id, { ...draft, version: opened }) : api.views.add(draft)), {
    stale: [keys.views, keys.viewCounts],
    quiet: true,
    done: t("views.saved"),
    onDone: (kept: SavedView) => {
      onClose();
      onSaved?.(kept);
    },
  });
  const errors = fieldErrors(save.error);
  const change = (part: Partial<ListFilter>) => set({ filter: { ...draft.filter, ...part } });
  const lists = draft.subject === "case" ? caseViews.map((value) => ({ value: value as string, label: t(`cases.views.${value}`) })) : views.map((value) => ({ value: value as string, label: t(`inbox.views.${value}`) }));
  return (
    <FormDrawer title={old ? t("views.edit_named", { name: old.name }) : t("views.add")} dirty={dirty || !old} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      <Field label={t("views.form.name")} error={errors["name"]} required>
        <Input value={draft.name} maxLength={40} onChange={(e) => set({ name: e.target.value })} />
      </Field>
      <Field group label={t("views.form.icon")}>
        <div className="flex flex-wrap gap-1">
          {(Object.keys(savedIcons) as SavedIcon[]).map((icon) => (
            <Choice key={icon} name="icon" label={t(`views.icons.${icon}`)} on={draft.icon === icon} onPick={() => set({ icon })}>
              <SavedLook view={{ icon, colour: draft.colour }} size={16} />
            </Choice>
          ))}
        </div>
      </Field>
      <Field group label={t("views.form.colour")}>
        <div className="flex flex-wrap gap-1">
          {(Object.keys(savedColours) as SavedColour[]).map((colour) => (
            <Choice key={colour} name="colour" label={t(`views.colours.${colour}`)} on={draft.colour === colour} onPick={() => set({ colour })}>
              <span className={cn("size-3.5 rounded-full bg-current", savedColours[colour])} />
            </Choice>
          ))}
        </div>
      </Field>
      <Field group label={t("views.form.who")} hint={mayShare ? undefined : t("views.form.may_not_share")}>
        <RadioGroup
          inline
          value={draft.shared ? "shared" : "own"}
          onChange={(who) => set({ shared: who === "shared" })}
          choices={[
            { value: "own", label: t("views.form.own") },
            { value: "shared", label: t("views.form.shared"), disabled: !mayShare },
          ]}
        />
      </Field>
      <h3 className="border-t pt-4 text-xs font-medium text-mut">{t("views.form.filters")}</h3>
      <Field label={t("views.form.list")}>
        <Select value={draft.filter.list} onChange={(list) => change({ list })} options={lists} />
      </Field>
      {draft.subject === "case" ? <CaseFilters filter={draft.filter} change={change} pause={0} /> : <TalkFilters filter={draft.filter} change={change} pause={0} />}
    </FormDrawer>
  );
}

function Choice({ name, label, on, onPick, children }: { name: string; label: string; on: boolean; onPick: () => void; children: React.ReactNode }) {
  return (
    <label title={label} className={cn("grid size-8 cursor-pointer place-items-center rounded-md border has-focus-visible:outline-2 has-focus-visible:outline-brand", on ? "border-brand bg-brand-soft" : "border-line hover:bg-raise")}>
      <input type="radio" name={name} aria-label={label} checked={on} onChange={onPick} className="sr-only" />
      {children}
    </label>
  );
}
