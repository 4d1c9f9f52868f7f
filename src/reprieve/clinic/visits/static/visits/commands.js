// @ts-check
/** Every form of the record page sends through the outbox; without this module the same forms post plainly. */

import { newId } from "./outbox.js";

const HOUSEKEEPING = new Set(["csrfmiddlewaretoken", "observed_at"]);

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
function fieldsOf(form, submitter) {
  const wanted = submitter?.dataset.fields?.split(" ");
  const filled = [...new FormData(form, submitter)].map(([name, value]) => /** @type {[string, string]} */ ([name, String(value).trim()]));
  return filled.filter(([name, value]) => value !== "" && !HOUSEKEEPING.has(name) && (!wanted || wanted.includes(name)));
}

/** A typed time is wall clock in the clinic's zone and goes as it is; blank means now. @param {HTMLFormElement} form */
function observedAt(form) {
  const own = form.elements.namedItem("observed_at");
  const shared = document.querySelector("[data-observed-at]");
  const input = own instanceof HTMLInputElement ? own : form.dataset.late === undefined ? null : shared;
  return input instanceof HTMLInputElement && input.value ? input.value : null;
}

/** @param {HTMLFormElement} form @param {string[] | undefined} names */
function clear(form, names) {
  for (const input of form.querySelectorAll("input:not([type=hidden]), textarea")) {
    if (!(input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement)) continue;
    if (input.name === "observed_at" || (names && !names.includes(input.name))) continue;
    if (input instanceof HTMLInputElement && (input.type === "radio" || input.type === "checkbox")) input.checked = false;
    else input.value = "";
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** @param {HTMLFormElement} form @param {string} words @param {"sent" | "waiting" | "refused"} status */
function say(form, words, status) {
  const place = form.querySelector("[data-receipt]") ?? document.querySelector("[data-receipt]");
  if (!place) return;
  place.textContent = words;
  place.setAttribute("data-status", status);
}

/**
 * @param {HTMLElement} root @param {import("./outbox.js").Outbox} outbox @param {import("./live.js").LiveSession} live
 * @param {(ms: number) => string} clock
 */
export function wireCommands(root, outbox, live, clock) {
  root.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.command === undefined) return;
    event.preventDefault();
    const submitter = event.submitter;
    const fields = fieldsOf(form, submitter);
    const label = submitter?.dataset.label ?? form.dataset.command;
    if (fields.length === 0 && form.dataset.empty === undefined) return say(form, "Nothing entered yet.", "refused");
    const entered = new Date(live.now()).toISOString();
    const observed = observedAt(form);
    const id = newId();
    const entry = {
      id,
      url: submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", // `form.action` may be a field of that name
      label,
      enteredAt: entered,
      fields: /** @type {[string, string][]} */ ([["event_id", id], ["observed_at", observed ?? entered], ["entered_at", entered], ...fields]),
    };
    submitter?.setAttribute("aria-busy", "true");
    const outcome = await outbox.put(entry);
    submitter?.removeAttribute("aria-busy");
    if (outcome.status === "refused") return say(form, outcome.sentence, "refused");
    clear(form, submitter?.dataset.fields?.split(" "));
    const at = clock(observed ? Date.parse(entry.enteredAt) : live.now());
    say(form, outcome.status === "sent" ? `Recorded ${at}: ${label}` : `Kept here, not yet sent: ${label}`, outcome.status);
    const popover = form.closest("[popover]");
    if (popover instanceof HTMLElement && popover.matches(":popover-open")) popover.hidePopover();
    if (outcome.status === "sent" && form.dataset.refresh !== undefined) void live.refresh();
  });
}
