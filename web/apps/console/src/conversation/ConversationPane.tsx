import { api, ApiError, type Conversation, type ConversationDetail, type ID, type MessagePage } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { ConfirmDialog, Drawer, EmptyState, ErrorState, SkeletonRows } from "@yingda/ui";
import { useQuery } from "@tanstack/react-query";
import { EyeOff } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { ContactPanel } from "../contact/ContactPanel";
import { useExternal } from "../external";
import { watch } from "../live/alert";
import { liveStatus, tell } from "../live/feed";
import { useKeys } from "../live/keys";
import { setPrefs, usePrefs } from "../prefs";
import { useCall } from "../softphone/calls";
import { CallStrip } from "../softphone/CallBar";
import { problem } from "../problem";
import { can, keys, useMe } from "../query";
import { useMedia } from "../useMedia";
import { only } from "./choice";
import { Composer } from "./Composer";
import { ConversationHeader } from "./ConversationHeader";
import { Notices } from "./Notices";
import { rightsOver } from "./rights";
import { SilenceBar } from "./SilenceBar";
import { Thread } from "./Thread";
import { useConversationActions } from "./useConversationActions";

const CloseDialog = lazy(() => import("./CloseDialog"));
const BulkDialog = lazy(() => import("./BulkDialog"));
const ConsultDialog = lazy(() => import("./Consults").then((m) => ({ default: m.ConsultDialog })));
const InviteDialog = lazy(() => import("./InviteDialog"));
const TalkGuide = lazy(() => import("../aid/TalkGuide"));
const TranscriptDialog = lazy(() => import("../mail/TranscriptDialog"));
const TransferDialog = lazy(() => import("./TransferDialog"));

export function ConversationPane({ id, view, focusSeq }: { id: ID; view: string; focusSeq?: number }) {
  const { t } = useTranslation();
  const detail = useQuery({ queryKey: keys.conversation(id), queryFn: () => api.conversations.get(id), staleTime: 5 * 60_000 });
  useViewing(id);

  if (detail.data) return <OpenConversation detail={detail.data} view={view} focusSeq={focusSeq} />;
  if (detail.isPending) return <SkeletonRows rows={6} className="w-full gap-6 p-6" />;
  if (detail.error instanceof ApiError && (detail.error.status === 404 || detail.error.status === 403)) {
    return (
      <div className="grid flex-1 place-items-center">
        <EmptyState icon={<EyeOff size={20} />} title={t("conversation.gone")} detail={t("conversation.gone_hint")} />
      </div>
    );
  }
  const { text, requestId } = problem(detail.error);
  return (
    <div className="grid flex-1 place-items-center">
      <ErrorState title={t("conversation.error.load")} detail={text} requestId={requestId} onRetry={() => void detail.refetch()} retrying={detail.isFetching} />
    </div>
  );
}

/** Tells the colleagues that someone looks here, again after each reconnect. */
function useViewing(id: ID): void {
  const connected = useExternal(liveStatus, (s) => s.state === "live");
  useEffect(() => {
    watch(id);
    if (connected) tell({ type: "viewing", conversation: id });
    return () => {
      watch(undefined);
      tell({ type: "viewing" });
    };
  }, [id, connected]);
}

type Ask = "transfer" | "transcript" | "invite" | "consult" | "tag" | "prioritise" | "close" | "take" | undefined;

