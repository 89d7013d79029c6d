// What is typed in form[data-keep] is kept: in this browser at once, on the server within five seconds.
// Says where truthfully in #save-state; fires kb:kept on the form whenever the server has taken it.
import { announce, csrfHeaders, debounce, words } from "./dom.js";
import { DraftStore, newWriter } from "./draft-store.js";
import { sessionNow, signInAgain } from "./sign-in-again.js";

const DRAFT_PAUSE = 1500, DRAFT_LATEST = 4000; // milliseconds after the last and after the first key
const DRAFT_PATIENCE = 15_000; // until no answer counts as no connection
const DRAFT_AGAIN = [2000, 5000, 10_000, 20_000];
const DRAFT_BUSY = [429, 502, 503, 504, 507]; // the server may take it later
const DRAFT_SMALL = 60_000; // bytes a browser still sends from a page that is being closed
const DRAFT_PASSING = ["csrf_token", "base_revision", "draft_place", "draft_version", "writer"];

/** Sends a form's fields; the answer, or null without a connection. */
export async function postForm(address, fields, more = {}) {
  const headers = { "HX-Request": "true", ...csrfHeaders() };
  try {
    return await fetch(address, { method: "POST", body: new URLSearchParams(fields), headers, signal: AbortSignal.timeout(DRAFT_PATIENCE), ...more });
  } catch {
    return null;
  }
}

export class Drafts {
  constructor(form) {
    this.form = form;
    this.writer = newWriter();
    this.store = new DraftStore(form.dataset.person, this.writer);
    this.served = this.snapshot();
    this.unsaved = "unsaved" in form.dataset;
    this.kept = form.dataset.unsaved === "brought" ? this.served : null; // what the server holds
    this.turn = Promise.resolve();
    this.failures = this.since = 0;
    this.keepSoon = debounce(() => this.keepHere(), 400);
    addEventListener("online", () => { if (this.dirty || this.owed) this.keep(); });
    addEventListener("offline", () => { if (this.dirty) this.sayHere("offline", words.kept_offline); });
    addEventListener("pagehide", () => this.closing());
    document.addEventListener("visibilitychange", () => { if (document.hidden && this.waiting) this.keep(); });
    form.addEventListener("compositionstart", () => { this.composing = true; });
    form.addEventListener("compositionend", () => { this.composing = false; });
    this.gone = document.querySelector("[data-draft-gone]");
    this.gone.querySelector("button").addEventListener("click", () => this.copyText());
    this.opener = form.querySelector("[data-again-open]");
    this.opener?.addEventListener("click", () => { this.later = false; this.keep(true); });
    if (form.dataset.unsaved === "typed") this.changed();
  }

  fields() { return [...new FormData(this.form)].filter(([name, value]) => !["csrf_token", "writer"].includes(name) && typeof value === "string"); }
  snapshot() { return JSON.stringify(this.fields().filter(([name]) => !DRAFT_PASSING.includes(name))); }
  get dirty() { return this.unsaved || this.snapshot() !== this.served; }
  /** Something was typed that the server does not have. */
  get waiting() { return this.dirty && this.snapshot() !== this.kept; }

