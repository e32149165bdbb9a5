/** Looks at a page as people with other senses do. */
import type { Frame, Page } from "@playwright/test";
import type axeCore from "axe-core";
import type { Result, RunOptions } from "axe-core";
import { source } from "./axe.mjs";
import { expect } from "./house";

const rules: RunOptions = { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"], rules: { "color-contrast": { enabled: false } }, resultTypes: ["violations"] };
const colours: RunOptions = { runOnly: ["color-contrast"], resultTypes: ["violations"], iframes: false };

/** What is put into a page: axe, and the elements that show text. */
declare const axe: typeof axeCore;
declare let texts: Element[];

/**
 * What was found to be well in this worker, light and dark: the places of texts, which look the same on the next page, and their looks, which are as well in
 * another place.
 */
const well = { places: new Set<string>(), looks: new Set<string>() };

/**
 * What axe finds on the page as it stands, one line each: colours in the light and in the dark, and all else once, for it is the same in both.
 * They are looked at when what fades has faded, which it is made to at once; what takes longer than a second, such as the countdown of a ring, is no fading.
 */
export async function faults(page: Page, where: string): Promise<string[]> {
  await page.evaluate(() => document.fonts.ready);
  await expect(page.getByRole("status").filter({ hasText: /^(加载中|正在打开客服…)$/ })).toHaveCount(0);
  for (const frame of page.frames()) {
    if (!(await frame.evaluate(() => "axe" in globalThis))) await frame.evaluate(source);
  }
  for (const frame of page.frames()) await frame.evaluate(standStill, true);
  await inColours(page, "light");
  const found = lines(where, (await page.evaluate((how) => axe.run(how), rules)).violations);
  for (const frame of page.frames()) found.push(...(await inBothColours(page, frame, where)));
  for (const frame of page.frames()) await frame.evaluate(standStill, false);
  return found;
}

/** What axe finds in the colours of a frame where they were not yet found to be well. */
async function inBothColours(page: Page, frame: Frame, where: string): Promise<string[]> {
  const places = await frame.evaluate(placesOfText);
  const fresh = new Map(places.map((place, i): [string, number] => [place, i]).filter(([place]) => !well.places.has(place)));
  if (fresh.size === 0) return [];
  const found: string[] = [];
  for (const scheme of ["light", "dark"] as const) {
    await inColours(page, scheme);
    const looks = await frame.evaluate(looksOfText, [...fresh.values()]);
    const unseen = new Map(looks.filter(([look]) => !well.looks.has(look)));
    if (unseen.size === 0) continue;
    const violations = await frame.evaluate(
      async ({ unseen, how }) => {
        const include = unseen.map((i) => texts[i]!).filter((e) => e.isConnected);
        return include.length === 0 ? [] : (await axe.run({ include }, how)).violations;
      },
      { unseen: [...unseen.values()], how: colours },
    );
    found.push(...lines(`${where}, ${scheme}`, violations));
    if (violations.length === 0) for (const look of unseen.keys()) well.looks.add(look);
  }
  await inColours(page, "light");
  if (found.length === 0) for (const place of fresh.keys()) well.places.add(place);
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

/**
 * How some of the texts look, with their numbers: all that axe reckons contrast from. It is the colours of the text and of what it stands on, out to the first
 * that hides what is behind; of what is taken out of its place also where it stands.
 */
function looksOfText(some: number[]): [string, number][] {
  const around = (e: Element) => e.assignedSlot ?? e.parentElement ?? (e.getRootNode() instanceof ShadowRoot ? (e.getRootNode() as ShadowRoot).host : null);
  const path = (e: Element | null): string => (e ? `${path(around(e))}>${e.localName}.${e.getAttribute("class")}` : location.pathname.split("/")[1]!);
  const skins = new Map<Element, { ground: string; veil: string; solid: boolean; moved: boolean }>();
  const skin = (e: Element) => {
    let at = skins.get(e);
    if (!at) {
      const { backgroundColor, backgroundImage, opacity, filter, mixBlendMode, position } = getComputedStyle(e);
      const solid = backgroundImage === "none" && backgroundColor.startsWith("rgb(");
      const veil = `${opacity}${filter}${mixBlendMode}${e.matches(":disabled,[aria-disabled=true],[inert],[hidden]") ? "off" : ""}`;
      at = { ground: `;${backgroundColor}${backgroundImage}`, veil: veil === "1nonenormal" ? "" : `!${veil}`, solid, moved: !solid && /absolute|fixed/.test(position) };
      skins.set(e, at);
    }
    return at;
  };
  return some.map((i) => {
    const e = texts[i]!;
    const { color, fontSize, fontWeight, textShadow, visibility } = getComputedStyle(e);
    let look = `${color}${fontSize}${fontWeight}${textShadow}${visibility}`;
    let hidden = false;
    let moved = false;
    for (let a: Element | null = e; a; a = around(a)) {
      const { ground, veil, solid, moved: out } = skin(a);
      look += hidden ? veil : ground + veil;
      moved ||= out && !hidden;
      hidden ||= solid;
    }
    return [moved ? look + path(e) : look, i];
  });
}

/** Lets no colour fade into another while light and dark change places: a thousand that do take a second. */
function standStill(on: boolean) {
  const all = globalThis as { still?: CSSStyleSheet };
  if (!all.still) {
    all.still = new CSSStyleSheet();
    all.still.replaceSync("*, ::before, ::after { transition: none !important }");
  }
  const others = document.adoptedStyleSheets.filter((sheet) => sheet !== all.still);
  document.adoptedStyleSheets = on ? [...others, all.still] : others;
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
