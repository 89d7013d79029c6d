// Edits of a textarea, and where characters stand in it.

/** Puts `edit.text` in place of [from, to), through the browser's own undo where it allows that, and selects `edit.select`. */
export function applyEdit(area, edit) {
  area.focus();
  area.setSelectionRange(edit.from, edit.to);
  const done = edit.text ? document.execCommand("insertText", false, edit.text) : document.execCommand("delete");
  if (!done) {
    area.setRangeText(edit.text, edit.from, edit.to);
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  area.setSelectionRange(...edit.select);
}

/** The index in a string of a position counted in code points, as the server counts. */
export function indexOfPoint(text, points) {
  let index = 0;
  for (let left = points; left > 0 && index < text.length; left -= 1) index += text.codePointAt(index) > 0xffff ? 2 : 1;
  return index;
}

const COPIED = ["boxSizing", "width", "paddingTop", "paddingRight", "paddingBottom", "paddingLeft", "borderTopWidth", "borderRightWidth", "borderBottomWidth", "borderLeftWidth", "font", "letterSpacing", "lineHeight", "tabSize", "textIndent", "direction", "lineBreak"];

/** Where a character stands: {left, top, height} in pixels from the area's corner, scrolled as it is. */
export function placeOf(area, index) {
  const style = getComputedStyle(area);
  const mirror = document.createElement("div");
  for (const name of COPIED) mirror.style[name] = style[name];
  Object.assign(mirror.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word", top: "0", left: "0" });
  const spot = document.createElement("span");
  spot.textContent = "\u200b";
  mirror.append(area.value.slice(0, index), spot, area.value.slice(index).split("\n", 1)[0]);
  document.body.append(mirror);
  const place = { left: spot.offsetLeft - area.scrollLeft, top: spot.offsetTop - area.scrollTop, height: spot.offsetHeight };
  mirror.remove();
  return place;
}

/** Selects [from, to) and brings it into view. */
export function showRange(area, from, to) {
  area.focus();
  area.setSelectionRange(from, to);
  const { top, height } = placeOf(area, from);
  if (top < 0 || top + height > area.clientHeight) area.scrollTop += top - area.clientHeight / 3;
  area.scrollIntoView({ block: "nearest" });
}
