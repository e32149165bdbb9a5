// Builds web/dist/widget: app.<hash>.js first, then widget.js, the loader, which knows the app by that name.
// The same sources give the same bytes on every machine.
import { readdirSync } from "node:fs";
import { build } from "vite";

const root = import.meta.dirname;
const outDir = `${root}/../../dist/widget`;
const common = { root, configFile: false, logLevel: "warn", publicDir: false };
const target = ["chrome111", "safari16.4", "firefox113"];

// Vite wraps each dynamic import in code that preloads style files; there are none here.
const plainImports = {
  name: "plain-imports",
  enforce: "pre",
  load: (id) => (id.includes("vite/preload-helper") ? "export const __vitePreload = (load) => load();" : undefined),
};

await build({
  ...common,
  plugins: [plainImports],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target,
    outDir,
    emptyOutDir: true,
    modulePreload: false,
    rolldownOptions: {
      input: { app: `${root}/src/app.tsx` },
      preserveEntrySignatures: "allow-extension",
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
