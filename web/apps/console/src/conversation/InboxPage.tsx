import type { ConversationFilter, View } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { buttonClass, cn, EmptyState } from "@yingda/ui";
import { Link } from "@tanstack/react-router";
import { EyeOff, MessagesSquare } from "lucide-react";
import { useMemo } from "react";
import { Failure } from "../form/failure";
import { inboxRoute, isSaved, type InboxSearch } from "../router";
import { Allowed, LoadingPage } from "../shell/pages";
import { useMedia } from "../useMedia";
import { ConversationList } from "./ConversationList";
import { ConversationPane } from "./ConversationPane";
import { Groups } from "./Groups";
import { NextSteps, useNextSteps } from "./NextSteps";
import { talkFilter, useViews } from "../view/look";
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
  const { view, id } = inboxRoute.useParams() as { view: string; id?: string };
  const { seq, ...search } = inboxRoute.useSearch();
  const kept = useViews();
  const saved = kept.data?.items.find((each) => each.id === view);
  const asked = JSON.stringify(saved ? talkFilter(saved.filter) : isSaved(view) ? { view: "mine" } : filterOf(view as View, search));
  const filter = useMemo(() => JSON.parse(asked) as ConversationFilter, [asked]);
  const list = useConversations(filter);
  const empty = list.isSuccess && list.rows.length === 0 && !list.hasNextPage;
  const steps = useNextSteps(empty && view === "mine" && !id);
  const beside = useMedia("(min-width: 768px)");
  if (isSaved(view) && !saved) return kept.isPending ? <LoadingPage /> : <GoneView view={view} error={kept.error} onRetry={() => void kept.refetch()} />;
  return (
    <>
      <Groups view={view} />
      <main className="flex min-w-0 flex-1 overflow-hidden border-l bg-panel max-lg:border-l-0">
        <h1 className="sr-only">{saved?.name ?? t(`inbox.views.${filter.view}`)}</h1>
        <ConversationList key={view} list={list} filter={filter} place={view} saved={saved} openId={id} below={!beside && steps && <NextSteps steps={steps} />} className={cn(id && "max-md:hidden")} />
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

/** The filter that an address names. */
function filterOf(view: View, { team, agent, inbox, lang, ...rest }: Omit<InboxSearch, "seq">): ConversationFilter {
  return { view, team_id: team, agent_id: agent, inbox_id: inbox, language: lang, ...rest };
}

function GoneView({ view, error, onRetry }: { view: string; error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <Groups view={view} />
      <main className="grid min-w-0 flex-1 place-items-center border-l bg-panel max-lg:border-l-0">
        {error ? (
          <Failure error={error} onRetry={onRetry} />
        ) : (
          <EmptyState
            icon={<EyeOff size={20} />}
            title={t("views.gone")}
            detail={t("views.gone_hint")}
            action={
              <Link to="/inbox/$view/{-$id}" params={{ view: "mine", id: undefined }} className={buttonClass("primary")}>
                {t("inbox.views.mine")}
              </Link>
            }
          />
        )}
      </main>
    </>
  );
}
