// A stand-in for the program while the console is being drawn: it speaks docs/develop/protocol.md from memory.
// POST /__fake {"do":"ring"|"say"|"type"|"drop"|"fail"} makes things happen; `lin@demo` with any password signs in.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";
import type { Conversation, Message } from "../../../packages/api/src/types";
import * as rows from "./rows.ts";
import { upgrade, type Socket } from "./socket.ts";

type Answer = { status?: number; body?: unknown; cookie?: string };
type Handler = (args: { path: string[]; query: URLSearchParams; body: Record<string, unknown> }) => Answer;

const problem = (status: number, code: string, detail: string): Answer => ({ status, body: { status, code, detail, request_id: "rq_fake1" } });
const page = <T>(items: T[], query: URLSearchParams, size = 50): Answer => {
  const from = Number(query.get("cursor") ?? 0);
  const limit = Number(query.get("limit") ?? size);
  return { body: { items: items.slice(from, from + limit), next: from + limit < items.length ? String(from + limit) : undefined } };
};

const sockets = new Set<Socket>();
let seq = 100;
let failing = false;
let signedIn = true;

const feed: { seq: number; frame: object }[] = [];
const emit = (frame: { type: string; seq?: number; [field: string]: unknown }) => {
  if (frame.seq) feed.push({ seq: frame.seq, frame: structuredClone(frame) });
  sockets.forEach((s) => s.send(frame));
};
const bump = (c: Conversation, change: Partial<Conversation>, what = "changed") => {
  Object.assign(c, change, { version: c.version + 1 });
  emit({ type: "conversation", seq: ++seq, what, conversation: c });
  return c;
};

function say(c: Conversation, m: Partial<Message>): Message {
  const held = rows.messages.get(c.id)!;
  const sent = held.find((each) => m.client_id && each.client_id === m.client_id);
  if (sent) return sent;
  const message: Message = { id: `ms_${c.id}_${held.length + 1}`, conversation_id: c.id, seq: held.length + 1, from: "contact", kind: "text", text: "", at: new Date().toISOString(), ...m };
  held.push(message);
  c.last_seq = message.seq;
  if (message.kind === "text") {
    c.last_text = message.text;
    c.last_from = message.from;
    c.last_at = message.at;
    c.unread = message.from === "contact" ? c.unread + 1 : 0;
    c.waiting_since = message.from === "contact" ? (c.waiting_since ?? message.at) : undefined;
  }
  c.version++;
  emit({ type: "message", seq: ++seq, conversation: c, message });
  return message;
}

function inView(view: string): Conversation[] {
  const by = {
    mine: (c: Conversation) => c.agent_id === rows.me.id && c.state !== "closed",
    queue: (c: Conversation) => c.state === "queued",
    unassigned: (c: Conversation) => !c.agent_id && c.state === "queued",
    bot: (c: Conversation) => c.state === "bot",
    all: () => true,
    closed: (c: Conversation) => c.state === "closed",
    mentions: (c: Conversation) => c.id === "cv_0",
  }[view];
  const sorted = rows.conversations.filter(by ?? (() => false));
  return view === "queue" ? sorted.sort((a, b) => Date.parse(a.queued_at!) - Date.parse(b.queued_at!)) : sorted.sort((a, b) => Date.parse(b.last_at) - Date.parse(a.last_at));
}

const views = ["mine", "queue", "unassigned", "bot", "all", "closed", "mentions"];
const find = (id: string | undefined) => rows.conversations.find((c) => c.id === id);
const missing = problem(404, "not_found", "没有这个内容，或者你不能查看。");

