// What a note's page does beside marking: focus where a change was made.
import { announce } from "./dom.js";
import { remarkSending } from "./remark-sending.js";

/** Another page or choice of remarks: whoever came by a link that went with the old one stands before the new. */
function turned(root) {
  root.querySelector("[role=alert]")?.scrollIntoView({ block: "nearest" });
  const title = root.querySelector("#remarks-title");
  if (document.activeElement === document.body) title.focus({ preventScroll: true });
  announce(title.textContent);
}

/** The margin as it was replaced: its drawer stays as open as it was, focus goes to what was changed. */
function arrived(before, root) {
  if (before.hasAttribute("data-open")) root.setAttribute("data-open", "");
  remarkSending?.words.bringBack();
  if (before.querySelector(".remarks-filter")?.open) root.querySelector(".remarks-filter")?.setAttribute("open", "");
  if (!root.dataset.changed) return turned(root);
  const card = document.getElementById(`a-${root.dataset.changed}`);
  if (card?.querySelector("[role=alert]")) return card.querySelector("details[open] textarea")?.focus();
  (card ?? root.querySelector("#remarks-title"))?.focus({ preventScroll: true });
  announce([root.dataset.told, root.querySelector("#remarks-title").textContent].filter(Boolean).join(" "));
}

/** Opening a form under a remark leads into it. */
document.addEventListener("toggle", (event) => {
  const box = event.target;
  if (box.matches?.(".remark-more[open]") && box.contains(document.activeElement)) box.querySelector("textarea").focus();
}, true);

const margin = document.getElementById("remarks")?.parentElement;
if (margin) {
  new MutationObserver((changes) => {
    const removed = changes.flatMap((change) => [...change.removedNodes]).find((node) => node.id === "remarks");
    const root = document.getElementById("remarks");
    if (removed && root) arrived(removed, root);
  }).observe(margin, { childList: true });
}

/** A link to a remark opens the drawer; one that stands on another page of the margin is looked up. */
function showLinked() {
  const id = /^#a-([a-z0-9]+)$/.exec(location.hash)?.[1];
  if (!id || !document.getElementById("remarks")) return;
  const card = document.getElementById(`a-${id}`);
  if (!card) {
    const asked = new URLSearchParams(location.search);
    if (!asked.has("resolved") && !asked.has("each")) location.replace(`/annotations/${id}`);
    return;
  }
  document.getElementById("remarks").setAttribute("data-open", "");
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}
addEventListener("hashchange", showLinked);
showLinked();
