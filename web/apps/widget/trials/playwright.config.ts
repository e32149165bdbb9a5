// The built widget against dev/server.mjs in a real browser: npm run trial -w apps/widget.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: ".",
  testMatch: "*.trial.ts",
  workers: 1,
  reporter: "list",
  outputDir: "../../../node_modules/.cache/widget-trials",
  webServer: { command: "node ../dev/server.mjs 5183", port: 5183, reuseExistingServer: true },
  use: {
    baseURL: "http://127.0.0.1:5183",
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] },
  },
});