function conversationCall(method: string, path: string[], query: URLSearchParams, body: Record<string, unknown>): Answer {
  const [, id, verb] = path;
  if (!id) {
    const kept = inView(query.get("view") ?? "all").filter(
      (c) => (!query.get("team_id") || c.team_id === query.get("team_id")) && (!query.get("agent_id") || c.agent_id === query.get("agent_id")) && (!query.get("priority") || c.priority === Number(query.get("priority"))),
    );
    return page(kept, query);
  }
  if (id === "counts") return { body: { ...Object.fromEntries(views.map((v) => [v, inView(v).length])), unread: inView("mine").filter((c) => c.unread > 0).length } };
  const c = find(id);
  if (!c) return missing;
  const contact = rows.contacts.find((p) => p.id === c.contact_id)!;
  if (!verb) return { body: { conversation: c, contact, pages: rows.pages, previous: rows.conversations.filter((o) => o.contact_id === c.contact_id && o.id !== c.id).slice(0, 5) } };
  const held = rows.messages.get(c.id)!;
  const mineNow = { agent_id: rows.me.id, agent_name: rows.me.name, state: "active" as const, offer: undefined, queued_at: undefined };
  switch (`${method} ${verb}`) {
    case "GET messages": {
      const limit = Number(query.get("limit") ?? 50);
      const after = query.get("after");
      const before = query.get("before");
      if (after) return { body: { items: held.filter((m) => m.seq > Number(after)).slice(0, limit), more: held.filter((m) => m.seq > Number(after)).length > limit } };
      const older = before ? held.filter((m) => m.seq < Number(before)) : held;
      return { body: { items: older.slice(-limit), more: older.length > limit } };
    }
    case "POST messages":
      if (String(body.text).includes("!fail")) return problem(422, "message.refused", "内容包含敏感词，请修改后再发。");
      return { body: say(c, { from: "agent", author_id: rows.me.id, author_name: rows.me.nickname, kind: body.kind as "text", text: String(body.text), client_id: String(body.client_id), mentions: body.mentions as string[] }) };
    case "POST read":
      bump(c, { unread: 0, agent_read_seq: Number(body.seq) }, "read");
      return { status: 204 };
    case "POST accept":
    case "POST take":
      say(c, { from: "system", kind: "event", event: { name: "accepted", args: { agent: rows.me.name } } });
      return { body: bump(c, mineNow, "accepted") };
    case "POST decline":
      return { body: bump(c, { offer: undefined }, "declined") };
    case "POST transfer": {
      const to = rows.agents.find((a) => a.id === body.agent_id);
      say(c, { from: "system", kind: "event", event: { name: "transferred", args: { from: rows.me.name, to: to?.name ?? "团队", note: String(body.note) } } });
      return { body: bump(c, { agent_id: to?.id, agent_name: to?.name, state: to ? "active" : "queued", team_id: body.team_id as string }, "transferred") };
    }
    case "POST close":
      say(c, { from: "system", kind: "event", event: { name: "closed", args: { agent: rows.me.name } } });
      return { body: bump(c, { state: "closed", closed_at: new Date().toISOString(), closed_by: "agent", unread: 0, waiting_since: undefined, summary: { category: String(body.category), result: String(body.result), note: String(body.note ?? "") } }, "closed") };
    case "POST reopen":
      return { body: bump(c, { ...mineNow, closed_at: undefined, closed_by: undefined }, "reopened") };
  }
  return missing;
}

