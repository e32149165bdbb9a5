/** A customer's provider of mail: it hands mails to the program and takes those of the program, by SMTP. */
import { randomUUID } from "node:crypto";
import { connect, createServer } from "node:net";

/** @typedef {{ from: string, to: string[], raw: string }} Taken a mail that the program handed over */
/** @typedef {{ from: string, to: string, subject: string, text?: string, answers?: string, headers?: string[], body?: string }} Letter `subject` as it stands in the header or plain; `body` is everything after the header, with the fields that describe it */

/**
 * The value of a header field, unfolded; the first of its name.
 * @param {string} raw
 * @param {string} name
 */
export function header(raw, name) {
  const head = raw.slice(0, raw.indexOf("\r\n\r\n")).replace(/\r\n[ \t]+/g, " ");
  return new RegExp(`^${name}: (.*)$`, "im").exec(head)?.[1] ?? "";
}

/**
 * Takes mails until it is stopped.
 * @returns {Promise<{ port: number, taken: Taken[], stop: () => void }>}
 */
export async function provider() {
  const taken = [];
  const server = createServer((socket) => serve(socket, (mail) => taken.push(mail)));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  return { port: server.address().port, taken, stop: () => void server.close() };
}

/**
 * A mailbox at a server of a company: what is handed in by SMTP lies in its folder, which IMAP opens to who knows the password.
 * @param {string} password
 * @returns {Promise<{ smtp: number, imap: number, held: () => number, stop: () => void }>}
 */
export async function postbox(password) {
  const box = { mails: [], next: 1, password };
  const smtp = createServer((socket) => serve(socket, (mail) => box.mails.push({ uid: box.next++, raw: mail.raw })));
  const imap = createServer((socket) => open(socket, box));
  for (const server of [smtp, imap]) await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  return {
    smtp: smtp.address().port,
    imap: imap.address().port,
    held: () => box.mails.length,
    stop() {
      smtp.close();
      imap.close();
    },
  };
}

