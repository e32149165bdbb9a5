/** The inbox's colour as custom properties; the stylesheet makes it readable as text on light and dark ground. */

/** Takes `#rrggbb`; anything else becomes the house's blue. What stands on the colour is white, or dark on a bright one. */
export function palette(style: CSSStyleDeclaration, wanted = ""): void {
  const color = /^#[\da-f]{6}$/i.test(wanted) ? wanted : "#2f5bea";
  const value = parseInt(color.slice(1), 16);
  const brightness = (value >> 16) * 0.3 + ((value >> 8) & 255) * 0.59 + (value & 255) * 0.11;
  style.setProperty("--brand", color);
  style.setProperty("--on-brand", brightness > 140 ? "#10141f" : "#fff");
}