const settled: Record<string, Handler> = {
  "GET me": () => ({ body: { ...rows.me, load: inView("mine").length } }),
  "PATCH me": ({ body }) => ({ body: Object.assign(rows.me, body) }),
  "GET agents": ({ query }) => page(rows.agents, query, 500),
  "GET teams": ({ query }) => page(rows.teams, query, 500),
  "GET settings": () => ({ body: rows.settings }),
  "GET cases": ({ path, query }) => {
    if (path[1] === "counts") return { body: { mine: 0, unassigned: 0, open: 0, escalated: 0, snoozed: 0, over: 0, all: 0 } };
    return path[1] ? missing : page([], query);
  },
  "GET case-kinds": () => ({ body: { acts: [], bodies: [], kinds: [], levels: [], metrics: [], outcomes: [], ways: { zh: "", en: "" } } }),
  "GET case-handling": () => ({ body: { categories: [], rises: [], confirm_hours: 168, remind_hours: 48, reminders: 3, reopen_hours: 360 } }),
  "GET canned": ({ query }) => {
    const q = (query.get("q") ?? "").toLowerCase();
    return page(rows.canned.filter((c) => `${c.shortcut} ${c.title} ${c.text}`.toLowerCase().includes(q)), query);
  },
  "GET contacts": ({ path, query }) => {
    if (!path[1]) return page(rows.contacts.filter((c) => c.name.includes(query.get("q") ?? "")), query, 12);
    const contact = rows.contacts.find((c) => c.id === path[1]);
    if (!contact) return missing;
    if (path[2] === "conversations") return page(rows.conversations.filter((c) => c.contact_id === contact.id), query, 10);
    if (path[2] === "pages") return page(rows.pages, query);
    return { body: contact };
  },
  "PATCH contacts": ({ path, body }) => {
    const contact = rows.contacts.find((c) => c.id === path[1])!;
    return { body: Object.assign(contact, Object.fromEntries(Object.entries(body).filter(([, v]) => v !== undefined))) };
  },
  "POST contacts": ({ path, body }) => {
    const contact = rows.contacts.find((c) => c.id === path[1])!;
    if (path[2] === "reveal") return { body: { value: body.field === "phone" ? "13901395206" : "chen.siyuan@example.com" } };
    return { body: Object.assign(contact, { blocked: body.blocked, blocked_reason: body.reason }) };
  },
  "GET search": ({ query }) => {
    const q = query.get("q") ?? "";
    const kind = query.get("kind");
    const mark = (text: string) => text.split(q).flatMap((part, i) => (i ? [{ text: q, mark: true }, { text: part, mark: false }] : [{ text: part, mark: false }])).filter((p) => p.text);
    const said = rows.conversations.flatMap((c) => rows.messages.get(c.id)!.filter((m) => m.text.includes(q)).map((m) => ({ kind: "message", conversation: c, message: m, hit: mark(m.text) })));
    const talks = rows.conversations.filter((c) => c.contact_name.includes(q) || String(c.number) === q).map((c) => ({ kind: "conversation", conversation: c, hit: mark(c.last_text) }));
    const people = rows.contacts.filter((c) => c.name.includes(q)).map((c) => ({ kind: "contact", contact: c, hit: mark(c.name) }));
    return page([...people, ...talks, ...said].filter((h) => !kind || h.kind === kind), query);
  },
};

function answer(method: string, url: URL, body: Record<string, unknown>): Answer {
  const path = url.pathname.replace("/api/v1/", "").split("/");
  const query = url.searchParams;
  if (path[0] === "session" && method === "POST") {
    if (!rows.agents.some((a) => a.email === body.email)) return problem(401, "login.wrong", "邮箱或密码不对，请再试一次。");
    signedIn = true;
    return { body: rows.me };
  }
  if (path[0] === "session") {
    signedIn = false;
    return { status: 204 };
  }
  if (path[0] === "setup") {
    if (path[1] === "gone") return problem(404, "setup.gone", "链接已失效。");
    if (method === "GET") return { body: path[1] === "invite" ? { kind: "invite", email: "new@demo" } : { kind: "first_admin" } };
    signedIn = true;
    return { body: rows.me };
  }
  if (!signedIn) return problem(401, "session.missing", "请先登录。");
  if (failing) return problem(503, "busy", "服务暂时不可用，请稍后重试。");
  if (path[0] === "me" && path[1] === "presence") {
    Object.assign(rows.me, { presence: { state: body.state, reason: body.reason, since: new Date().toISOString() } });
    return { body: rows.me };
  }
  if (path[0] === "me" && path[1] === "notices") {
    if (method === "POST") rows.notices.forEach((n) => (n.read = true));
    return method === "POST" ? { status: 204 } : { body: { items: rows.notices, unread: rows.notices.filter((n) => !n.read).length } };
  }
  if (path[0] === "conversations") return conversationCall(method, path, query, body);
  return settled[`${method} ${path[0]}`]?.({ path, query, body }) ?? missing;
}

