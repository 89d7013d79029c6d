// The warning under the editor's text, about all its fields: [data-secrets] with #secrets, which the server fills, and label[data-accept].
// After a pause they are looked at by the server; a secret goes nowhere but to our own server.
import { announce, onTyping } from "./dom.js";
import { applyEdit, indexOfPoint, showRange } from "./text-edit.js";

const MOST_LOOKED_AT = 200_000; // characters; a longer text is looked at when it is saved
const LOOKED_AT = ["title", "purpose", "tags", "body", "reason"]; // as in kb/web/guarding.py; htmx sends the whole form
const PAUSE = 700; // milliseconds without typing

class SecretWarning {
  constructor(box, area) {
    this.area = area;
    this.panel = box.querySelector("#secrets");
    this.accept = box.querySelector("[data-accept]");
    this.fields = LOOKED_AT.map((name) => area.form.elements[name]).filter(Boolean);
    this.seen = this.sent = area.value;
    this.asked = this.words;
    this.said = this.panel.querySelector("[data-say]")?.dataset.say ?? "";
    this.number = this.links.length;
    for (const field of this.fields) onTyping(field, () => this.look(), PAUSE);
    addEventListener("online", () => this.look());
    document.addEventListener("htmx:before:request", (event) => this.onRequest(event));
    this.panel.addEventListener("htmx:after:swap", () => this.renew());
    box.addEventListener("click", (event) => this.onClick(event));
  }

  get links() { return this.panel.querySelectorAll("[data-secret], [data-secret-field]"); }
  get words() { return this.fields.map((field) => field.value).join("\0"); }

  /** Without a connection neither the warning nor the preview is asked for: both stay as they are. */
  onRequest(event) {
    if (!navigator.onLine && [this.panel, this.area].includes(event.target)) event.preventDefault();
  }

  look() {
    if (!navigator.onLine || this.words === this.asked || this.area.textLength > MOST_LOOKED_AT) return;
    this.asked = this.words;
    this.sent = this.area.value;
    this.panel.dispatchEvent(new CustomEvent("kb:secrets", { bubbles: false }));
  }

  /** What is new is said once. The tick was about what stood there then: more than that has to be ticked again. */
  renew() {
    this.seen = this.sent;
    const number = this.links.length;
    const say = this.panel.querySelector("[data-say]")?.dataset.say ?? "";
    if (say && say !== this.said) announce(say);
    if (!number || number > this.number) this.accept.querySelector("input").checked = false;
    this.accept.hidden = !number;
    this.said = say;
    this.number = number;
  }

  /** Where a finding stands now; what was typed since may have moved it. Null: it is gone. */
  range(marks) {
    const [start, end] = marks.split(" ").map((point) => indexOfPoint(this.seen, Number(point)));
    const words = this.seen.slice(start, end);
    const value = this.area.value;
    if (value.startsWith(words, start)) return [start, end];
    const moved = value.length - this.seen.length;
    const at = value.startsWith(words, start + moved) ? start + moved : value.indexOf(words);
    return at < 0 ? null : [at, at + words.length];
  }

  onClick(event) {
    const asked = event.target.closest("[data-secret], [data-secret-replace], [data-secret-field]");
    if (!asked) return;
    event.preventDefault();
    if (asked.dataset.secretField) return this.toField(document.getElementById(asked.dataset.secretField));
    const range = this.range(asked.dataset.secretReplace ?? asked.dataset.secret);
    if (!range) this.look();
    else if (asked.dataset.secretReplace) this.replace(range);
    else showRange(this.area, ...range);
  }

  /** To a field that may be folded away. */
  toField(field) {
    const folded = field.closest("details");
    if (folded) folded.open = true;
    field.focus();
  }

  /** The reference stands where the secret stood, with the place to be filled in selected. */
  replace([from, to]) {
    const text = this.panel.querySelector("[data-reference]").dataset.reference;
    const gap = from + text.indexOf("…");
    applyEdit(this.area, { from, to, text, select: [gap, gap + 1] });
    showRange(this.area, gap, gap + 1);
  }
}

const secretsBox = document.querySelector("[data-secrets]");
const guardedArea = document.getElementById("f-body");
if (secretsBox && guardedArea) new SecretWarning(secretsBox, guardedArea);
