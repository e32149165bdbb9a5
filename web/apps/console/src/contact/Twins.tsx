import { people, type Contact } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useChange } from "../form/failure";
import { can, keys, useMe } from "../query";

const MergeDialog = lazy(() => import("./MergeDialog"));

/** Suggests who may be the same person; nothing while there is nobody. */
export function Twins({ contact }: { contact: Contact }) {
  const { t } = useTranslation();
  const me = useMe();
  const twins = useQuery({ queryKey: keys.people("twins", contact.id), queryFn: () => people.twins(contact.id) });
  const [merging, setMerging] = useState<Contact>();
  const apart = useChange((other: string) => people.notSame(contact.id, other), { stale: [["people"]], done: t("contact.merge.said_not_same") });
  const items = twins.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section aria-label={t("contact.merge.suggested")} className="mx-4 mb-3 rounded-lg bg-warn-soft px-3 py-2">
      <h3 className="flex items-center gap-1.5 text-xs font-semibold">
        <Users size={14} aria-hidden="true" />
        {t("contact.merge.suggested")}
      </h3>
      <ul>
        {items.map(({ contact: other, by }) => (
          <li key={other.id} className="flex flex-wrap items-center gap-x-2 gap-y-1 py-1 text-xs">
            <Link to="/contacts/$id" params={{ id: other.id }} className="font-medium hover:text-brand-ink hover:underline">
              {other.name}
            </Link>
            <span className="text-mut">{t("contact.merge.same", { what: by.map((kind) => t(`contact.identity.kinds.${kind}`)).join("、") })}</span>
            {can(me, "contact.merge") && (
              <span className="ml-auto flex gap-1">
                <Button size="sm" onClick={() => setMerging(other)}>
                  {t("contact.merge.look")}
                </Button>
                <Button size="sm" variant="ghost" loading={apart.isPending} onClick={() => apart.mutate(other.id)}>
                  {t("contact.merge.not_same")}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      <Suspense>{merging && <MergeDialog kept={contact} other={merging} onClose={() => setMerging(undefined)} />}</Suspense>
    </section>
  );
}
