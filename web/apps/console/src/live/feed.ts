// The agents' feed: works what happens into the cache, and tells the alerts.

import { createLive, type Agent, type ClientFrame, type Conversation, type ConversationDetail, type ID, type Live, type LiveStatus, type Me, type Notice, type Page, type ServerFrame } from "@yingda/api";
import type { Query, QueryClient } from "@tanstack/react-query";
import { external } from "../external";
import { ringUntil } from "../conversation/rights";
import { keys, queryClient } from "../query";
import { alertMessage, alertNotice } from "./alert";
import { dropFromLists, patchLists } from "./lists";
import { caseChanged } from "./cases";
import { contactChanged } from "../contact/people";
import { callChanged } from "../softphone/calls";
import { watchFlights } from "./flight";
import { addMessage } from "./messages";
import { forgetPassing, setAnswered, setCaseViewers, setTyping, setViewing, setVisitor } from "./passing";
import { settleOutbox } from "./outbox";
import { refreshRewards } from "../reward/queries";
import { patchWallboard } from "./wallboard";

export const liveStatus = external<LiveStatus>({ state: "stopped", transport: "socket" });

let live: Live | undefined;
let greeted = false;

/** Opens the feed for the signed-in agent; the answer closes it. */
export function startFeed(onSignedOut: () => void): () => void {
  greeted = false;
  const flights = watchFlights(queryClient, (query, frame) => applyAgain(queryClient, query, frame));
  live = createLive({
    onFrame(frame) {
      applyFrame(queryClient, frame);
      flights.keep(frame);
    },
    onStatus(status) {
      liveStatus.set(status);
      if (status.state === "signed_out") onSignedOut();
      if (status.state === "live") settleOutbox();
    },
  });
  live.start();
  return () => {
    live?.stop();
    flights.stop();
  };
}

/** Tells the server something passing; dropped without a connection. */
export function tell(frame: ClientFrame): void {
  live?.send(frame);
}

export function retryFeed(): void {
  live?.retry();
}

function meOf(client: QueryClient): Me | undefined {
  return client.getQueryData<Me>(keys.me);
}

export function applyFrame(client: QueryClient, frame: ServerFrame): void {
  switch (frame.type) {
    case "message":
      addMessage(client, frame.message);
      setAnswered(frame.message, meOf(client)?.id);
      setTyping({ type: "typing", conversation_id: frame.message.conversation_id, from: frame.message.from, name: "", on: false });
      patchConversation(client, frame.conversation);
      if (frame.message.event?.name.startsWith("review_")) void client.invalidateQueries({ queryKey: keys.reviews(frame.conversation.id) });
      alertMessage(frame.message, frame.conversation, meOf(client)?.id);
      return;
    case "conversation":
      if (frame.conversation.channel === "phone") void client.invalidateQueries({ queryKey: ["calls"] });
      if (frame.what === "consult") void client.invalidateQueries({ queryKey: keys.consults(frame.conversation.id) });
      patchConversation(client, frame.conversation);
      callChanged(frame.conversation, frame.what, meOf(client)?.id);
      return;
    case "gone":
      dropFromLists(client, frame.conversation_id);
      patchOffers(client, undefined, frame.conversation_id);
      void client.invalidateQueries({ queryKey: keys.conversation(frame.conversation_id) });
      refreshCounts(client);
      refreshViewCounts(client);
      return;
    case "presence":
      patchAgent(client, frame);
      return;
    case "case":
      refreshViewCounts(client);
      caseChanged(client, frame);
      if (frame.what === "compensation" || frame.what === "reward") refreshRewards();
      return;
    case "verification":
      // A card can be open by any contact of the person.
      void client.invalidateQueries({ queryKey: ["verification"] });
      void client.invalidateQueries({ queryKey: ["particulars"] });
      return;
    case "notice":
      addNotice(client, frame.notice);
      alertNotice(frame.notice);
      if (frame.notice.kind.startsWith("consult") && frame.notice.conversation_id) void client.invalidateQueries({ queryKey: keys.consults(frame.notice.conversation_id) });
      if (/^(compensation|reward)\./.test(frame.notice.kind)) refreshRewards();
      if (/^(roster$|swap\.|certificate)/.test(frame.notice.kind)) void client.invalidateQueries({ queryKey: ["roster"] });
      if (frame.notice.kind === "mention") void client.invalidateQueries({ queryKey: keys.list({ view: "mentions" }) });
      refreshCounts(client);
      return;
    case "wallboard":
      patchWallboard(client, frame);
      return;
    case "contact":
      contactChanged(client, frame.contact_id);
      return;
    case "knowledge":
      askAgain(client, rootsOf.knowledge);
      return;
    case "settings":
      void client.invalidateQueries({ queryKey: keys.list({ view: "queue" }) }); // the rules of routing may have put it in another order
      askAgain(client, rootsOf.settings);
      return;
    case "typing":
      setTyping(frame);
      return;
    case "viewing":
      setViewing(frame.conversation_id, frame.agents);
      return;
    case "viewing_case":
      setCaseViewers(frame.case_id, frame.others);
      return;
    case "visitor":
      setVisitor(frame.contact_id, frame.online, frame.page);
      return;
    case "hello":
      // what was fetched before the feed listened may have missed something
      if (!greeted) askAgain(client, rootsOf.hello);
      greeted = true;
      return;
    case "reset":
      forgetPassing();
      client.removeQueries({ queryKey: ["arrivals"] });
      void client.invalidateQueries();
      return;
    case "at":
    case "pong":
      return;
  }
}