  changed() {
    this.keepSoon();
    this.since ||= Date.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), Math.max(0, Math.min(DRAFT_PAUSE, this.since + DRAFT_LATEST - Date.now())));
  }

  /** The copy in this browser. */
  keepHere(sent = false) {
    if (!this.dirty) return this.store.drop();
    this.here = this.store.write({ keep: this.form.dataset.keep, fields: [...this.fields(), ["writer", this.writer]], at: Date.now(), sent });
    if (!sent && (!this.told || this.told === "here")) this.say("here", this.here ? words.kept : words.kept_nowhere);
  }

  /** Keeps it on the server, one request after another: "kept", "offline", "ended", "other" (person), "refused" or "gone" (nothing can be saved here). */
  keep(always = false) {
    this.turn = this.turn.then(() => this.keepNow(always)).catch(() => "refused");
    return this.turn;
  }

  async keepNow(always) {
    clearTimeout(this.timer);
    this.since = 0;
    if (!always && !this.owed && !this.waiting) return this.dirty ? "kept" : this.undone();
    this.keepHere();
    const snapshot = this.snapshot();
    const answer = await postForm(this.form.dataset.keep, [...this.fields(), ["writer", this.writer]]);
    return this.heard(answer, snapshot, always);
  }

  async heard(answer, snapshot, always) {
    if (answer?.ok) return this.taken(await answer.json(), snapshot);
    if (answer?.status === 401) return this.ended(always);
    if (answer?.status === 403) return this.refusedToken(always);
    if (answer?.status === 404) return this.isGone();
    if (!answer || DRAFT_BUSY.includes(answer.status)) {
      this.owed = true;
      this.heldWords = answer ? words.save_waits : words.save_held;
      this.timer = setTimeout(() => this.keep(), DRAFT_AGAIN[Math.min(this.failures++, DRAFT_AGAIN.length - 1)]);
      this.sayHere("offline", answer || navigator.onLine ? words.kept_waiting : words.kept_offline);
      return "offline";
    }
    this.sayHere("only", words.kept_here_only);
    return "refused";
  }

  taken(said, snapshot) {
    const { draft_place: place, draft_version: version } = this.form.elements;
    [place.value, version.value, this.kept, this.id] = [said.place, said.version, snapshot, said.draft];
    this.failures = 0;
    this.gone.hidden = true;
    this.later = this.renewed = this.owed = false;
    this.beside ||= said.beside;
    this.keepHere(this.snapshot() === snapshot);
    this.say("kept", (this.beside ? words.kept_beside : words.kept_on_server).replace("{time}", said.time));
    this.form.dispatchEvent(new CustomEvent("kb:kept"));
    return "kept";
  }

  /** The session has ended: asked for once, never in the middle of a character being put together. */
  async ended(always) {
    this.sayHere("ended", words.session_ended);
    if (this.later && !always) return "ended";
    if (this.composing) await new Promise((go) => { this.form.addEventListener("compositionend", go, { once: true }); });
    this.later = !await signInAgain();
    if (!this.later) return this.keepNow(true);
    this.sayHere("ended", words.session_ended);
    return "ended";
  }

  /** The token is of another session, or the right to write is gone. */
  async refusedToken(always) {
    if (this.renewed) return this.isGone();
    const now = await sessionNow(this.form.dataset.person);
    if (!now) return this.heard(null);
    if (!now.email) return this.ended(always);
    if (now.email === this.form.dataset.person) {
      this.renewed = true;
      return this.keepNow(true);
    }
    this.sayHere("only", words.other_person.replace("{email}", now.email));
    return "other";
  }

  /** The note is in the bin, or the right to write it is gone: said above the form, and nothing is sent from here. */
  isGone() {
    this.renewed = false;
    this.gone.hidden = false;
    this.sayHere("only", words.kept_here_only);
    return "gone";
  }

  /** Copies the text in the old way, which also works where the address is not https. */
  copyText() {
    const { body } = this.form.elements;
    body.focus();
    body.select();
    const said = this.gone.querySelector("[role=status]");
    said.textContent = document.execCommand("copy") ? said.dataset.copied : said.dataset.selected;
  }

  /** What was typed has been taken back: the draft this page began goes, too. */
  async undone() {
    if (this.id && this.form.elements.draft_version.value !== "0") {
      await postForm(`/drafts/${this.id}/drop`, []);
      this.form.elements.draft_version.value = "0";
    }
    this.kept = this.id = null;
    this.store.drop();
    this.say("", "");
    return "kept";
  }

  /** The page goes away, saved or not: a last try that does not need the page. */
  closing() {
    if (this.sending || !this.waiting) return;
    this.keepHere();
    const fields = [...this.fields(), ["writer", this.writer]];
    if (new URLSearchParams(fields).toString().length < DRAFT_SMALL) postForm(this.form.dataset.keep, fields, { keepalive: true, signal: undefined });
  }

  sayHere(kind, text) {
    if (this.here === false) return this.say("nowhere", words.kept_nowhere);
    this.say(kind, kind === "offline" && this.holding ? this.heldWords : text);
  }

  /** Shown at every change; told to screen readers when the state is another. */
  say(kind, text) {
    const state = document.getElementById("save-state");
    if (state) { state.textContent = text; state.dataset.state = kind; }
    if (this.opener) this.opener.hidden = kind !== "ended";
    if (kind !== this.told && text) announce(text);
    this.told = kind;
  }
}