/** As much of IMAP as a mailbox needs that is tried out and then watched. */
function open(socket, box) {
  const say = (line) => socket.write(`${line}\r\n`);
  let held = "";
  let idling = "";
  const commands = {
    CAPABILITY: () => say("* CAPABILITY IMAP4rev1 IDLE UIDPLUS ID"),
    ID: () => say('* ID ("name" "provider")'),
    LOGIN: (rest) => (rest.endsWith(` "${box.password}"`) || rest.endsWith(` ${box.password}`) ? undefined : "NO [AUTHENTICATIONFAILED] wrong user or password"),
    SELECT: () => say(`* ${box.mails.length} EXISTS\r\n* 0 RECENT\r\n* FLAGS (\\Seen \\Deleted)\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT ${box.next}] ok`),
    UID: (rest) => {
      const name = /Message-ID"?\s+"?<?([^">\s)]+)/i.exec(rest)?.[1];
      const found = box.mails.filter((mail) => (name ? mail.raw.includes(name) : rest.startsWith("SEARCH") || rest.includes(String(mail.uid))));
      if (/^SEARCH/i.test(rest)) say(`* SEARCH${found.map((mail) => ` ${mail.uid}`).join("")}`);
      if (/^EXPUNGE/i.test(rest)) {
        for (const mail of found) {
          say(`* ${box.mails.indexOf(mail) + 1} EXPUNGE`);
          box.mails.splice(box.mails.indexOf(mail), 1);
        }
      }
    },
    LOGOUT: () => say("* BYE"),
  };
  socket.setEncoding("latin1");
  socket.on("error", () => {}); // who goes away in the middle has heard enough
  say("* OK [CAPABILITY IMAP4rev1 IDLE UIDPLUS ID] ready");
  socket.on("data", (part) => {
    held += part;
    for (let end = held.indexOf("\r\n"); end >= 0; end = held.indexOf("\r\n")) {
      const line = held.slice(0, end);
      held = held.slice(end + 2);
      if (/^DONE$/i.test(line)) {
        say(`${idling} OK done`);
        continue;
      }
      const [, tag, command, rest] = /^(\S+) (\S+) ?(.*)$/.exec(line) ?? [];
      if (/^IDLE$/i.test(command ?? "")) {
        idling = tag ?? "";
        say("+ idling");
        continue;
      }
      const refused = commands[(command ?? "").toUpperCase()]?.(rest);
      say(`${tag} ${typeof refused === "string" ? refused : "OK done"}`);
    }
  });
}

function serve(socket, onMail) {
  const say = (line) => socket.write(`${line}\r\n`);
  let mail = { from: "", to: [], raw: "" };
  let data = false;
  let held = "";
  socket.setEncoding("latin1");
  socket.on("error", () => {}); // who goes away in the middle has sent nothing
  say("220 provider.example ESMTP");
  socket.on("data", (part) => {
    held += part;
    for (;;) {
      if (data) {
        const end = held.indexOf("\r\n.\r\n");
        if (end < 0) return;
        onMail({ ...mail, raw: `${held.slice(0, end)}\r\n`.replace(/(^|\r\n)\.\./g, "$1.") });
        mail = { from: "", to: [], raw: "" };
        held = held.slice(end + 5);
        data = false;
        say("250 2.0.0 taken");
        continue;
      }
      const end = held.indexOf("\r\n");
      if (end < 0) return;
      const line = held.slice(0, end);
      held = held.slice(end + 2);
      const address = /<(.*?)>/.exec(line)?.[1] ?? "";
      if (/^EHLO/i.test(line)) {
        say("250-provider.example\r\n250-8BITMIME\r\n250-SIZE 50000000\r\n250 ENHANCEDSTATUSCODES");
      } else if (/^MAIL/i.test(line)) {
        mail = { from: address, to: [], raw: "" };
        say("250 2.1.0 ok");
      } else if (/^RCPT/i.test(line)) {
        const known = !address.startsWith("nobody@");
        if (known) mail.to.push(address);
        say(known ? "250 2.1.5 ok" : "550 5.1.1 user unknown");
      } else if (/^DATA/i.test(line)) {
        data = true;
        say("354 go on");
      } else if (/^QUIT/i.test(line)) {
        say("221 2.0.0 bye");
        socket.end();
      } else say("250 2.0.0 ok");
    }
  });
}

/**
 * Hands a mail to the program as another server would.
 * @param {number} port
 * @param {string} from
 * @param {string} to
 * @param {string} raw
 */
export async function deliver(port, from, to, raw) {
  const socket = connect(port, "127.0.0.1");
  socket.setEncoding("latin1");
  const lines = [];
  let wake = () => {};
  let failed;
  let rest = "";
  socket.on("data", (part) => {
    rest += part;
    for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
      lines.push(rest.slice(0, end));
      rest = rest.slice(end + 2);
    }
    wake();
  });
  socket.on("error", (err) => {
    failed = err;
    wake();
  });
  const answer = async (wanted) => {
    for (;;) {
      if (failed) throw failed;
      const at = lines.findIndex((line) => /^\d{3} /.test(line));
      if (at >= 0) {
        const [line] = lines.splice(0, at + 1).slice(-1);
        if (!line.startsWith(wanted)) throw new Error(`the program said ${line}`);
        return;
      }
      await new Promise((resolve) => (wake = () => resolve(undefined)));
    }
  };
  const ask = async (line, wanted) => {
    socket.write(`${line}\r\n`);
    await answer(wanted);
  };
  try {
    await answer("220");
    await ask("EHLO provider.example", "250");
    await ask(`MAIL FROM:<${from}>`, "250");
    await ask(`RCPT TO:<${to}>`, "250");
    await ask("DATA", "354");
    socket.write(Buffer.from(raw.replace(/(^|\r\n)\./g, "$1.."), "utf8"));
    await ask("\r\n.", "250");
    await ask("QUIT", "221");
  } finally {
    socket.destroy();
  }
}

/**
 * Writes a mail as programs write them, in UTF-8 unless it brings its own body.
 * @param {Letter} letter
 */
export function write({ from, to, subject, text = "", answers, headers = [], body }) {
  const words = /^[\x20-\x7e]*$/.test(subject) ? subject : word(subject);
  return [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${words}`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${randomUUID()}@mail.example>`,
    ...(answers ? [`In-Reply-To: ${answers}`, `References: ${answers}`] : []),
    "MIME-Version: 1.0",
    ...headers,
    body ?? encoded("text/plain", text),
    "",
  ].join("\r\n");
}

/**
 * The fields and the body of a text.
 * @param {string} type
 * @param {string} text
 */
export function encoded(type, text) {
  return `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(text).toString("base64")}`;
}

/**
 * A text as it stands in a header.
 * @param {string} text
 */
export const word = (text) => `=?utf-8?B?${Buffer.from(text).toString("base64")}?=`;

/**
 * The texts of a mail, with their transfer encoding taken away.
 * @param {string} raw
 */
export function texts(raw) {
  return raw
    .split(/\r\n--\S+/)
    .map((part) => {
      const end = part.indexOf("\r\n\r\n");
      const head = part.slice(0, end);
      const body = part.slice(end + 4);
      if (!/Content-Type: text\//i.test(head)) return head;
      if (/Content-Transfer-Encoding: base64/i.test(head)) return Buffer.from(body.replace(/\s/g, ""), "base64").toString("utf8");
      if (!/Content-Transfer-Encoding: quoted-printable/i.test(head)) return body;
      const bytes = body.replace(/=\r\n/g, "").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
      return Buffer.from(bytes, "latin1").toString("utf8");
    })
    .join("\n");
}
