import type { Message, MessagePage } from "@yingda/api";
import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, it, vi } from "vitest";
import { keys } from "../query";
import { addAnswer, addMessage, fetchMessages, joined } from "./messages";

const message = (seq: number, fields: Partial<Message> = {}) => ({ id: `ms_${seq}`, conversation_id: "cv_1", seq, text: `${seq}`, ...fields }) as Message;
const seqs = (page: MessagePage | undefined) => page?.items.map((m) => m.seq);

afterEach(() => vi.unstubAllGlobals());

it("joins by seq, without doubles, in order", () => {
  expect(joined([message(1), message(3)], [message(2), message(3, { text: "new" })]).map((m) => m.text)).toEqual(["1", "2", "new"]);
});

it("adds the next message and asks again when one is missing", () => {
  const client = new QueryClient();
  const ask = vi.spyOn(client, "invalidateQueries").mockResolvedValue();
  client.setQueryData<MessagePage>(keys.messages("cv_1"), { items: [message(1)], more: false });
  addMessage(client, message(2));
  expect(seqs(client.getQueryData(keys.messages("cv_1")))).toEqual([1, 2]);
  expect(ask).not.toHaveBeenCalled();
  addMessage(client, message(5));
  expect(seqs(client.getQueryData(keys.messages("cv_1")))).toEqual([1, 2]);
  expect(ask).toHaveBeenCalledOnce();
});

it("does not take back what came by the feed while a call was under way", () => {
  const client = new QueryClient();
  client.setQueryData<MessagePage>(keys.messages("cv_1"), { items: [message(1)], more: false });
  addMessage(client, message(2, { text: "sent" }));
  addAnswer(client, message(2, { text: "waiting" }));
  addAnswer(client, message(3));
  expect(client.getQueryData<MessagePage>(keys.messages("cv_1"))?.items.map((m) => m.text)).toEqual(["1", "sent", "3"]);
});

it("fetches only what came since, page after page", async () => {
  const client = new QueryClient();
  client.setQueryData<MessagePage>(keys.messages("cv_1"), { items: [message(1), message(2)], more: true });
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    const after = Number(new URL(url, "http://x").searchParams.get("after"));
    return Response.json({ items: [message(after + 1)], more: after + 1 < 4 });
  });
  const page = await fetchMessages(client, "cv_1");
  expect(seqs(page)).toEqual([1, 2, 3, 4]);
  expect(page.more).toBe(true);
  expect(asked).toHaveLength(2);
});
