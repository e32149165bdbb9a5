import { people, type Contact, type Merge } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, useToast } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { Loaded, useChange } from "../form/failure";
import { can, keys, queryClient, useMe } from "../query";
import { fullTime } from "../time";
import { useMergeField } from "./MergeDialog";
import { contactChanged } from "./people";

/** The merges by which somebody came about, and a way to take each back. */
export function Merges({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const me = useMe();
  const toast = useToast();
  const fieldName = useMergeField();
  const query = useQuery({ queryKey: keys.people("merges", contact.id), queryFn: () => people.merges(contact.id) });
  const [undoing, setUndoing] = useState<Merge>();
  const undo = useChange((merge: Merge) => people.undo(merge.id), {
    onDone({ other, stay }) {
      contactChanged(queryClient, other.id);
      toast({ text: stay.length > 0 ? t("contact.merge.undone_stay", { fields: stay.map(fieldName).join("、") }) : t("contact.merge.undone"), tone: "ok" });
    },
  });
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="text-xs text-faint">{t("contact.merge.none")}</p>
        ) : (
          <ul className="flex flex-col gap-2">
            {items.map((merge) => (
              <li key={merge.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
                <span className="font-medium">{merge.other_name}</span>
                <span className="text-xs text-mut">
                  {t("contact.merge.by", { name: merge.by_name, at: fullTime(merge.at) })}
                  {merge.why && ` · ${merge.why}`}
                </span>
                {merge.undone_at ? (
                  <span className="ml-auto text-xs text-faint">{t("contact.merge.undone_by", { name: merge.undone_by, at: fullTime(merge.undone_at) })}</span>
                ) : (
                  can(me, "contact.merge") && (
                    <Button size="sm" className="ml-auto" icon={<Undo2 size={13} aria-hidden="true" />} onClick={() => setUndoing(merge)}>
                      {t("contact.merge.undo")}
                    </Button>
                  )
                )}
              </li>
            ))}
            <ConfirmDialog
              open={undoing !== undefined}
              onOpenChange={() => setUndoing(undefined)}
              title={t("contact.merge.undo_title", { name: undoing?.other_name })}
              description={t("contact.merge.undo_hint")}
              confirmLabel={t("contact.merge.undo")}
              onConfirm={() => undoing && undo.mutateAsync(undoing)}
            />
          </ul>
        )
      }
    </Loaded>
  );
}
