// Builds web/dist/widget: the chat in parts that are fetched when they are needed, then widget.js, the loader, which
// knows the chat by its name. All parts of one build carry the same version in their names. weight.json says what is
// fetched when; size.mjs holds it against the budget. The same sources give the same bytes on every machine.
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { minify } from "terser";
import { build } from "vite";
import { preact } from "./preact.mjs";

const root = import.meta.dirname;
const outDir = `${root}/../../dist/widget`;
const languages = ["zh", "en"];
const mark = "VERSION";
const part = `assets/[name]-${mark}.js`; // the server lets browsers keep what is named so

// Vite wraps each dynamic import in code that preloads style files; there are none here.
const plainImports = {
  name: "plain-imports",
  enforce: "pre",
  load: (id) => (id.includes("vite/preload-helper") ? "export const __vitePreload = (load) => load();" : undefined),
};

/** Style sheets without what is there for people only; the order of writing is what compresses best. */
const styles = {
  name: "styles",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith(".css?inline")) return undefined;
    const css = code
      .replace(/\/\*.*?\*\//gs, "")
      .replace(/\s+/g, " ")
      .replace(/ ?([{};,>!]) ?/g, "$1")
      .replaceAll(": ", ":")
      .replaceAll(";}", "}");
    return { code: css.trim(), map: null };
  },
};

/** Short names for the custom properties, in the style sheets and where the scripts set them. */
const properties = ["on-brand", "brand", "muted", "soft", "line", "link", "deep", "height", "bad", "ink", "bg", "fg"];
const shortProperties = {
  name: "short-properties",
  enforce: "pre",
  transform(code, id) {
    if (!id.startsWith(`${root}/src/`)) return undefined;
    return { code: properties.reduce((code, name, place) => code.replaceAll(new RegExp(`--${name}\\b`, "g"), `--${place.toString(36)}`), code), map: null };
  },
};

/** Preact's private properties, which begin with an underscore, become short too. */
async function shrink(code, module) {
  const shrunk = await minify(code, {
    module,
    ecma: 2020,
    mangle: { properties: { regex: /^_/ } },
    compress: { passes: 4, keep_fargs: false, pure_getters: true, unsafe: true, unsafe_arrows: true, unsafe_methods: true },
  });
  return shrunk.code;
}

async function bundle({ input, format, ...more }) {
  const { output } = await build({
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    plugins: [plainImports, preact, styles, shortProperties],
    oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment" }, typescript: { removeClassFieldsWithoutInitializer: true } },
    ...more,
    build: {
      target: ["chrome111", "safari16.4", "firefox113"],
      write: false,
      cssMinify: false,
      modulePreload: false,
      rolldownOptions: {
        input,
        preserveEntrySignatures: "allow-extension",
        transform: { inject: { h: ["preact", "h"], Fragment: ["preact", "Fragment"] } },
        output: { format, entryFileNames: format === "es" ? part : "[name].js", chunkFileNames: part },
      },
    },
  });
  return Promise.all(output.map(async ({ fileName, code }) => ({ fileName, code: await shrink(code, format === "es") })));
}

const chat = await bundle({ input: { app: `${root}/src/app.tsx`, invite: `${root}/src/invite.ts` }, format: "es" });
const version = createHash("sha256").update(chat.map(({ code }) => code).join()).digest("hex").slice(0, 8);
const named = (name) => part.replace("[name]", name).replace(mark, version);
const [loader] = await bundle({ input: { widget: `${root}/src/loader.ts` }, format: "iife", define: { APP: JSON.stringify(named("app")), INVITE: JSON.stringify(named("invite")) } });

rmSync(outDir, { recursive: true, force: true });
mkdirSync(`${outDir}/assets`, { recursive: true });
const write = (name, text) => writeFileSync(`${outDir}/${name}`, text);
for (const { fileName, code } of chat) write(fileName.replace(mark, version), code.replaceAll(mark, version));
write(loader.fileName, loader.code);

const first = ["app", ...languages].map(named);
write("weight.json", JSON.stringify({
  before: [loader.fileName],
  first_conversation: Object.fromEntries(languages.map((language) => [language, [named("app"), named(language)]])),
  later: chat.map(({ fileName }) => fileName.replace(mark, version)).filter((name) => !first.includes(name)).sort(),
}, null, 1));
