// @ts-check
/** Values that come every few seconds: a thin line through all, marks only as dense as the eye can part them. */

import { drawMark, lastBefore } from "./marks.js";

const MARK_EVERY_PX = 11;
const GAP_MIN = 2;

/** @param {import("uplot")} u @param {Reading[]} points @param {string} colour @param {number} ratio */
function joinUp(u, points, colour, ratio) {
  u.ctx.beginPath();
  let last = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    const [x, y] = [u.valToPos(point.t, "x", true), u.valToPos(point.v, "y", true)];
    if (point.t - last > GAP_MIN) u.ctx.moveTo(x, y);
    else u.ctx.lineTo(x, y);
    last = point.t;
  }
  u.ctx.strokeStyle = colour;
  u.ctx.lineWidth = 1.25 * ratio;
  u.ctx.lineJoin = "round";
  u.ctx.stroke();
}

/**
 * @param {"hr" | "spo2" | "rr"} lane @param {import("./marks.js").Shape} shape @param {[number, number]} usual
 * @param {number[]} splits @param {string} unit
 * @returns {LanePainter}
 */
export function trend(lane, shape, usual, splits, unit) {
  return {
    yRange(snapshot) {
      const values = snapshot.points[lane].map((point) => point.v);
      const low = values.reduce((a, b) => Math.min(a, b - 1), usual[0]);
      const high = values.reduce((a, b) => Math.max(a, b + (lane === "spo2" ? 0 : 3)), usual[1]);
      return [low, high];
    },
    ySplits: splits,

    paint(u, snapshot, palette, view) {
      const ratio = devicePixelRatio;
      const colour = palette[`lane-${lane}`] ?? "";
      const shown = snapshot.points[lane].filter((point) => point.t >= view.from - GAP_MIN && point.t <= view.to);
      joinUp(u, shown.filter((point) => !point.artefact && !point.late), colour, ratio);
      let lastX = Number.NEGATIVE_INFINITY;
      for (const mark of shown) {
        const x = u.valToPos(mark.t, "x", true);
        const always = mark.late || mark.artefact || mark.by === "person";
        if (!always && x - lastX < MARK_EVERY_PX * ratio) continue;
        if (!always) lastX = x;
        const look = { colour, surface: palette["surface"] ?? "", mark, radius: shape === "dot" ? 2.6 : 3.2 };
        drawMark(u.ctx, shape, x, u.valToPos(mark.v, "y", true), ratio, look);
      }
    },

    describe(snapshot, t) {
      const point = lastBefore(snapshot.points[lane], t);
      return point ? `${point.v}${unit}` : "";
    },
  };
}
