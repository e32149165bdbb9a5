// A stand-in for the real server while working on the widget: speaks /widget/v1 from memory, on 127.0.0.1:5183.
// The host page is under a strict content-security policy. Ways to make trouble, for tests:
//   POST /dev/state {"down":true,"sockets":false,"events":false,"refuse":"text","open":false,"assistant":false,"prechat":true}
//   POST /dev/agent {"text":"…"} · {"accept":"林晓"} · {"typing":true} · {"read":true} · {"close":true}   (acts on the newest conversation)
import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { page, shop } from "./pages.mjs";

const dist = new URL("../../../dist/widget/", import.meta.url);
const port = Number(process.argv[2] ?? 5183);
const id = (kind) => `${kind}_${randomBytes(6).toString("hex")}`;
const defaults = { down: false, sockets: true, events: true, refuse: "", open: true, assistant: true, prechat: false };
let state = { ...defaults };
const contacts = new Map(); // token → { id, name, known, conversation, lines }
const files = new Map();
const cases = new Map();
let number = 1000;

// ── what is said ─────────────────────────────────────────────────────────────

function begin(contact) {
  contact.conversation = { id: id("cv"), number: ++number, state: "bot", last_seq: 0, agent_read_seq: 0, contact_read_seq: 0, contact, messages: [] };
  return contact.conversation;
}

function view({ contact: _contact, messages: _messages, ...rest }) {
  return rest;
}

function say(conversation, message) {
  conversation.last_seq += message.hidden ? 2 : 1; // a hidden note of the agents took a number
  const full = { id: id("ms"), conversation_id: conversation.id, seq: conversation.last_seq, kind: "text", text: "", at: new Date().toISOString(), ...message };
  conversation.messages.push(full);
  tell(conversation.contact, { type: "message", message: full, conversation: view(conversation) });
  return full;
}

const happen = (conversation, name, args = {}) => say(conversation, { from: "system", kind: "event", event: { name, args } });
const changed = (conversation) => tell(conversation.contact, { type: "conversation", conversation: view(conversation) });
const bot = (conversation, rest) => say(conversation, { from: "bot", author_name: "小远", ...rest });

function answer(conversation, { text, choice }) {
  if (conversation.state !== "bot") return;
  tell(conversation.contact, { type: "typing", on: true, name: "小远" });
  setTimeout(() => {
    if (conversation.state !== "bot") return;
    if (/退/.test(text) && !choice) {
      bot(conversation, { text: "您想问的是下面哪一个？", choices: ["退货需要什么条件？", "退款多久到账？", "如何取消订单？"].map((text, place) => ({ id: `qn_${place}`, text })) });
    } else {
      bot(conversation, {
        text: choice ? "收到退货后 1–3 个工作日原路退回，银行卡可能再晚 1–2 天。详情见 https://example.com/refund?id=7。" : "您好！首保在购车后 6 个月或 5000 公里（以先到为准）免费进行。",
        sources: [{ id: "qn_1", kind: "question", title: "《保养手册》", url: "/faq/1" }, { id: "ar_2", kind: "article", title: "保养政策", url: "/faq/2" }],
      });
    }
  }, 500);
}

function toHuman(conversation) {
  if (conversation.state !== "bot") return;
  happen(conversation, "human.requested");
  conversation.state = "queued";
  conversation.queue_position = 3;
  happen(conversation, "queued");
}

// ── the live line ────────────────────────────────────────────────────────────

function tell(contact, frame) {
  for (const line of contact.lines) line.write(frame);
}

function catchUp(contact, line, after) {
  const conversation = contact.conversation;
  for (const message of conversation?.messages ?? []) if (message.seq > after) line.write({ type: "message", message, conversation: view(conversation) });
  line.write({ type: "hello", conversation: conversation && view(conversation) });
  contact.lines.add(line);
}

