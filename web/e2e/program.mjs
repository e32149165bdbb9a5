/** Builds and starts the real program, and serves pages that embed it. */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

const binary = process.env.YINGDA_BIN ?? join(tmpdir(), "yingda-e2e", "yingda");

/** Builds the program of this tree, unless YINGDA_BIN names one. */
export function build() {
  if (process.env.YINGDA_BIN) return;
  execFileSync("go", ["build", "-o", binary, "./cmd/yingda"], { cwd: root, env: { ...process.env, CGO_ENABLED: "0" }, stdio: "inherit" });
}

/**
 * Starts a model that searches for what was asked, and answers with the first sentences of what it found.
 * @returns {Promise<{ at: string, keys: () => string[], goOn: () => void, stop: () => void }>} its address, the keys that it was shown, and what lets it end what it began to write
 */
export async function fakeModel() {
  const keys = new Set();
  let goOn;
  const held = new Promise((resolve) => (goOn = resolve));
  const think = ({ tools, messages }) => {
    const said = messages.map((m) => m.content ?? "").join("\n");
    const call = (name, args) => ({ role: "assistant", content: "", tool_calls: [{ id: "a", type: "function", function: { name, arguments: JSON.stringify(args) } }] });
    if (said.includes("你是翻译")) return { role: "assistant", content: said.includes("3 times") ? "今天充电中断了 3 次，请帮忙" : said.includes("周三") ? "Please come to the shop on Wednesday at 15:00." : "译文 999" };
    const [, one, two] = /\[1\] <<<[^\n]*\n([^。>]*)。(?:([^。>]*)。)?/.exec(said) ?? [];
    if (!tools) return { role: "assistant", content: one ? [one, two].filter(Boolean).map((sentence) => `${sentence}[1]。`).join("") : "NO_ANSWER" };
    if (messages.some((m) => m.role === "tool")) return call("answer_from_sources", {});
    return call("search_knowledge", { query: /客户的话 ([^>]*)>>>/.exec(said)?.[1] ?? "" });
  };
  const server = createServer((request, response) => {
    let body = "";
    keys.add(request.headers.authorization);
    request.on("data", (part) => (body += part));
    request.on("end", async () => {
      const asked = JSON.parse(body);
      const message = think(asked);
      const usage = { prompt_tokens: 800, completion_tokens: 40 };
      if (asked.tools || !asked.stream || !message.content.includes("[1]。")) {
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify({ choices: [{ message, finish_reason: "stop" }], usage }));
        return;
      }
      // The first sentence at once, with the beginning of the second; the rest when the test wants it.
      const piece = (content, more = {}) => response.write(`data: ${JSON.stringify({ choices: [{ delta: { content }, ...more }], ...(more.finish_reason && { usage }) })}\n\n`);
      response.setHeader("Content-Type", "text/event-stream");
      const first = message.content.indexOf("。") + 3;
      piece(message.content.slice(0, first));
      await held;
      piece(message.content.slice(first), { finish_reason: "stop" });
      response.end("data: [DONE]\n\n");
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { at: `http://127.0.0.1:${server.address().port}/v1`, keys: () => [...keys], goOn, stop: () => server.close() };
}

/**
 * Starts a program that writes speech down: of each sound its own sentences, in turn, at the seconds given.
 * @param {{ start: number, end: number, text: string }[][]} sounds what is in the first, the second, …; the last again and again
 * @returns {Promise<{ at: string, asked: () => { key: string, form: string }[], stop: () => void }>} its address, and what it was sent
 */
export async function fakeScribe(sounds) {
  const asked = [];
  const server = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      const segments = sounds[Math.min(asked.length, sounds.length - 1)];
      asked.push({ key: request.headers.authorization, form: Buffer.concat(parts).toString("latin1") });
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify({ task: "transcribe", language: "chinese", text: segments.map(({ text }) => text).join(""), segments }));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { at: `http://127.0.0.1:${server.address().port}/v1`, asked: () => [...asked], stop: () => server.close() };
}

/**
 * A shop's own server of look-ups: where an order is, and how to cancel it.
 * @returns {Promise<{ at: string, stop: () => void }>} its address
 */
export async function fakeShop() {
  const schema = { type: "object", properties: { order: { type: "string" } }, required: ["order"] };
  const answers = {
    initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "shop", version: "1" } }),
    "tools/list": () => ({
      tools: [
        { name: "order_status", description: "订单到哪了", inputSchema: schema, annotations: { readOnlyHint: true } },
        { name: "cancel_order", description: "取消订单", inputSchema: schema },
      ],
    }),
    "tools/call": ({ arguments: { order } }) => ({ content: [{ type: "text", text: `${order} 已发货` }] }),
  };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      const { id, method, params } = body ? JSON.parse(body) : {};
      if (id === undefined) return response.writeHead(request.method === "POST" ? 202 : 405).end();
      response.setHeader("Content-Type", "application/json");
      const said = answers[method] ? { result: answers[method](params) } : { error: { code: -32601, message: `no method ${method}` } };
      response.end(JSON.stringify({ jsonrpc: "2.0", id, ...said }));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { at: `http://127.0.0.1:${server.address().port}/mcp`, stop: () => server.close() };
}

