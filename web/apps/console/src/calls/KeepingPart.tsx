import { callRecords, type RecordingsKept } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Field, Input, SaveBar } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { useDraft } from "../form/draft";
import { Loaded, fieldErrors, useChange } from "../form/failure";
import { hotlineKey } from "./keys";

/** How long recordings are kept. */
export function KeepingPart() {
  const query = useQuery({ queryKey: [...hotlineKey, "kept"], queryFn: callRecords.kept });
  return <Loaded query={query}>{(kept) => <KeepingForm kept={kept} />}</Loaded>;
}

function KeepingForm({ kept }: { kept: RecordingsKept }) {
  const { t } = useTranslation();
  const { draft, dirty, set, discard } = useDraft({ days: String(kept.days) });
  const save = useChange(() => callRecords.keepFor({ days: Number(draft.days) || 0 }), { stale: [hotlineKey], done: t("calls.keeping.saved"), onDone: discard, quiet: true });
  return (
    <div className="flex flex-col gap-6">
      <Field className="max-w-md" label={t("calls.keeping.days")} hint={t("calls.keeping.days_hint")} error={fieldErrors(save.error)["days"]}>
        <Input inputMode="numeric" value={draft.days} maxLength={4} onChange={(e) => set({ days: e.target.value.replace(/\D/g, "") })} />
      </Field>
      <SaveBar dirty={dirty} saving={save.isPending} onSave={() => save.mutate()} onDiscard={discard} />
    </div>
  );
}
