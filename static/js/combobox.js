// Suggestions under a search box: the WAI-ARIA combobox with a listbox. htmx fetches, this drives the keys.
// The server's /suggest answers <li role="option" data-href="…">; without options the list stays shut.
import { announce, composing, onTyping, words } from "./dom.js";

class Combobox {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("[role=combobox]");
    this.list = document.getElementById(this.input.getAttribute("aria-controls"));
    this.active = -1;
    this.cancelTyping = onTyping(this.input, () => this.ask());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => this.close());
    this.input.addEventListener("htmx:after:swap", () => this.show());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.open(event.target.closest("[role=option]"), event));
    form.addEventListener("submit", () => this.close());
  }

  get options() { return [...this.list.querySelectorAll("[role=option]")]; }

  ask() {
    if (!this.input.value.trim()) return this.close();
    this.input.dispatchEvent(new CustomEvent("kb:suggest", { bubbles: false }));
  }

  show() {
    const options = this.options;
    if (!options.length || document.activeElement !== this.input) return this.close();
    options.forEach((option, n) => { option.id = `${this.list.id}-${n}`; option.setAttribute("aria-selected", "false"); });
    this.active = -1;
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.input.removeAttribute("aria-activedescendant");
    announce(words.suggestions?.replace("{n}", options.length) ?? "");
  }

  close() {
    this.cancelTyping();
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  move(step) {
    const options = this.options;
    // One place more than there are options: the text itself, where nothing is chosen.
    const places = options.length + 1;
    this.active = ((this.active + 1 + step + places) % places) - 1;
    options.forEach((option, n) => option.setAttribute("aria-selected", String(n === this.active)));
    const chosen = options[this.active];
    if (!chosen) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  }

  open(option, event) {
    if (!option?.dataset.href) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) window.open(option.dataset.href);
    else location.assign(option.dataset.href);
  }

  onKey(event) {
    if (composing(event)) return;
    const shown = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (shown) this.move(event.key === "ArrowDown" ? 1 : -1);
      else this.ask();
    } else if (event.key === "Enter" && shown && this.active >= 0) {
      this.open(this.options[this.active], event);
    } else if (event.key === "Escape" && shown) {
      event.preventDefault();
      this.close();
    }
  }
}

export function startComboboxes() {
  for (const form of document.querySelectorAll("[data-combobox]")) new Combobox(form);
}
