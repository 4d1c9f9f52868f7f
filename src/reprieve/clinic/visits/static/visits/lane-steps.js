// @ts-check
/** Scores given now and then: sedation as a stepped line with numerals, dissociation as diamonds with numerals. */

import { drawMark, lastBefore, text } from "./marks.js";

/** @param {import("uplot")} u @param {Reading[]} points @param {number} untilMin @param {string} colour @param {number} ratio */
function steps(u, points, untilMin, colour, ratio) {
  u.ctx.beginPath();
  points.forEach((point, i) => {
    const [x, y] = [u.valToPos(point.t, "x", true), u.valToPos(point.v, "y", true)];
    if (i === 0) u.ctx.moveTo(x, y);
    else u.ctx.lineTo(x, y);
    const end = points[i + 1]?.t ?? untilMin;
    u.ctx.lineTo(u.valToPos(Math.max(end, point.t), "x", true), y);
  });
  u.ctx.strokeStyle = colour;
  u.ctx.lineWidth = 1.75 * ratio;
  u.ctx.stroke();
}

/** @param {import("uplot")} u @param {Reading} point @param {Palette} palette @param {number} ratio */
function numeral(u, point, palette, ratio) {
  const [x, y] = [u.valToPos(point.t, "x", true), u.valToPos(point.v, "y", true)];
  const colour = palette["lane-sedation"] ?? "";
  u.ctx.beginPath();
  u.ctx.arc(x, y, 8 * ratio, 0, Math.PI * 2);
  u.ctx.fillStyle = point.late ? palette["surface"] ?? "" : colour;
  u.ctx.strokeStyle = colour;
  u.ctx.lineWidth = 1.5 * ratio;
  u.ctx.fill();
  u.ctx.stroke();
  text(u.ctx, String(point.v), x, y + 0.5 * ratio, ratio, { colour: (point.late ? colour : palette["surface"]) ?? "", size: 10.5, weight: 700 });
  if (point.late) text(u.ctx, "L", x + 11 * ratio, y, ratio, { colour, size: 10, weight: 700, align: "left" });
}

/** @type {LanePainter} */
export const sedation = {
  yRange: () => [-1.2, 6.2],
  ySplits: [0, 5],
  paint(u, snapshot, palette, view) {
    const ratio = devicePixelRatio;
    const points = snapshot.points.sedation.filter((point) => !point.artefact);
    steps(u, points, Math.min(view.now, view.to), palette["lane-sedation"] ?? "", ratio);
    for (const point of points) if (point.t >= view.from && point.t <= view.to) numeral(u, point, palette, ratio);
  },
  describe(snapshot, t) {
    const point = lastBefore(snapshot.points.sedation, t);
    return point ? `MOAA/S ${point.v}` : "";
  },
};

/** @type {LanePainter} */
export const dissociation = {
  yRange: () => [-1.5, 12.5],
  ySplits: [0, 5, 10],
  paint(u, snapshot, palette, view) {
    const ratio = devicePixelRatio;
    const colour = palette["lane-dissociation"] ?? "";
    for (const mark of snapshot.points.dissociation) {
      if (mark.t < view.from || mark.t > view.to) continue;
      const [x, y] = [u.valToPos(mark.t, "x", true), u.valToPos(mark.v, "y", true)];
      drawMark(u.ctx, "diamond", x, y, ratio, { colour, surface: palette["surface"] ?? "", mark: { ...mark, late: false }, radius: 4 });
      const words = mark.late ? `${mark.v} L` : String(mark.v);
      text(u.ctx, words, x + 9 * ratio, y, ratio, { colour, size: 11, weight: 700, align: "left", halo: palette["surface"] ?? "" });
    }
  },
  describe(snapshot, t) {
    const point = lastBefore(snapshot.points.dissociation, t);
    return point ? `${point.v} of 10` : "";
  },
};