function act(body: Record<string, unknown>): unknown {
  const c = find(String(body.id ?? "cv_0"))!;
  switch (body.do) {
    case "ring": {
      const waiting = find("cv_9")!;
      return bump(waiting, { state: "queued", agent_id: undefined, agent_name: undefined, offer: { agent_id: rows.me.id, until: new Date(Date.now() + 30_000).toISOString() }, queued_at: new Date(Date.now() - 18_000).toISOString() }, "offered");
    }
    case "say":
      return say(c, { from: "contact", text: String(body.text ?? "还在吗？") });
    case "type":
      return emit({ type: "typing", conversation_id: c.id, from: "contact", name: c.contact_name, on: true, text: String(body.text ?? "我想再问一下发票") });
    case "look":
      return emit({ type: "viewing", conversation_id: c.id, agents: [{ id: "ag_wang", name: "王主管" }] });
    case "new": {
      const fresh: Conversation = { ...rows.conversations[0]!, id: `cv_n${++seq}`, number: 2000 + seq, contact_name: `访客 ${seq}`, last_at: new Date().toISOString(), version: 1 };
      rows.conversations.unshift(fresh);
      rows.messages.set(fresh.id, []);
      return say(fresh, { from: "contact", text: "你好" });
    }
    case "drop":
      sockets.forEach((s) => s.close(1012));
      return sockets.clear();
    case "fail":
      return (failing = Boolean(body.on));
    case "out":
      signedIn = false;
      sockets.forEach((s) => s.close(4001));
      return sockets.clear();
    case "in":
      return (signedIn = true);
  }
  return undefined;
}

async function read(req: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of req) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function json(bytes: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(bytes.toString() || "{}") as Record<string, unknown>;
  } catch {
    return {};
  }
}

function reply(res: ServerResponse, { status = 200, body }: Answer): void {
  res.statusCode = status;
  res.setHeader("Content-Type", status >= 400 ? "application/problem+json" : "application/json");
  res.end(body === undefined ? undefined : JSON.stringify(body));
}

let files = 0;

function uploaded(bytes: Buffer): Answer {
  const head = bytes.subarray(0, 4000).toString();
  const name = /filename="([^"]*)"/.exec(head)?.[1] ?? "file";
  const image = /Content-Type: image/.test(head);
  return { body: { id: `at_up${++files}`, name, type: image ? "image/png" : "application/pdf", size: bytes.length, sha256: "", kind: image ? "image" : "document", width: 64, height: 64, url: "/app/icon.svg", scan: "clean" } };
}

export function fakeServer(): Plugin {
  return {
    name: "fake-server",
    configureServer(server) {
      server.middlewares.use(async (req, res, next) => {
        const url = new URL(req.url ?? "/", "http://fake");
        if (url.pathname === "/__fake") {
          act(json(await read(req)));
          return reply(res, { body: {} });
        }
        if (!url.pathname.startsWith("/api/v1/")) return next();
        const bytes = await read(req);
        if (url.pathname === "/api/v1/attachments") return reply(res, uploaded(bytes));
        reply(res, answer(req.method ?? "GET", url, json(bytes)));
      });
      server.httpServer?.on("upgrade", (req: IncomingMessage, stream) => {
        if (!req.url?.startsWith("/api/v1/live")) return;
        const socket = upgrade(
          req,
          stream,
          (text) => {
            const frame = JSON.parse(text) as { type: string; after?: number };
            if (frame.type === "resume") {
              for (const missed of feed) if (frame.after && missed.seq > frame.after) socket.send(missed.frame);
              socket.send({ type: "hello", seq });
            }
            if (frame.type === "ping") socket.send({ type: "pong" });
          },
          () => sockets.delete(socket),
        );
        sockets.add(socket);
      });
    },
  };
}
