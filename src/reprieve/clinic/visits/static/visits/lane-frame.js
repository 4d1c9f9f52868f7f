// @ts-check
/** What every lane has: limit zones, the shade of the future, the line of now, the lines of events. */

import { text } from "./marks.js";

const LABELS_FROM_PX = 380;

/** @param {import("uplot")} u @param {number} low @param {number} high @param {string} colour */
function shade(u, low, high, colour) {
  const { left, top, width, height } = u.bbox;
  const upper = Math.max(top, u.valToPos(high, "y", true));
  const lower = Math.min(top + height, u.valToPos(low, "y", true));
  if (lower <= upper) return;
  u.ctx.fillStyle = colour;
  u.ctx.fillRect(left, upper, width, lower - upper);
}

/**
 * The limits of blood pressure are systolic: below them lie the diastolic marks, so the low side is a line without shade.
 * @param {import("uplot")} u @param {Limits} limits @param {boolean} systolic @param {Palette} palette
 */
function zones(u, limits, systolic, palette) {
  const [bottom, top] = [u.scales.y?.min ?? 0, u.scales.y?.max ?? 1];
  const [cautionLow, cautionHigh] = limits.caution;
  const [stopLow, stopHigh] = limits.stop;
  if (cautionHigh !== null) shade(u, cautionHigh, stopHigh ?? top, palette["zone-caution"] ?? "");
  if (cautionLow !== null && !systolic) shade(u, stopLow ?? bottom, cautionLow, palette["zone-caution"] ?? "");
  if (stopHigh !== null) shade(u, stopHigh, top, palette["zone-stop"] ?? "");
  if (stopLow !== null && !systolic) shade(u, bottom, stopLow, palette["zone-stop"] ?? "");
}

/** What each edge means, over the grid. @param {import("uplot")} u @param {Limits} limits @param {boolean} systolic @param {Palette} palette @param {number} ratio */
function edges(u, limits, systolic, palette, ratio) {
  const [bottom, top] = [u.scales.y?.min ?? 0, u.scales.y?.max ?? 1];
  const [cautionLow, cautionHigh] = limits.caution;
  const [stopLow, stopHigh] = limits.stop;
  const roomy = u.bbox.width > LABELS_FROM_PX * ratio;
  const look = { colour: palette["zone-ink"] ?? "", size: 9.5, weight: 600, align: /** @type {const} */ ("right") };
  const right = u.bbox.left + u.bbox.width - 5 * ratio;
  /** @type {[number | null, string, number][]} */
  const all = [[cautionHigh, "caution", -1], [stopHigh, "stop", -1], [cautionLow, "caution", 1], [stopLow, "stop", 1]];
  for (const [value, word, side] of all) {
    if (value === null || value >= top || value <= bottom) continue;
    if (word === "caution" && (value === stopLow || value === stopHigh)) continue;
    const y = u.valToPos(value, "y", true);
    u.ctx.fillStyle = palette["zone-ink"] ?? "";
    u.ctx.globalAlpha = 0.45;
    u.ctx.fillRect(u.bbox.left, y, u.bbox.width, Math.max(1, ratio * 0.75));
    u.ctx.globalAlpha = 1;
    const at = y + (systolic ? -1 : side) * 7 * ratio;
    if (roomy && at > u.bbox.top + 4 * ratio && at < u.bbox.top + u.bbox.height - 4 * ratio) {
      const of = systolic ? "systolic " : "";
      text(u.ctx, `${word}: ${of}${side < 0 ? "over" : "under"} ${value}`, right, at, ratio, look);
    }
  }
}

/** Under the grid. @param {import("uplot")} u @param {Snapshot} snapshot @param {string} lane @param {Palette} palette @param {LaneView} view */
export function paintGround(u, snapshot, lane, palette, view) {
  const { left, top, width, height } = u.bbox;
  u.ctx.save();
  const now = Math.max(left, u.valToPos(view.now, "x", true));
  if (now < left + width) {
    u.ctx.fillStyle = palette["lane-future"] ?? "";
    u.ctx.fillRect(now, top, left + width - now, height);
  }
  const limits = limitsOf(snapshot, lane);
  if (limits) zones(u, limits, lane === "bp", palette);
  u.ctx.restore();
}

/** @param {Snapshot} snapshot @param {string} lane */
const limitsOf = (snapshot, lane) => snapshot.limits[/** @type {Lane} */ (lane)];

/** Over the grid, under the marks. @param {import("uplot")} u @param {Snapshot} snapshot @param {string} lane @param {Palette} palette @param {LaneView} view */
export function paintLines(u, snapshot, lane, palette, view) {
  const ratio = devicePixelRatio;
  const { top, height } = u.bbox;
  /** @param {number} t @param {string} colour @param {number[]} dash */
  const vertical = (t, colour, dash) => {
    if (t < view.from || t > view.to) return;
    const x = u.valToPos(t, "x", true);
    u.ctx.setLineDash(dash.map((step) => step * ratio));
    u.ctx.lineWidth = 1.25 * ratio;
    u.ctx.strokeStyle = colour;
    u.ctx.beginPath();
    u.ctx.moveTo(x, top);
    u.ctx.lineTo(x, top + height);
    u.ctx.stroke();
  };
  u.ctx.save();
  for (const flag of snapshot.flags) vertical(flag.t, palette["lane-flag"] ?? "", [1, 3]);
  vertical(view.now, palette["lane-now"] ?? "", []);
  const limits = limitsOf(snapshot, lane);
  if (limits) edges(u, limits, lane === "bp", palette, ratio);
  u.ctx.restore();
}
