// Choosing words of a text without a mouse. `m` with nothing selected takes the first word in sight; arrows go from
// word to word and line to line; Shift with arrows widens the selection as everywhere; `m` or Enter goes on to the
// choice of remarks, Escape ends it.
import { announce, words } from "./dom.js";

const CHOOSABLE = "p, li, td, th, h1, h2, h3, h4, h5, h6, pre, dt, dd";
const COVERED = 64; // pixels at the top of the window that the page's header covers
const MOVES = {
  ArrowRight: [["collapseToEnd"]],
  ArrowLeft: [["collapseToStart"], ["modify", "move", "backward", "word"]],
  ArrowDown: [["collapseToStart"], ["modify", "move", "forward", "line"]],
  ArrowUp: [["collapseToStart"], ["modify", "move", "backward", "line"]],
};

export class KeyMarking {
  constructor(body) {
    this.body = body;
    this.on = false;
  }

  /** Selects the first word in sight; answers whether there was one. */
  start() {
    const blocks = [...this.body.querySelectorAll(CHOOSABLE)].filter((block) => block.innerText?.trim());
    const block = blocks.find((one) => one.getBoundingClientRect().top >= COVERED) ?? blocks.at(-1);
    if (!block) return false;
    const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    let node = texts.nextNode();
    while (node && !node.data.trim()) node = texts.nextNode();
    if (!node) return false;
    getSelection().collapse(node, node.data.search(/\S/));
    getSelection().modify("extend", "forward", "word");
    this.on = true;
    announce(words.marking);
    return true;
  }

  /** Moves by an arrow without Shift; answers whether the key was one. */
  move(event) {
    if (!this.on || event.shiftKey || !MOVES[event.key]) return false;
    const selection = getSelection();
    const before = selection.rangeCount ? selection.getRangeAt(0).cloneRange() : null;
    if (!before) return false;
    event.preventDefault();
    for (const [name, ...how] of MOVES[event.key]) selection[name](...how);
    selection.modify("extend", "forward", "word");
    if (!this.body.contains(selection.focusNode) || selection.isCollapsed) {
      selection.removeAllRanges();
      selection.addRange(before);
    }
    const box = selection.getRangeAt(0).getBoundingClientRect();
    if (box.top < COVERED || box.bottom > innerHeight) selection.focusNode.parentElement.scrollIntoView({ block: "center" });
    return true;
  }

  stop() {
    if (!this.on) return;
    this.on = false;
    getSelection().removeAllRanges();
  }
}
