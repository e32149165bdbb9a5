/** The inbox's colour as custom properties; the stylesheet makes it readable as text on light and dark ground. */

/** Of `#rrggbb`; anything else becomes the house's blue. What stands on the colour is white, or dark on a bright one. */
export function palette(wanted: string): Record<string, string> {
  const color = /^#[\da-f]{6}$/i.test(wanted) ? wanted : "#2f5bea";
  const value = parseInt(color.slice(1), 16);
  const brightness = (value >> 16) * 0.3 + ((value >> 8) & 255) * 0.59 + (value & 255) * 0.11;
  return { "--brand": color, "--on-brand": brightness > 140 ? "#10141f" : "#fff" };
}
