// @ts-check
/** Numbered flags of what happened; the list below the lanes says what each number means. */

import { text } from "./marks.js";

/** @type {LanePainter} */
export const events = {
  yRange: () => [0, 1],
  ySplits: [],
  paint(u, snapshot, palette, view) {
    const ratio = devicePixelRatio;
    let lastX = Number.NEGATIVE_INFINITY;
    for (const flag of snapshot.flags) {
      if (flag.t < view.from || flag.t > view.to) continue;
      const wide = (flag.n > 9 ? 22 : 17) * ratio;
      const x = Math.max(u.valToPos(flag.t, "x", true) - wide / 2, lastX + 2 * ratio);
      lastX = x + wide;
      const y = u.bbox.top + u.bbox.height / 2;
      u.ctx.fillStyle = palette["lane-flag"] ?? "";
      u.ctx.beginPath();
      u.ctx.roundRect(x, y - 8.5 * ratio, wide, 17 * ratio, 4 * ratio);
      u.ctx.fill();
      text(u.ctx, String(flag.n), x + wide / 2, y + 0.5 * ratio, ratio, { colour: palette["lane-flag-ink"] ?? "", size: 10.5, weight: 700 });
    }
  },
  describe(snapshot, t) {
    const flag = snapshot.flags.findLast((known) => known.t <= t && known.t > t - 1.5);
    return flag ? `${flag.n} ${flag.label}` : "";
  },
};
