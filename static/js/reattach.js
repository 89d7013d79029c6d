// Putting a remark on another passage: its button asks for one, the bar at the selection then offers nothing else.
// Markup: [data-attach-to] in a remark's card beside #attach-ID, #attach-bar, #marker with [data-attach].
import { canonicalText } from "./canonical-text.js";
import { announce } from "./dom.js";

const REMEMBERED = 48; // code points around the passage, as with a new remark
const HEADROOM = 96; // pixels the page's header covers, and a little air

class Reattaching {
  constructor(marker, bar) {
    this.marker = marker;
    this.bar = bar;
    this.id = null;
    document.addEventListener("click", (event) => {
      const asked = event.target.closest("[data-attach-to]");
      if (asked) this.begin(asked.dataset.attachTo);
    });
    bar.querySelector("[data-attach-cancel]").addEventListener("click", () => this.end(true));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.id && !event.defaultPrevented && marker.hidden) this.end(true);
    });
    marker.addEventListener("kb:attach", (event) => this.put(event.detail));
  }

  begin(id) {
    this.id = id;
    this.offer(true);
    document.getElementById("remarks").removeAttribute("data-open");
    document.getElementById("main")?.focus({ preventScroll: true });
    this.leadTo(id);
    announce(this.bar.querySelector("[data-says]").textContent);
  }

  /** To where the passage was, or to the beginning of the text. */
  leadTo(id) {
    const card = document.getElementById(`a-${id}`);
    const body = document.querySelector(".note-body");
    const mark = JSON.parse(document.getElementById("annotations-data").textContent).find((one) => one.id === id);
    const at = mark?.start ?? (card?.dataset.lost ? Number(card.dataset.lost) : null);
    const place = at === null ? null : canonicalText(body).locate(at)?.node.parentElement;
    if (place) place.scrollIntoView({ block: "center" });
    else scrollBy(0, body.getBoundingClientRect().top - HEADROOM);
  }

  /** What is said about a selection: only the remark's place, or the kinds of remarks again. */
  offer(attaching) {
    this.bar.hidden = !attaching;
    for (const button of this.marker.querySelectorAll("button")) {
      button.hidden = button.hasAttribute("data-attach") !== attaching;
    }
  }

  put({ start, end, points }) {
    const form = document.getElementById(`attach-${this.id}`);
    this.end(false);
    if (!form) return;
    const fields = form.elements;
    fields.exact.value = points.slice(start, end).join("");
    fields.prefix.value = points.slice(Math.max(0, start - REMEMBERED), start).join("");
    fields.suffix.value = points.slice(end, end + REMEMBERED).join("");
    fields.start.value = start;
    fields.revision.value = document.getElementById("annotate-form")?.elements.revision.value ?? "";
    form.requestSubmit();
  }

  end(back) {
    const id = this.id;
    this.id = null;
    this.marker.hidden = true;
    this.offer(false);
    if (back) document.querySelector(`[data-attach-to="${id}"]`)?.focus();
  }
}

if (document.getElementById("attach-bar") && document.getElementById("marker")) {
  new Reattaching(document.getElementById("marker"), document.getElementById("attach-bar"));
}
