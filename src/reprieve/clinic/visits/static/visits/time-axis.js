// @ts-check
/** The one time axis of all lanes: what it spans, where its ticks stand, what they say. */

const TICK_PX = 72;
const LABEL_HALF_PX = 22;
const STEPS_MIN = [1, 2, 5, 10, 15, 20, 30, 60, 120];
const LEAST_SPAN_MIN = 45;
const AHEAD_MIN = 45;

/** @param {Snapshot} snapshot @param {number} now @param {number | null} windowMin null: the whole session @returns {LaneView} */
export function span(snapshot, now, windowMin) {
  if (windowMin !== null) return { from: now - windowMin, to: now + 5, now };
  const first = Object.values(snapshot.points).reduce((low, lane) => Math.min(low, lane[0]?.t ?? 0), 0);
  const predicted = Math.min(snapshot.prediction?.t.at(-1) ?? 0, now + AHEAD_MIN);
  return { from: Math.floor((first - 1) / 5) * 5, to: Math.max(now + 5, predicted, LEAST_SPAN_MIN), now };
}

/** @param {LaneView} view @param {number} widthPx */
export function ticks(view, widthPx) {
  const step = STEPS_MIN.find((minutes) => (minutes / (view.to - view.from)) * widthPx >= TICK_PX) ?? 240;
  const first = Math.ceil(view.from / step) * step;
  const all = Array.from({ length: Math.floor((view.to - first) / step) + 1 }, (_, i) => first + i * step);
  return all.filter((t) => ((view.to - t) / (view.to - view.from)) * widthPx > LABEL_HALF_PX);
}

/** Clock above, minutes since the start below. @param {number} t @param {string} originAt @param {(ms: number) => string} clock */
export function label(t, originAt, clock) {
  const sign = t > 0 ? "+" : t < 0 ? "−" : "";
  return `${clock(Date.parse(originAt) + t * 60_000)}\n${sign}${Math.abs(t)} min`;
}
