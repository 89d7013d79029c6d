// The note editor: form[data-editor data-base=REVISION] with textarea[name=body], buttons[data-md], #preview, #save-state.
// Fires kb:preview on the textarea after a pause (htmx posts it). What is typed is kept by drafts.js.
import { composing, onTyping, words } from "./dom.js";
import { sendLeftBehind, startOffers } from "./draft-offers.js";
import { Drafts } from "./drafts.js";
import { continueList, markdownEdit } from "./markdown-keys.js";
import { applyEdit } from "./text-edit.js";

// Above so many characters setting the text and laying it out takes seconds: the preview waits until it is asked for.
const LONG = 100_000;
const KEYS = { b: "bold", i: "italic", k: "link" };

class Editor {
  constructor(form) {
    this.form = form;
    this.text = form.elements.body;
    this.drafts = new Drafts(form);
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("click", (event) => this.onClick(event));
    form.addEventListener("submit", (event) => this.submit(event));
    form.addEventListener("kb:kept", () => this.lineIsBack());
    document.addEventListener("keydown", (event) => this.onSaveKey(event));
    form.addEventListener("change", (event) => this.onKind(event.target));
    this.skeleton = "unsaved" in form.dataset ? "" : this.text.value; // the headings put in for somebody, if any are
    this.text.addEventListener("keydown", (event) => this.onKey(event));
    onTyping(this.text, () => this.follow(), 500);
    addEventListener("beforeunload", (event) => { if (this.drafts.dirty && !this.leaving) event.preventDefault(); });
    addEventListener("pageshow", () => { this.leaving = this.drafts.sending = false; }); // also when people come back to it
    // htmx may begin to listen before or after this script runs.
    if (this.text.hasAttribute("data-htmx-powered")) this.follow();
    else document.addEventListener("htmx:after:process", () => this.follow(), { once: true });
  }

  /** The preview follows what is typed, unless the text is long. */
  follow() {
    const long = this.text.textLength > LONG;
    const offer = this.form.querySelector("[data-preview-long]");
    if (offer) offer.hidden = !long;
    if (!long) this.preview();
  }
  preview() { this.text.dispatchEvent(new CustomEvent("kb:preview")); }
  changed() { this.leaving = this.drafts.sending = false; this.drafts.changed(); }

  /** One edit, through the browser's own undo where it allows that. */
  apply(edit) {
    if (edit) applyEdit(this.text, edit);
  }

  act(action) {
    this.apply(markdownEdit(action, this.text.value, this.text.selectionStart, this.text.selectionEnd));
  }

  onClick(event) {
    const button = event.target.closest("button");
    if (button?.dataset.md) this.act(button.dataset.md);
    else if (button?.hasAttribute("data-preview-toggle")) this.toggle(button);
    else if (button?.hasAttribute("data-preview-now")) this.preview();
  }

  /** Another kind brings its headings along, unless a word was written: into the text as an edit that can be undone. */
  async onKind(radio) {
    if (!radio.dataset.headings || !this.untouched) return;
    const answer = await fetch(`${radio.dataset.headings}&language=${this.form.elements.language.value}`).catch(() => null);
    const headings = answer?.ok ? await answer.text() : "";
    if (!headings || !radio.checked || !this.untouched) return;
    const before = document.activeElement;
    this.apply({ from: 0, to: this.text.value.length, text: headings, select: [0, 0] });
    this.skeleton = headings;
    before?.focus();
  }
  get untouched() { return !this.text.value.trim() || this.text.value === this.skeleton; }

  /** Ctrl+S saves from anywhere on the page; not under a dialog. */
  onSaveKey(event) {
    if (document.querySelector("dialog[open]")) return;
    if (composing(event) || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    this.form.requestSubmit();
  }

  onKey(event) {
    if (composing(event)) return;
    if (event.ctrlKey || event.metaKey) {
      const key = event.key.toLowerCase();
      if (KEYS[key]) { event.preventDefault(); this.act(KEYS[key]); }
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

  /** A save goes out once the server has what was typed: then neither a lost line nor an ended session can lose it. */
  async submit(event) {
    if (this.cleared) {
      this.cleared = false;
      return;
    }
    event.preventDefault();
    if (this.saving) return;
    this.saving = true;
    const state = await this.drafts.keep(true);
    this.saving = false;
    if (state === "kept" || state === "refused") return this.send(event.submitter); // what is refused is explained by the page
    if (state === "gone") this.drafts.gone.focus();
    if (state !== "offline") return;
    this.held = { submitter: event.submitter, text: this.drafts.snapshot() };
    this.drafts.holding = true;
    this.drafts.sayHere("offline");
  }

  /** The browser's own sending; the local copy stays until the server has said that it is saved (app.js drops it then). */
  send(submitter) {
    this.leaving = this.cleared = this.drafts.sending = true;
    this.form.elements.writer.value = this.drafts.writer;
    this.form.requestSubmit(submitter);
  }

  /** The line is back: a save that was held goes out, unless more was typed meanwhile. */
  lineIsBack() {
    const held = this.held;
    this.held = null;
    this.drafts.holding = false;
    if (!held || this.saving) return;
    if (held.text === this.drafts.snapshot()) this.send(held.submitter);
    else this.drafts.say("again", words.save_again);
  }
}

const editorForm = document.querySelector("form[data-editor]");
if (editorForm) {
  const editor = new Editor(editorForm);
  startOffers(editor);
  sendLeftBehind(editor);
}
