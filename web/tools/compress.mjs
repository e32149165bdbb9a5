// Writes .br and .gz beside every text file over 1 KB, so that the server never compresses at run time.
import { readdirSync, readFileSync, writeFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const kinds = new Set([".js", ".css", ".html", ".svg", ".json"]);
const root = process.argv[2] ?? "dist";

for (const name of readdirSync(root, { recursive: true })) {
  const path = join(root, name);
  if (!kinds.has(extname(path)) || statSync(path).size <= 1024) continue;
  const bytes = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }));
}
