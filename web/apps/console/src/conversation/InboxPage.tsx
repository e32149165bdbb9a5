import type { ConversationFilter, View } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { cn, EmptyState } from "@yingda/ui";
import { MessagesSquare } from "lucide-react";
import { useMemo } from "react";
import { inboxRoute } from "../router";
import { Allowed } from "../shell/pages";
import { useMedia } from "../useMedia";
import { ConversationList } from "./ConversationList";
import { ConversationPane } from "./ConversationPane";
import { Groups } from "./Groups";
import { NextSteps, useNextSteps } from "./NextSteps";
import { useConversations } from "./useConversations";

export default function InboxPage() {
  return (
    <Allowed to={["conversation.read", "conversation.reply"]}>
      <Inbox />
    </Allowed>
  );
}

/** Groups, list, conversation: three panes at once, or one at a time on a phone. */
function Inbox() {
  const { t } = useTranslation();
  const { view, id } = inboxRoute.useParams() as { view: View; id?: string };
  const { team, agent, priority, seq } = inboxRoute.useSearch();
  const filter = useMemo<ConversationFilter>(() => ({ view, team_id: team, agent_id: agent, priority }), [view, team, agent, priority]);
  const list = useConversations(filter);
  const empty = list.isSuccess && list.rows.length === 0;
  const steps = useNextSteps(empty && view === "mine" && !id);
  const beside = useMedia("(min-width: 768px)");
  return (
    <>
      <Groups view={view} />
      <main className="flex min-w-0 flex-1 overflow-hidden border-l bg-panel max-lg:border-l-0">
        <h1 className="sr-only">{t(`inbox.views.${view}`)}</h1>
        <ConversationList key={JSON.stringify(filter)} filter={filter} openId={id} below={!beside && steps && <NextSteps steps={steps} />} className={cn(id && "max-md:hidden")} />
        <div className={cn("flex min-w-0 flex-1", !id && "max-md:hidden")}>
          {id ? (
            <ConversationPane key={id} id={id} view={view} focusSeq={seq} />
          ) : steps ? (
            <div className="scroll grid flex-1 place-items-center overflow-auto p-6">{beside && <NextSteps steps={steps} />}</div>
          ) : empty ? (
            <div className="flex-1" />
          ) : (
            <div className="grid flex-1 place-items-center">
              <EmptyState icon={<MessagesSquare size={20} />} title={t("inbox.pick")} detail={t("inbox.pick_hint")} />
            </div>
          )}
        </div>
      </main>
    </>
  );
}
