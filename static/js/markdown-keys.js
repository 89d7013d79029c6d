// What the editor's buttons and keys do to text: pure functions from (value, start, end) to an edit
// {from, to, text, select: [start, end]}, so that they can be tested without a page.

const WRAPS = { bold: ["**", "**"], italic: ["*", "*"], code: ["`", "`"], link: ["[", "](https://)"], note: ["[[", "]]"] };
const PREFIXES = { heading: "## ", quote: "> ", ul: "- ", ol: "1. ", task: "- [ ] " };
const TABLE = "|   |   |\n| --- | --- |\n|   |   |\n";
const ITEM = /^(\s*)(?:([-*+])|(\d{1,9})([.)]))(\s+)(\[[ xX]\]\s+)?(.*)$/;

function wrap(value, start, end, [before, after]) {
  const inside = value.slice(start, end);
  const outer = value.slice(start - before.length, start) === before && value.slice(end, end + after.length) === after;
  if (outer) {
    return { from: start - before.length, to: end + after.length, text: inside, select: [start - before.length, end - before.length] };
  }
  const at = start + before.length;
  return { from: start, to: end, text: before + inside + after, select: [at, at + inside.length] };
}

function prefixLines(value, start, end, prefix) {
  const from = value.lastIndexOf("\n", start - 1) + 1;
  const stop = value.indexOf("\n", end);
  const to = stop < 0 ? value.length : stop;
  const lines = value.slice(from, to).split("\n");
  const has = lines.every((line) => line.startsWith(prefix));
  const text = lines.map((line, n) => {
    if (has) return line.slice(prefix.length);
    return (prefix === "1. " ? `${n + 1}. ` : prefix) + line.replace(/^#{1,6} /, "");
  }).join("\n");
  return { from, to, text, select: [from + text.length, from + text.length] };
}

/** The edit of a toolbar button: bold, italic, code, link, note, heading, quote, ul, ol, task or table. */
export function markdownEdit(action, value, start, end) {
  if (WRAPS[action]) return wrap(value, start, end, WRAPS[action]);
  if (PREFIXES[action]) return prefixLines(value, start, end, PREFIXES[action]);
  if (action !== "table") return null;
  const text = (start === 0 || value[start - 1] === "\n" ? "" : "\n") + TABLE;
  const at = start + text.indexOf("|") + 2;
  return { from: start, to: start, text, select: [at, at] };
}

/** The edit of Enter inside a list: the next bullet or number, or out of the list from an empty item; null elsewhere. */
export function continueList(value, start, end) {
  if (start !== end) return null;
  const from = value.lastIndexOf("\n", start - 1) + 1;
  const item = ITEM.exec(value.slice(from, start));
  if (!item) return null;
  const [, indent, bullet, number, dot, gap, task, words] = item;
  if (!words.trim() && !/\S/.test(value.slice(start).split("\n", 1)[0])) {
    return { from, to: start, text: "", select: [from, from] };
  }
  const text = `\n${indent}${bullet ?? Number(number) + 1 + dot}${gap}${task ? "[ ] " : ""}`;
  return { from: start, to: start, text, select: [start + text.length, start + text.length] };
}
