import { api, type Me, type PresenceState } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Menu, PresenceDot, useToast, type MenuItem } from "@yingda/ui";
import { useMutation } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { problem } from "../problem";
import { keys, queryClient, useMe, useSettings } from "../query";

const builtinReasons = ["meal", "meeting", "training", "rest"] as const;

/** The agent's own presence and load, and the switch for it. */
export function PresenceMenu() {
  const { t } = useTranslation();
  const me = useMe();
  const label = usePresenceLabel();

  const change = useChangePresence();

  const item = (state: PresenceState, hint?: string, reason?: string): MenuItem => ({
    label: label(state, reason),
    hint,
    icon: <PresenceDot presence={state} />,
    checked: me.presence.state === state && (me.presence.reason ?? undefined) === reason,
    onSelect: () => change.mutate({ state, reason }),
  });
  const reasons = useBreakReasons();
  const load = t("shell.presence.load", { load: me.load, capacity: me.capacity });

  return (
    <Menu
      label={t("shell.presence.title")}
      align="start"
      groups={[
        [item("online", t("shell.presence.online_hint")), item("busy", t("shell.presence.busy_hint"))],
        reasons.map((reason) => item("break", undefined, reason.id)),
        [item("offline", t("shell.presence.offline_hint"))],
      ]}
      trigger={
        <button type="button" className="flex h-[34px] w-full items-center gap-2 rounded-lg border bg-panel px-2.5 text-left shadow-xs hover:border-edge">
          <PresenceDot presence={me.presence.state} className="ring-3 ring-current/10" />
          <span className="truncate font-medium">{label(me.presence.state, me.presence.reason)}</span>
          <span className="num ml-auto shrink-0 text-2xs text-faint" aria-label={load} role="img">
            {me.load} / {me.capacity}
          </span>
          <ChevronDown size={14} className="shrink-0 text-faint" aria-hidden="true" />
        </button>
      }
    />
  );
}

/** Puts the reader into another presence, at once on the screen and taken back if the server refuses. */
export function useChangePresence() {
  const toast = useToast();
  return useMutation({
    mutationFn: ({ state, reason }: { state: PresenceState; reason?: string }) => api.me.presence(state, reason),
    onMutate({ state, reason }) {
      const before = queryClient.getQueryData<Me>(keys.me);
      queryClient.setQueryData<Me>(keys.me, (now) => now && { ...now, presence: { state, reason, since: new Date().toISOString() } });
      return before;
    },
    onSuccess: (now) => queryClient.setQueryData(keys.me, now),
    onError(err, _, before) {
      queryClient.setQueryData(keys.me, before);
      toast({ text: problem(err).text, tone: "bad" });
    },
  });
}

function useBreakReasons(): { id: string; name: string }[] {
  const { t, i18n } = useTranslation();
  const settings = useSettings();
  const own = settings.data?.break_reasons;
  if (own && own.length > 0) return own.map((r) => ({ id: r.id, name: i18n.language === "en" ? r.en : r.zh }));
  return builtinReasons.map((id) => ({ id, name: t(`shell.presence.${id}`) }));
}

export function usePresenceLabel(): (state: PresenceState, reason?: string) => string {
  const { t } = useTranslation();
  const reasons = useBreakReasons();
  return (state, reason) => {
    const plain = t(`shell.presence.${state}`);
    const name = state === "break" && (reason === "not_responding" ? t("shell.presence.not_responding") : reasons.find((r) => r.id === reason)?.name);
    return name && name !== plain ? `${plain} · ${name}` : plain;
  };
}
