// Paints the marks of a note with the CSS Custom Highlight API: the DOM of the text stays as the server made it.
// Where a browser lacks it, the cards in the margin still name every passage.

const LAYERS = ["comment", "question", "correction", "highlight", "resolved", "active"];

export class Marks {
  constructor(body, canonical) {
    this.body = body;
    this.canonical = canonical;
    this.ranges = new Map();
    this.layers = new Map();
    if (!globalThis.CSS?.highlights || typeof Highlight === "undefined") return;
    for (const name of LAYERS) {
      const layer = new Highlight();
      if (name === "active") layer.priority = 1;
      this.layers.set(name, layer);
      CSS.highlights.set(`mark-${name}`, layer);
    }
  }

  /** The Range of [start, end) in code points of the canonical text, or null. */
  rangeOf(start, end) {
    const from = this.canonical.locate(start);
    const to = this.canonical.locate(end, true);
    if (!from || !to) return null;
    const range = new Range();
    range.setStart(from.node, from.offset);
    range.setEnd(to.node, to.offset);
    return range;
  }

  /** data: [{id, start, end, state, kind}]; entries without a place (orphans) have start null. */
  paint(data) {
    this.ranges.clear();
    for (const layer of this.layers.values()) layer.clear();
    for (const mark of data) {
      const range = Number.isInteger(mark.start) ? this.rangeOf(mark.start, mark.end) : null;
      if (!range) continue;
      this.ranges.set(mark.id, range);
      this.layers.get(mark.state === "resolved" ? "resolved" : mark.kind)?.add(range);
    }
  }

  activate(id) {
    const layer = this.layers.get("active");
    layer?.clear();
    const range = this.ranges.get(id);
    if (range) layer?.add(range);
    return range ?? null;
  }

  /** The innermost mark under a point of the window, or null. */
  at(x, y) {
    let found = null;
    let smallest = Infinity;
    for (const [id, range] of this.ranges) {
      for (const box of range.getClientRects()) {
        if (x < box.left || x > box.right || y < box.top || y > box.bottom) continue;
        const size = range.toString().length;
        if (size < smallest) { found = id; smallest = size; }
      }
    }
    return found;
  }
}
