// Builds web/dist/widget: app.<hash>.js first, then widget.js, the loader, which knows the app by that name.
// The same sources give the same bytes on every machine.
import { readdirSync } from "node:fs";
import { build } from "vite";

const root = import.meta.dirname;
const outDir = `${root}/../../dist/widget`;
const common = { root, configFile: false, logLevel: "warn", publicDir: false };
const target = ["chrome111", "safari16.4", "firefox113"];

await build({
  ...common,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target,
    outDir,
    emptyOutDir: true,
    modulePreload: false,
    rolldownOptions: {
      input: { app: `${root}/src/app.tsx` },
      preserveEntrySignatures: "strict",
      output: { format: "es", entryFileNames: "[name].[hash].js", chunkFileNames: "[name].[hash].js" },
    },
  },
});

const app = readdirSync(outDir).find((name) => /^app\..+\.js$/.test(name));
await build({
  ...common,
  define: { APP: JSON.stringify(app) },
  build: {
    target,
    outDir,
    emptyOutDir: false,
    rolldownOptions: {
      input: { widget: `${root}/src/loader.ts` },
      output: { format: "iife", entryFileNames: "[name].js" },
    },
  },
});
