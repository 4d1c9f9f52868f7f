/** Copies the text of the field that a button names with `data-copy`; without permission the field is selected. */
for (const button of document.querySelectorAll("[data-copy]")) {
  button.removeAttribute("hidden");
  button.addEventListener("click", async () => {
    const field = /** @type {HTMLInputElement} */ (document.getElementById(button.getAttribute("data-copy") ?? ""));
    const status = document.getElementById(button.getAttribute("aria-describedby") ?? "");
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      if (status) status.textContent = button.getAttribute("data-copied");
    } catch {
      if (status) status.textContent = button.getAttribute("data-selected");
    }
  });
}
