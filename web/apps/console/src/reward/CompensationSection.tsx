import type { ID } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, EmptyState, Section } from "@yingda/ui";
import { HandCoins, Plus } from "lucide-react";
import { useState } from "react";
import { Loaded } from "../form/failure";
import { can, useMe } from "../query";
import { CompensationCard } from "./CompensationCard";
import { ProposeDrawer } from "./ProposeDrawer";
import { useCompensations } from "./queries";

/** The compensations of a case: propose, follow, decide, pay. */
export function CompensationSection({ caseId, over }: { caseId: ID; over?: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const found = useCompensations(caseId);
  const [proposing, setProposing] = useState(false);
  const propose = can(me, "compensation.propose") && !over && (
    <Button size="sm" icon={<Plus size={14} aria-hidden="true" />} onClick={() => setProposing(true)}>
      {t("reward.propose")}
    </Button>
  );
  return (
    <Section title={t("reward.compensation")} description={t("reward.compensation_hint")} actions={propose}>
      <Loaded query={found}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState className="py-4" icon={<HandCoins size={20} />} title={t("reward.none")} detail={t("reward.none_hint")} />
          ) : (
            <ul className="flex flex-col gap-4">
              {items.map((item) => (
                <li key={item.id} className="border-t pt-4 first:border-t-0 first:pt-0">
                  <CompensationCard item={item} />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {proposing && <ProposeDrawer caseId={caseId} onClose={() => setProposing(false)} />}
    </Section>
  );
}
