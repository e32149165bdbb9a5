import { expect, test } from "vitest";
import { follow, keep, nothing, unread } from "../src/timeline";
import type { Message } from "../src/wire";

const said = (seq: number, more: Partial<Message> = {}): Message => ({
  id: `ms_${seq}`, conversation_id: "cv_1", seq, from: "agent", kind: "text", text: `text ${seq}`, at: "2026-01-01T00:00:00Z", ...more,
});
const numbers = ({ messages }: { messages: Message[] }) => messages.map((message) => message.seq);

test("whatever order and however often messages come, they are there once and in order", () => {
  const all = [1, 2, 4, 5, 7, 8].map((seq) => said(seq));
  let held = nothing;
  for (let round = 0; round < 50; round++) held = keep(held, [...all].sort(() => Math.random() - 0.5).slice(0, 4));
  expect(numbers(keep(held, all))).toEqual([1, 2, 4, 5, 7, 8]);
});

test("the answer to one's own message does not hide an older one that is still on the way", () => {
  const held = follow(nothing, [said(1), said(2)]);
  const answered = keep(held, [said(4, { from: "contact" })]);
  expect(answered.cursor).toBe(2);
  const complete = follow(answered, [said(3), said(4, { from: "contact" })]);
  expect(numbers(complete)).toEqual([1, 2, 3, 4]);
  expect(complete.cursor).toBe(4);
});

test("a number that never comes is not waited for", () => {
  expect(follow(follow(nothing, [said(4)]), [said(6)]).cursor).toBe(6);
});

test("older pages do not move the cursor", () => {
  const held = keep(follow(nothing, [said(10)]), [said(8), said(9)]);
  expect([numbers(held), held.cursor]).toEqual([[8, 9, 10], 10]);
});

test("a newer copy of a message takes the place of the old one", () => {
  const held = follow(follow(nothing, [said(1, { text: "before" })]), [said(1, { text: "after" })]);
  expect(held.messages.map((message) => message.text)).toEqual(["after"]);
});

test("another conversation begins with an empty sheet", () => {
  const held = follow(follow(nothing, [said(9)]), [said(1, { conversation_id: "cv_2", id: "ms_new" })]);
  expect([held.conversation, numbers(held), held.cursor]).toEqual(["cv_2", [1], 1]);
});

test("unread are the messages of the other side after the number read", () => {
  const held = follow(nothing, [said(1), said(2, { from: "contact" }), said(3, { from: "bot" }), said(4, { from: "system", kind: "event", text: "" }), said(5), said(6, { from: "system", kind: "event" })]);
  expect([unread(held, 0), unread(held, 3), unread(held, 6)]).toEqual([4, 2, 0]);
});
