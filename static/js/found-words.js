// A note that was opened from a list of results: the words of the search are marked in its text, as the margin's
// remarks are, without touching the text. The server says where they stand, by the rules it searches with
// (simplified, full width, word forms). Where a browser cannot mark so, the link has led to the heading all the same.
import { announce, composing, typingIn } from "./dom.js";
import { canonicalText } from "./canonical-text.js";

class FoundWords {
  constructor(body, bar, ranges) {
    this.body = body;
    this.bar = bar;
    this.ranges = ranges;
    this.here = -1;
    this.all = new Highlight(...ranges);
    this.one = new Highlight();
    this.one.priority = 2;
    CSS.highlights.set("found", this.all);
    CSS.highlights.set("found-here", this.one);
    document.querySelector("main").append(bar);
    bar.addEventListener("click", (event) => this.clicked(event.target.closest("[data-found]")));
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    announce(bar.querySelector(".found-said").textContent);
    this.arrive();
  }

  /** The first place behind the heading the address names; shown only if it is not in sight anyway. */
  arrive() {
    const heading = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const at = heading && this.body.contains(heading) ? this.firstBehind(heading) : 0;
    this.choose(at, false);
    const box = this.ranges[at].getBoundingClientRect();
    if (!location.hash.startsWith("#a-") && (box.bottom > innerHeight * 0.9 || box.top < 0)) this.show();
  }

  firstBehind(heading) {
    const point = new Range();
    point.setStartBefore(heading);
    const at = this.ranges.findIndex((range) => range.compareBoundaryPoints(Range.START_TO_START, point) >= 0);
    return at < 0 ? 0 : at;
  }

  choose(at, scroll = true) {
    this.here = (at + this.ranges.length) % this.ranges.length;
    this.one.clear();
    this.one.add(this.ranges[this.here]);
    this.bar.querySelector("[data-found-at]").textContent = `${this.here + 1} / ${this.ranges.length}`;
    if (scroll) this.show();
  }

  show() {
    const box = this.ranges[this.here].getBoundingClientRect();
    scrollBy({ top: box.top - innerHeight / 3, behavior: "instant" });
  }

  clicked(button) {
    if (!button) return;
    const step = Number(button.dataset.found);
    if (step) this.choose(this.here + step);
    else this.clear();
  }

  key(event) {
    if (event.defaultPrevented || composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (typingIn(event.target) || document.querySelector("dialog[open]") || !["n", "p"].includes(event.key)) return;
    event.preventDefault();
    this.choose(this.here + (event.key === "n" ? 1 : -1));
  }

  clear() {
    CSS.highlights.delete("found");
    CSS.highlights.delete("found-here");
    document.removeEventListener("keydown", this.onKey);
    this.bar.remove();
    for (const mark of document.querySelectorAll(".remarks-list mark")) mark.replaceWith(...mark.childNodes);
    history.replaceState(null, "", location.pathname + location.hash);
    document.getElementById("main").focus({ preventScroll: true });
  }
}

/** Ranges of places given as start and end by turns, in code points of the canonical text. */
function rangesOf(body, places) {
  const text = canonicalText(body);
  const ranges = [];
  for (let n = 0; n + 1 < places.length; n += 2) {
    const from = text.locate(places[n]);
    const to = text.locate(places[n + 1], true);
    if (!from || !to) continue;
    const range = new Range();
    range.setStart(from.node, from.offset);
    range.setEnd(to.node, to.offset);
    ranges.push(range);
  }
  return ranges;
}

async function markFoundWords() {
  const body = document.querySelector(".note-body");
  const query = new URLSearchParams(location.search);
  if (!body || !query.get("q") || !globalThis.CSS?.highlights || typeof Highlight === "undefined") return;
  const asked = new URLSearchParams([["q", query.get("q")], ...query.getAll("also").map((word) => ["also", word])]);
  try {
    const answer = await fetch(`${location.pathname}/found?${asked}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const bar = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("found");
    const ranges = bar ? rangesOf(body, bar.dataset.places.split(" ").filter(Boolean).map(Number)) : [];
    if (ranges.length) new FoundWords(body, bar, ranges);
  } catch { /* no connection: the text is there, only the marks are not */ }
}
markFoundWords();
