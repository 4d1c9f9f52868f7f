// @ts-check
/** Typing at the chair: the next field comes by itself, an unusual figure is echoed and never blocked. */

/** @param {HTMLInputElement} input */
function isComplete(input) {
  const digits = input.value;
  const lead = input.dataset.threeFrom; // a first digit of 1 or 2 means three digits are coming
  const long = lead !== undefined && /^[12]/.test(digits) && !(lead === "100" && !digits.startsWith("10"));
  return digits.length >= (long ? 3 : 2);
}

/** Words for a figure outside the alarm limits of this session. @param {HTMLInputElement} input @param {Partial<Record<Lane, Limits>>} limits */
function echo(input, limits) {
  const band = limits[/** @type {Lane} */ (input.dataset.limits ?? "")];
  const value = Number(input.value);
  if (!band || input.value === "" || !isComplete(input)) return "";
  const [low, high] = band.caution;
  const name = input.dataset.name ?? "";
  if (low !== null && value < low) return `${value}? low for ${name}: limit ${low}. `;
  if (high !== null && value > high) return `${value}? high for ${name}: limit ${high}. `;
  return "";
}

/** @param {HTMLFormElement} form @param {import("./live.js").LiveSession} live */
export function wireQuickPad(form, live) {
  const inputs = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[data-advance]")]);
  const place = form.querySelector("[data-echo]");
  form.addEventListener("input", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !inputs.includes(input)) return;
    if (place) place.textContent = inputs.map((other) => echo(other, live.snapshot.limits)).join("");
    if (document.activeElement === input && isComplete(input)) inputs[inputs.indexOf(input) + 1]?.focus();
  });
  form.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !inputs.includes(input)) return;
    const before = inputs[inputs.indexOf(input) - 1];
    if (event.key === "Backspace" && input.value === "" && before) {
      event.preventDefault();
      before.focus();
    }
  });
}

/** "Observed now" until a time is typed; one tap brings it back to now. @param {HTMLElement} root */
export function wireObservedAt(root) {
  const input = root.querySelector("[data-observed-at]");
  const words = root.querySelector("[data-observed-words]");
  if (!(input instanceof HTMLInputElement) || !words) return;
  const show = () => {
    words.textContent = input.value ? `Late entry: observed ${input.value.slice(11)}` : "Observed now";
    words.closest("details")?.toggleAttribute("data-late", input.value !== "");
  };
  input.addEventListener("input", show);
  root.querySelector("[data-observed-now]")?.addEventListener("click", () => {
    input.value = "";
    input.closest("details")?.removeAttribute("open");
    show();
  });
}

/** A phrase is put into the note, where it can still be changed. @param {HTMLElement} root */
export function wirePhrases(root) {
  root.addEventListener("click", (event) => {
    const chip = event.target instanceof Element ? event.target.closest("[data-phrase]") : null;
    const note = root.querySelector("[data-note]");
    if (!(chip instanceof HTMLElement) || !(note instanceof HTMLInputElement)) return;
    note.value = [note.value.trim(), chip.dataset.phrase].filter(Boolean).join(" ");
    note.focus();
  });
}
