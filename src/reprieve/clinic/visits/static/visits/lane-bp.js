// @ts-check
/** Blood pressure: carets joined by a thin bar, the mean a small dash. */

import { drawMark, lastBefore } from "./marks.js";

/** @type {LanePainter} */
export const bloodPressure = {
  yRange(snapshot) {
    const values = snapshot.points.bp.flatMap((point) => [point.sbp ?? 120, point.dbp ?? 80]);
    return [Math.min(40, ...values.map((v) => v - 10)), Math.max(200, ...values.map((v) => v + 15))];
  },
  ySplits: [60, 90, 120, 150, 180],

  paint(u, snapshot, palette, view) {
    const ratio = devicePixelRatio;
    const colour = palette["lane-bp"] ?? "";
    const look = { colour, surface: palette["surface"] ?? "" };
    for (const mark of snapshot.points.bp) {
      if (mark.t < view.from || mark.t > view.to) continue;
      const x = u.valToPos(mark.t, "x", true);
      /** @param {number} value */
      const y = (value) => u.valToPos(value, "y", true);
      u.ctx.strokeStyle = colour;
      u.ctx.lineWidth = 1.5 * ratio;
      u.ctx.beginPath();
      if (mark.sbp !== null && mark.dbp !== null) {
        u.ctx.moveTo(x, y(mark.sbp));
        u.ctx.lineTo(x, y(mark.dbp));
      }
      if (mark.map !== null) {
        u.ctx.moveTo(x - 4 * ratio, y(mark.map));
        u.ctx.lineTo(x + 4 * ratio, y(mark.map));
      }
      u.ctx.stroke();
      if (mark.sbp !== null) drawMark(u.ctx, "down", x, y(mark.sbp), ratio, { ...look, mark, radius: 4.5 });
      if (mark.dbp !== null) drawMark(u.ctx, "up", x, y(mark.dbp), ratio, { ...look, mark: { ...mark, late: false }, radius: 4.5 });
    }
  },

  describe(snapshot, t) {
    const point = lastBefore(snapshot.points.bp, t);
    return point ? `${point.sbp ?? "–"}/${point.dbp ?? "–"}` : "";
  },
};
