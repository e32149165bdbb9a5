// Prints what a first visit to the console costs: the page, and every script and style that is fetched
// before an inbox with one open conversation stands, gzip. One JSON line.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const root = new URL("../dist/console/", import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(root, ".vite/manifest.json"), "utf8"));
const first = ["index.html", "src/shell/Shell.tsx", "src/conversation/InboxPage.tsx", "../../packages/i18n/src/zh.ts"];
const files = new Set(["index.html", "theme.js"]);

function add(key) {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`no chunk ${key} in the manifest`);
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const key of chunk.imports ?? []) add(key);
}

for (const key of first) add(key);
const bytes = { js: 0, css: 0, html: 0 };
for (const file of files) bytes[file.split(".").at(-1)] += gzipSync(readFileSync(join(root, file)), { level: 9 }).length;
console.log(JSON.stringify({ console_js: bytes.js, console_css: bytes.css, console_html: bytes.html, console_total: bytes.js + bytes.css + bytes.html, files: files.size }));
