/** Shows how many questions have an answer. Without it the page still numbers each question. */
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-questions]"));
const bar = /** @type {HTMLProgressElement | null} */ (document.querySelector("[data-progress]"));
const words = document.querySelector("[data-progress-words]");

function show() {
  if (!form || !bar) return;
  const groups = [...form.querySelectorAll("fieldset[data-counted]")];
  bar.max = groups.length;
  bar.value = groups.filter((group) => group.querySelector("input:checked")).length;
  if (words) words.textContent = `${bar.value} / ${bar.max}`;
}

if (form && bar) {
  bar.parentElement?.removeAttribute("hidden");
  form.addEventListener("change", show);
  form.addEventListener("submit", () => form.querySelector("button")?.setAttribute("aria-disabled", "true"));
  show();
}
