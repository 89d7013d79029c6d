// Loaded on every page. Everything it does is an addition: each page works without it.
import { startShortcuts } from "./shortcuts.js";
import { startTheme } from "./theme.js";
import { startComboboxes } from "./combobox.js";
import { startLiveSearch } from "./live-search.js";

/** A draft that was sent and led to another page than its editor has arrived: forget the local copy. */
function dropSentDraft() {
  const sent = sessionStorage.getItem("draft-sent");
  if (!sent || document.querySelector("[data-editor], [data-error-page]")) return;
  localStorage.removeItem(sent);
  sessionStorage.removeItem("draft-sent");
}

startShortcuts();
startTheme();
startComboboxes();
startLiveSearch();
document.querySelector("[data-focus-me]")?.focus();
try { dropSentDraft(); } catch { /* storage is switched off: there was no draft to drop */ }
