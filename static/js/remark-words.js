// What is typed under remarks and as a new one: kept in this browser until the server has taken it, and put back
// into its field whenever the margin comes anew, be it after a filter, a failure or a reload.
import { composing } from "./dom.js";

const WORDS_KEPT_FOR = 30 * 86_400_000;
const KEPT_FIELDS = ["exact", "prefix", "suffix", "start", "end", "kind", "replacement", "body"];

export class RemarkWords {
  /** `person`: only their own words come back to them. */
  constructor(person) {
    this.prefix = `remark:${person}:`;
    this.here = `${this.prefix}${location.pathname}#`;
    this.held = new Map(); // by key; what stands where the browser keeps nothing
    this.forgetOld();
    document.addEventListener("input", (event) => this.typed(event.target));
    document.addEventListener("keydown", (event) => this.send(event));
    document.addEventListener("kb:remark-dropped", () => this.drop("f-remark"));
    this.bringBack();
  }

  typed(field) {
    const form = field.closest?.("#remarks .remark-reply, #annotate-form");
    if (!form) return;
    const main = this.fieldOf(form);
    const words = form.id === "annotate-form" ? `${main.value}${form.elements.replacement.value}` : main.value;
    const refused = form.querySelector("[role=alert]"); // then what was typed came back as the field's own text
    if (!words.trim() || (main === field && !refused && main.id !== "f-remark" && main.value === main.defaultValue)) this.drop(main.id);
    else this.keep(main.id, this.copyOf(form));
  }

  /** The field that names what is kept of a form. */
  fieldOf(form) { return form.elements.body ?? form.elements.exact; }

  copyOf(form) {
    const names = form.id === "annotate-form" ? KEPT_FIELDS : [this.fieldOf(form).name];
    return Object.fromEntries(names.map((name) => [name, form.elements[name]?.value ?? ""]));
  }

  keep(id, fields) {
    this.held.set(id, fields);
    try { localStorage.setItem(this.here + id, JSON.stringify({ fields, at: Date.now() })); } catch { /* full or off: it is held on this page */ }
  }

  drop(id) {
    this.held.delete(id);
    try { localStorage.removeItem(this.here + id); } catch { /* nothing is kept there */ }
  }

  kept(id) {
    if (this.held.has(id)) return this.held.get(id);
    try { return JSON.parse(localStorage.getItem(this.here + id))?.fields; } catch { return null; }
  }

  /** Whether what `form` holds would outlive this page. */
  stands(form) {
    try { return localStorage.getItem(this.here + this.fieldOf(form).id) !== null; } catch { return false; }
  }

  /** The server has taken what `form` held when it was sent; what was typed since stays. */
  taken(form, sent) {
    const { id } = this.fieldOf(form);
    if (JSON.stringify(this.kept(id)) === JSON.stringify(sent)) this.drop(id);
  }

  /** Puts what is kept back into its fields and opens their forms. */
  bringBack() {
    for (const form of document.querySelectorAll("#remarks .remark-reply, #annotate-form")) {
      const main = this.fieldOf(form);
      const fields = this.kept(main.id);
      if (!fields || (form.id === "annotate-form" && form.closest("details").open)) continue;
      for (const [name, value] of Object.entries(fields)) if (form.elements[name]) form.elements[name].value = value;
      if (main.value !== main.defaultValue) form.closest("details").open = true;
      if (form.id === "annotate-form") form.dispatchEvent(new Event("change"));
    }
  }

  /** Ctrl+Enter sends what is being written. */
  send(event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || composing(event)) return;
    const form = event.target.matches("textarea") && event.target.closest(".remark-reply, #annotate-form");
    if (!form) return;
    event.preventDefault();
    form.requestSubmit();
  }

  forgetOld() {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(this.prefix) && JSON.parse(localStorage.getItem(key)).at < Date.now() - WORDS_KEPT_FOR) localStorage.removeItem(key);
      }
    } catch { /* storage is off, or holds what is not ours */ }
  }
}
