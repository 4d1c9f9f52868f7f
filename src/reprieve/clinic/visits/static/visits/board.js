// @ts-check
/** The floor board: the stream says that something changed, htmx fetches the cards; ages tick in between. */

import { tick } from "./clock.js";

const AT_MOST_EVERY_MS = 2_000;

/** @param {HTMLElement} root */
function start(root) {
  const offsetMs = () => {
    const at = root.querySelector("[data-now]")?.getAttribute("data-now");
    return at ? Date.parse(at) : Date.now();
  };
  let heard = { server: offsetMs(), here: Date.now() };
  let timer = 0;
  const refresh = () => {
    timer ||= window.setTimeout(() => {
      timer = 0;
      document.body.dispatchEvent(new Event("board-changed"));
    }, AT_MOST_EVERY_MS);
  };
  const source = new EventSource(root.dataset.stream ?? "");
  for (const kind of ["changed", "state", "message"]) source.addEventListener(kind, refresh);
  source.addEventListener("open", refresh);
  document.body.addEventListener("htmx:afterSwap", () => {
    heard = { server: offsetMs(), here: Date.now() };
    root.removeAttribute("data-cut-off");
    tick(root, heard.server);
  });
  for (const failure of ["htmx:sendError", "htmx:responseError"]) {
    document.body.addEventListener(failure, () => root.setAttribute("data-cut-off", ""));
  }
  setInterval(() => tick(root, heard.server + Date.now() - heard.here), 1_000);
  tick(root, heard.server);
}

const root = document.querySelector("[data-board]");
if (root instanceof HTMLElement) start(root);
