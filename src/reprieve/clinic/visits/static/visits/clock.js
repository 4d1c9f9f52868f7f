// @ts-check
/** Ages, countdowns and clock times in words. A value older than the server's `stale_after_s` looks stale. */

/** @param {number} seconds */
export function age(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  const minutes = Math.floor(s / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

/** Spelled out: `12:06` would read as a time of day. @param {number} ms until the moment; negative when it has passed */
export function countdown(ms) {
  const s = Math.round(Math.abs(ms) / 1000);
  const words = s < 60 ? `${s} s` : s < 300 ? `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, "0")} s` : age(s);
  return ms < 0 ? `overdue ${words}` : `in ${words}`;
}

/** @param {string} timeZone of the clinic, not of the browser */
export function clockIn(timeZone) {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
  return (/** @type {number} */ ms) => format.format(ms);
}

/** Refresh every element that shows an age or a countdown. @param {ParentNode} root @param {number} nowMs */
export function tick(root, nowMs) {
  for (const element of root.querySelectorAll("[data-at]")) {
    const seconds = (nowMs - Date.parse(element.getAttribute("data-at") ?? "")) / 1000;
    const limit = element.getAttribute("data-stale-after");
    const stale = limit !== null && limit !== "" && seconds > Number(limit);
    element.classList.toggle("is-stale", stale);
    const words = element.querySelector("[data-age]");
    if (words) words.textContent = stale ? `${age(seconds)} old` : `${age(seconds)} ago`;
  }
  for (const element of root.querySelectorAll("[data-due]")) {
    const left = Date.parse(element.getAttribute("data-due") ?? "") - nowMs;
    element.textContent = countdown(left);
    element.classList.toggle("is-overdue", left < 0);
  }
}
