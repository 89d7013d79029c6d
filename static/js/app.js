// Loaded on every page. Everything it does is an addition: each page works without it.
import { startShortcuts } from "./shortcuts.js";
import { startTheme } from "./theme.js";
import { startComboboxes } from "./combobox.js";
import { startLiveSearch } from "./live-search.js";

/** The server says which page's words it has saved, in a cookie of its own for each: that page's local copy goes. */
function dropSavedDrafts() {
  for (const [, writer] of document.cookie.matchAll(/(?:^|; )kb_saved_([0-9a-f]{24})=/g)) {
    for (const key of Object.keys(localStorage)) if (key.startsWith("draft:") && key.endsWith(`:${writer}`)) localStorage.removeItem(key);
    document.cookie = `kb_saved_${writer}=; path=/; max-age=0; samesite=lax`;
  }
}

/** Whoever signs out leaves nothing in this browser that the server has as well. */
function dropSentDrafts() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("draft:") && JSON.parse(localStorage.getItem(key)).sent) localStorage.removeItem(key);
  }
}

/** Where storage is switched off there are no drafts to drop. */
function tryTo(drop) {
  try { drop(); } catch { /* nothing is kept there, or what is not ours */ }
}

startShortcuts();
startTheme();
startComboboxes();
startLiveSearch();
document.querySelector("[data-focus-me]")?.focus();
tryTo(dropSavedDrafts);
document.addEventListener("submit", (event) => { if (event.target.matches("form[action='/sign-out']")) tryTo(dropSentDrafts); });
