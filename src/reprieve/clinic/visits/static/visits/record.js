// @ts-check
/** The infusion record: joins the live session with what stands on the page. */

import { AlarmStrip } from "./alarms.js";
import { clockIn, tick } from "./clock.js";
import { wireCommands } from "./commands.js";
import { Lanes } from "./lanes.js";
import { wireLine, wireQueue } from "./line.js";
import { LiveSession } from "./live.js";
import { flagList, showNumbers } from "./numbers.js";
import { Outbox } from "./outbox.js";
import { wireObservedAt, wirePhrases, wireQuickPad } from "./quickpad.js";

const NARROW_PX = 480;
const FLOWSHEET_AT_MOST_EVERY_MS = 4_000;

/** @param {HTMLElement} root */
function start(root) {
  const { live: liveUrl = "", stream: streamUrl = "", timeZone = "UTC", csrf = "" } = root.dataset;
  const live = new LiveSession(JSON.parse(document.getElementById("live-data")?.textContent ?? "{}"), { live: liveUrl, stream: streamUrl });
  const clock = clockIn(timeZone);
  const outbox = new Outbox(live.snapshot.session_id, csrf);
  const lanesRoot = /** @type {HTMLElement} */ (root.querySelector("[data-lanes]"));
  const lanes = new Lanes(lanesRoot, live, clock);
  const numbers = () => {
    showNumbers(root, live.snapshot);
    tick(root, live.now());
  };
  const flags = () => flagList(root, live.snapshot.flags, live.snapshot.origin_at, clock);

  new AlarmStrip(/** @type {HTMLElement} */ (root.querySelector("[data-alarms]")), live, clock);
  wireLine(root, live, clock);
  wireQueue(root, outbox, live);
  wireCommands(root, outbox, live, clock);
  wireObservedAt(root);
  wirePhrases(root);
  const pad = root.querySelector("[data-pad]");
  if (pad instanceof HTMLFormElement) wireQuickPad(pad, live);
  wireWindows(root, lanes);

  live.addEventListener("state", numbers);
  live.addEventListener("points", flags);
  reloadFlowsheet(live);
  numbers();
  flags();
  setInterval(() => tick(root, live.now()), 1_000);
  setInterval(() => lanes.redraw(), 10_000);
  live.start();
}

/** All, or the last half hour; a narrow screen starts with the half hour. @param {HTMLElement} root @param {Lanes} lanes */
function wireWindows(root, lanes) {
  for (const choice of /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll("input[data-window]"))) {
    const show = () => lanes.show(Number(choice.dataset.window) || null);
    choice.addEventListener("change", show);
    if (choice.dataset.window !== "0" && lanes.root.clientWidth < NARROW_PX) {
      choice.checked = true;
      show();
    }
  }
}

/** The table follows the log, but not faster than a person can read it. @param {LiveSession} live */
function reloadFlowsheet(live) {
  let timer = 0;
  live.addEventListener("flowsheet", () => {
    timer ||= window.setTimeout(() => {
      timer = 0;
      document.body.dispatchEvent(new Event("session-changed"));
    }, FLOWSHEET_AT_MOST_EVERY_MS);
  });
}

const root = document.querySelector("[data-record]");
if (root instanceof HTMLElement) start(root);
