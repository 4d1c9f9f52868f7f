// @ts-check
/** Stacked lanes on one time axis with one cursor. uPlot keeps scales, axes and cursor; the painters draw the marks. */

import uPlot from "/static/vendor/uplot/uPlot.esm.js";
import { bloodPressure } from "./lane-bp.js";
import { dose } from "./lane-dose.js";
import { events } from "./lane-events.js";
import { paintGround, paintLines } from "./lane-frame.js";
import { dissociation, sedation } from "./lane-steps.js";
import { trend } from "./lane-trend.js";
import { onColours, readPalette } from "./palette.js";
import { label, span, ticks } from "./time-axis.js";

/** @type {Record<string, LanePainter>} */
const PAINTERS = {
  events,
  bp: bloodPressure,
  hr: trend("hr", "dot", [40, 140], [60, 90, 120], " /min"),
  spo2: trend("spo2", "square", [86, 100.8], [90, 95, 100], " %"),
  rr: trend("rr", "circle", [4, 30], [10, 20], " /min"),
  sedation,
  dissociation,
  dose,
};

export class Lanes {
  /** @type {Map<string, uPlot>} */
  #plots = new Map();
  /** @type {number | null} */
  #windowMin = null;
  #pending = 0;

  /** @param {HTMLElement} root @param {import("./live.js").LiveSession} live @param {(ms: number) => string} clock */
  constructor(root, live, clock) {
    this.root = root;
    this.live = live;
    this.clock = clock;
    this.palette = readPalette(root);
    for (const host of root.querySelectorAll("[data-lane]")) this.#make(/** @type {HTMLElement} */ (host));
    for (const topic of ["points", "curve", "state"]) live.addEventListener(topic, () => this.redraw());
    onColours(() => this.#recolour());
    new ResizeObserver(() => this.#resize()).observe(root);
  }

  /** Show the last minutes, or with null the whole session. @param {number | null} minutes */
  show(minutes) {
    this.#windowMin = minutes;
    this.redraw();
  }

  view() {
    return span(this.live.snapshot, this.live.minute(), this.#windowMin);
  }

  redraw() {
    if (this.#pending) return;
    this.#pending = requestAnimationFrame(() => {
      this.#pending = 0;
      for (const plot of this.#plots.values()) plot.setData([[0, 1], [null, null]]);
    });
  }

  #recolour() {
    this.palette = readPalette(this.root);
    this.redraw();
  }

  #resize() {
    for (const [name, plot] of this.#plots) {
      const host = this.#host(name);
      if (host.clientWidth && host.clientWidth !== plot.width) plot.setSize({ width: host.clientWidth, height: host.clientHeight });
    }
  }

  /** @param {string} name */
  #host(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(`[data-lane="${name}"] .lane-plot`));
  }

  /** @param {HTMLElement} lane */
  #make(lane) {
    const name = lane.dataset.lane ?? "";
    const painter = PAINTERS[name];
    if (!painter) return;
    const host = this.#host(name);
    const plot = new uPlot(this.#options(name, painter, host), [[0, 1], [null, null]], host);
    this.#plots.set(name, plot);
  }

  /** @param {string} name @param {LanePainter} painter @param {HTMLElement} host @returns {import("uplot").Options} */
  #options(name, painter, host) {
    const colour = (/** @type {string} */ key) => () => this.palette[key] ?? "";
    const font = '500 11px "Inter Variable", system-ui, sans-serif';
    const grid = { stroke: colour("lane-grid"), width: 1 };
    const withTime = name === "dose";
    return {
      width: host.clientWidth,
      height: host.clientHeight,
      padding: [6, 0, withTime ? 0 : 2, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false }, sync: { key: "session", scales: ["x", null] } },
      scales: { x: { time: false, range: () => [this.view().from, this.view().to] }, y: { range: () => painter.yRange(this.live.snapshot) } },
      axes: [
        { show: true, size: withTime ? 38 : 0, stroke: colour("ink-soft"), font, grid, ticks: { show: withTime, stroke: colour("lane-grid"), size: 4 }, gap: 3,
          splits: (u) => ticks(this.view(), u.bbox.width / devicePixelRatio), values: (_u, at) => at.map((t) => (withTime ? this.#timeLabel(t) : "")) },
        { size: 44, stroke: colour("ink-soft"), font, grid, ticks: { show: false }, gap: 6,
          splits: (u) => (Array.isArray(painter.ySplits) ? painter.ySplits : painter.ySplits(u.scales.y?.max ?? 0)), values: (_u, at) => at.map(String) },
      ],
      series: [{}, { paths: () => null, points: { show: false } }],
      hooks: {
        drawClear: [(u) => paintGround(u, this.live.snapshot, name, this.palette, this.view())],
        draw: [(u) => this.#paint(u, name, painter)],
        setCursor: [(u) => this.#readout(u, name, painter)],
      },
    };
  }

  /** @param {uPlot} u @param {string} name @param {LanePainter} painter */
  #paint(u, name, painter) {
    u.ctx.save();
    u.ctx.beginPath();
    u.ctx.rect(u.bbox.left, u.bbox.top - 2, u.bbox.width, u.bbox.height + 4);
    u.ctx.clip();
    paintLines(u, this.live.snapshot, name, this.palette, this.view());
    painter.paint(u, this.live.snapshot, this.palette, this.view());
    u.ctx.restore();
  }

  /** @param {uPlot} u @param {string} name @param {LanePainter} painter */
  #readout(u, name, painter) {
    const left = u.cursor.left ?? -1;
    const t = left >= 0 ? u.posToVal(left, "x") : null;
    const words = this.root.querySelector(`[data-lane="${name}"] [data-cursor]`);
    if (words) words.textContent = t === null ? "" : painter.describe(this.live.snapshot, t);
    const when = this.root.querySelector("[data-cursor-time]");
    if (when) when.textContent = t === null ? "" : this.#timeLabel(Math.round(t)).replace("\n", "  ");
  }

  /** @param {number} t minutes */
  #timeLabel(t) {
    return label(t, this.live.snapshot.origin_at, this.clock);
  }
}
