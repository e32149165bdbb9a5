// Prints what a visitor downloads, in bytes of gzip, and fails when it is more than the budget: the loader is on every
// page of the host; from the click to the first answer the visitor fetches the chat and the words of his language.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../../dist/widget/", import.meta.url);
const weight = JSON.parse(readFileSync(new URL("weight.json", dist), "utf8"));
const size = (names) => names.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length, 0);

const { before, first_conversation: first, later } = weight;
const rows = [
  ["before the click", before, 1024],
  ...Object.entries(first).map(([language, names]) => [`to the first answer, ${language}`, names, 15360]),
  ...later.map((name) => [`later, ${name}`, [name]]),
  ["all", [...new Set([before, Object.values(first), later].flat(2))]],
];
for (const [what, names, budget] of rows) {
  const bytes = size(names);
  const over = bytes > budget;
  console.log(`${what.padEnd(30)} ${String(bytes).padStart(6)}${budget ? ` of ${budget}` : ""}${over ? "  OVER BUDGET" : ""}`);
  if (over) process.exitCode = 1;
}
