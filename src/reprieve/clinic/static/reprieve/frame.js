// @ts-check
/** The page frame: colours of the room are a cookie, so that the server draws the next page right at once. */

const YEAR_S = 365 * 24 * 3600;

/** @param {string} name @param {string} value */
function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_S}; samesite=lax`;
}

/** @param {string} name @param {boolean} on */
function apply(name, on) {
  const root = document.documentElement;
  if (name === "theme") {
    root.dataset.bsTheme = on ? "dark" : "light";
    remember("theme", on ? "dark" : "light");
  } else {
    root.toggleAttribute("data-dim", on);
    if (on) root.dataset.dim = "1";
    remember("dim", on ? "1" : "0");
  }
  document.dispatchEvent(new CustomEvent("reprieve:colours"));
}

for (const button of document.querySelectorAll("[data-toggle-cookie]")) {
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    apply(button.getAttribute("data-toggle-cookie") ?? "", on);
  });
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.who[open]")) {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.removeAttribute("open");
  }
});

/** A table wider than its place is reached by keyboard too; one that fits is no stop on the way. */
function letWideTablesScroll() {
  for (const wrap of document.querySelectorAll(".table-wrap")) {
    if (!wrap.hasAttribute("aria-label") && wrap.scrollWidth > wrap.clientWidth) wrap.setAttribute("tabindex", "0");
    else if (!wrap.hasAttribute("aria-label")) wrap.removeAttribute("tabindex");
  }
}

letWideTablesScroll();
addEventListener("resize", letWideTablesScroll);
document.addEventListener("toggle", letWideTablesScroll, true);
document.addEventListener("htmx:afterSettle", letWideTablesScroll);
