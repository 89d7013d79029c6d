// One-key shortcuts, menus that close, the help dialog. The keys are listed in _macros/help_dialog.html.
import { composing, typingIn } from "./dom.js";

const PLACES = { h: "/", o: "/handovers", s: "/search" };
let afterG = 0;

/** The search box in sight: the page's own before the header's. */
function visibleSearch() {
  const boxes = [...document.querySelectorAll("main [data-search-input], [data-search-input]")];
  return boxes.find((box) => box.checkVisibility?.() ?? box.offsetParent !== null);
}

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

function pressed(key) {
  if (afterG && Date.now() - afterG < 1500 && PLACES[key]) return () => location.assign(PLACES[key]);
  afterG = 0;
  if (key === "/") return () => { const box = visibleSearch(); box?.focus(); box?.select(); };
  if (key === "?") return () => openDialog("help");
  if (key === "g") return () => { afterG = Date.now(); };
  if (key === "e") {
    const edit = document.querySelector("a[data-shortcut='e']");
    return edit && (() => edit.click());
  }
  return null;
}

function onKey(event) {
  if (event.defaultPrevented || composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") return closeMenus(true);
  if (typingIn(event.target) || document.querySelector("dialog[open]")) return;
  const act = pressed(event.key);
  if (!act) return;
  event.preventDefault();
  act();
}

function closeMenus(refocus, except = null) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu === except) continue;
    if (refocus && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
}

export function startShortcuts() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    closeMenus(false, event.target.closest("details[data-menu]"));
    const opener = event.target.closest("[data-open-dialog]");
    if (opener) openDialog(opener.dataset.openDialog);
  });
  // What only works with scripts is shown only with scripts.
  for (const opener of document.querySelectorAll("[data-open-dialog][hidden]")) opener.hidden = false;
}
