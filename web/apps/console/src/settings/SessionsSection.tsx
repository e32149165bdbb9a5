import { useQuery } from "@tanstack/react-query";
import { api, type Session } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button, ConfirmDialog, PageHeader, Pill, Section } from "@yingda/ui";
import { LaptopMinimal, Smartphone } from "lucide-react";
import { useState } from "react";
import { Loaded, useChange } from "../form/failure";
import { whenText } from "../form/when";

const key = ["sessions"];

/** Where the reader is signed in; each place can be signed out from here. */
export function SessionsSection() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: key, queryFn: api.me.sessions });
  const end = useChange((session: Session) => api.me.endSession(session.id), { done: t("settings.sessions.ended"), stale: [key] });
  const endOthers = useChange((others: Session[]) => Promise.all(others.map((session) => api.me.endSession(session.id))), { done: t("settings.sessions.ended"), stale: [key] });
  const [asking, setAsking] = useState(false);
  const others = (query.data?.items ?? []).filter((session) => !session.current);
  return (
    <>
      <PageHeader
        title={t("settings.sections.sessions")}
        description={t("settings.sessions.about")}
        actions={others.length > 1 && <Button onClick={() => setAsking(true)}>{t("settings.sessions.end_others")}</Button>}
      />
      <Section>
        <Loaded query={query}>
          {(page) => (
            <ul className="-my-2 divide-y divide-line">
              {page.items.map((session) => (
                <li key={session.id} className="flex items-center gap-3 py-3">
                  <span className="grid size-9 shrink-0 place-items-center rounded-lg bg-line2 text-mut" aria-hidden="true">
                    {/iphone|android|mobile/i.test(session.device) ? <Smartphone size={17} /> : <LaptopMinimal size={17} />}
                  </span>
                  <div className="min-w-0 flex-1">
                    <p className="flex flex-wrap items-center gap-x-2 font-medium">
                      {session.device || t("common.unknown")}
                      {session.current && <Pill tone="ok">{t("settings.sessions.current")}</Pill>}
                    </p>
                    <p className="num text-xs text-mut">
                      {session.address} · {t("settings.sessions.since", { time: whenText(session.created_at) })} · {t("settings.sessions.seen", { time: whenText(session.last_seen_at) })}
                    </p>
                  </div>
                  {!session.current && (
                    <Button size="sm" aria-label={t("settings.sessions.end_named", { device: session.device })} loading={end.isPending && end.variables.id === session.id} onClick={() => end.mutate(session)}>
                      {t("settings.sessions.end")}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </Section>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("settings.sessions.end_others")}
        description={t("settings.sessions.end_others_text", { n: others.length })}
        confirmLabel={t("settings.sessions.end_others")}
        danger
        onConfirm={() => endOthers.mutateAsync(others)}
      />
    </>
  );
}