/** What is asked for again, by the frame that says that it has changed or may have. */
const rootsOf: Partial<Record<ServerFrame["type"], string[]>> & Record<"knowledge" | "settings" | "hello", string[]> = {
  knowledge: ["questions", "articles", "knowledge", "canned"],
  settings: ["settings", "inboxes", "mailboxes", "hotline", "agents", "teams", "roles", "me", "case-handling", "verification", "verification-policy", "routing", "skills", "views", "view-counts"],
  hello: ["call", "my-calls", "conversations", "counts", "offers", "messages", "notices", "cases", "case-counts", "promise-board", "view-counts", "me", "agents"],
};

function askAgain(client: QueryClient, roots: string[]): void {
  for (const root of roots) void client.invalidateQueries({ queryKey: [root] });
}

/** Works a frame in once more, for a query whose answer may be older than the frame; nobody is alerted twice. */
export function applyAgain(client: QueryClient, query: Query, frame: ServerFrame): void {
  switch (frame.type) {
    case "message":
      addMessage(client, frame.message);
      patchConversation(client, frame.conversation);
      return;
    case "conversation":
      patchConversation(client, frame.conversation);
      return;
    case "gone":
      dropFromLists(client, frame.conversation_id);
      patchOffers(client, undefined, frame.conversation_id);
      return;
    case "presence":
      patchAgent(client, frame);
      return;
    case "notice":
      addNotice(client, frame.notice);
      return;
    default:
      if (rootsOf[frame.type]?.includes(String(query.queryKey[0]))) void client.invalidateQueries({ queryKey: query.queryKey, exact: true });
  }
}

/** Works a conversation into everything that shows it. `now`: the reader changed it himself. */
export function patchConversation(client: QueryClient, c: Conversation, now = false): void {
  const me = meOf(client);
  const before = client.getQueryData<ConversationDetail>(keys.conversation(c.id))?.conversation ?? inLists(client, c.id);
  client.setQueryData<ConversationDetail>(keys.conversation(c.id), (d) => (d && d.conversation.version <= c.version ? { ...d, conversation: c } : d));
  if (me) patchLists(client, c, me.id, now);
  patchOffers(client, c, c.id);
  refreshViewCounts(client);
  if (!before || before.state !== c.state || before.agent_id !== c.agent_id || (before.unread > 0) !== (c.unread > 0)) refreshCounts(client);
}

function inLists(client: QueryClient, id: ID): Conversation | undefined {
  for (const query of client.getQueryCache().findAll({ queryKey: keys.lists })) {
    const list = query.state.data as { pages: Page<Conversation>[] } | undefined;
    for (const page of list?.pages ?? []) {
      const found = page.items.find((row) => row.id === id);
      if (found) return found;
    }
  }
  return undefined;
}

function patchOffers(client: QueryClient, c: Conversation | undefined, id: ID): void {
  const me = meOf(client);
  const rings = Boolean(c && me && ringUntil(c, me.id));
  client.setQueryData<Conversation[]>(keys.offers, (now = []) => {
    const others = now.filter((each) => each.id !== id);
    if (rings && c) return [...others, c];
    return others.length === now.length ? now : others;
  });
}

function addNotice(client: QueryClient, notice: Notice): void {
  client.setQueryData<{ items: Notice[]; unread: number }>(keys.notices, (now) => {
    if (!now || now.items.some((each) => each.id === notice.id)) return now;
    return { items: [notice, ...now.items], unread: now.unread + 1 };
  });
}

function patchAgent(client: QueryClient, frame: Extract<ServerFrame, { type: "presence" }>): void {
  const change = { presence: frame.presence, connected: frame.connected, phone: frame.phone, load: frame.load };
  client.setQueryData<Page<Agent>>(keys.agents, (now) => now && { ...now, items: now.items.map((a) => (a.id === frame.agent_id ? { ...a, ...change } : a)) });
  client.setQueryData<Me>(keys.me, (me) => (me && me.id === frame.agent_id ? { ...me, ...change } : me));
}

let viewsTimer: ReturnType<typeof setTimeout> | undefined;

/** Asks for the counts of the saved views again, at most once in 3 s. */
export function refreshViewCounts(client: QueryClient): void {
  viewsTimer ??= setTimeout(() => {
    viewsTimer = undefined;
    void client.invalidateQueries({ queryKey: keys.viewCounts });
  }, 3_000);
}

let countsTimer: ReturnType<typeof setTimeout> | undefined;

/** Asks for the counts again, at most once in 1.5 s. */
export function refreshCounts(client: QueryClient): void {
  countsTimer ??= setTimeout(() => {
    countsTimer = undefined;
    void client.invalidateQueries({ queryKey: keys.counts });
  }, 1_500);
}
