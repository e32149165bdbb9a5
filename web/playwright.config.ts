import { defineConfig } from "@playwright/test";

const port = Number(process.env.YINGDA_PORT ?? 5186);

/**
 * The real program in a real browser. `npx playwright test` builds the program
 * from this tree, or takes the one that YINGDA_BIN names, and starts the
 * demonstration on a folder of its own.
 */
export default defineConfig({
  testDir: "e2e",
  testMatch: process.env.SCREENSHOTS ? "screenshots.e2e.ts" : "**/*.e2e.ts",
  testIgnore: process.env.SCREENSHOTS ? [] : "screenshots.e2e.ts",
  outputDir: "../test-results",
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: process.env["CI"] ? 1 : 0, // a loaded machine may be late once; a defect is late twice
  timeout: 150_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: { width: 1440, height: 900 },
    contextOptions: { reducedMotion: "reduce" },
    actionTimeout: 15_000,
    trace: process.env["CI"] ? "on-first-retry" : "retain-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--font-render-hinting=none"],
    },
  },
  webServer: {
    command: `node e2e/program.mjs demo 127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/demo`,
    timeout: 600_000, // the first build takes its time
    reuseExistingServer: Boolean(process.env.YINGDA_REUSE),
    gracefulShutdown: { signal: "SIGTERM", timeout: 10_000 },
    stdout: "ignore",
    stderr: "ignore",
  },
});
