// @ts-check
/** A file can be dropped on the field, and one that is too large is named before it travels. */

/** @param {HTMLElement} place */
function watch(place) {
  const input = /** @type {HTMLInputElement} */ (place.querySelector('input[type="file"]'));
  const message = /** @type {HTMLElement} */ (place.querySelector("[data-drop-message]"));
  const limit = Number(place.dataset.limitBytes);

  const judge = () => {
    const file = input.files?.[0];
    const tooLarge = file !== undefined && file.size > limit;
    message.textContent = tooLarge ? place.dataset.tooLarge ?? "" : "";
    input.setCustomValidity(tooLarge ? place.dataset.tooLarge ?? "" : "");
  };

  for (const name of ["dragenter", "dragover"]) {
    place.addEventListener(name, (event) => {
      event.preventDefault();
      place.dataset.over = "1";
    });
  }
  for (const name of ["dragleave", "drop"]) {
    place.addEventListener(name, (event) => {
      event.preventDefault();
      delete place.dataset.over;
    });
  }
  place.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    judge();
  });
  input.addEventListener("change", judge);
}

for (const place of document.querySelectorAll("[data-drop]")) {
  if (place instanceof HTMLElement) watch(place);
}
