/** Looks at a page as people with other senses do. */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect } from "./house";

const rules = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

/**
 * What axe finds on the page as it stands, one line each: in the dark of colours only, for all else is the same in both. They are looked at when what fades has
 * faded, which it is made to at once; what takes longer than a second, such as the countdown of a ring, is no fading.
 */
export async function faults(page: Page, where: string): Promise<string[]> {
  await page.evaluate(() => document.fonts.ready);
  await expect(page.getByRole("status").filter({ hasText: /^(加载中|正在打开客服…)$/ })).toHaveCount(0);
  const found: string[] = [];
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(() => document.getAnimations().filter((a) => Number(a.effect?.getComputedTiming().endTime) <= 1000).forEach((a) => a.finish()));
    const axe = new AxeBuilder({ page }).setLegacyMode(true);
    const { violations } = await (colorScheme === "dark" ? axe.withRules("color-contrast") : axe.withTags(rules)).analyze();
    for (const { id, nodes } of violations) {
      for (const { target, any, all, none } of nodes.filter((node) => !covered(id, node))) found.push(`${where}, ${colorScheme}: ${id} at ${target.join(" ")}: ${[...any, ...all, ...none].map(({ message }) => message).join("; ")}`);
    }
  }
  return found;
}

/** What an open list lies over in part is not too small: it is whole again when the list is gone. */
function covered(rule: string, node: { any: { message: string }[] }): boolean {
  return rule === "target-size" && node.any.some(({ message }) => message.includes("partially obscured"));
}
