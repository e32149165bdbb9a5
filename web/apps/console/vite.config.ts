import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// The program that answers /api while the console is served by Vite.
const backend = process.env.YINGDA_HTTP ?? "http://127.0.0.1:8080";

export default defineConfig(async ({ command }) => ({
  base: "/app/",
  plugins: [
    react(),
    tailwindcss(),
    ...(command === "serve" && process.env.YINGDA_FAKE ? [(await import("./dev/fake.ts")).fakeServer()] : []),
  ],
  server: { host: "127.0.0.1", proxy: process.env.YINGDA_FAKE ? {} : { "/api": { target: backend, ws: true } } },
  build: {
    outDir: "../../dist/console",
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
    // Parts that most pages share travel together: a few larger files instead of sixty small ones.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler)\// },
            // The editor of mails is for who writes one.
            { name: "kit", test: /node_modules\/(?!@tiptap|prosemirror-|linkifyjs|orderedmap|rope-sequence|w3c-keyname)|packages\/ui\//, minShareCount: 2 },
            { name: "shared", test: /console\/src\/(?!mail\/(Mail(Form|Editor)|AddressField))/, minShareCount: 3 },
          ],
        },
      },
    },
  },
}));
