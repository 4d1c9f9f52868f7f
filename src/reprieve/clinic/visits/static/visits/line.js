// @ts-check
/** Says when the line to the server is broken, and what waits to be sent. */

import { age } from "./clock.js";

/** @param {HTMLElement} root @param {import("./live.js").LiveSession} live @param {(ms: number) => string} clock */
export function wireLine(root, live, clock) {
  const banner = /** @type {HTMLElement} */ (root.querySelector("[data-line]"));
  const words = /** @type {HTMLElement} */ (banner.querySelector("[data-line-words]"));
  const show = () => {
    const { kind, since } = live.line;
    banner.hidden = kind === "open";
    root.toggleAttribute("data-cut-off", kind === "lost");
    if (kind === "lost") words.textContent = `No live connection since ${clock(since)}: values below may be old`;
    if (kind === "polling") words.textContent = `Live line lost at ${clock(since)}: values are fetched every 5 s`;
  };
  live.addEventListener("line", show);
  show();
}

/** @param {HTMLElement} root @param {import("./outbox.js").Outbox} outbox @param {import("./live.js").LiveSession} live */
export function wireQueue(root, outbox, live) {
  const banner = /** @type {HTMLElement} */ (root.querySelector("[data-queue]"));
  const words = /** @type {HTMLElement} */ (banner.querySelector("[data-queue-words]"));
  const dismiss = /** @type {HTMLElement} */ (banner.querySelector("[data-queue-dismiss]"));
  const show = () => {
    const { waiting, refused, trouble } = outbox;
    const parts = [];
    const oldest = waiting[0];
    if (oldest) {
      const count = waiting.length === 1 ? "1 entry waiting" : `${waiting.length} entries waiting`;
      parts.push(`${count}, oldest ${age((live.now() - Date.parse(oldest.enteredAt)) / 1000)}. ${trouble}`);
    }
    for (const { entry, sentence } of refused) parts.push(`Not taken: ${entry.label}. ${sentence}`);
    banner.hidden = parts.length === 0 || (refused.length === 0 && trouble === "");
    words.textContent = parts.join(" ");
    dismiss.hidden = refused.length === 0;
  };
  dismiss.addEventListener("click", () => outbox.dismissRefused());
  outbox.addEventListener("change", show);
  setInterval(show, 1_000);
  show();
}
