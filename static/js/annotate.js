// Select words of a note, say something about them. Markup: .note-body, #marker, #annotate (a <details> around
// #annotate-form), #remarks with #annotations-data inside. Without scripts the form asks for the words themselves.
import { canonicalText } from "./canonical-text.js";
import { composing, debounce, typingIn } from "./dom.js";
import { KeyMarking } from "./mark-by-keys.js";
import { Marks } from "./note-marks.js";
import { Margin } from "./note-margin.js";

const AROUND = 48; // code points kept before and after the passage, enough to tell repeated words apart

class Annotator {
  constructor(body) {
    this.body = body;
    this.marker = document.getElementById("marker");
    this.box = document.getElementById("annotate");
    this.form = document.getElementById("annotate-form");
    this.marks = new Marks(body, canonicalText(body));
    this.keys = new KeyMarking(body);
    this.margin = new Margin(this.marks);
    this.renew();
    // htmx replaces #remarks; its own event fires on the form that went with it and is lost.
    const margin = document.getElementById("remarks")?.parentElement;
    if (margin) new MutationObserver(() => this.renew()).observe(margin, { childList: true });
    if (this.marker && this.form) this.listen();
  }

  listen() {
    document.addEventListener("selectionchange", () => { if (this.selected() === null && !this.marker.contains(document.activeElement)) this.marker.hidden = true; });
    // Fingers hold and drag: the browser takes the pointer over and there is no pointerup.
    const settled = debounce(() => { if (this.touched) this.offer(); }, 250);
    document.addEventListener("pointerdown", (event) => { this.touched = event.pointerType === "touch"; });
    document.addEventListener("selectionchange", settled);
    document.addEventListener("pointerup", () => setTimeout(() => this.offer(), 0));
    document.addEventListener("keyup", (event) => { if (event.shiftKey || event.key === "Shift") this.offer(); });
    document.addEventListener("keydown", (event) => this.onKey(event));
    this.marker.addEventListener("pointerdown", (event) => event.preventDefault());
    this.marker.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-kind]");
      if (button) this.begin(button.dataset.kind);
      if (event.target.closest("[data-attach]")) this.marker.dispatchEvent(new CustomEvent("kb:attach", { detail: this.passage }));
    });
    this.form.addEventListener("change", () => this.showFields());
    this.form.querySelector("[data-cancel]")?.addEventListener("click", () => {
      this.cancel();
      document.dispatchEvent(new CustomEvent("kb:remark-dropped"));
    });
    this.showFields();
  }

  renew() {
    const source = document.getElementById("annotations-data");
    if (source === this.source) return;
    this.source = source;
    const root = document.getElementById("remarks");
    if (root?.hasAttribute("data-made")) this.cancel();
    this.marks.paint(source ? JSON.parse(source.textContent) : [], JSON.parse(root?.dataset.elsewhere ?? "[]"));
    this.margin.renew();
    this.follow(root?.dataset.view ?? "");
  }

  /** The address says which remarks are shown, and so does the form: what it is answered with shows the same. */
  follow(view) {
    if (this.view === undefined) { this.view = view; return; }
    if (view === this.view) return;
    this.view = view;
    const query = new URLSearchParams(view);
    for (const [name, value] of new URLSearchParams(location.search)) if (["q", "also"].includes(name)) query.append(name, value);
    history.replaceState(null, "", location.pathname + (query.size ? `?${query}` : ""));
    for (const name of ["action", "hx-post"]) this.form?.setAttribute(name, `${location.pathname}/annotations${view}`);
  }

  /** The selected passage as {start, end, range} in code points of the canonical text, or null. */
  selected() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!this.body.contains(range.startContainer) || !this.body.contains(range.endContainer)) return null;
    const { offsetOf, text } = this.marks.canonical;
    this.points ??= [...text]; // the text of a page never changes
    const points = this.points;
    let start = offsetOf(range.startContainer, range.startOffset);
    let end = offsetOf(range.endContainer, range.endOffset);
    while (start < end && /\s/.test(points[start])) start += 1;
    while (end > start && /\s/.test(points[end - 1])) end -= 1;
    return end > start ? { start, end, points, range } : null;
  }

  offer() {
    const passage = this.selected();
    if (!passage) return;
    this.passage = passage;
    this.marker.hidden = false;
    const box = passage.range.getBoundingClientRect();
    const width = this.marker.offsetWidth;
    const left = Math.min(Math.max(8, box.left + box.width / 2 - width / 2), innerWidth - width - 8);
    const above = box.top - this.marker.offsetHeight - 8;
    this.marker.style.left = `${left + scrollX}px`;
    this.marker.style.top = `${(above > 70 ? above : box.bottom + 8) + scrollY}px`;
  }

  onKey(event) {
    if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && (this.keys.on || !this.marker.hidden)) return this.dismiss(event);
    if (this.marker.contains(event.target)) return this.walkMarker(event);
    if (typingIn(event.target) || document.querySelector("dialog[open]")) return;
    if (this.keys.move(event)) return this.offer();
    if (event.key !== "m" && !(event.key === "Enter" && this.keys.on)) return;
    if (!this.selected()) {
      if (this.keys.start()) { event.preventDefault(); this.offer(); }
      return;
    }
    this.offer();
    if (this.marker.hidden) return;
    event.preventDefault();
    this.marker.querySelector("button:not([hidden])").focus();
  }

  /** The bar goes; focus that was in it returns to the text, where the words are still selected. */
  dismiss(event) {
    event.preventDefault();
    if (this.marker.contains(document.activeElement)) document.getElementById("main")?.focus({ preventScroll: true });
    else this.keys.stop();
    this.marker.hidden = true;
  }

  walkMarker(event) {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    event.preventDefault();
    const next = event.key === "ArrowRight" ? "nextElementSibling" : "previousElementSibling";
    event.target.closest("button")[next]?.focus();
  }

  /** Fills the form from the passage and opens it; a highlight needs no words and is sent at once. */
  begin(kind) {
    const { start, end, points, range } = this.passage;
    const fields = this.form.elements;
    fields.exact.value = points.slice(start, end).join("");
    fields.prefix.value = points.slice(Math.max(0, start - AROUND), start).join("");
    fields.suffix.value = points.slice(end, end + AROUND).join("");
    fields.start.value = start;
    fields.end.value = end;
    fields.kind.value = kind;
    this.marker.hidden = true;
    this.keys.on = false;
    this.showFields(); // which fields are asked for decides whether it can be sent
    if (kind === "highlight") return this.form.requestSubmit();
    if (kind === "correction" && !fields.replacement.value) fields.replacement.value = fields.exact.value;
    this.box.open = true;
    this.margin.placeBeside(this.box, range);
    this.box.scrollIntoView({ block: "nearest" });
    (kind === "correction" ? fields.replacement : fields.body).focus({ preventScroll: true });
  }

  showFields() {
    const correcting = this.form.elements.kind.value === "correction";
    const field = this.form.querySelector("[data-only-correction]");
    if (field) field.hidden = !correcting;
    this.form.elements.body.required = ["comment", "question"].includes(this.form.elements.kind.value);
  }

  cancel() {
    this.form.reset();
    this.box.open = false;
    this.passage = null;
  }
}

/** Tells which heading is being read in the outline. */
function followOutline() {
  const links = new Map([...document.querySelectorAll(".outline-list a[href^='#']")].map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      for (const a of links.values()) a.removeAttribute("aria-current");
      links.get(entry.target.id)?.setAttribute("aria-current", "location");
    }
  }, { rootMargin: "-10% 0px -75% 0px" });
  for (const id of links.keys()) {
    const heading = document.getElementById(id);
    if (heading) seen.observe(heading);
  }
}

/** What scrolls sideways (code, wide tables) can be reached and scrolled by keyboard. */
function reachScrollers(body) {
  for (const box of body.querySelectorAll("pre, table")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}

const noteBody = document.querySelector(".note-body");
if (noteBody) {
  new Annotator(noteBody);
  followOutline();
  reachScrollers(noteBody);
}
