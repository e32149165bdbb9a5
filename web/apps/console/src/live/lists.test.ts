import type { Conversation, ConversationFilter } from "@yingda/api";
import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it } from "vitest";
import { keys } from "../query";
import { belongs, inOrder, merged, patchLists, replaced, type List } from "./lists";

const me = "ag_me";

function conversation(id: string, fields: Partial<Conversation> = {}): Conversation {
  return { id, state: "active", agent_id: me, last_at: "2026-11-22T08:00:00Z", version: 1, priority: 0, unread: 0, ...fields } as Conversation;
}

function list(...pages: Conversation[][]): List {
  return { pages: pages.map((items, i) => ({ items, next: i + 1 < pages.length ? `c${i}` : undefined })), pageParams: pages.map((_, i) => (i === 0 ? undefined : `c${i - 1}`)) };
}

const ids = (l: List | undefined) => l?.pages.flatMap((page) => page.items.map((row) => row.id));

describe("belongs", () => {
  it.each<[ConversationFilter, Partial<Conversation>, boolean | undefined]>([
    [{ view: "mine" }, {}, true],
    [{ view: "mine" }, { agent_id: "ag_other" }, false],
    [{ view: "mine" }, { state: "closed" }, false],
    [{ view: "queue" }, { state: "queued", agent_id: undefined }, true],
    [{ view: "unassigned" }, { state: "queued", agent_id: undefined }, true],
    [{ view: "unassigned" }, { state: "bot", agent_id: undefined }, true],
    [{ view: "unassigned" }, { state: "wrap_up" }, false],
    [{ view: "bot" }, { state: "bot" }, true],
    [{ view: "closed" }, { state: "closed" }, true],
    [{ view: "all" }, { state: "closed" }, true],
    [{ view: "all", team_id: "te_1" }, { team_id: "te_2" }, false],
    [{ view: "all", priority: 0 }, { priority: 1 }, false],
    [{ view: "mentions" }, {}, undefined],
  ])("%j holds %j: %s", (filter, fields, want) => {
    expect(belongs(filter, conversation("cv_1", fields), me)).toBe(want);
  });
});

it("orders the queue by rank, all else by newest activity", () => {
  const early = conversation("a", { rank_at: "2026-11-22T08:00:00Z", last_at: "2026-11-22T08:00:00Z" });
  const late = conversation("b", { rank_at: "2026-11-22T08:05:00Z", last_at: "2026-11-22T08:05:00Z" });
  const urgent = conversation("c", { rank_at: "2026-09-14T08:09:00Z", last_at: "2026-11-22T07:00:00Z", priority: 2 });
  expect(inOrder({ view: "queue" }, [late, urgent, early]).map((c) => c.id)).toEqual(["c", "a", "b"]);
  expect(inOrder({ view: "mine" }, [early, urgent, late]).map((c) => c.id)).toEqual(["b", "a", "c"]);
});

it("replaces a row where it stands, and ignores an older version", () => {
  const held = list([conversation("a"), conversation("b", { version: 5 })]);
  const newer = replaced(held, conversation("b", { version: 6, last_text: "new" }), true);
  expect(ids(newer)).toEqual(["a", "b"]);
  expect(newer.pages[0]!.items[1]!.last_text).toBe("new");
  expect(replaced(held, conversation("b", { version: 4 }), true)).toBe(held);
});

it("keeps the cursors when arrivals are let in", () => {
  const held = list([conversation("a"), conversation("b")], [conversation("c")]);
  const now = merged(held, [conversation("d", { last_at: "2026-11-22T09:00:00Z" })], { view: "mine" });
  expect(ids(now)).toEqual(["d", "a", "b", "c"]);
  expect(now.pageParams).toEqual(held.pageParams);
  expect(now.pages.map((page) => page.next)).toEqual(held.pages.map((page) => page.next));
});

describe("patchLists", () => {
  const mine: ConversationFilter = { view: "mine" };
  let client: QueryClient;
  beforeEach(() => {
    client = new QueryClient();
    client.setQueryData(keys.list(mine), list([conversation("a"), conversation("b")]));
  });

  it("lets a new conversation wait instead of moving the rows", () => {
    patchLists(client, conversation("c"), me);
    expect(ids(client.getQueryData(keys.list(mine)))).toEqual(["a", "b"]);
    expect(client.getQueryData<Conversation[]>(keys.arrivals(mine))?.map((c) => c.id)).toEqual(["c"]);
  });

  it("forgets an arrival that left before it was let in", () => {
    patchLists(client, conversation("c"), me);
    patchLists(client, conversation("c", { agent_id: "ag_other", version: 2 }), me);
    expect(client.getQueryData(keys.arrivals(mine))).toEqual([]);
  });

  it("puts in at once what the reader did himself", () => {
    patchLists(client, conversation("c", { last_at: "2026-11-22T09:00:00Z" }), me, true);
    expect(ids(client.getQueryData(keys.list(mine)))).toEqual(["c", "a", "b"]);
  });

  it("takes out what no longer belongs", () => {
    patchLists(client, conversation("a", { state: "closed", version: 2 }), me);
    expect(ids(client.getQueryData(keys.list(mine)))).toEqual(["b"]);
  });
});