/**
 * Starts an empty house on a port of the system's choice.
 * @returns {Promise<{ url: string, setup: string, stop: () => void }>} its address, and the link for the first administrator
 */
export async function emptyHouse() {
  const probe = createServer();
  const port = await new Promise((resolve) => probe.listen(0, "127.0.0.1", () => resolve(probe.address().port)));
  await new Promise((resolve) => probe.close(resolve));
  const folder = mkdtempSync(join(tmpdir(), "yingda-first-run-"));
  const program = spawn(binary, ["serve", "--data", folder, "--http", `127.0.0.1:${port}`], { stdio: ["ignore", "ignore", "pipe"] });
  const setup = await new Promise((resolve, reject) => {
    let said = "";
    program.on("exit", () => reject(new Error(`the program ended: ${said}`)));
    program.stderr.on("data", (part) => {
      said += part;
      const link = /https?:\/\/\S+\/app\/setup\/\S+/.exec(said);
      if (link) resolve(link[0]);
    });
  });
  return {
    url: `http://127.0.0.1:${port}`,
    setup,
    stop() {
      program.removeAllListeners("exit");
      program.on("exit", () => rmSync(folder, { recursive: true, force: true }));
      program.kill("SIGTERM");
    },
  };
}

/**
 * Starts the demonstration, or takes the one that runs already if YINGDA_REUSE is set.
 * @param {number} worker of those that test side by side, from 0: each has a demonstration of its own
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function demonstration(worker) {
  const address = `127.0.0.1:${Number(process.env.YINGDA_PORT ?? 5186) + worker}`;
  const url = `http://${address}`;
  if (process.env.YINGDA_REUSE) return { url, stop: async () => {} };
  // Visitors who come by themselves would stand in the queue before those of the tests. Pictures show them.
  const quiet = process.env.SCREENSHOTS ? [] : ["--no-visitors"];
  const program = spawn(binary, ["demo", "--http", address, ...quiet], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, YINGDA_SMTP_LISTEN: `127.0.0.1:${mailPort(address)}`, YINGDA_SIP_LISTEN: `udp://127.0.0.1:${sipPort(address)}`, YINGDA_TURN_LISTEN: `127.0.0.1:${turnPort(address)}` } });
  let said = "";
  program.stderr.on("data", (part) => (said = (said + part).slice(-4000)));
  const ended = new Promise((resolve) => program.on("exit", resolve));
  for (const from = Date.now(); !(await fetch(`${url}/demo`).catch(() => undefined))?.ok; ) {
    if (program.exitCode !== null || Date.now() - from > 120_000) throw new Error(`the demonstration did not start: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    async stop() {
      program.kill("SIGTERM");
      const late = setTimeout(() => program.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Where the program takes mail of other servers, beside the address where it shows pages: two of them do not meet. */
