// Files in the editor: chosen, pasted or dropped. [data-uploads=ADDRESS] holds the list, its <template> and the words.
import { announce } from "./dom.js";
import { filesOf, nameOf, textIsMeant } from "./upload-given.js";
import { Refused, sendFile } from "./upload-sending.js";
import { fileLink, UploadText } from "./upload-text.js";

const AT_ONCE = 3;

class Uploads {
  constructor(place, form) {
    this.place = place;
    this.form = form;
    this.words = JSON.parse(place.dataset.words);
    this.list = place.querySelector("[data-upload-list]");
    this.row = place.querySelector("template");
    this.text = new UploadText(form.elements.body, () => this.next());
    this.queue = [];
    this.running = 0;
    this.held = null; // the button of a save that waits for files
    this.listen();
  }

  say(key, values = {}) {
    return Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, () => value), this.words[key]);
  }

  listen() {
    const input = this.place.querySelector("[data-upload-input]");
    const button = this.form.querySelector("[data-attach]");
    button.hidden = false;
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", (event) => { event.stopPropagation(); this.take([...input.files]); input.value = ""; });
    this.text.area.addEventListener("paste", (event) => {
      const files = filesOf(event.clipboardData);
      if (!files.length || textIsMeant(event.clipboardData)) return;
      event.preventDefault();
      this.take(files, true);
    });
    // A file dropped beside the text would replace the page by itself.
    for (const kind of ["dragenter", "dragover", "drop"]) document.addEventListener(kind, (event) => this.onDrag(event));
    document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) this.dropping(false); });
    addEventListener("submit", (event) => this.onSubmit(event), true);
  }

  onDrag(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const inside = this.form.contains(event.target);
    this.dropping(event.type !== "drop");
    if (event.type === "drop" && inside) this.take(filesOf(event.dataTransfer));
    else event.dataTransfer.dropEffect = inside ? "copy" : "none";
  }

  dropping(on) { this.form.querySelector(".editor-panes").toggleAttribute("data-dropping", on); }

  take(files, pasted = false) {
    const named = files.map((file) => ({ file, name: nameOf(file, pasted, (...said) => this.say(...said)), type: file.type }));
    const most = Number(this.place.dataset.most);
    for (const one of named.filter(({ file }) => file.size > most)) this.refuse(this.show(one), this.say("too_large"), null);
    const fitting = named.filter(({ file }) => file.size <= most);
    if (!fitting.length) return;
    const marks = this.text.put(fitting, (name) => this.say("placeholder", { name }));
    fitting.forEach((one, index) => this.add({ ...one, mark: marks[index], stop: new AbortController() }));
  }

  add(one) {
    const shown = this.show(one);
    shown.cancel.addEventListener("click", () => this.cancel(one));
    this.queue.push({ ...one, shown });
    this.next();
  }

  show({ name }) {
    const row = this.row.content.firstElementChild.cloneNode(true);
    const part = (which) => row.querySelector(`[data-${which}]`);
    const shown = { row, said: part("said"), bar: row.querySelector("progress"), cancel: part("cancel"), again: part("again") };
    part("name").textContent = name;
    shown.bar.setAttribute("aria-label", this.say("progress", { name }));
    shown.said.textContent = this.say("waiting");
    this.list.append(row);
    return shown;
  }

  get busy() { return this.running > 0 || this.text.waiting.length > 0; }

  next() {
    while (this.running < AT_ONCE && this.queue.length) this.send(this.queue.shift());
    if (!this.busy) this.release();
  }

  async send(one) {
    this.running += 1;
    const { shown, stop } = one;
    const sent = (part) => {
      shown.bar.value = part;
      shown.said.textContent = part < 1 ? `${Math.floor(part * 100)} %` : this.say("storing");
    };
    sent(0);
    try {
      const made = await sendFile(this.place.dataset.uploads, one.file, one.name, { sent, signal: stop.signal, offline: this.say("offline") });
      this.text.swap(one.mark, fileLink(made));
      announce(this.say("done", { name: made.name }));
      this.close(shown);
    } catch (error) {
      this.text.swap(one.mark, "");
      if (error instanceof Refused) this.refuse(shown, error.message, one);
    }
    this.running -= 1;
    this.next();
  }

  cancel(one) {
    const waiting = this.queue.findIndex((other) => other.mark === one.mark);
    const [dropped] = waiting < 0 ? [] : this.queue.splice(waiting, 1);
    if (dropped) this.text.swap(one.mark, "");
    else one.stop.abort();
    for (const row of [...this.list.children]) if (row.contains(document.activeElement)) { row.remove(); this.text.area.focus(); }
    announce(this.say("cancelled", { name: one.name }));
  }

  close(shown) {
    const here = shown.row.contains(document.activeElement);
    shown.row.remove();
    if (here) this.text.area.focus();
  }

  /** The sentence stays until it is read; what may work the next time can be tried again. */
  refuse(shown, sentence, one) {
    shown.row.dataset.failed = "";
    shown.said.textContent = sentence;
    shown.cancel.replaceWith((shown.cancel = shown.cancel.cloneNode(true)));
    shown.cancel.addEventListener("click", () => this.close(shown));
    if (this.held) this.hold(null);
    announce(sentence);
    if (!one) return;
    shown.again.hidden = false;
    shown.again.addEventListener("click", () => {
      this.close(shown);
      const [mark] = this.text.put([one], (name) => this.say("placeholder", { name }));
      this.add({ file: one.file, name: one.name, type: one.type, mark, stop: new AbortController() });
    }, { once: true });
  }

  /** Saving waits until the text names files and not what is on its way. */
  onSubmit(event) {
    if (event.target !== this.form || !this.busy) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.hold({ button: event.submitter });
  }

  hold(save) {
    this.held = save;
    const state = document.getElementById("save-state");
    if (state) state.textContent = save ? this.say("held") : "";
  }

  release() {
    const held = this.held;
    if (!held) return;
    this.hold(null);
    if (held.button?.isConnected) this.form.requestSubmit(held.button);
    else this.form.requestSubmit();
  }
}

const uploadsPlace = document.querySelector("[data-uploads]");
if (uploadsPlace) new Uploads(uploadsPlace, uploadsPlace.closest("form"));
