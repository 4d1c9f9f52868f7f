// @ts-check
/** The latest numbers, the drug strip and the list of what is due: the server's figures put in their places. */

/** @param {number | null | undefined} value @param {number} digits */
const fixed = (value, digits) => (value === null || value === undefined ? "–" : value.toFixed(digits));

/** Ordered and programmed figures carry no trailing zero: 36.0 mg is misread as 360 mg. @param {number | null | undefined} value */
const plain = (value) => (value === null || value === undefined ? "–" : String(Number(value.toFixed(1))));

/** @param {HTMLElement} cell @param {Latest | null | undefined} latest */
function reading(cell, latest) {
  const value = cell.querySelector("[data-value]");
  if (!value) return;
  if (!latest) {
    value.textContent = "–";
    cell.removeAttribute("data-at");
    cell.classList.remove("is-stale");
    return;
  }
  value.textContent = latest.v === undefined ? `${latest.sbp ?? "–"}/${latest.dbp ?? "–"}` : String(latest.v ?? "–");
  const mean = cell.querySelector("[data-mean]");
  if (mean) mean.textContent = latest.map ? `mean ${Math.round(latest.map)}` : "";
  cell.setAttribute("data-at", latest.at);
  cell.setAttribute("data-stale-after", latest.stale_after_s === null ? "" : String(latest.stale_after_s));
}

/** @param {HTMLElement} root @param {Due[]} due */
function dueList(root, due) {
  const list = root.querySelector("[data-due-list]");
  if (!list) return;
  list.replaceChildren(
    ...due.map((item) => {
      const row = document.createElement("li");
      const left = document.createElement("time");
      left.dataset.due = item.due_at;
      left.className = "num";
      row.append(item.label, " ", left);
      return row;
    }),
  );
}

/** @param {HTMLElement} root @param {Flag[]} flags @param {string} originAt @param {(ms: number) => string} clock */
export function flagList(root, flags, originAt, clock) {
  const list = root.querySelector("[data-flag-list]");
  if (!list) return;
  list.replaceChildren(
    ...flags.map((flag) => {
      const row = document.createElement("li");
      const number = document.createElement("span");
      number.className = "flag-number";
      number.textContent = String(flag.n);
      const time = document.createElement("span");
      time.className = "num flag-time";
      time.textContent = clock(Date.parse(originAt) + flag.t * 60_000);
      row.append(number, time, flag.label);
      return row;
    }),
  );
}

/** @param {HTMLElement} root @param {Snapshot} snapshot */
export function showNumbers(root, snapshot) {
  const state = snapshot.state;
  for (const cell of root.querySelectorAll("[data-latest]")) {
    reading(/** @type {HTMLElement} */ (cell), state.latest[/** @type {Lane} */ (cell.getAttribute("data-latest"))]);
  }
  /** @type {Record<string, string>} */
  const words = {
    phase_label: state.phase_label,
    delivered_mg: fixed(state.delivered_mg, 1),
    ordered_mg: plain(state.ordered_mg),
    rate_ml_per_h: plain(state.rate_ml_per_h),
    volume_infused_ml: fixed(state.volume_infused_ml, 1),
    bag_volume_ml: fixed(state.bag_volume_ml, 0),
    minutes_left: state.minutes_left == null ? "–" : String(Math.ceil(state.minutes_left)),
    arterial_now_ng_per_ml: fixed(state.arterial_now_ng_per_ml, 0),
    venous_now_ng_per_ml: fixed(state.venous_now_ng_per_ml, 0),
  };
  for (const place of root.querySelectorAll("[data-field]")) {
    place.textContent = words[place.getAttribute("data-field") ?? ""] ?? "–";
  }
  const bar = root.querySelector("progress[data-delivered]");
  if (bar instanceof HTMLProgressElement && state.delivered_mg != null && state.ordered_mg) {
    bar.max = state.ordered_mg;
    bar.value = state.delivered_mg;
  }
  if (root.dataset.phase !== state.phase) root.dataset.phase = state.phase;
  dueList(root, state.due);
}
