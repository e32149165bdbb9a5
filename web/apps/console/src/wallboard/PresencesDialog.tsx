import { api, type WallAgent } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Dialog, EmptyState, PresenceDot, SkeletonRows } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { History } from "lucide-react";
import { Failure } from "../form/failure";
import { usePresenceLabel } from "../shell/PresenceMenu";
import { clockTime, fullTime, span } from "../time";

/** What an agent's presence was lately, and who set it. */
export default function PresencesDialog({ agent: a, onClose }: { agent: WallAgent; onClose: () => void }) {
  const { t } = useTranslation();
  const label = usePresenceLabel();
  const past = useQuery({ queryKey: ["presences", a.id], queryFn: () => api.agents.presences(a.id), staleTime: 0 });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("wallboard.history.title", { name: a.name })}>
      {past.isPending && <SkeletonRows rows={5} />}
      {past.error && !past.data && <Failure error={past.error} onRetry={() => void past.refetch()} retrying={past.isFetching} />}
      {past.data?.items.length === 0 && <EmptyState icon={<History size={20} />} title={t("wallboard.history.empty")} className="py-6" />}
      <ul>
        {past.data?.items.map((p) => (
          <li key={`${p.since} ${p.until} ${p.state}`} className="flex items-start gap-3 border-b py-2 last:border-b-0">
            <PresenceDot presence={p.state} className="mt-1.5" />
            <div className="min-w-0 flex-1">
              <p className="flex gap-2">
                <span className="font-medium">{label(p.state, p.reason)}</span>
                <span className="num ml-auto text-xs text-mut">{span(Date.parse(p.until) - Date.parse(p.since))}</span>
              </p>
              <p className="num text-2xs text-faint">{t("wallboard.history.from_to", { from: fullTime(p.since), to: clockTime(p.until) })}</p>
              <p className="text-2xs text-mut">{p.by_name ? `${t("wallboard.history.set_by", { name: p.by_name })}：${p.why}` : t("wallboard.history.own")}</p>
            </div>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
