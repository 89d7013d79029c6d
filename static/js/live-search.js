// The search page: results while typing, Back that works, arrow keys from the box through the results.
// The server answers HX-Request with the fragment whose root is #results (data-total: the exact count).
import { announce, composing, onTyping, words } from "./dom.js";

class LiveSearch {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("[data-search-input]");
    this.shown = this.address();
    this.pushNext = true; // the first change of a burst makes a place to come back to, the rest replace it
    this.cancelTyping = onTyping(this.input, () => this.typed());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("change", () => { this.pushNext = true; });
    form.addEventListener("submit", (event) => { event.preventDefault(); this.cancelTyping(); this.pushNext = true; this.typed(); });
    window.addEventListener("popstate", () => this.back());
    document.addEventListener("keydown", (event) => this.walk(event));
  }

  /** Path and query of what the form asks for. */
  address() {
    const pairs = [...new FormData(this.form)].filter(([, value]) => value !== "");
    const query = new URLSearchParams(pairs).toString();
    return new URL(this.form.action).pathname + (query ? `?${query}` : "");
  }

  typed() {
    const address = this.address();
    if (address === this.shown) return;
    history[this.pushNext ? "pushState" : "replaceState"]({ search: true }, "", address);
    this.pushNext = false;
    this.load(address);
  }

  back() {
    this.input.value = new URLSearchParams(location.search).get("q") ?? "";
    this.pushNext = true;
    this.load(location.pathname + location.search);
  }

  async load(address) {
    this.shown = address;
    this.fetching?.abort();
    const fetching = this.fetching = new AbortController();
    const results = document.getElementById("results");
    results.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true", Accept: "text/html" }, signal: fetching.signal });
      if (answer.redirected) return location.reload();
      const text = await answer.text();
      if (!fetching.signal.aborted) this.show(text);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.failed(results, navigator.onLine ? words.failed : words.offline);
    }
  }

  /** Says so above what is still shown; the same words can be searched again with Enter. */
  failed(results, text) {
    this.shown = null;
    results.removeAttribute("aria-busy");
    results.querySelector("[data-failed]")?.remove();
    const notice = Object.assign(document.createElement("p"), { className: "notice notice-warn search-failed", textContent: text });
    notice.dataset.failed = "";
    results.prepend(notice);
    announce(text);
  }

  show(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("results");
    if (!fresh) return location.reload();
    document.getElementById("results").replaceWith(fresh);
    window.htmx?.process(fresh);
    this.moveLanguageLinks();
    const total = Number(fresh.dataset.total || 0);
    announce((total === 0 ? words.no_results : total === 1 ? words.result : words.results)?.replace("{n}", total) ?? "");
  }

  /** The links to the other language lead to the search in the address, not to that the page came with. */
  moveLanguageLinks() {
    for (const link of document.querySelectorAll(".langs a[hreflang]")) {
      const query = new URLSearchParams(location.search);
      query.set("lang", link.hreflang);
      link.href = `?${query}`;
    }
  }

  onKey(event) {
    if (composing(event)) return;
    if (event.key === "ArrowDown") {
      const first = document.querySelector("#results [data-hit]");
      if (first) { event.preventDefault(); first.focus(); }
    }
  }

  walk(event) {
    if (event.defaultPrevented || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    const hits = [...document.querySelectorAll("#results [data-hit]")];
    const here = hits.indexOf(document.activeElement);
    if (here < 0) return;
    event.preventDefault();
    const next = here + (event.key === "ArrowDown" ? 1 : -1);
    if (next < 0) this.input.focus();
    else hits[Math.min(next, hits.length - 1)].focus();
  }
}

export function startLiveSearch() {
  const form = document.querySelector("form[data-live-search]");
  if (form && document.getElementById("results")) new LiveSearch(form);
}
