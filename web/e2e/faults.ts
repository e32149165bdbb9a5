/** Looks at a page as people with other senses do. */
import type { Page } from "@playwright/test";
import axeCore, { type Result, type RunOptions } from "axe-core";
import { expect } from "./house";

const rules: RunOptions = { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], resultTypes: ["violations"] };
const colours: RunOptions = { runOnly: ["color-contrast"], resultTypes: ["violations"] };

/** What is put into a page. */
declare const axe: typeof axeCore;

/**
 * What axe finds on the page as it stands, one line each: in the dark of colours only, for all else is the same in both. They are looked at when what fades has
 * faded, which it is made to at once; what takes longer than a second, such as the countdown of a ring, is no fading.
 */
export async function faults(page: Page, where: string): Promise<string[]> {
  await page.evaluate(() => document.fonts.ready);
  await expect(page.getByRole("status").filter({ hasText: /^(加载中|正在打开客服…)$/ })).toHaveCount(0);
  await inColours(page, "light");
  for (const frame of page.frames()) {
    if (!(await frame.evaluate(() => "axe" in globalThis))) await frame.evaluate(axeCore.source);
  }
  const light = await page.evaluate((how) => axe.run(how), rules);
  await inColours(page, "dark");
  const dark = await page.evaluate((how) => axe.run(how), colours);
  await inColours(page, "light");
  return [...lines(`${where}, light`, light.violations), ...lines(`${where}, dark`, dark.violations)];
}

async function inColours(page: Page, colorScheme: "dark" | "light") {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(() => {
    // What fades in a parent makes its children fade when it is done.
    for (let more = true, depth = 0; more && depth < 10; depth++) {
      const fading = document.getAnimations().filter((a) => a.playState !== "finished" && Number(a.effect?.getComputedTiming().endTime) <= 1000);
      fading.forEach((a) => a.finish());
      more = fading.length > 0;
    }
  });
}

function lines(where: string, violations: Result[]): string[] {
  return violations.flatMap(({ id, nodes }) =>
    nodes.filter((node) => !covered(id, node)).map(({ target, any, all, none }) => `${where}: ${id} at ${target.join(" ")}: ${[...any, ...all, ...none].map(({ message }) => message).join("; ")}`),
  );
}

/** What an open list lies over in part is not too small: it is whole again when the list is gone. */
function covered(rule: string, node: { any: { message: string }[] }): boolean {
  return rule === "target-size" && node.any.some(({ message }) => message.includes("partially obscured"));
}
