import { type Attachment, type Conversation, type Me, type MessagePage } from "@yingda/api";
import { useTranslation } from "@yingda/i18n";
import { Avatar, Button, ErrorState, SkeletonRows, Spinner } from "@yingda/ui";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ArrowDown } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useExternal } from "../external";
import { fetchMessages, fetchOlder } from "../live/messages";
import { useOutgoing } from "../live/outbox";
import { passing } from "../live/passing";
import { problem } from "../problem";
import { keys } from "../query";
import { clockTime, dayName } from "../time";
import { MessageView } from "./MessageView";
import { OutgoingView } from "./OutgoingView";
import { timeline } from "./timeline";

const Lightbox = lazy(() => import("./Lightbox"));

const nearEnd = 80;
const nearStart = 240;
const largestPage = 200;

export function Thread({ conversation, me, focusSeq }: { conversation: Conversation; me: Me; focusSeq?: number }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const id = conversation.id;
  const messages = useQuery<MessagePage>({ queryKey: keys.messages(id), queryFn: () => fetchMessages(client, id), staleTime: 60_000, structuralSharing: false });
  const outgoing = useOutgoing(id);
  const older = useMutation({ mutationFn: (limit?: number) => fetchOlder(client, id, limit) });
  const [shown, setShown] = useState<Attachment>();
  const items = messages.data?.items;
  const entries = useMemo(() => timeline(items ?? []), [items]);
  const images = useMemo(() => (items ?? []).flatMap((m) => m.attachments ?? []).filter((a) => a.kind === "image"), [items]);
  const scroll = useScroll(items?.[0]?.seq, (items?.at(-1)?.seq ?? 0) + outgoing.length);
  useFocus(focusSeq, messages.data, older.mutateAsync, scroll.box);

  function onScroll() {
    scroll.onScroll();
    const box = scroll.box.current;
    if (box && box.scrollTop < nearStart && messages.data?.more && !older.isPending && !older.isError) older.mutate(undefined);
  }

  if (messages.isPending) return <SkeletonRows rows={5} className="min-h-0 flex-1 gap-6 overflow-hidden p-6" />;
  if (!items) {
    const { text, requestId } = problem(messages.error);
    return (
      <div className="grid min-h-0 flex-1 place-items-center">
        <ErrorState title={t("conversation.error.load")} detail={text} requestId={requestId} onRetry={() => void messages.refetch()} retrying={messages.isFetching} />
      </div>
    );
  }
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div ref={scroll.box} onScroll={onScroll} role="log" aria-label={t("conversation.log")} tabIndex={0} className="scroll flex min-h-0 flex-1 flex-col overflow-y-auto px-4 py-3 outline-offset-[-2px] [overflow-anchor:none]">
        <div className="mt-auto flex flex-col">
          {messages.data?.more && (
            <div className="flex justify-center py-1">
              <Button size="sm" variant="ghost" loading={older.isPending} onClick={() => older.mutate(undefined)}>
                {older.isError ? t("common.retry") : t("conversation.load_older")}
              </Button>
            </div>
          )}
          {entries.map((entry) => (
            <div key={entry.message.id} data-seq={entry.message.seq}>
              {entry.day && <Day at={entry.message.at} />}
              <MessageView entry={entry} conversation={conversation} me={me} onImage={setShown} />
            </div>
          ))}
          {outgoing.map((m) => (
            <OutgoingView key={m.client_id} message={m} />
          ))}
          <ContactTyping conversation={conversation} />
          <AssistantWriting conversation={conversation} />
        </div>
      </div>
      {!scroll.atEnd && (
        <Button size="sm" className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full shadow-float" icon={<ArrowDown size={13} aria-hidden="true" />} onClick={scroll.toEnd}>
          {scroll.below > 0 ? t("conversation.new_below", { n: scroll.below }) : t("conversation.jump_newest")}
        </Button>
      )}
      {messages.isFetching && messages.isStale && (
        <span className="absolute top-2 right-3 text-faint">
          <Spinner />
        </span>
      )}
      <Suspense>{shown && <Lightbox images={images} first={shown} onClose={() => setShown(undefined)} />}</Suspense>
    </div>
  );
}

function Day({ at }: { at: string }) {
  return (
    <div className="flex items-center gap-3 py-2 text-2xs text-faint">
      <span className="h-px flex-1 bg-line2" />
      <span className="num">
        {dayName(at)} {clockTime(at)}
      </span>
      <span className="h-px flex-1 bg-line2" />
    </div>
  );
}

