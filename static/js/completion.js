// Completion in the editor's text: [[ offers notes of this handover, # its tags. A listbox under the caret, driven from
// the textarea: arrow keys, Enter or Tab, Escape; mouse and touch. While an input method composes nothing happens.
// Markup: ul#completion[data-notes data-tags data-count] and [data-tag-offer] beside the textarea.
import { announce, composing, onTyping } from "./dom.js";
import { applyEdit, placeOf } from "./text-edit.js";

// Chinese input methods write 【【 and ＃ for these keys.
const NOTE = /(?:\[\[|【【)([^[\]【】|\n]{0,60})$/;
const TAG = /(?:^|[\s(\[（【，。、；：！？“”"'])[#＃]([\p{L}\p{N}][\p{L}\p{N}_/-]{0,40})$/u;
const LINE = 400; // characters before the caret that are looked at
const MIRRORED = 60_000; // above so many characters the list stands under the text, not at the caret

/** What is being completed before the caret: {kind, typed, from}, or null. */
export function completing(value, caret) {
  const before = value.slice(Math.max(value.lastIndexOf("\n", caret - 1) + 1, caret - LINE), caret);
  const note = NOTE.exec(before);
  if (note) return { kind: "notes", typed: note[1], from: caret - note[1].length - 2 };
  const tag = TAG.exec(before);
  return tag && { kind: "tags", typed: tag[1], from: caret - tag[1].length - 1 };
}

/** The edit that puts a chosen title or tag there; brackets that stand there already are not doubled. */
export function completed(value, caret, { kind, from }, chosen) {
  if (kind === "tags") return { from, to: caret, text: `#${chosen}`, select: [from + chosen.length + 1, from + chosen.length + 1] };
  const closing = /^(?:\]{0,2}|】{0,2})/.exec(value.slice(caret, caret + 2))[0].length;
  const text = `[[${chosen}]]`;
  return { from, to: caret + closing, text, select: [from + text.length, from + text.length] };
}

class Completion {
  constructor(area, list) {
    this.area = area;
    this.list = list;
    this.form = area.form;
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-controls", list.id);
    this.dismissed = -1; // where the list was shut with Escape: it stays shut there
    area.addEventListener("input", () => { if (this.dismissed >= 0 && this.here()?.from !== this.dismissed) this.dismissed = -1; });
    onTyping(area, () => this.follow(), 120);
    area.addEventListener("compositionstart", () => this.close());
    area.addEventListener("blur", () => this.close());
    area.addEventListener("scroll", () => this.close());
    area.addEventListener("click", () => this.close());
    // Before the editor's own keys: Enter here is no new list item.
    area.parentElement.addEventListener("keydown", (event) => this.onKey(event), true);
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
    this.offer = this.form.querySelector("[data-tag-offer]");
    this.offer?.querySelector("button").addEventListener("click", () => this.addTag());
  }

  get options() { return [...this.list.querySelectorAll("[role=option]")]; }

  /** What is being completed at the caret now. */
  here() {
    const { area } = this;
    return area.selectionStart === area.selectionEnd && document.activeElement === area ? completing(area.value, area.selectionStart) : null;
  }

  follow() {
    const at = this.here();
    if (!at || this.dismissed === at.from) return this.close();
    this.ask(at);
  }

  async ask(at) {
    this.asking?.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    try {
      const address = `${this.list.dataset[at.kind]}${this.list.dataset[at.kind].includes("?") ? "&" : "?"}q=${encodeURIComponent(at.typed)}`;
      const answer = await fetch(address, { headers: { "hx-request": "true" }, signal });
      if (!answer.ok) return this.close();
      const html = await answer.text();
      if (!signal.aborted) this.show(at, html);
    } catch { if (!signal.aborted) this.close(); }
  }

  show(at, html) {
    this.list.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    const { options } = this;
    const alone = options.length === 1 && options[0].dataset.insert === at.typed && at.kind === "tags";
    if (!options.length || alone || document.activeElement !== this.area) return this.close();
    this.at = at;
    options.forEach((option, n) => { option.id = `${this.list.id}-${n}`; });
    this.list.hidden = false;
    this.place();
    this.mark(at.kind === "notes" ? 0 : -1); // Enter after #word ends the line, as anywhere
    announce(this.list.dataset.count.replace("{n}", options.length));
  }

  /** Under the line, or over it where there is more room. */
  place() {
    const { area, list } = this;
    const { left, top, height } = area.textLength > MIRRORED ? { left: 0, top: area.clientHeight, height: 0 } : placeOf(area, this.at.from);
    const above = Math.max(0, Math.min(top, area.clientHeight));
    const below = Math.max(0, Math.min(top + height, area.clientHeight));
    const corner = area.getBoundingClientRect().top;
    const floor = this.form.querySelector(".editor-foot").getBoundingClientRect().top;
    const over = corner + below + list.offsetHeight > floor && corner + above > floor - corner - below;
    const most = Math.max(0, area.offsetWidth - list.offsetWidth - 8);
    list.style.left = `${area.offsetLeft + Math.min(Math.max(left, 8), most)}px`;
    list.style.top = `${area.offsetTop + (over ? above - list.offsetHeight - 4 : below + 4)}px`;
  }

  mark(number) {
    this.active = number;
    this.options.forEach((option, n) => option.setAttribute("aria-selected", String(n === number)));
    const chosen = this.options[number];
    if (chosen) this.area.setAttribute("aria-activedescendant", chosen.id);
    else this.area.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.asking?.abort();
    this.list.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }

  onKey(event) {
    if (this.list.hidden || event.target !== this.area || composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const many = this.options.length;
    if (event.key === "ArrowDown") this.mark((this.active + 1) % many);
    else if (event.key === "ArrowUp") this.mark((this.active + many - (this.active < 0 ? 0 : 1)) % many);
    else if (event.key === "Escape") { this.dismissed = this.at.from; this.close(); }
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && this.active >= 0) this.choose(this.options[this.active]);
    else return event.key.length > 1 && event.key !== "Backspace" && event.key !== "Shift" ? this.close() : undefined;
    event.preventDefault();
    event.stopPropagation();
  }

  choose(option) {
    if (!option) return;
    const now = completing(this.area.value, this.area.selectionStart);
    if (now?.from === this.at.from) {
      applyEdit(this.area, completed(this.area.value, this.area.selectionStart, this.at, option.dataset.insert));
      if (this.at.kind === "tags") this.offerTag(option.dataset.insert);
    }
    this.close();
  }

  /** A tag in the text stays text; the note's own tags are another field, in which it may stand too. */
  offerTag(tag) {
    const has = this.form.elements.tags.value.split(/[,，、]/).map((one) => one.trim().replace(/^#/, ""));
    if (!this.offer || has.includes(tag)) return;
    this.offered = tag;
    this.offer.hidden = false;
    this.offer.querySelector("span").textContent = this.offer.dataset.tagOffer.replace("{tag}", tag);
  }

  addTag() {
    const field = this.form.elements.tags;
    field.value = [field.value.trim().replace(/[,，、]$/, ""), this.offered].filter(Boolean).join(", ");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    this.offer.hidden = true;
    announce(this.offer.dataset.added.replace("{tag}", this.offered));
    this.area.focus();
  }
}

const completedArea = document.getElementById("f-body");
const completionList = document.getElementById("completion");
if (completedArea && completionList) new Completion(completedArea, completionList);
