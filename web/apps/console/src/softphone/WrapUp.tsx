import { type CallView } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, cn } from "@yingda/ui";
import { ClipboardCheck } from "lucide-react";
import { useRouting } from "../settings/routing";
import { span, useNow } from "../time";

const served = ["talking", "held", "consulting", "conference"];

/** When the agent left the line; the customer may still be asked how it was. */
function leftAt(call: CallView): number {
  const { steps } = call.record;
  const last = steps.findLastIndex(({ state }) => served.includes(state));
  return Date.parse(steps[last + 1]?.at ?? steps.at(-1)!.at);
}

/** After a call of one's own: for how long its summary has been owed, and how long it may take. */
export default function WrapUp({ call, onSummary }: { call: CallView; onSummary: () => void }) {
  const { t } = useTranslation();
  const now = useNow(1_000);
  const allowed = useRouting().data?.wrap_up_seconds ?? 0;
  const taken = Math.max(0, now - leftAt(call));
  const left = allowed * 1000 - taken;
  return (
    <section aria-label={t("phone.wrap_up.title")} className={cn("flex flex-wrap items-center gap-x-3 gap-y-2 border-b px-4 py-2", allowed > 0 && left < 0 ? "bg-bad-soft" : "bg-warn-soft")}>
      <ClipboardCheck size={16} aria-hidden="true" className="shrink-0" />
      <p className="min-w-0 flex-1 basis-56 text-sm">
        <span className="font-medium">{t(call.state === "survey" ? "phone.wrap_up.rating" : "phone.wrap_up.title")}</span>
        <span className="num text-mut"> · {t("phone.wrap_up.taken", { time: span(taken) })}</span>
        {allowed > 0 && <span className={cn("num", left < 0 ? "font-medium text-bad" : "text-mut")}> · {left < 0 ? t("phone.wrap_up.over", { time: span(-left), n: allowed }) : t("phone.wrap_up.left", { time: span(left), n: allowed })}</span>}
      </p>
      <Button variant="primary" size="sm" onClick={onSummary}>
        {t("phone.wrap_up.summary")}
      </Button>
    </section>
  );
}
