// The margin: each remark stands beside its passage on wide screens; on a phone the margin is a drawer.
import { announce, composing, typingIn, words } from "./dom.js";
import { level } from "./margin-places.js";

const FAR = 80; // pixels between a card and its passage from which on the card says which it is
const WIDE = matchMedia("(min-width: 58.01rem)");

export class Margin {
  constructor(marks) {
    this.marks = marks;
    this.active = null;
    this.observer = new ResizeObserver(() => this.place());
    this.observer.observe(marks.body);
    WIDE.addEventListener("change", () => this.place());
    document.addEventListener("click", (event) => this.onClick(event));
    document.addEventListener("keydown", (event) => this.onKey(event));
    marks.body.addEventListener("mousemove", (event) => this.hover(this.under(event)));
    marks.body.addEventListener("mouseleave", () => this.hover(null));
    document.addEventListener("mouseover", (event) => {
      const card = event.target.closest?.(".remark");
      if (card) this.hover(card.dataset.annotation);
    });
    document.addEventListener("focusin", (event) => this.entered(event.target.closest(".remark")));
  }

  get root() { return document.getElementById("remarks"); }
  get cards() { return [...(this.root?.querySelectorAll(".remark") ?? [])]; }
  cardOf(id) { return this.cards.find((card) => card.dataset.annotation === id); }

  /** Called after the margin was replaced: watches the new cards and places them. */
  renew() {
    for (const card of this.cards) this.observer.observe(card);
    this.place();
    const at = this.awaited;
    this.awaited = null;
    const span = at && this.marks.spans.find(({ start, end }) => start <= at[0] && at[0] < end);
    if (span) this.showCard(span.card);
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
    const wished = [...list.children].map((item) => {
      const card = item.matches(".remark") ? item : item.querySelector(".remark");
      const range = this.marks.ranges.get(card?.dataset.annotation);
      return { item, top: range ? range.getBoundingClientRect().top - base : Infinity, height: item.offsetHeight };
    }).sort((one, other) => one.top - other.top);
    list.style.minHeight = `${level(wished, this.last && this.cardOf(this.last))}px`;
    for (const { item, at } of wished) item.style.top = `${Math.round(at)}px`;
    const tops = this.cards.map((card) => [card, card.getBoundingClientRect().top]);
    for (const [card, top] of tops) this.tellFar(card, Math.abs(top - this.marks.ranges.get(card.dataset.annotation)?.getBoundingClientRect().top));
  }

  /** A card away from its passage shows the words it is about; the two bounds keep it from flickering. */
  tellFar(card, away) {
    card.classList.toggle("is-far", away > (card.classList.contains("is-far") ? FAR / 2 : FAR));
  }

  /** Puts the form beside the passage it is about, over the cards; on a phone it stays where it is. */
  placeBeside(box, range) {
    box.classList.toggle("is-beside", WIDE.matches);
    const top = range.getBoundingClientRect().top - box.parentElement.getBoundingClientRect().top;
    box.style.top = WIDE.matches ? `${Math.max(0, Math.round(top))}px` : "";
  }

  /** The card that a point of the text leads to: the active one if it is among them, so that it stays lit. */
  under(event) {
    const ids = this.marks.at(event.clientX, event.clientY);
    return ids.includes(this.active) ? this.active : (ids[0] ?? null);
  }

  /** Focus came into a card, or left them; one that had given way comes back into sight. */
  entered(card) {
    this.activate(card?.dataset.annotation ?? null);
    const list = card?.closest(".is-placed .remarks-list");
    if (list && card.getBoundingClientRect().top < list.getBoundingClientRect().top - 1) this.showCard(this.active, false);
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
    if (event.target.closest("[data-remarks-toggle]")) return this.toggle();
    const card = event.target.closest(".remark");
    if (card && !event.target.closest("a, button, input, textarea, summary, label")) return this.showPassage(card.dataset.annotation);
    if (!this.marks.body.contains(event.target) || event.target.closest("a") || !getSelection().isCollapsed) return;
    this.choose(event.clientX, event.clientY);
  }

