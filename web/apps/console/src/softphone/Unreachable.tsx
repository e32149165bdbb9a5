import { phones } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Button } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { Phone, PhoneOff } from "lucide-react";
import { useExternal } from "../external";
import { can, useMe } from "../query";
import { connect, line } from "./line";

/** Whether calls come in here at all, and whether the browser can be a telephone. */
export function useTelephony() {
  const me = useMe();
  const found = useQuery({ queryKey: ["telephony"], queryFn: phones.get, staleTime: Infinity, enabled: can(me, "conversation.read") });
  return { calls: found.data?.calls ?? false, browser: found.data?.available ?? false };
}

/** Says to an agent who takes work that calls do not reach them, and connects the telephone. */
export function Unreachable() {
  const { t } = useTranslation();
  const me = useMe();
  const { calls, browser } = useTelephony();
  const state = useExternal(line, (l) => l.state);
  const trouble = useExternal(line, (l) => l.trouble);
  const said = useExternal(line, (l) => l.said);
  const works = me.presence.state === "online" || me.presence.state === "busy";
  if (!calls || !works || me.phone || state === "connected" || state === "elsewhere" || !can(me, "conversation.reply")) return null;
  return (
    <section aria-label={t("phone.unreachable.title")} className="mt-2 rounded-lg bg-warn-soft px-2.5 py-2 text-warn">
      <p className="flex items-center gap-1.5 text-xs font-semibold">
        <PhoneOff size={13} className="shrink-0" aria-hidden="true" />
        {t("phone.unreachable.title")}
      </p>
      <p className="mt-0.5 text-2xs">{t(browser ? "phone.unreachable.hint" : "phone.unreachable.hint_set")}</p>
      <p role="status" className="mt-1 text-2xs empty:hidden">
        {trouble && t(`phone.trouble.${trouble}`, { why: said ?? "" })}
      </p>
      {browser && (
        <Button size="sm" className="mt-1.5 w-full" icon={<Phone size={13} aria-hidden="true" />} loading={state === "connecting" || state === "lost"} onClick={() => void connect()}>
          {t("phone.unreachable.connect")}
        </Button>
      )}
    </section>
  );
}