function socketFrame(text) {
  const body = Buffer.from(text);
  const head = body.length < 126 ? Buffer.from([0x81, body.length]) : body.length < 65536 ? Buffer.from([0x81, 126, body.length >> 8, body.length & 255]) : Buffer.from([0x81, 127, 0, 0, 0, 0, ...new Uint8Array(new Uint32Array([body.length]).buffer).reverse()]);
  return Buffer.concat([head, body]);
}

function* readFrames(held) {
  while (held.bytes.length >= 6) {
    const { bytes } = held;
    const short = bytes[1] & 127;
    const start = short === 126 ? 4 : 2;
    const length = short === 126 ? bytes.readUInt16BE(2) : short;
    if (bytes.length < start + 4 + length) return;
    const mask = bytes.subarray(start, start + 4);
    const body = Buffer.from(bytes.subarray(start + 4, start + 4 + length)).map((byte, place) => byte ^ mask[place % 4]);
    held.bytes = bytes.subarray(start + 4 + length);
    yield { code: bytes[0] & 15, text: body.toString() };
  }
}

function onUpgrade(request, socket) {
  const url = new URL(request.url, "http://x");
  const contact = contacts.get(url.searchParams.get("token"));
  if (state.down || !state.sockets || !contact) return socket.destroy();
  const accept = createHash("sha1").update(request.headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest("base64");
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  const line = { write: (frame) => socket.writable && socket.write(socketFrame(JSON.stringify(frame))), end: () => socket.destroy() };
  const held = { bytes: Buffer.alloc(0) };
  socket.on("data", (bytes) => {
    held.bytes = Buffer.concat([held.bytes, bytes]);
    for (const { code, text } of readFrames(held)) {
      if (code === 8) return socket.end();
      if (code === 1) onFrame(contact, line, JSON.parse(text));
    }
  });
  socket.on("error", () => {});
  socket.on("close", () => contact.lines.delete(line));
}

function onFrame(contact, line, frame) {
  seen.frames.push(frame);
  if (frame.type === "resume") catchUp(contact, line, frame.conversation === contact.conversation?.id ? (frame.after ?? 0) : 0);
  if (frame.type === "ping") line.write({ type: "pong" });
  if (frame.type === "read" && contact.conversation) contact.conversation.contact_read_seq = frame.seq;
}

const seen = { frames: [], pages: [], posts: [] };

// ── the calls ────────────────────────────────────────────────────────────────

class Problem extends Error {
  constructor(status, code, detail) {
    super(detail);
    Object.assign(this, { status, code });
  }
}

const config = (lang) => ({
  inbox: "demo", company: "远行汽车", title: lang === "zh" ? "远行汽车客服" : "Yuanxing Care", color: "#2f5bea", position: "right", languages: ["zh", "en"],
  greeting: lang === "zh" ? "您好，欢迎来到远行汽车 👋\n有什么可以帮您？" : "Hello, welcome to Yuanxing 👋\nHow can we help?",
  open: state.open, hours_text: lang === "zh" ? "人工服务 周一至周日 9:00–21:00" : "People answer daily, 9:00–21:00", agents_online: state.open,
  assistant: state.assistant, assistant_name: "小远", phone: "400-800-1234", max_file_mb: 5,
  prechat: { enabled: state.prechat, fields: [{ name: "name", required: true }, { name: "phone", required: false }] },
  after_hours: lang === "zh" ? "现在是非工作时间，请留言，我们将在次日 12:00 前回复您。" : "We are closed. Leave a message and we answer by noon tomorrow.",
  hot_questions: lang === "zh" ? ["首次保养什么时候做？", "退款多久到账？", "如何预约试驾？", "三包期是多久？"].map((question, place) => ({ id: `qn_${place}`, question })) : ["When is the first service?", "How long does a refund take?", "How do I book a test drive?"].map((question, place) => ({ id: `qn_${place}`, question })),
});

const calls = {
  "GET config": ({ url }) => config(url.searchParams.get("lang")),
  "POST session": ({ body }) => {
    let token = body.token;
    if (!contacts.has(token)) {
      token = id("vt");
      contacts.set(token, { id: id("ct"), name: "访客 7F3A", known: [], lines: new Set() });
    }
    const contact = contacts.get(token);
    const conversation = contact.conversation;
    const messages = conversation?.messages ?? [];
    return { token, contact: { id: contact.id, name: contact.name, signed: !!body.identity, known: contact.known }, conversation: conversation && view(conversation), messages: messages.slice(-50), more: messages.length > 50 };
  },
  "POST messages": ({ body, contact }) => {
    seen.posts.push(body);
    if (state.refuse && body.text.includes(state.refuse)) throw new Problem(422, "message.refused", "内容含有不允许的词");
    let conversation = contact.conversation;
    const known = conversation?.messages.find((message) => message.client_id === body.client_id);
    if (known) return { message: known, conversation: view(conversation) };
    if (!conversation || conversation.state === "closed") conversation = begin(contact);
    const message = say(conversation, { from: "contact", client_id: body.client_id, text: body.text, attachments: body.attachments?.map((name) => files.get(name).attachment) });
    answer(conversation, body);
    return { message, conversation: view(conversation) };
  },
  "GET messages": ({ url, contact }) => {
    const after = Number(url.searchParams.get("after") ?? 0);
    const before = Number(url.searchParams.get("before") ?? Infinity);
    const fitting = contact.conversation.messages.filter(({ seq }) => seq > after && seq < before);
    const items = before < Infinity ? fitting.slice(-50) : fitting.slice(0, 50);
    return { items, more: fitting.length > 50, conversation: view(contact.conversation) };
  },
  "POST read": ({ body, contact }) => void (contact.conversation.contact_read_seq = body.seq),
  "POST human": ({ contact }) => {
    const conversation = !contact.conversation || contact.conversation.state === "closed" ? begin(contact) : contact.conversation;
    if (!state.open) {
      happen(conversation, "offline");
      return { conversation: view(conversation), offline: true };
    }
    toHuman(conversation);
    return { conversation: view(conversation), offline: false };
  },
  "POST end": ({ contact }) => {
    Object.assign(contact.conversation, { state: "closed", closed_by: "contact" });
    happen(contact.conversation, "closed");
    return { conversation: view(contact.conversation) };
  },
  "POST contact": ({ contact }) => ({ contact }),
  "POST cases": ({ body }) => {
    if (!cases.has(body.client_id)) cases.set(body.client_id, `L2026${String(cases.size + 1).padStart(6, "0")}`);
    return { number: cases.get(body.client_id), promise: "我们将在 1 个工作日内回复您。" };
  },
  "POST pages": ({ body }) => void seen.pages.push(body),
  "POST helpful": () => undefined,
  "POST attachments": ({ raw, contentType }) => {
    const { name, type, bytes } = filePart(raw, contentType);
    const key = id("at");
    const kind = ["image", "video", "audio"].find((kind) => type.startsWith(kind)) ?? "document";
    const attachment = { id: key, name, type, size: bytes.length, sha256: "", kind, url: `/widget/v1/attachments/${key}?s=x`, scan: "clean" };
    files.set(key, { attachment, bytes });
    return attachment;
  },
};

function filePart(raw, contentType) {
  const boundary = `--${contentType.match(/boundary=(.+)$/)[1]}`;
  const part = raw.toString("latin1").split(boundary).find((part) => /filename=/.test(part));
  const [head, ...rest] = part.split("\r\n\r\n");
  return {
    name: Buffer.from(head.match(/filename="(.*?)"/)[1], "latin1").toString(),
    type: head.match(/Content-Type: (\S+)/)?.[1] ?? "",
    bytes: Buffer.from(rest.join("\r\n\r\n").slice(0, -2), "latin1"),
  };
}

function act(body) {
  const conversation = [...contacts.values()].map((contact) => contact.conversation).filter(Boolean).at(-1);
  const agent = conversation.agent_name ?? "林晓";
  if (body.accept) {
    Object.assign(conversation, { state: "active", agent_name: body.accept, queue_position: undefined });
    happen(conversation, "accepted", { agent: body.accept });
  }
  if (body.position) conversation.queue_position = body.position;
  if (body.read) conversation.agent_read_seq = conversation.last_seq;
  if (body.position || body.read) changed(conversation);
  if (body.typing) tell(conversation.contact, { type: "typing", on: true, name: agent });
  for (const text of [body.text ?? []].flat()) say(conversation, { from: "agent", author_name: agent, text, hidden: body.hidden, attachments: body.attachments });
  if (body.close) {
    Object.assign(conversation, { state: "closed", closed_by: "agent" });
    happen(conversation, "closed");
  }
}

function control(path, body) {
  if (path === "agent") act(body);
  if (path === "state") {
    state = { ...(body.fresh ? defaults : state), ...body };
    if (state.down || !state.sockets || !state.events) for (const contact of contacts.values()) for (const line of contact.lines) line.end();
  }
  return { ...seen, state };
}

// ── HTTP ─────────────────────────────────────────────────────────────────────

async function onRequest(request, response) {
  const url = new URL(request.url, "http://x");
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  const send = (status, type, body, more = {}) => response.writeHead(status, { "Content-Type": type, ...more }).end(body);
  const cors = { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "authorization,content-type", "Access-Control-Allow-Methods": "GET,POST" };
  const json = (status, body) => send(status, status < 400 ? "application/json" : "application/problem+json", body === undefined ? "" : JSON.stringify(body), cors);
  const path = url.pathname;
  if (path.startsWith("/dev/")) return json(200, control(path.slice(5), JSON.parse(raw.toString() || "{}")));
  if (state.down) return request.socket.destroy();
  if (path === "/shop.css") return send(200, "text/css", page.css);
  if (path === "/" || path.startsWith("/shop")) return send(200, "text/html", shop(url), { "Content-Security-Policy": page.policy(request.headers.host) });
  if (path === "/inline") return send(200, "text/html", page.inline(url), { "Content-Security-Policy": page.policy(request.headers.host) });
  if (path === "/favicon.ico") return send(204, "text/plain");
  const asset = path.match(/^\/(?:widget\/)?((?:assets\/)?[\w.-]+\.js)$/)?.[1];
  if (asset) return existsSync(new URL(asset, dist)) ? send(200, "text/javascript", readFileSync(new URL(asset, dist)), cors) : send(404, "text/plain", "run npm run build -w apps/widget");
  if (request.method === "OPTIONS") return send(204, "text/plain", undefined, cors);
  const file = files.get(path.match(/attachments\/(\w+)/)?.[1]);
  if (file) return send(200, file.attachment.type, file.bytes);
  const call = path.replace("/widget/v1/", "");
  const contact = contacts.get(request.headers.authorization?.slice(7) ?? url.searchParams.get("token"));
  if (call === "live/events") return events(url, contact, request, response, cors);
  const handler = calls[`${request.method} ${call}`];
  if (!handler) return json(404, { status: 404, code: "unknown", detail: "unknown" });
  if (!contact && !/config|session/.test(call)) return json(401, { status: 401, code: "token", detail: "token" });
  try {
    const contentType = request.headers["content-type"] ?? "";
    const answer = handler({ url, contact, raw, contentType, body: contentType.includes("json") ? JSON.parse(raw) : undefined });
    json(answer === undefined ? 204 : 200, answer);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    json(problem.status, { status: problem.status, code: problem.code, detail: problem.message });
  }
}

function events(url, contact, request, response, cors) {
  if (!state.events || !contact) return request.socket.destroy();
  response.writeHead(200, { "Content-Type": "text/event-stream", ...cors });
  const line = { write: (frame) => response.write(`data: ${JSON.stringify(frame)}\n\n`), end: () => response.destroy() };
  request.on("close", () => contact.lines.delete(line));
  catchUp(contact, line, Number(url.searchParams.get("after") ?? 0));
}

createServer(onRequest).on("upgrade", onUpgrade).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/`));
