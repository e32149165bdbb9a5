import { tags as onCases, type Case, type ID } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, Field, IconButton, Input, Pill } from "@yingda/ui";
import { Tag, Tags as TagsIcon, X } from "lucide-react";
import { useState } from "react";
import { fieldErrors, useChange } from "../form/failure";
import { FormDrawer } from "../form/FormDrawer";
import { keys } from "../query";
import { retagged, tagsIn } from "./doing";

/** The words a case is found by, as pills. */
export function TagPills({ tags = [], most = Infinity }: { tags?: string[]; most?: number }) {
  const rest = tags.length - most;
  return (
    <>
      {tags.slice(0, most).map((tag) => (
        <Pill key={tag} tone="brand" className="max-w-40" icon={<Tag size={10} className="shrink-0" aria-hidden="true" />}>
          <span className="truncate">{tag}</span>
        </Pill>
      ))}
      {rest > 0 && <Pill>+{rest}</Pill>}
    </>
  );
}

/** The button that opens the small editor of a case's tags. */
export function EditTags({ item: c }: { item: Case }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" variant="ghost" icon={<TagsIcon size={13} aria-hidden="true" />} onClick={() => setOpen(true)}>
        {t("cases.tags.edit")}
      </Button>
      {open && <TagsDialog id={c.id} was={c.course.tags ?? []} onClose={() => setOpen(false)} />}
    </>
  );
}

function TagsDialog({ id, was, onClose }: { id: ID; was: string[]; onClose: () => void }) {
  const { t } = useTranslation();
  const [kept, setKept] = useState(was);
  const [typed, setTyped] = useState("");
  const { add, remove } = retagged(was, [...kept, ...tagsIn(typed)]);
  const save = useChange(() => onCases.ofCase(id, add, remove), { done: t("cases.tags.saved"), stale: [keys.case(id), keys.caseLists], onDone: onClose, quiet: true });
  const errors = fieldErrors(save.error);
  return (
    <FormDrawer look="dialog" size="sm" title={t("cases.tags.title")} dirty={add.length + remove.length > 0} saving={save.isPending} error={save.error} onSubmit={() => save.mutate()} onClose={onClose}>
      {kept.length > 0 && (
        <ul aria-label={t("cases.tags.now")} className="flex flex-wrap gap-1.5">
          {kept.map((tag) => (
            <li key={tag} className="flex max-w-full items-center gap-0.5 rounded-md bg-brand-soft pl-2 text-xs font-medium text-brand-ink">
              <span className="truncate">{tag}</span>
              <IconButton size="sm" label={t("cases.tags.remove", { tag })} icon={<X size={12} aria-hidden="true" />} onClick={() => setKept(kept.filter((each) => each !== tag))} />
            </li>
          ))}
        </ul>
      )}
      <Field label={t("cases.tags.add")} hint={t("cases.tags.hint")} error={errors.add ?? errors.remove}>
        <Input value={typed} maxLength={400} onChange={(event) => setTyped(event.target.value)} />
      </Field>
    </FormDrawer>
  );
}