export const mailPort = (address) => Number(/:(\d+)/.exec(address)?.[1] ?? 5186) + 1000;

/** Where the program hears calls. */
export const sipPort = (address) => Number(/:(\d+)/.exec(address)?.[1] ?? 5186) + 2000;

/** Where the program relays what browsers say that reach nothing else. */
export const turnPort = (address) => Number(/:(\d+)/.exec(address)?.[1] ?? 5186) + 3000;

/**
 * Calls the hotline as a customer does.
 * @param {string} address of the program's pages
 * @param {{ number: string, keys: string, seconds: number, says?: string }} call a comma in the keys waits for a second; says: a WAV file
 * @returns {{ said: () => string, press: (keys: string) => void, ended: Promise<{ heard: Buffer }>, hangUp: () => void }} heard: A-law of both sides, one code each in turn, what was heard first
 */
export function caller(address, { number, keys, seconds, says }) {
  const folder = mkdtempSync(join(tmpdir(), "yingda-caller-"));
  const file = join(folder, "heard.wav");
  const program = spawn(binary, ["call", "simulate", "--to", `127.0.0.1:${sipPort(address)}`, "--number", number, "--keys", keys, "--for", `${seconds}s`, "--record", file, "--typed", ...(says ? ["--say", says] : [])], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  for (const stream of [program.stdout, program.stderr]) stream.on("data", (part) => (said += part));
  const ended = new Promise((resolve) =>
    program.on("exit", () => {
      const wav = readFileSync(file);
      rmSync(folder, { recursive: true, force: true });
      resolve({ heard: wav.subarray(wav.indexOf("data") + 8) });
    }),
  );
  return { said: () => said, press: (keys) => program.stdin.write(`${keys}\n`), ended, hangUp: () => program.kill("SIGINT") };
}

/**
 * Writes a WAV file with a tone that comes and goes, as speech does: a browser takes what goes on and on for noise.
 * @param {number} hertz
 * @returns {string} the file
 */
export function toneOf(hertz) {
  const rate = 16_000;
  const wav = Buffer.alloc(44 + rate * 2 * 2);
  wav.write("RIFF");
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16); // of the format: PCM, one channel
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(wav.length - 44, 40);
  for (let i = 0; i < rate * 2; i++) {
    const on = i % (rate / 2) < rate * 0.3;
    wav.writeInt16LE(on ? Math.round(14_000 * Math.sin((2 * Math.PI * hertz * i) / rate)) : 0, 44 + i * 2);
  }
  const file = join(mkdtempSync(join(tmpdir(), "yingda-tone-")), `${hertz}.wav`);
  writeFileSync(file, wav);
  return file;
}

/**
 * Serves one page of somebody else's site.
 * @param {string} html
 * @param {Record<string, string>} headers
 * @returns {Promise<{ url: string, stop: () => void }>}
 */
export async function hostPage(html, headers = {}) {
  const server = createServer((_, answer) => {
    answer.writeHead(200, { "Content-Type": "text/html; charset=utf-8", ...headers });
    answer.end(html);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  return { url: `http://127.0.0.1:${server.address().port}/`, stop: () => void server.close() };
}

/** A picture of 320 by 200 points, as a person would attach it. */
export const picture = { name: "故障灯.png", mimeType: "image/png", buffer: readFileSync(new URL("lamp.png", import.meta.url)) };

/** Where the pictures of the documentation stand. */
export const pictures = fileURLToPath(new URL("../../docs/use/screenshots/", import.meta.url));

/**
 * Starts a system of orders, which says of each that it was sent.
 * @returns {Promise<{ at: string, asked: string[], stop: () => void }>} its address, and the bodies of what it was asked
 */
export async function fakeOrders() {
  const asked = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      asked.push(body);
      response.end(JSON.stringify({ order: { status: "已发货" } }));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  return { at: `http://127.0.0.1:${server.address().port}`, asked, stop: () => void server.close() };
}

/**
 * What stands in a file that the browser took along.
 * @param {string} path
 */
export function written(path) {
  return readFileSync(path, "utf8");
}
