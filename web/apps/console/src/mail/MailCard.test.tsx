// @vitest-environment happy-dom
// @vitest-environment-options {"settings": {"disableIframePageLoading": true}}
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { Attachment, Conversation, Mail, Me, Message } from "@yingda/api";
import { startI18n } from "@yingda/i18n";
import { KitProvider } from "@yingda/ui";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import MailCard from "./MailCard";

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

const me = { id: "ag_1", name: "林晓", language: "zh", permissions: ["conversation.read", "conversation.reply"] } as unknown as Me;
const conversation = { id: "cv_1", inbox_id: "in_1", channel: "email", contact_name: "陈思远", language: "zh", state: "active", agent_id: "ag_1" } as unknown as Conversation;

const mailOf = (mail: Partial<Mail> = {}, fields: Partial<Message> = {}): Message & { mail: Mail } => ({
  id: "ms_1",
  conversation_id: "cv_1",
  seq: 1,
  from: "contact",
  kind: "text",
  text: "充电枪拔不下来",
  at: "2026-11-30T03:00:00Z",
  ...fields,
  mail: { subject: "充电问题", from: { name: "陈思远", address: "chen@mail.example" }, to: [{ address: "support@yuanxing.example" }], ...mail },
});

let box: HTMLDivElement;
let root: Root;
let answers: Record<string, unknown> = {};

beforeAll(() => startI18n("zh"));
beforeEach(() => {
  answers = {};
  vi.stubGlobal("fetch", async (url: string) => {
    const path = Object.keys(answers).find((each) => url.includes(each));
    return new Response(JSON.stringify(path ? answers[path] : { items: [] }), { status: 200, headers: { "Content-Type": "application/json" } });
  });
  box = document.body.appendChild(document.createElement("div"));
  root = createRoot(box);
});
afterEach(async () => {
  await act(async () => root.unmount());
  box.remove();
  vi.unstubAllGlobals();
});

async function show(message: Message & { mail: Mail }, subject?: string, onImage: (a: Attachment) => void = () => {}) {
  await act(async () =>
    root.render(
      <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
        <KitProvider words={{} as never}>
          <MailCard message={message} conversation={conversation} me={me} subject={subject} onImage={onImage} />
        </KitProvider>
      </QueryClientProvider>,
    ),
  );
}

const button = (name: string) => [...document.querySelectorAll("button")].find((b) => b.textContent?.includes(name) || b.getAttribute("aria-label") === name);

async function press(name: string) {
  const found = button(name);
  expect(found, name).toBeTruthy();
  await act(async () => found!.click());
}

it("says who writes to whom, and the subject only where it is another", async () => {
  await show(mailOf({ cc: [{ name: "王敏", address: "wang@x.example" }] }));
  expect(box.textContent).toContain("chen@mail.example");
  expect(box.textContent).toContain("收件：support@yuanxing.example");
  expect(box.textContent).toContain("抄送：王敏");
  expect(box.textContent).not.toContain("充电问题");
  await show(mailOf(), "充电问题");
  expect(box.textContent).toContain("充电问题");
});

it("warns of a sender who failed a check, and only then", async () => {
  await show(mailOf({ verdicts: { spf: "fail", dkim: "none", dmarc: "fail" } }));
  expect(box.textContent).toContain("发件人未通过验证");
  expect(box.textContent).toContain("DMARC、SPF 没有通过");
  await show(mailOf({ verdicts: { spf: "fail", dkim: "pass", dmarc: "pass" } }));
  expect(box.textContent).not.toContain("未通过验证");
  expect(box.querySelector('[aria-label="发件人已验证"]')).toBeTruthy();
  await show(mailOf());
  expect(box.textContent).not.toContain("验证");
});

it("marks an automatic reply", async () => {
  await show(mailOf({ automatic: true }));
  expect(box.textContent).toContain("自动回复");
});

it("unfolds the quote from the original, and folds it again", async () => {
  answers["/messages/ms_1/mail"] = { headers: [], text: "充电枪拔不下来\n\n> 您好，请问有什么可以帮您", remote: 0, notes: [], size: 10, sha256: "00" };
  await show(mailOf({ folded: true }));
  expect(box.textContent).not.toContain("请问有什么可以帮您");
  await press("展开引用");
  await vi.waitFor(() => expect(box.textContent).toContain("请问有什么可以帮您"));
  await press("收起引用");
  expect(box.textContent).not.toContain("请问有什么可以帮您");
});

it("shows formatted text in a frame where no script runs, and pictures of others only when asked", async () => {
  answers["/messages/ms_1/mail"] = { headers: [], text: "", html: "<p>x</p>", remote: 2, notes: [], size: 10, sha256: "00" };
  await show(mailOf({ html: true }));
  expect(box.querySelector("iframe")).toBeNull();
  await press("排版视图");
  await vi.waitFor(() => expect(box.textContent).toContain("有 2 张图片"));
  const frame = () => box.querySelector("iframe")!;
  expect(frame().getAttribute("sandbox")).not.toContain("allow-scripts");
  expect(frame().getAttribute("src")).toBe("/api/v1/messages/ms_1/mail/page");
  await press("显示远程图片");
  expect(frame().getAttribute("src")).toBe("/api/v1/messages/ms_1/mail/page?pictures=all");
});

it("lists files with size and sum", async () => {
  const file: Attachment = { id: "at_1", name: "发票.pdf", type: "application/pdf", size: 2048, sha256: "abcdef0123456789".repeat(4), kind: "document", url: "/api/v1/attachments/at_1", scan: "clean" };
  await show(mailOf({}, { attachments: [file, { ...file, id: "at_2", name: "坏.zip", scan: "infected" }] }));
  expect(box.textContent).toContain("2 KB");
  expect(box.textContent).toContain("abcdef012345…");
  expect(box.querySelectorAll("a[download]").length).toBe(1);
  expect(box.textContent).toContain("发现病毒，已拦截");
});

const ours = (mail: Partial<Mail>) => mailOf({ from: { name: "远行汽车", address: "support@yuanxing.example" }, to: [{ address: "chen@mail.example" }], ...mail }, { from: "agent", author_id: "ag_1", author_name: "小林", at: new Date().toISOString() });

it("says why a mail of ours did not arrive, and what to do", async () => {
  await show(ours({ delivery: "bounced", code: "5.1.1", reason: "user unknown" }));
  expect(box.textContent).toContain("退信");
  expect(box.textContent).toContain("地址不存在或写错了");
  expect(box.textContent).toContain("5.1.1 user unknown");
  await show(ours({ delivery: "delivered" }));
  expect(box.textContent).toContain("已送达");
  expect(box.textContent).not.toContain("地址不存在");
});

it("takes a mail back while it waits", async () => {
  await show(ours({ delivery: "waiting" }));
  expect(box.textContent).toMatch(/\d+ 秒后发出/);
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    asked.push(`${init.method} ${url}`);
    return new Response(JSON.stringify(ours({ delivery: "taken_back" })), { status: 200 });
  });
  await press("撤回");
  await vi.waitFor(() => expect(asked).toContain("POST /api/v1/messages/ms_1/take-back"));
  await show(ours({ delivery: "taken_back" }));
  expect(button("撤回")).toBeUndefined();
});
