import type { Conversation } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Ban, Eye, PencilLine, ScanEye } from "lucide-react";
import { useExternal } from "../external";
import { passing } from "../live/passing";
import { useMe } from "../query";

/** Above the messages: who else is here, and whether the contact is blocked. */
export function Notices({ conversation: c, blocked, monitor }: { conversation: Conversation; blocked: boolean; monitor: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const viewing = useExternal(passing, (p) => p.viewing[c.id]);
  const typing = useExternal(passing, (p) => p.agentTyping[c.id]);
  const others = (viewing ?? []).filter((agent) => agent.id !== me.id);
  const writes = typing && typing.from === "agent" && typing.name !== (me.nickname || me.name) && typing.name !== me.name;
  return (
    <div role="status" className="contents">
      {blocked && (
        <p className="flex items-center gap-2 border-b bg-bad-soft px-4 py-1.5 text-xs text-bad">
          <Ban size={13} aria-hidden="true" />
          {t("conversation.blocked")}
        </p>
      )}
      {monitor && (
        <p className="flex items-center gap-2 border-b bg-ai-soft px-4 py-1.5 text-xs text-ai">
          <ScanEye size={13} className="shrink-0" aria-hidden="true" />
          {t("conversation.monitoring", { name: c.agent_name })}
        </p>
      )}
      {writes ? (
        <p className="flex items-center gap-2 border-b bg-warn-soft px-4 py-1.5 text-xs text-warn">
          <PencilLine size={13} aria-hidden="true" />
          {t("conversation.colleague_typing", { name: typing.name })}
        </p>
      ) : (
        others.length > 0 && (
          <p className="flex items-center gap-2 border-b bg-raise px-4 py-1.5 text-xs text-mut">
            <Eye size={13} aria-hidden="true" />
            {t("conversation.viewing", { names: others.map((agent) => agent.name).join("、") })}
          </p>
        )
      )}
    </div>
  );
}