  /** A click on marked words leads to their remark; where several lie over each other, the next click to the next. */
  choose(x, y) {
    const ids = this.marks.at(x, y);
    if (ids.length) {
      const at = (ids.indexOf(this.last) + 1) % ids.length; // the click itself has taken the focus away
      this.hovered = null;
      this.showCard(ids[at]);
      if (ids.length > 1) announce(words.of_several.replace("{n}", at + 1).replace("{total}", ids.length));
      return;
    }
    const other = this.marks.elsewhereAt(x, y);
    if (other) return this.turnTo(other);
    this.last = null;
    this.place();
  }

  /** Fetches the page of the margin on which the mark of [start, end, page] stands. */
  turnTo([start, end, page]) {
    this.awaited = [start, end];
    const query = new URLSearchParams(this.root.dataset.view);
    query.set("remarks", page);
    globalThis.htmx?.ajax("GET", `${location.pathname}/remarks?${query}`, { target: "#remarks", swap: "outerHTML" });
  }

  showCard(id, focus = true) {
    this.last = id;
    this.drawer(true);
    this.place();
    const card = this.cardOf(id);
    if (focus) card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
    const passage = WIDE.matches ? null : this.marks.ranges.get(id)?.getBoundingClientRect();
    if (passage && passage.bottom > innerHeight * 0.28) scrollBy(0, passage.top - 80); // the drawer leaves the top free
  }

  showPassage(id) {
    const range = this.marks.activate(id);
    const element = range?.startContainer.parentElement;
    const box = range?.getBoundingClientRect();
    if (box && (box.top < 80 || box.bottom > innerHeight)) element.scrollIntoView({ block: "center" });
  }

  onKey(event) {
    if (event.defaultPrevented || composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return this.leave(event);
    if (typingIn(event.target) || document.querySelector("dialog[open]") || !["j", "k"].includes(event.key)) return;
    if (!this.cards.length) return;
    event.preventDefault();
    this.walk(event.key === "j" ? 1 : -1);
  }

  /** To the next or previous remark; before the first one comes what is in sight, behind the last the next page. */
  walk(step) {
    const cards = this.cards;
    const here = cards.indexOf(document.activeElement?.closest(".remark"));
    const inSight = cards.findIndex((card) => (this.marks.ranges.get(card.dataset.annotation)?.getBoundingClientRect().top ?? -1) >= 0);
    const next = here < 0 ? Math.max(0, inSight) : here + step;
    if (!cards[next]) return this.root.querySelector(step > 0 ? "a[rel=next]" : "a[rel=prev]")?.focus();
    const id = cards[next].dataset.annotation;
    this.showPassage(id);
    this.showCard(id);
  }

  /** Escape: out of the margin, back to the text; from a drawer, to the button that opened it. */
  leave(event) {
    const open = this.root?.hasAttribute("data-open");
    const inside = this.root?.contains(document.activeElement);
    const back = open && this.opener();
    this.drawer(false);
    if (inside && back) return back.focus({ preventScroll: true });
    if (inside && !typingIn(event.target)) document.getElementById("main")?.focus({ preventScroll: true });
  }

  /** The button of the drawer, where the margin is one. */
  opener() {
    const button = document.querySelector(".remarks-open");
    return button?.checkVisibility() ? button : null;
  }

  /** Into the drawer, or back to the button that opened it. */
  toggle() {
    const open = !this.root?.hasAttribute("data-open");
    this.drawer(open);
    const to = open ? document.getElementById("remarks-title") : this.opener();
    to?.focus({ preventScroll: true });
  }

  drawer(open) {
    this.root?.toggleAttribute("data-open", open);
    for (const button of document.querySelectorAll("[data-remarks-toggle]")) button.setAttribute("aria-expanded", String(open));
  }
}
