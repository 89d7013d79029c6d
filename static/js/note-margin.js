// The margin: each remark stands beside its passage on wide screens; on a phone the margin is a drawer.

const WIDE = matchMedia("(min-width: 58.01rem)");
const GAP = 12;

export class Margin {
  constructor(marks) {
    this.marks = marks;
    this.active = null;
    this.observer = new ResizeObserver(() => this.place());
    this.observer.observe(marks.body);
    WIDE.addEventListener("change", () => this.place());
    document.addEventListener("click", (event) => this.onClick(event));
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.drawer(false); });
    marks.body.addEventListener("mousemove", (event) => this.hover(marks.at(event.clientX, event.clientY)));
    marks.body.addEventListener("mouseleave", () => this.hover(null));
    document.addEventListener("mouseover", (event) => {
      const card = event.target.closest?.(".remark");
      if (card) this.hover(card.dataset.annotation);
    });
    document.addEventListener("focusin", (event) => this.activate(event.target.closest(".remark")?.dataset.annotation ?? null));
  }

  get root() { return document.getElementById("remarks"); }
  get cards() { return [...(this.root?.querySelectorAll(".remark") ?? [])]; }
  cardOf(id) { return this.cards.find((card) => card.dataset.annotation === id); }

  /** Called after the margin was replaced: watches the new cards and places them. */
  renew() {
    for (const card of this.cards) this.observer.observe(card);
    this.place();
  }

  place() {
    const root = this.root;
    if (!root) return;
    const list = root.querySelector(".remarks-list");
    root.classList.add("is-ready");
    root.classList.toggle("is-placed", WIDE.matches && this.marks.ranges.size > 0);
    if (list) list.style.minHeight = "";
    if (!root.classList.contains("is-placed") || !list) return;
    const base = list.getBoundingClientRect().top;
    const wished = this.cards.map((card) => {
      const range = this.marks.ranges.get(card.dataset.annotation);
      return { card, top: range ? range.getBoundingClientRect().top - base : Infinity };
    }).sort((one, other) => one.top - other.top);
    let free = 0;
    for (const { card, top } of wished) {
      const at = Math.max(free, Number.isFinite(top) ? top : free);
      card.style.top = `${Math.round(at)}px`;
      free = at + card.offsetHeight + GAP;
    }
    list.style.minHeight = `${free}px`;
  }

  /** Puts the form beside the passage it is about, over the cards; on a phone it stays where it is. */
  placeBeside(box, range) {
    box.classList.toggle("is-beside", WIDE.matches);
    const top = range.getBoundingClientRect().top - box.parentElement.getBoundingClientRect().top;
    box.style.top = WIDE.matches ? `${Math.max(0, Math.round(top))}px` : "";
  }

  hover(id) {
    if (id === this.hovered) return;
    this.hovered = id;
    this.activate(id ?? this.focused());
  }

  focused() { return document.activeElement?.closest(".remark")?.dataset.annotation ?? null; }

  activate(id) {
    if (id === this.active) return;
    this.active = id;
    for (const card of this.cards) card.classList.toggle("is-active", card.dataset.annotation === id);
    this.marks.activate(id);
  }

  onClick(event) {
    if (event.target.closest("[data-remarks-toggle]")) return this.drawer(!this.root?.hasAttribute("data-open"));
    const card = event.target.closest(".remark");
    if (card && !event.target.closest("a, button, input, textarea, summary, label")) return this.showPassage(card.dataset.annotation);
    if (!this.marks.body.contains(event.target) || event.target.closest("a") || !getSelection().isCollapsed) return;
    const id = this.marks.at(event.clientX, event.clientY);
    if (id) this.showCard(id);
  }

  showCard(id) {
    this.drawer(true);
    const card = this.cardOf(id);
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
  }

  showPassage(id) {
    const range = this.marks.activate(id);
    const element = range?.startContainer.parentElement;
    const box = range?.getBoundingClientRect();
    if (box && (box.top < 80 || box.bottom > innerHeight)) element.scrollIntoView({ block: "center" });
  }

  drawer(open) {
    this.root?.toggleAttribute("data-open", open);
    for (const button of document.querySelectorAll("[data-remarks-toggle]")) button.setAttribute("aria-expanded", String(open));
  }
}
