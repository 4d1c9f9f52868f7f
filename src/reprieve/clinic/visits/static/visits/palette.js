// @ts-check
/** Colours come from the style sheet, so that light, dark, dim and forced colours need no second list. */

const NAMES = [
  "ink", "ink-soft", "line", "surface", "lane-bp", "lane-hr", "lane-spo2", "lane-rr", "lane-sedation", "lane-dissociation",
  "lane-arterial", "lane-band", "lane-venous", "lane-rate", "lane-rate-ink", "lane-now", "lane-future", "lane-grid", "lane-flag",
  "lane-flag-ink", "zone-caution", "zone-stop", "zone-ink",
];

/** @param {Element} element @returns {Palette} */
export function readPalette(element) {
  const style = getComputedStyle(element);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

/** Call back when the room's colours change. @param {() => void} redraw */
export function onColours(redraw) {
  document.addEventListener("reprieve:colours", redraw);
  for (const query of ["(forced-colors: active)", "(prefers-color-scheme: dark)"]) {
    matchMedia(query).addEventListener("change", redraw);
  }
}
