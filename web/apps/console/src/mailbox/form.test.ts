import type { Mailbox, MailboxSettings, MailGuess } from "@yingda/api";
import { expect, it } from "vitest";
import { adviceFor, changeOf, draftFrom, draftOf, looksLikeAddress, oauthWhy, preview, withSecurity, worst } from "./form";

const text = { zh: "", en: "" };
const server = { host: "imap.qq.com", port: 993, security: "tls", user: "a@qq.com", auth: "password" };
const settings: MailboxSettings = {
  name: text, aliases: [], kind: "consultation", brand: "", signature: text, receipt: { enabled: true, text }, quote: true, undo_seconds: 10, reopen_days: 14,
  fetch: { way: "imap", server, folder: "INBOX", after: "keep" },
  send: { server: { ...server, host: "smtp.qq.com", port: 465 }, per_minute: 10, return_path: "", plus: false, dkim_selector: "", dkim_domain: "", save_sent: "" },
  spam_words: [], blocked: [], trust_reply_to: false, auth_server: "", automatic_per_day: 5,
};
const hours = { zone: "Asia/Shanghai", always: true, week: [], closed: [], open: [] };
const guess = { service: { code: "qq" }, settings, hours } as unknown as MailGuess;
const kept = {
  inbox_id: "in_1", address: "a@qq.com", name: "客服", enabled: true, hours, settings, version: 3, fetch_health: { state: "ok" }, send_health: { state: "" }, secrets: {}, records: [], redirect: "",
} as unknown as Mailbox;

it("sends a password only if one was typed", () => {
  expect(changeOf(draftOf(kept), 3)).not.toHaveProperty("fetch_password");
  expect(changeOf({ ...draftOf(kept), fetch_password: "abc", send_password: "" }, 3)).toMatchObject({ fetch_password: "abc", team_id: "", version: 3 });
  expect(changeOf({ ...draftOf(kept), send_password: "" }, 3)).not.toHaveProperty("send_password");
});

it("leaves the name of a new mailbox to the server, and gives a kept one its address", () => {
  expect(changeOf({ ...draftOf(kept), name: " " })).not.toHaveProperty("name");
  expect(changeOf({ ...draftOf(kept), name: " " }, 3).name).toBe("a@qq.com");
});

it("keeps what was typed when another provider is chosen", () => {
  const typed = { ...draftOf(kept), fetch_password: "abc", settings: { ...settings, undo_seconds: 60, fetch: { ...settings.fetch, folder: "客服" } } };
  const other = { ...guess, settings: { ...settings, fetch: { ...settings.fetch, server: { ...server, host: "imap.163.com" } } } };
  const next = draftFrom(other, " b@163.com ", typed);
  expect(next).toMatchObject({ address: "b@163.com", fetch_password: "abc" });
  expect(next.settings.undo_seconds).toBe(60);
  expect(next.settings.fetch).toMatchObject({ folder: "客服", server: { host: "imap.163.com" } });
});

it("knows an address", () => {
  for (const good of ["a@b.cn", " support@example.com ", "root@localhost"]) expect(looksLikeAddress(good), good).toBe(true);
  for (const bad of ["", "a", "a@b", "a b@c.cn", "<a@b.cn>", "a@b."]) expect(looksLikeAddress(bad), bad).toBe(false);
});

it("advises by the code of the server", () => {
  expect(adviceFor("mail.auth")).toBe("auth");
  expect(adviceFor("mail.something")).toBe("other");
  expect(adviceFor(undefined)).toBe("other");
  expect(oauthWhy("ok")).toBeUndefined();
  expect(oauthWhy("mailbox.oauth_state")).toBe("state");
  expect(oauthWhy("internal")).toBe("other");
});

it("shows the worst of the ways that are used", () => {
  const does = (fetch: string, send: string, change: Partial<MailboxSettings> = {}) => worst({ ...kept, fetch_health: { state: fetch }, send_health: { state: send }, settings: { ...settings, ...change } } as Mailbox);
  expect(does("ok", "refused")).toBe("refused");
  expect(does("trouble", "ok")).toBe("trouble");
  expect(does("ok", "")).toBe("ok");
  expect(does("", "")).toBe("");
  expect(does("refused", "ok", { fetch: { ...settings.fetch, way: "" } })).toBe("ok");
});

it("fills a receipt in, and changes the port only where it was the usual one", () => {
  expect(preview("{name}：{number}，{due} {other}", { name: "张伟", company: "", number: "7", due: "18:00", ways: "" })).toBe("张伟：7，18:00 {other}");
  expect(withSecurity(server, "starttls", "fetch").port).toBe(143);
  expect(withSecurity({ ...server, port: 1993 }, "starttls", "fetch").port).toBe(1993);
});