/** What the contact is typing, before it is sent. */
function ContactTyping({ conversation: c }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const typing = useExternal(passing, (p) => p.contactTyping[c.id]);
  if (!typing || c.state === "closed") return null;
  return (
    <div className="mt-2.5 flex max-w-[78%] items-end gap-2.5" aria-live="off">
      <Avatar name={c.contact_name} size={28} />
      <div>
        <div className="rounded-2xl rounded-bl-md border border-dashed border-edge px-3.5 py-2 text-base text-mut">
          {typing.text ? <span className="break-words whitespace-pre-wrap">{typing.text}</span> : null}
          <span className="ml-1 inline-flex gap-0.5 align-middle" aria-hidden="true">
            {[0, 1, 2].map((i) => (
              <span key={i} className="size-1 animate-pulse rounded-full bg-faint" style={{ animationDelay: `${i * 200}ms` }} />
            ))}
          </span>
        </div>
        <div className="mt-1 px-1 text-2xs text-faint">{t("conversation.visitor_typing", { name: c.contact_name })}</div>
      </div>
    </div>
  );
}

/** What the assistant writes, as the visitor reads it: checked, and not said yet. */
function AssistantWriting({ conversation: c }: { conversation: Conversation }) {
  const { t } = useTranslation();
  const typing = useExternal(passing, (p) => p.agentTyping[c.id]);
  if (typing?.from !== "bot" || c.state !== "bot") return null;
  return (
    <div className="mt-2.5 ml-auto flex max-w-[78%] flex-col items-end" aria-live="off">
      {typing.text ? <div className="rounded-2xl rounded-br-md border border-dashed border-edge px-3.5 py-2 text-base break-words whitespace-pre-wrap text-mut">{typing.text}</div> : null}
      <div className="mt-1 px-1 text-2xs text-faint">{t("conversation.assistant_writing", { name: typing.name })}</div>
    </div>
  );
}

/** Stays at the newest message while one is there, and stays in place when older ones come in above. */
function useScroll(firstSeq: number | undefined, end: number) {
  const box = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const held = useRef({ firstSeq, height: 0, end });
  const [atEnd, setAtEnd] = useState(true);
  const [seenEnd, setSeenEnd] = useState(end);

  const toEnd = useCallback(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
    pinned.current = true;
    setAtEnd(true);
  }, []);

  useLayoutEffect(() => {
    const el = box.current;
    if (!el) return;
    const before = held.current;
    const grewAbove = before.firstSeq !== undefined && firstSeq !== undefined && firstSeq < before.firstSeq;
    if (pinned.current) el.scrollTop = el.scrollHeight;
    else if (grewAbove) el.scrollTop += el.scrollHeight - before.height;
    if (pinned.current) setSeenEnd(end);
    held.current = { firstSeq, height: el.scrollHeight, end };
  }, [firstSeq, end]);

  // pictures that load, a window that shrinks, a preview that grows
  useEffect(() => {
    const el = box.current;
    const inner = el?.firstElementChild;
    if (!el || !inner) return;
    const watcher = new ResizeObserver(() => {
      if (pinned.current) el.scrollTop = el.scrollHeight;
      held.current.height = el.scrollHeight;
    });
    watcher.observe(inner);
    watcher.observe(el);
    return () => watcher.disconnect();
  }, [firstSeq === undefined]);

  function onScroll() {
    const el = box.current;
    if (!el) return;
    const is = el.scrollHeight - el.clientHeight - el.scrollTop < nearEnd;
    pinned.current = is;
    setAtEnd(is);
    if (is) setSeenEnd(end);
  }
  return { box, atEnd, below: Math.max(0, end - seenEnd), toEnd, onScroll };
}

/** Brings the message that search found onto the screen, fetching back to it. */
function useFocus(seq: number | undefined, held: MessagePage | undefined, older: (limit: number) => Promise<void>, box: React.RefObject<HTMLDivElement | null>): void {
  const done = useRef<number>(undefined);
  useEffect(() => {
    if (seq === undefined || !held || done.current === seq) return;
    if (held.more && (held.items[0]?.seq ?? 0) > seq) {
      older(largestPage).catch(() => (done.current = seq));
      return;
    }
    done.current = seq;
    const row = box.current?.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
    row?.scrollIntoView({ block: "center" });
    row?.animate([{ background: "color-mix(in srgb, var(--brand) 22%, transparent)" }, { background: "transparent" }], { duration: 2_400 });
  }, [seq, held, older, box]);
}
