// Paints the marks of a note with the CSS Custom Highlight API: the DOM of the text stays as the server made it.
// Where a browser lacks it, the cards in the margin still name every passage.

// From the lowest to the highest. "twice" and "more" lie over words that several open remarks are about.
const LAYERS = ["elsewhere", "resolved", "highlight", "comment", "question", "correction", "twice", "more", "active"];

/** Where a point of the window falls in the text, as the place between two characters nearest to it. */
function placeAt(x, y) {
  if (document.caretPositionFromPoint) {
    const found = document.caretPositionFromPoint(x, y);
    return found && [found.offsetNode, found.offset];
  }
  const range = document.caretRangeFromPoint?.(x, y); // Safari
  return range ? [range.startContainer, range.startOffset] : null;
}

/** The stretches covered by exactly two spans, and by more, each a list of [start, end]. */
export function overlaps(spans) {
  const turns = spans.flatMap(({ start, end }) => [[start, 1], [end, -1]]).sort((one, other) => one[0] - other[0]);
  const found = { twice: [], more: [] };
  let depth = 0;
  let from = 0;
  for (const [at, step] of turns) {
    const into = depth > 2 ? found.more : found.twice;
    const last = into.at(-1);
    if (depth > 1 && at > from) {
      if (last && last[1] === from) last[1] = at;
      else into.push([from, at]);
    }
    from = at;
    depth += step;
  }
  return found;
}

export class Marks {
  constructor(body, canonical) {
    this.body = body;
    this.canonical = canonical;
    this.spans = []; // {card, start, end, range}
    this.ranges = new Map(); // by card
    this.others = []; // [start, end, page of the margin]
    this.layers = new Map();
    if (!globalThis.CSS?.highlights || typeof Highlight === "undefined") return;
    for (const name of LAYERS) {
      const layer = new Highlight();
      if (name === "active") layer.priority = 1; // equal ones lie as they were set: the later above
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

  /** data: [{id, start, end, state, kind, card?}]; entries without a place (orphans) have start null. */
  paint(data, others = []) {
    this.ranges.clear();
    this.spans = [];
    this.others = others;
    for (const layer of this.layers.values()) layer.clear();
    const open = [];
    for (const { id, start, end, state, kind, card = id } of data) {
      const range = Number.isInteger(start) ? this.rangeOf(start, end) : null;
      if (!range) continue;
      const span = { card, start, end, range };
      this.spans.push(span);
      if (!this.ranges.has(card)) this.ranges.set(card, range);
      if (state !== "resolved" && card === id) open.push(span);
      this.layers.get(state === "resolved" ? "resolved" : kind)?.add(range);
    }
    const several = overlaps(open);
    for (const name of ["twice", "more"]) this.fill(name, several[name]);
    this.fill("elsewhere", others);
  }

  fill(name, places) {
    for (const [start, end] of places) {
      const range = this.rangeOf(start, end);
      if (range) this.layers.get(name)?.add(range);
    }
  }

  activate(card) {
    const layer = this.layers.get("active");
    layer?.clear();
    for (const span of this.spans) if (span.card === card) layer?.add(span.range);
    return this.ranges.get(card) ?? null;
  }

  /** The position under a point of the window, or null; a point beside a line counts as its nearest character. */
  positionAt(x, y) {
    const place = placeAt(x, y);
    return place && this.body.contains(place[0]) ? this.canonical.offsetOf(...place) : null;
  }

  /** The cards whose marks lie under a point of the window, the shortest passage first. */
  at(x, y) {
    const position = this.positionAt(x, y);
    if (position === null) return [];
    const under = (box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
    const found = this.spans
      .filter(({ start, end, range }) => start <= position && position <= end && [...range.getClientRects()].some(under))
      .sort((one, other) => one.end - one.start - (other.end - other.start));
    return [...new Set(found.map((span) => span.card))];
  }

  /** Where a mark of another page of the margin lies under a point: [start, end, page], or null. */
  elsewhereAt(x, y) {
    const position = this.others.length ? this.positionAt(x, y) : null;
    if (position === null) return null;
    return this.others.find(([start, end]) => start <= position && position <= end) ?? null;
  }
}
