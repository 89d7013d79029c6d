// Where the cards of a margin stand: beside their passages as far as there is room.

const GAP = 12; // pixels between two cards

/** Gives each item {item, top, height} its place `at`, none over another. The item with the chosen card stands level
 * with its passage, and those before it give way, above the list if need be. Answers how high the list is. */
export function level(items, chosen) {
  let free = 0;
  for (const one of items) {
    one.at = Math.max(free, Number.isFinite(one.top) ? one.top : free);
    if (chosen && Number.isFinite(one.top) && one.item.contains(chosen)) {
      const inside = chosen === one.item ? 0 : chosen.getBoundingClientRect().top - one.item.getBoundingClientRect().top;
      one.at = Math.min(one.at, Math.max(0, one.top - inside));
    }
    free = one.at + one.height + GAP;
  }
  for (let n = items.length - 2; n >= 0; n -= 1) items[n].at = Math.min(items[n].at, items[n + 1].at - items[n].height - GAP);
  return free;
}
