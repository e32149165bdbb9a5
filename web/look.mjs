import { chromium } from "@playwright/test";
const [,, who, path, out, ...opts] = process.argv;
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const ctx = await browser.newContext({ locale: opts.includes("en") ? "en-US" : "zh-CN", timezoneId: "Asia/Shanghai", viewport: { width: 1440, height: 900 }, colorScheme: opts.includes("dark") ? "dark" : "light", reducedMotion: "reduce" });
const page = await ctx.newPage();
page.on("console", (m) => m.type() === "error" && console.log("console:", m.text().slice(0, 300)));
page.on("pageerror", (e) => console.log("pageerror:", e.message.slice(0, 500)));
const base = "http://127.0.0.1:5311";
const r = await ctx.request.post(base + "/api/v1/session", { data: { email: who + "@demo", password: "yingda-demo" } });
if (!r.ok()) console.log(await r.text());
if (opts.includes("en")) await ctx.addInitScript(() => localStorage.setItem("yingda.prefs", JSON.stringify({ language: "en" })));
await page.goto(base + path);
await page.waitForTimeout(2500);
for (const o of opts) if (o.startsWith("click=")) { await page.getByRole("button", { name: new RegExp(o.slice(6)) }).first().click(); await page.waitForTimeout(1200); }
await page.screenshot({ path: out, fullPage: opts.includes("full") });
await browser.close();
