/** Looks at a page as people with other senses do. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import type { Result } from "axe-core";
import { expect } from "./house";

/** What AxeBuilder puts into a page. */
declare const axe: typeof import("axe-core");

const rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

/**
 * What axe finds on the page as it stands, one line each: in the dark of colours only, for all else is the same in both. They are looked at when what fades has
 * faded, which it is made to at once; what takes longer than a second, such as the countdown of a ring, is no fading.
 */
export async function faults(page: Page, where: string): Promise<string[]> {
  await page.evaluate(() => document.fonts.ready);
  await expect(page.getByRole("status").filter({ hasText: /^(加载中|正在打开客服…)$/ })).toHaveCount(0);
  await inColours(page, "light");
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(rules).analyze();
  await inColours(page, "dark");
  // axe is in the page and its frames by now: to put it there takes three times as long as to ask it.
  const dark = await page.evaluate(() => axe.run({ runOnly: ["color-contrast"], resultTypes: ["violations"] }));
  await inColours(page, "light");
  return [...lines(`${where}, light`, violations), ...lines(`${where}, dark`, dark.violations)];
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
