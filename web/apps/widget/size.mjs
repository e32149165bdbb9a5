// Prints what a visitor downloads, in bytes of gzip, and fails when it is more than the budget.
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../../dist/widget/", import.meta.url);
const limits = { widget: 1024, app: 15360 };

// The loader is on every page of the host; app and one language come when the window opens; talk with the first
// conversation; extras (menu, forms, files, sound) when one of them is used.
const sizes = Object.fromEntries(
  readdirSync(dist)
    .filter((name) => name.endsWith(".js"))
    .map((name) => [name.split(".")[0], gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length]),
);
for (const [name, size] of Object.entries(sizes)) {
  const limit = limits[name];
  console.log(`${name.padEnd(8)} ${String(size).padStart(6)}${limit ? ` of ${limit}` : ""} bytes gzip${size > limit ? "  OVER BUDGET" : ""}`);
}
const over = Object.keys(limits).filter((name) => !(sizes[name] <= limits[name]));
process.exitCode = over.length > 0 ? 1 : 0;
