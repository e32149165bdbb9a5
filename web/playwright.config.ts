import { defineConfig } from "@playwright/test";

/**
 * The real program in a real browser. `npx playwright test` builds the program
 * from this tree, or takes the one that YINGDA_BIN names; each worker starts the
 * demonstration for itself, on a folder and a port of its own. YINGDA_REUSE=1
 * takes one that runs already, on YINGDA_PORT.
 */
export default defineConfig({
  testDir: "e2e",
  testMatch: process.env.SCREENSHOTS ? "screenshots.e2e.ts" : "**/*.e2e.ts",
  testIgnore: process.env.SCREENSHOTS ? [] : "screenshots.e2e.ts",
  outputDir: "../test-results",
  globalSetup: "./e2e/build.ts",
  workers: process.env.YINGDA_REUSE || process.env.SCREENSHOTS ? 1 : 2,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  retries: process.env["CI"] ? 1 : 0, // a loaded machine may be late once; a defect is late twice
  timeout: 150_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: { width: 1440, height: 900 },
    contextOptions: { reducedMotion: "reduce" },
    actionTimeout: 15_000,
    trace: "on-first-retry",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--font-render-hinting=none"],
    },
  },
});
