// What stands in the text for a file: a line while it is on its way, a link or picture once it has arrived.
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** A name within a link's brackets, so that none of its characters are Markdown. */
const quoted = (name) => name.replace(/[\\[\]*`<]/g, "\\$&");

/** The Markdown of a file that has arrived. */
export function fileLink({ name, url, type }) {
  return `${PICTURES.has(type) ? "!" : ""}[${quoted(name)}](${url})`;
}

/** A textarea into which files are put without disturbing whoever is typing there. */
export class UploadText {
  /** `settled` is called when what had to wait for an input method stands in the text. */
  constructor(area, settled) {
    this.area = area;
    this.settled = settled;
    this.composing = false;
    this.waiting = [];
    area.addEventListener("compositionstart", () => { this.composing = true; });
    area.addEventListener("compositionend", () => this.calm());
  }

  /** Puts a line for each file at the caret; answers the lines. `label` makes a file's words. */
  put(files, label) {
    const marks = files.map((file) => this.unused(`${file.type.startsWith("image/") ? "!" : ""}[${quoted(label(file.name))}]()`));
    const { selectionStart: from, selectionEnd: to, value } = this.area;
    const inLine = from > 0 && value[from - 1] !== "\n" && marks.length > 1;
    this.area.focus();
    this.edit(from, to, (inLine ? "\n" : "") + marks.join("\n"));
    const end = this.area.value.indexOf(marks.at(-1)) + marks.at(-1).length;
    this.area.setSelectionRange(end, end);
    return marks;
  }

  /** Two files of one name are told apart while they are on their way. */
  unused(mark) {
    let number = 1;
    let found = mark;
    while (this.area.value.includes(found) || this.pending?.has(found)) found = mark.replace(/\]\(\)$/, ` ${(number += 1)}]()`);
    (this.pending ??= new Set()).add(found);
    return found;
  }

  /** Puts something else where a line stands; nothing, where whoever writes has taken it away. */
  swap(mark, text) {
    if (this.composing) { this.waiting.push([mark, text]); return; }
    this.pending?.delete(mark);
    const from = this.area.value.indexOf(mark);
    if (from < 0) return;
    let to = from + mark.length;
    if (!text && this.area.value[to] === "\n" && (from === 0 || this.area.value[from - 1] === "\n")) to += 1;
    this.edit(from, to, text);
  }

  calm() {
    this.composing = false;
    // The composed words are in the text only after this event.
    setTimeout(() => {
      for (const [mark, text] of this.waiting.splice(0)) this.swap(mark, text);
      this.settled();
    });
  }

  /** One edit, through the browser's own undo where whoever writes is in the text; the caret stays with its words. */
  edit(from, to, text) {
    const { area } = this;
    const { selectionStart, selectionEnd, scrollTop } = area;
    const moved = (place) => (place <= from ? place : place >= to ? place + text.length - (to - from) : from + text.length);
    let done = false;
    if (document.activeElement === area) {
      area.setSelectionRange(from, to);
      done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
    }
    if (!done) {
      area.setRangeText(text, from, to, "preserve");
      area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    area.setSelectionRange(moved(selectionStart), moved(selectionEnd));
    area.scrollTop = scrollTop;
  }
}
