import { api, type Case } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { IconButton } from "@yingda/ui";
import { Eye } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { can, useMe } from "../query";
import { verified } from "../verification/useVerified";

const RevealDialog = lazy(() => import("../contact/RevealDialog"));

/** A number or an address of a case: in part, and the whole for a reason that is kept. */
export function Reach({ of: c, field, label, value }: { of: Case; field: string; label: string; value: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const [asking, setAsking] = useState(false);
  const [whole, setWhole] = useState<{ of: string; value: string }>();
  const known = whole?.of === value ? whole.value : undefined;
  return (
    <span className="num inline-flex max-w-full items-center gap-1">
      <span className="min-w-0 break-all">{known ?? value}</span>
      {!known && value.includes("***") && can(me, "contact.reveal", "case.edit") && <IconButton size="sm" label={t("contact.reveal.action", { field: label })} icon={<Eye size={13} />} onClick={() => setAsking(true)} />}
      <Suspense>
        {asking && (
          <RevealDialog
            label={label}
            ask={(reason) => verified(c.contact_id, "contact.reveal", { case_id: c.id }, (v) => api.cases.reveal(c.id, field, reason, v))}
            onClose={() => setAsking(false)}
            onValue={(shown) => setWhole({ of: value, value: shown })}
          />
        )}
      </Suspense>
    </span>
  );
}
