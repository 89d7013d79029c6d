// The canonical text of a rendered note, over the DOM: the rule stands in kb/markdown/text.py, and the two are
// changed together or not at all. Positions count Unicode code points; the DOM counts UTF-16 units.
// Elements a page adds inside rendered text (buttons, marks in the margin) carry data-not-text and are left out.

const BLOCKS = new Set(
  "P H1 H2 H3 H4 H5 H6 UL OL LI BLOCKQUOTE PRE TABLE THEAD TBODY TR SECTION HR DIV".split(" "),
);
const SPACE = /[ \t\n\f\r]/;
const HIGH_SURROGATE = /[\ud800-\udbff]/;

const codePoints = (text) => {
  if (!HIGH_SURROGATE.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

// UTF-16 offset of a code point inside a piece of text.
const unitsOf = (text, points) => {
  if (!HIGH_SURROGATE.test(text)) return Math.min(points, text.length);
  let units = 0;
  for (let n = 0; n < points && units < text.length; n += 1) {
    units += text.codePointAt(units) > 0xffff ? 2 : 1;
  }
  return units;
};

// A run is a piece of the text that stands in one node just as it stands in the text: node, the UTF-16 offset
// it begins at there, its first code point in the text, and the piece. A picture's alt text is one run of its
// own, with no offset inside.
class Writer {
  constructor() {
    this.parts = [];
    this.runs = [];
    this.length = 0;
    this.last = "";
    this.space = null;
  }

  put(piece, last, node = null, from = 0) {
    const length = codePoints(piece);
    if (node) this.runs.push({ node, from, start: this.length, end: this.length + length, piece });
    this.parts.push(piece);
    this.length += length;
    this.last = last;
    this.space = null;
  }

  line() {
    this.space = null;
    if (this.last === "x" || this.last === "\t") this.put("\n", "\n");
  }

  flow(text, node) {
    for (const word of text.matchAll(/[ \t\n\f\r]+|[^ \t\n\f\r]+/g)) {
      if (SPACE.test(word[0][0])) {
        if (this.last === "x" && !this.space) this.space = { node, from: word.index };
        continue;
      }
      if (this.space) this.put(" ", "x", this.space.node, this.space.from);
      this.put(word[0], "x", node, word.index);
    }
  }

  verbatim(text, node) {
    if (text) this.put(text, text.endsWith("\n") ? "\n" : "x", node, 0);
  }
}

const silent = (element) =>
  element.nodeName === "INPUT" ||
  element.classList.contains("footnote-backref") ||
  element.hasAttribute("data-not-text");

const walk = (parent, out, preformatted) => {
  let firstCell = true;
  for (const node of parent.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (preformatted) out.verbatim(node.data, node);
      else out.flow(node.data, node);
      continue;
    }
    if (node.nodeType !== Node.ELEMENT_NODE || silent(node)) continue;
    const name = node.nodeName;
    if (BLOCKS.has(name)) {
      out.line();
      walk(node, out, name === "PRE");
      out.line();
    } else if (name === "TD" || name === "TH") {
      if (!firstCell) out.put("\t", "\t");
      out.space = null;
      firstCell = false;
      walk(node, out, preformatted);
      out.space = null;
    } else if (name === "BR") {
      out.put("\n", "\n", node);
    } else if (name === "IMG") {
      if (preformatted) out.verbatim(node.alt, node);
      else out.flow(node.alt, node);
    } else {
      walk(node, out, preformatted);
    }
  }
};

// The first index for which `holds` is true, in a list where it turns from false to true once.
const firstWhere = (list, holds) => {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(list[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
};

const place = (run, points) => {
  if (run.node.nodeType === Node.TEXT_NODE) {
    return { node: run.node, offset: run.from + unitsOf(run.piece, points - run.start) };
  }
  const parent = run.node.parentNode;
  const index = Array.prototype.indexOf.call(parent.childNodes, run.node);
  return { node: parent, offset: index + (points > run.start ? 1 : 0) };
};

// Is the run wholly before the boundary (node, offset)? `child` is the node the boundary stands before.
const before = (run, node, offset, child) => {
  if (run.node === node) return run.from + run.piece.length <= offset;
  const where = (child ?? node).compareDocumentPosition(run.node);
  if (child) return child !== run.node && !(where & (Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY));
  return Boolean(where & (Node.DOCUMENT_POSITION_PRECEDING | Node.DOCUMENT_POSITION_CONTAINED_BY));
};

// text: the canonical text of what is inside root.
// locate(position): where that code point stands, as { node, offset } for a Range, or null past the text. A
//   range's end is found with locate(position, true): the place behind the character before it.
// offsetOf(node, offset): the position of a place in the DOM; between characters of the text it is the next one.
export const canonicalText = (root) => {
  const out = new Writer();
  walk(root, out, root.closest("pre") !== null);
  out.line();
  const { runs, length } = out;

  const locate = (position, asEnd = false) => {
    if (position < 0 || position > length || !runs.length) return null;
    const index = firstWhere(runs, (run) => (asEnd ? run.end >= position : run.end > position));
    const run = runs[Math.min(index, runs.length - 1)];
    if (position < run.start && asEnd && index > 0) return place(runs[index - 1], runs[index - 1].end);
    return place(run, Math.min(Math.max(position, run.start), run.end));
  };

  const offsetOf = (node, offset) => {
    const child = node.nodeType === Node.TEXT_NODE ? null : (node.childNodes[offset] ?? null);
    const index = firstWhere(runs, (run) => !before(run, node, offset, child));
    if (index === runs.length) return length;
    const run = runs[index];
    if (run.node !== node || offset <= run.from) return run.start;
    return run.start + codePoints(run.piece.slice(0, offset - run.from));
  };

  return { text: out.parts.join(""), locate, offsetOf };
};
