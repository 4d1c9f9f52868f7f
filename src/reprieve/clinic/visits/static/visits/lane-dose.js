// @ts-check
/** Dose and concentration: pump rate as bars along the floor, predicted arterial and venous level above, past and to come. */

import { text } from "./marks.js";

const FLOOR = 0.34;

/** @param {Snapshot} snapshot */
function ceiling(snapshot) {
  const tallest = (snapshot.prediction?.arterial_upper ?? []).reduce((a, b) => Math.max(a, b), 0);
  return Math.max(100, Math.ceil((tallest * 1.08) / 50) * 50);
}

/** @param {import("uplot")} u @param {Prediction} curve @param {number[]} values @param {number} fromMin @param {number} toMin */
function path(u, curve, values, fromMin, toMin) {
  const line = new Path2D();
  let started = false;
  curve.t.forEach((t, i) => {
    const value = values[i];
    if (value === undefined || t < fromMin || t > toMin) return;
    const [x, y] = [u.valToPos(t, "x", true), u.valToPos(value, "y", true)];
    if (started) line.lineTo(x, y);
    else line.moveTo(x, y);
    started = true;
  });
  return line;
}

/** @param {import("uplot")} u @param {Prediction} curve @param {Palette} palette @param {LaneView} view */
function band(u, curve, palette, view) {
  const shape = new Path2D();
  const shown = curve.t.map((t, i) => ({ t, i })).filter(({ t }) => t >= view.from && t <= view.to);
  for (const { t, i } of shown) shape.lineTo(u.valToPos(t, "x", true), u.valToPos(curve.arterial_upper[i] ?? 0, "y", true));
  for (const { t, i } of shown.reverse()) shape.lineTo(u.valToPos(t, "x", true), u.valToPos(curve.arterial_lower[i] ?? 0, "y", true));
  shape.closePath();
  u.ctx.fillStyle = palette["lane-band"] ?? "";
  u.ctx.fill(shape);
}

/** @param {import("uplot")} u @param {Snapshot} snapshot @param {Palette} palette @param {LaneView} view */
function bars(u, snapshot, palette, view) {
  const ratio = devicePixelRatio;
  const { top, height } = u.bbox;
  const full = snapshot.rates.reduce((a, rate) => Math.max(a, rate.ml_per_h), 1);
  const room = u.valToPos(0, "y", true);
  const most = Math.max(0, top + height - room - 4 * ratio);
  for (const rate of snapshot.rates) {
    const [start, end] = [Math.max(rate.start, view.from), Math.min(rate.end ?? view.now, view.to)];
    if (end <= start || rate.ml_per_h <= 0) continue;
    const x = u.valToPos(start, "x", true);
    const width = Math.max(2 * ratio, u.valToPos(end, "x", true) - x - ratio);
    const tall = Math.max(12 * ratio, most * (rate.ml_per_h / full));
    u.ctx.fillStyle = palette["lane-rate"] ?? "";
    u.ctx.beginPath();
    u.ctx.roundRect(x, top + height - tall, width, tall, [3 * ratio, 3 * ratio, 0, 0]);
    u.ctx.fill();
    const words = `${rate.ml_per_h} mL/h`;
    u.ctx.font = `650 ${11 * ratio}px "Inter Variable", system-ui, sans-serif`;
    if (u.ctx.measureText(words).width + 10 * ratio < width) {
      const look = { colour: palette["lane-rate-ink"] ?? "", size: 11, weight: 650, align: /** @type {const} */ ("left") };
      text(u.ctx, words, x + 6 * ratio, top + height - Math.min(tall / 2, 10 * ratio), ratio, look);
    }
  }
}

/** @type {LanePainter} */
export const dose = {
  yRange(snapshot) {
    const top = ceiling(snapshot);
    return [-top * FLOOR, top];
  },
  ySplits: (top) => [0, top / 2, top].map((value) => Math.floor(value / 25) * 25),

  paint(u, snapshot, palette, view) {
    bars(u, snapshot, palette, view);
    const curve = snapshot.prediction;
    if (!curve) return;
    const ratio = devicePixelRatio;
    band(u, curve, palette, view);
    /** @type {[number[], string, number[]][]} */
    const lines = [[curve.venous, palette["lane-venous"] ?? "", [6, 4]], [curve.arterial, palette["lane-arterial"] ?? "", []]];
    const step = (curve.t[1] ?? 1) - (curve.t[0] ?? 0);
    for (const [values, colour, dash] of lines) {
      u.ctx.strokeStyle = colour;
      u.ctx.lineJoin = "round";
      u.ctx.setLineDash(dash.map((step) => step * ratio));
      u.ctx.lineWidth = 2.4 * ratio;
      u.ctx.stroke(path(u, curve, values, view.from, view.now));
      u.ctx.lineWidth = 1.2 * ratio;
      u.ctx.stroke(path(u, curve, values, view.now - step, view.to)); // one step back, so that the two parts meet
    }
    u.ctx.setLineDash([]);
  },

  describe(snapshot, t) {
    const curve = snapshot.prediction;
    const i = curve ? curve.t.findLastIndex((at) => at <= t) : -1;
    if (!curve || i < 0) return "";
    return `arterial ${Math.round(curve.arterial[i] ?? 0)}, venous ${Math.round(curve.venous[i] ?? 0)} ng/mL`;
  },
};
