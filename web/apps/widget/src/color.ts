/** The inbox's colour, made readable on light and on dark ground. */

type RGB = [number, number, number];

const parse = (hex: string): RGB => {
  const full = hex.replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3");
  const value = /^#[0-9a-f]{6}$/i.test(full) ? parseInt(full.slice(1), 16) : 0x2f5bea;
  return [value >> 16, (value >> 8) & 255, value & 255];
};

/** Relative luminance as WCAG counts it. */
const light = (color: RGB): number => {
  const [r, g, b] = color.map((part) => (part / 255 <= 0.04045 ? part / 3294.6 : ((part / 255 + 0.055) / 1.055) ** 2.4)) as RGB;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

const contrast = (a: RGB, b: RGB): number => {
  const [low, high] = [light(a), light(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
};

/** Goes from `color` towards `goal` until it can be read on `ground` (4.5 to 1). */
const readable = (color: RGB, ground: RGB, goal: number): string => {
  let found = color;
  for (let step = 0; contrast(found, ground) < 4.6 && step < 20; step++) {
    found = found.map((part) => Math.round(part + (goal - part) * 0.1)) as RGB;
  }
  return `rgb(${found})`;
};

/** The custom properties that the stylesheet is written in. */
export function palette(hex: string): Record<string, string> {
  const color = parse(hex);
  return {
    "--brand": `rgb(${color})`,
    "--deep": `rgb(${color.map((part) => Math.round(part * 0.7))})`,
    "--on-brand": contrast(color, [255, 255, 255]) >= 4.5 ? "#fff" : "#10141f",
    "--brand-on-light": readable(color, [243, 245, 250], 0),
    "--brand-on-dark": readable(color, [38, 43, 56], 255),
  };
}
