// Prints what a visitor downloads, in bytes of gzip, and fails when it is more than the budget.
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../../dist/widget/", import.meta.url);
const budgets = [
  { name: /^widget\.js$/, limit: 1024 },
  { name: /^app\..+\.js$/, limit: 15360 },
];

const files = readdirSync(dist).filter((name) => name.endsWith(".js"));
let over = false;
for (const { name, limit } of budgets) {
  const found = files.find((file) => name.test(file));
  if (!found) throw new Error(`nothing in ${dist.pathname} matches ${name}: run the build first`);
  const size = gzipSync(readFileSync(new URL(found, dist)), { level: 9 }).length;
  over ||= size > limit;
  console.log(`${found.padEnd(24)} ${String(size).padStart(6)} of ${limit} bytes gzip${size > limit ? "  OVER BUDGET" : ""}`);
}
process.exitCode = over ? 1 : 0;
