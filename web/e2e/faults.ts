/** Looks at a page as people with other senses do. */
import type { Frame, Page } from "@playwright/test";
import axeCore, { type Result, type RunOptions } from "axe-core";
import { expect } from "./house";

const rules: RunOptions = { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], rules: { "color-contrast": { enabled: false } }, resultTypes: ["violations"] };
const colours: RunOptions = { runOnly: ["color-contrast"], resultTypes: ["violations"], iframes: false };

/** What is put into a page: axe, and the elements that show text. */
declare const axe: typeof axeCore;
declare let texts: Element[];

/** The places of texts whose colours were found to be well in this worker, light and dark: the same place has the same colours on the next page. */
const seen = new Set<string>();

/**
 * What axe finds on the page as it stands, one line each: colours in the light and in the dark, and all else once, for it is the same in both.
 * They are looked at when what fades has faded, which it is made to at once; what takes longer than a second, such as the countdown of a ring, is no fading.
 */
export async function faults(page: Page, where: string): Promise<string[]> {
  await page.evaluate(() => document.fonts.ready);
  await expect(page.getByRole("status").filter({ hasText: /^(加载中|正在打开客服…)$/ })).toHaveCount(0);
  for (const frame of page.frames()) {
    if (!(await frame.evaluate(() => "axe" in globalThis))) await frame.evaluate(axeCore.source);
  }
  await inColours(page, "light");
  const found = lines(where, (await page.evaluate((how) => axe.run(how), rules)).violations);
  for (const frame of page.frames()) found.push(...(await inBothColours(page, frame, where)));
  return found;
}

/** What axe finds in the colours of a frame where they were not yet found to be well. */
async function inBothColours(page: Page, frame: Frame, where: string): Promise<string[]> {
  const places = await frame.evaluate(placesOfText);
  const fresh = places.map((place, i) => (seen.has(place) ? -1 : i)).filter((i) => i >= 0);
  if (fresh.length === 0) return [];
  const found: string[] = [];
  for (const scheme of ["light", "dark"] as const) {
    await inColours(page, scheme);
    const violations = await frame.evaluate(
      async ({ fresh, how }) => {
        const include = fresh.map((i) => texts[i]!).filter((e) => e.isConnected);
        return include.length === 0 ? [] : (await axe.run({ include }, how)).violations;
      },
      { fresh, how: colours },
    );
    found.push(...lines(`${where}, ${scheme}`, violations));
  }
  await inColours(page, "light");
  if (found.length === 0) for (const i of fresh) seen.add(places[i]!);
  return found;
}

/**
 * The elements that show text, kept for what comes next, and for each what decides its colours: itself and all around it by kind, class, state and style, and
 * how wide the page is.
 */
function placesOfText(): string[] {
  const within = (root: ParentNode): Element[] => [...root.querySelectorAll("*")].flatMap((e) => (e.shadowRoot ? [e, ...within(e.shadowRoot)] : [e]));
  const texts = within(document.body).filter(
    (e) => e instanceof HTMLInputElement || e instanceof HTMLTextAreaElement || [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent?.trim()),
  );
  Object.assign(globalThis, { texts });
  const known = new Map<Element, string>();
  const place = (e: Element): string => {
    let at = known.get(e);
    if (at === undefined) {
      const root = e.getRootNode();
      const around = e.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
      const says = [...e.attributes].filter(({ name }) => /^(class|style|type|disabled|open|inert|hidden|data-.*|aria-(current|selected|pressed|checked|disabled|expanded|invalid|hidden))$/.test(name));
      at = `${around ? place(around) : `${location.pathname.split("/")[1]} ${innerWidth < 720 ? "narrow" : "wide"}`}>${e.localName}${says.map(({ name, value }) => `[${name}=${value}]`).join("")}`;
      known.set(e, at);
    }
    return at;
  };
  return texts.map((e) => place(e) + (e.matches(":focus-within,:hover") ? ":used" : ""));
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
