// The note editor: form[data-editor data-base=REVISION] with textarea[name=body], buttons[data-md], #preview, #save-state.
// Fires kb:preview on the textarea after a pause (htmx posts it) and kb:autosave on the form.
import { composing, debounce, onTyping, words } from "./dom.js";
import { continueList, markdownEdit } from "./markdown-keys.js";

// Above so many characters setting the text and laying it out takes seconds: the preview waits until it is asked for.
const LONG = 100_000;
const KEYS = { b: "bold", i: "italic", k: "link" };

class Editor {
  constructor(form) {
    this.form = form;
    this.text = form.elements.body;
    this.key = `draft:${location.pathname}${location.search}`;
    this.served = this.snapshot();
    this.keep = debounce(() => this.keepLocally(), 400);
    this.autosave = debounce(() => this.form.dispatchEvent(new CustomEvent("kb:autosave")), 4000);
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("click", (event) => this.onClick(event));
    form.addEventListener("submit", () => this.sent());
    form.addEventListener("kb:saved", (event) => this.saved(event.detail));
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    onTyping(this.text, () => this.follow(), 500);
    addEventListener("beforeunload", (event) => { if (this.dirty && !this.leaving) event.preventDefault(); });
    this.offerDraft();
    // htmx may begin to listen before or after this script runs.
    if (this.text.hasAttribute("data-htmx-powered")) this.follow();
    else document.addEventListener("htmx:after:process", () => this.follow(), { once: true });
  }

  snapshot() { return JSON.stringify([...new FormData(this.form)].filter(([name]) => name !== "csrf_token" && name !== "base_revision")); }
  get dirty() { return this.snapshot() !== this.served; }
  /** The preview follows what is typed, unless the text is long. */
  follow() {
    const long = this.text.textLength > LONG;
    const offer = this.form.querySelector("[data-preview-long]");
    if (offer) offer.hidden = !long;
    if (!long) this.preview();
  }
  preview() { this.text.dispatchEvent(new CustomEvent("kb:preview")); }
  changed() { this.leaving = false; this.keep(); this.autosave(); }

  /** One edit, through the browser's own undo where it allows that. */
  apply(edit) {
    if (!edit) return;
    this.text.focus();
    this.text.setSelectionRange(edit.from, edit.to);
    const done = edit.text ? document.execCommand("insertText", false, edit.text) : document.execCommand("delete");
    if (!done) {
      this.text.setRangeText(edit.text, edit.from, edit.to);
      this.text.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    this.text.setSelectionRange(...edit.select);
  }

  act(action) {
    this.apply(markdownEdit(action, this.text.value, this.text.selectionStart, this.text.selectionEnd));
  }

  onClick(event) {
    const button = event.target.closest("button");
    if (button?.dataset.md) this.act(button.dataset.md);
    else if (button?.hasAttribute("data-preview-toggle")) this.toggle(button);
    else if (button?.hasAttribute("data-preview-now")) this.preview();
    else if (button?.hasAttribute("data-draft-restore")) this.restore();
    else if (button?.hasAttribute("data-draft-drop")) this.dropDraft();
  }

  onKey(event) {
    if (composing(event)) return;
    if (event.ctrlKey || event.metaKey) {
      const key = event.key.toLowerCase();
      if (key === "s") { event.preventDefault(); this.form.requestSubmit(); }
      else if (KEYS[key]) { event.preventDefault(); this.act(KEYS[key]); }
      return;
    }
    if (event.key !== "Enter" || event.shiftKey) return;
    const edit = continueList(this.text.value, this.text.selectionStart, this.text.selectionEnd);
    if (edit) { event.preventDefault(); this.apply(edit); }
  }

  toggle(button) {
    const panes = this.form.querySelector(".editor-panes");
    const show = panes.dataset.show === "preview" ? "text" : "preview";
    panes.dataset.show = show;
    button.setAttribute("aria-pressed", String(show === "preview"));
    if (show === "preview") this.preview();
    else this.text.focus();
  }

  keepLocally() {
    try {
      if (this.dirty) localStorage.setItem(this.key, JSON.stringify({ base: this.form.dataset.base, at: Date.now(), title: this.form.elements.title.value, body: this.text.value }));
      else localStorage.removeItem(this.key);
      this.say(this.dirty ? words.kept : "");
    } catch { /* storage is full or off: the page's own warning still stands */ }
  }

  say(text) {
    const state = document.getElementById("save-state");
    if (state && text !== undefined) state.textContent = text;
  }

  /** What was sent is kept until another page has arrived (app.js drops it then). */
  sent() {
    this.leaving = true;
    this.keepLocally();
    try { sessionStorage.setItem("draft-sent", this.key); } catch { /* see above */ }
  }

  /** The page's own saving says so with kb:saved {base, text}. */
  saved({ base, text }) {
    this.form.dataset.base = base;
    if (this.form.elements.base_revision) this.form.elements.base_revision.value = base;
    this.served = this.snapshot();
    this.dropDraft();
    this.say(text);
  }

  readDraft() {
    try { return JSON.parse(localStorage.getItem(this.key)); } catch { return null; }
  }

  /** A local draft of the same base that differs from what was served is offered, never put in unasked. */
  offerDraft() {
    const draft = this.readDraft();
    if (!draft) return;
    const same = draft.body === this.text.value && draft.title === this.form.elements.title.value;
    if (draft.base !== this.form.dataset.base || same) return this.dropDraft();
    const notice = this.form.querySelector("[data-draft-notice]");
    if (notice) notice.hidden = false;
  }

  restore() {
    const draft = this.readDraft();
    if (!draft) return;
    this.form.elements.title.value = draft.title;
    this.text.value = draft.body;
    this.form.querySelector("[data-draft-notice]").hidden = true;
    this.changed();
    this.follow();
    this.text.focus();
  }

  dropDraft() {
    try { localStorage.removeItem(this.key); } catch { /* nothing was kept */ }
    const notice = this.form.querySelector("[data-draft-notice]");
    if (notice) notice.hidden = true;
  }
}

const editorForm = document.querySelector("form[data-editor]");
if (editorForm) new Editor(editorForm);