function OpenConversation({ detail, view, focusSeq }: { detail: ConversationDetail; view: string; focusSeq?: number }) {
  const { t } = useTranslation();
  const { conversation } = detail;
  const me = useMe();
  const rights = rightsOver(conversation, me, useWhispered(conversation.id, me.id));
  const [ask, setAsk] = useState<Ask>();
  const doing = useConversationActions(conversation);
  // taking from a colleague is asked once more
  const actions = rights.monitor ? { ...doing, take: () => setAsk("take") } : doing;
  const { panel } = usePrefs();
  const isWide = useMedia("(min-width: 1280px)");
  const [drawer, setDrawer] = useState(false);
  const [guiding, setGuiding] = useState(false);
  const guides = rights.note && can(me, "knowledge.read");
  const panelShown = isWide ? panel : drawer;
  const togglePanel = () => (isWide ? setPrefs({ panel: !panel }) : setDrawer(!drawer));
  useReadMark(conversation, me.id);
  const call = useCall(conversation.channel === "phone" && conversation.state !== "closed" ? conversation.id : undefined).data;

  useKeys({
    a: () => (rights.accept ? actions.accept() : rights.take ? actions.take() : false),
    t: () => (rights.transfer ? setAsk("transfer") : false),
    c: () => (rights.note ? setAsk("consult") : false),
    l: () => (rights.note ? setAsk("tag") : false),
    p: () => (rights.note ? setAsk("prioritise") : false),
    i: () => (rights.invite ? setAsk("invite") : false),
    d: () => (guides ? setGuiding(true) : false),
    e: () => (rights.close ? setAsk("close") : false),
    "]": togglePanel,
  });

  return (
    <>
      <section aria-label={conversation.contact_name} className="flex min-w-0 flex-1 flex-col">
        <ConversationHeader
          conversation={conversation}
          view={view}
          rights={rights}
          actions={actions}
          panelShown={panelShown}
          onPanel={togglePanel}
          onTransfer={() => setAsk("transfer")}
          onInvite={() => setAsk("invite")}
          onConsult={() => setAsk("consult")}
          onGuide={() => setGuiding(true)}
          onTranscript={() => setAsk("transcript")}
          onClose={() => setAsk("close")}
        />
        <Notices conversation={conversation} blocked={detail.contact.blocked} monitor={rights.monitor} />
        <CallStrip call={call} onSummary={conversation.state === "wrap_up" && conversation.agent_id === me.id ? () => setAsk("close") : undefined} />
        <Thread conversation={conversation} me={me} focusSeq={focusSeq} />
        <SilenceBar conversation={conversation} me={me} />
        {guiding && guides && (
          <Suspense>
            <TalkGuide key={conversation.id} conversation={conversation} replies={rights.reply} onClose={() => setGuiding(false)} />
          </Suspense>
        )}
        <Composer key={conversation.id} conversation={conversation} me={me} rights={rights} actions={actions} onClose={() => setAsk("close")} />
      </section>
      {isWide && panel && (
        <aside aria-label={t("contact.panel")} className="flex w-[300px] shrink-0 flex-col border-l bg-panel">
          <ContactPanel detail={detail} view={view} />
        </aside>
      )}
      {!isWide && (
        <Drawer open={drawer} onOpenChange={setDrawer} title={t("contact.panel")} size="sm">
          <div className="-mx-5 -my-4">
            <ContactPanel detail={detail} view={view} />
          </div>
        </Drawer>
      )}
      <Suspense>
        {ask === "transfer" && <TransferDialog conversation={conversation} onClose={() => setAsk(undefined)} />}
        {ask === "take" && (
          <ConfirmDialog
            open
            onOpenChange={(open) => !open && setAsk(undefined)}
            title={t("conversation.take_over.title")}
            description={t("conversation.take_over.hint", { name: conversation.agent_name })}
            confirmLabel={t("conversation.actions.take_over")}
            onConfirm={doing.take}
          />
        )}
        {ask === "transcript" && <TranscriptDialog conversation={conversation} onClose={() => setAsk(undefined)} />}
        {ask === "invite" && <InviteDialog conversation={conversation} onClose={() => setAsk(undefined)} />}
        {ask === "consult" && <ConsultDialog conversation={conversation} onClose={() => setAsk(undefined)} />}
        {(ask === "tag" || ask === "prioritise") && <BulkDialog act={ask} choice={only(conversation.id)} filter={{ view: "all" }} onClose={() => setAsk(undefined)} />}
        {ask === "close" && <CloseDialog conversation={conversation} onClose={() => setAsk(undefined)} />}
      </Suspense>
    </>
  );
}

/** Whether a supervisor has whispered to the reader here, as far as the messages are known. */
function useWhispered(id: ID, me: ID): boolean {
  const messages = useQuery<MessagePage>({ queryKey: keys.messages(id), enabled: false });
  return messages.data?.items.some((m) => m.kind === "whisper" && m.author_id !== me) ?? false;
}

/** Marks what the contact wrote as read once its own agent has it on the screen. */
function useReadMark(c: Conversation, me: ID): void {
  const due = c.agent_id === me && c.unread > 0 && c.last_seq > c.agent_read_seq;
  useEffect(() => {
    if (!due) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    function mark() {
      clearTimeout(timer);
      if (!document.hidden) timer = setTimeout(() => void api.conversations.read(c.id, c.last_seq).catch(() => {}), 400);
    }
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", mark);
    };
  }, [due, c.id, c.last_seq]);
}
